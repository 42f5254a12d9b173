// Live pages: one connection a page says that something moved, and each live part (data-live) fetches itself again.
// Everything else works by plain links and forms, and without scripts.
(function () {
  "use strict";
  var LATER = 5000, POLL = 30000;
  var source = null, last = "", poll = 0, wanted = "", lost = false;

  function all(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }
  function show(id, on) { var box = document.getElementById(id); if (box) { box.hidden = !on; } }
  function address() {
    if (!document.querySelector("[data-unread], [data-see]")) { return ""; }
    var keys = all("[data-see]").map(function (part) { return part.getAttribute("data-see"); });
    keys = keys.filter(function (key, place) { return key && keys.indexOf(key) === place; }).sort();
    return "/live/?" + keys.map(function (key) { return "see=" + encodeURIComponent(key); }).join("&");
  }
  function refresh(name) { all("[data-live]").forEach(function (part) { window.htmx.trigger(part, "sse:" + name); }); }
  function unread(count) {
    all("[data-unread]").forEach(function (badge) { badge.textContent = count; badge.hidden = !count; });
  }
  function state(up) {
    lost = !up;
    show("lost", lost && document.querySelector("[data-live]") !== null);
    window.clearInterval(poll);
    poll = up ? 0 : window.setInterval(function () { if (!document.hidden) { refresh("tick"); connect(); } }, POLL);
  }
  function close() { if (source) { source.close(); source = null; } }

  function connect() {
    wanted = address();
    if (!wanted || document.hidden || source || !window.EventSource || !window.htmx) { return; }
    var page = document.getElementById("page");
    last = last || (page && page.getAttribute("data-place")) || "";
    source = new EventSource(wanted + (last ? "&last=" + last : ""));
    function on(name, then) {
      source.addEventListener(name, function (event) {
        if (event.lastEventId) { last = event.lastEventId; }
        then(event.data ? JSON.parse(event.data) : {});
      });
    }
    on("hello", function (said) { state(true); unread(said.unread); });
    on("unread", function (said) { unread(said.unread); });
    on("moved", function () { refresh("moved"); });
    on("tick", function () { refresh("tick"); });
    on("bye", function (said) { close(); if (said.why === "signed-out") { window.location.reload(); } else { state(false); } });
    source.onerror = function () {
      // The browser comes again by itself, unless the answer was no connection at all.
      if (source && source.readyState === EventSource.CLOSED) { close(); state(false); } else { show("lost", document.querySelector("[data-live]") !== null); }
    };
  }
  // A page out of sight holds no connection: a browser has few for one site. Coming back it asks what it missed.
  document.addEventListener("visibilitychange", function () { if (document.hidden) { close(); } else { connect(); } });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", connect);
  document.addEventListener("htmx:load", function () { if (source && address() !== wanted) { close(); } connect(); });

  // A live part waits while somebody is typing or has a form open inside it (one of a single tap, class tap, may go), or presses a
  // button in it: nothing jumps under the hand, and no tap is lost.
  function underHand(part) {
    var active = document.activeElement;
    return (active && active !== document.body && part.contains(active) && active.matches("input, textarea, select")) || part.querySelector("details[open] form:not(.tap), button:active, a:active, summary:active, form.htmx-request") !== null;
  }
  function askLater(part) {
    if (part.dataset.waits) { return; }
    part.dataset.waits = "1";
    window.setTimeout(function () { delete part.dataset.waits; if (part.isConnected) { window.htmx.trigger(part, "sse:moved"); } }, LATER);
  }
  document.addEventListener("htmx:confirm", function (event) {
    var part = event.detail.elt;
    if (part.hasAttribute("data-live") && (document.hidden || underHand(part))) { event.preventDefault(); askLater(part); }
  });
  // The part says up to where it was told, so that the server need not make anew what is already that young.
  document.addEventListener("htmx:configRequest", function (event) {
    if (last && event.detail.elt.hasAttribute("data-live")) { event.detail.headers["Shudao-Place"] = last; }
  });
  // What was unfolded or folded stays so, where one was stays where one was, and a new headline is said aloud.
  var unfolded = [], focused = "", headline = "";
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (!event.detail.target.hasAttribute("data-live")) { return; }
    if (event.detail.elt.hasAttribute("data-live") && underHand(event.detail.target)) { event.detail.shouldSwap = false; askLater(event.detail.target); return; }
    unfolded = Array.prototype.map.call(event.detail.target.querySelectorAll("details[id]"), function (box) { return [box.id, box.open]; });
    var active = document.activeElement;
    focused = active && event.detail.target.contains(active) ? active.getAttribute("href") || "" : "";
    headline = (document.querySelector("h1") || {}).textContent;
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    if (!event.detail.elt.hasAttribute("data-live")) { return; }
    unfolded.forEach(function (was) { var box = document.getElementById(was[0]); if (box) { box.open = was[1]; } });
    var again = focused && event.detail.elt.querySelector('a[href="' + focused.replace(/["\\]/g, "\\$&") + '"]');
    if (again) { again.focus({ preventScroll: true }); }
    var now = (document.querySelector("h1") || {}).textContent, said = document.getElementById("said-aloud");
    if (said && now && now !== headline) { said.textContent = now; }
    unfolded = []; focused = "";
  });

  // A form that was refused says so in view, wherever on the page one had pressed.
  document.addEventListener("htmx:afterSettle", function (event) {
    var refusal = document.getElementById("refusal");
    if (refusal && !event.detail.elt.hasAttribute("data-live") && event.detail.elt.contains(refusal)) { refusal.focus(); }
  });

  // Says so when a request could not be delivered.
  function asked(event) { return event.detail.elt && event.detail.elt.hasAttribute("data-live"); }
  document.addEventListener("htmx:sendError", function (event) { if (asked(event)) { show("lost", true); } else { show("trouble", true); } });
  document.addEventListener("htmx:responseError", function (event) { if (!asked(event)) { show("trouble", true); } });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.successful) { show("trouble", false); if (!lost) { show("lost", false); } }
  });

  // Menus close by Escape and by a tap beside them.
  function menus(but) { all("details[data-menu][open]").forEach(function (menu) { if (menu !== but) { menu.open = false; } }); }
  document.addEventListener("click", function (event) { menus(event.target.closest("details[data-menu]")); });
  document.addEventListener("keydown", function (event) {
    var menu = event.key === "Escape" && document.querySelector("details[data-menu][open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
  if ("serviceWorker" in navigator && window.isSecureContext) { navigator.serviceWorker.register("/sw.js").catch(function () {}); }
  connect();
})();
