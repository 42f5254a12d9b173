// The service worker's part for reports: sends what waits when the network is back, and takes what other apps share.
(function () {
  "use strict";
  var SHARED = "/listen/report/share/", PAGE = "/listen/report/";
  self.addEventListener("sync", function (event) {
    if (event.tag === "shudao-reports") { event.waitUntil(self.ShudaoOutbox.sendAll(null)); }
  });
  self.addEventListener("fetch", function (event) {
    var where = new URL(event.request.url);
    if (event.request.method !== "POST" || where.origin !== self.location.origin || where.pathname !== SHARED) { return; }
    event.respondWith(event.request.formData().then(function (form) {
      var token = String(Date.now()) + Math.random().toString(16).slice(2), files = form.getAll("pictures").filter(function (part) { return part instanceof File && part.size; });
      var words = [form.get("title"), form.get("text")].filter(Boolean).join("\n");
      return Promise.all(files.slice(0, 6).map(self.ShudaoOutbox.bytes)).then(function (pictures) {
        return self.ShudaoOutbox.keepDraft({ token: token, words: words, link: form.get("url") || "", pictures: pictures });
      }).then(function () { return Response.redirect(PAGE + "?shared=" + token, 303); });
    }).catch(function () { return Response.redirect(PAGE, 303); }));
  });
})();
