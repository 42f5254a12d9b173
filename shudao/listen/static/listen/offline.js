// The observer's form: what is filled in is saved on the phone first, then sent; without a network it stays until there is one.
(function () {
  "use strict";
  var form = document.querySelector("form[data-report]"), box = document.getElementById("unsent"), sent = document.getElementById("sent");
  var AGAIN = 5000;
  if (!form || !box) { return; }
  var isAway = form.hasAttribute("data-away"), outbox = self.ShudaoOutbox, said = box.dataset, busy = false, stopped = false;
  if (!window.isSecureContext || !window.indexedDB || !outbox) {
    var notice = document.getElementById("no-origin");
    if (notice) { notice.hidden = false; }
    return;
  }
  try { if (said.who) { localStorage.setItem("shudao-who", said.who); } } catch (fault) { /* a phone may refuse */ }
  function who() { try { return said.who || localStorage.getItem("shudao-who") || ""; } catch (fault) { return said.who || ""; } }
  function clock(text) { var at = new Date(text); return ("0" + at.getHours()).slice(-2) + ":" + ("0" + at.getMinutes()).slice(-2); }
  function tell(text) { sent.textContent = text; sent.hidden = false; }
  function field(name) { return form.querySelector('[name="' + name + '"]'); }

  function show() {
    return outbox.all().then(function (rows) {
      var list = box.querySelector("[data-list]"), shape = box.querySelector("[data-row]");
      list.replaceChildren();
      rows.forEach(function (row) {
        var line = shape.content.cloneNode(true), fault = line.querySelector("[data-fault]"), about = [said.saidSaved.replace("{t}", clock(row.saved_at))];
        if (row.pictures.length) { about.push(said.saidPictures.replace("{n}", row.pictures.length)); }
        line.querySelector("[data-words]").textContent = (row.fields.words || row.fields.link || "").slice(0, 80);
        line.querySelector("[data-about]").textContent = about.join(" · ");
        var why = row.who && said.who && row.who !== said.who ? said.saidOther : row.fault ? said.saidRefused + row.fault : "";
        fault.textContent = why; fault.hidden = !why;
        line.querySelector("[data-drop]").addEventListener("click", function () { outbox.drop(row.token).then(show); });
        list.append(line);
      });
      box.querySelector("[data-head]").textContent = said.saidCount.replace("{n}", rows.length);
      box.hidden = !rows.length;
      return rows;
    });
  }
  // What the service worker sent in the background is told here too.
  function thank(address) {
    return outbox.takeSent().then(function (at) {
      if (address) { window.location.assign(address); } else if (at) { tell(said.saidSent.replace("{t}", at)); }
    });
  }
  function sendAll(token) {
    if (busy) { return Promise.resolve(); }
    busy = true;
    var address = "";
    return outbox.sendAll(function (row, answer) {
      if (row.token === token) { address = answer.address; }
    }).then(function (state) {
      busy = false;
      if (state === "signin") { stopped = true; tell(said.saidSignin); }
      return thank(address).then(show);
    }, function () {
      busy = false;
      if (token) { tell(said.saidOffline); }
      return show();
    });
  }
  // Chromium sends what waits even when the page is closed; others when it is opened again.
  function later() {
    if (!navigator.serviceWorker) { return; }
    navigator.serviceWorker.ready.then(function (worker) { if (worker.sync) { return worker.sync.register("shudao-reports"); } return null; }).catch(function () {});
  }
  function fresh() {
    if (self.crypto && crypto.randomUUID) { return crypto.randomUUID(); }
    return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, function (c) { return (+c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+c / 4)))).toString(16); });
  }

  form.addEventListener("submit", function (event) {
    var fields = {}, files = Array.prototype.slice.call(field("pictures").files);
    ["words", "link", "place", "seen_at"].forEach(function (name) { fields[name] = field(name).value; });
    if (!(fields.words.trim() || fields.link.trim() || files.length)) { if (isAway) { event.preventDefault(); field("words").focus(); } return; }
    event.preventDefault();
    var button = form.querySelector("button.primary"), token = field("token").value || fresh();
    button.disabled = true;
    tell(said.saidSending);
    var row = { token: token, who: who(), saved_at: new Date().toISOString(), fields: fields };
    outbox.keep(row, files).then(function () {
      form.reset();
      field("token").value = fresh();
      later();
      return isAway && !navigator.onLine ? show().then(function () { tell(said.saidOffline); }) : sendAll(token);
    }, function () { tell(said.saidFull); }).then(function () { button.disabled = false; });
  });
  box.querySelector("[data-now]").addEventListener("click", function () { if (isAway) { window.location.assign(said.page); } else { sendAll("").then(function () { if (!navigator.onLine) { tell(said.saidOffline); } }); } });
  // A phone says "online" before anything can be reached: what waits is tried again until the site answers.
  function again() {
    if (document.hidden || busy || stopped) { return; }
    if (!isAway) { if (!box.hidden) { sendAll(""); } return; }
    if (!field("words").value && !field("link").value && !field("pictures").files.length) {
      fetch("/org/alive/", { cache: "no-store" }).then(function (answer) { if (answer.ok) { window.location.assign(said.page); } }, function () {});
    }
  }
  window.addEventListener("online", again);
  document.addEventListener("visibilitychange", again);
  window.setInterval(again, AGAIN);

  // What another app shared, pictures too, was put down by the service worker under this name.
  var shared = new URLSearchParams(window.location.search).get("shared");
  if (shared) {
    outbox.takeDraft(shared).then(function (draft) {
      if (!draft) { return; }
      field("words").value = draft.words || field("words").value;
      field("link").value = draft.link || field("link").value;
      if (draft.pictures.length && self.DataTransfer) {
        var carrier = new DataTransfer();
        draft.pictures.forEach(function (one) { carrier.items.add(new File([one.body], one.name, { type: one.type })); });
        field("pictures").files = carrier.files;
      }
    }).catch(function () {});
  }
  if (isAway) { show(); } else { show().then(function (rows) { return rows.length ? sendAll("") : thank(""); }); }
})();
