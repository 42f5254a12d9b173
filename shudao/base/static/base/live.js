// Says so when a request could not be delivered; everything else works by plain links and forms.
(function () {
  "use strict";
  function show(on) {
    var box = document.getElementById("trouble");
    if (box) { box.hidden = !on; }
  }
  document.addEventListener("htmx:sendError", function () { show(true); });
  document.addEventListener("htmx:responseError", function () { show(true); });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.successful) { show(false); }
  });
  // A live part waits while somebody is typing or has a menu open inside it: nothing jumps under the hand.
  document.addEventListener("htmx:confirm", function (event) {
    var part = event.detail.elt;
    if (!part.hasAttribute("data-live")) { return; }
    var active = document.activeElement;
    var busy = active && active !== document.body && part.contains(active) && active.matches("input, textarea, select");
    if (busy || document.hidden || part.querySelector("details[open] form")) { event.preventDefault(); }
  });
})();
