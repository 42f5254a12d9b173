// Reports saved on this phone until they are sent. Used by the page and by the service worker: nothing here touches a page.
(function (self) {
  "use strict";
  var NAME = "shudao-reports", ROWS = "reports", DRAFTS = "drafts", SENT = "sent", DOOR = "/listen/report/door/", SEND = "/listen/report/send_report/";

  function open() {
    return new Promise(function (done, failed) {
      var asked = self.indexedDB.open(NAME, 1);
      asked.onupgradeneeded = function () {
        asked.result.createObjectStore(ROWS, { keyPath: "token" });
        asked.result.createObjectStore(DRAFTS, { keyPath: "token" });
      };
      asked.onsuccess = function () { done(asked.result); };
      asked.onerror = function () { failed(asked.error); };
    });
  }
  function act(store, how, work) {
    return open().then(function (base) {
      return new Promise(function (done, failed) {
        var turn = base.transaction(store, how), asked = work(turn.objectStore(store));
        turn.oncomplete = function () { base.close(); done(asked.result); };
        turn.onerror = turn.onabort = function () { base.close(); failed(turn.error); };
      });
    });
  }

  // A file is kept as bytes: what a phone hands out may be gone by the time it is sent.
  function bytes(file) {
    return file.arrayBuffer().then(function (body) { return { name: file.name || "picture", type: file.type, body: body }; });
  }
  function keep(row, files) {
    return Promise.all(files.map(bytes)).then(function (pictures) {
      row.pictures = pictures;
      return act(ROWS, "readwrite", function (store) { return store.put(row); });
    });
  }
  function all() {
    return act(ROWS, "readonly", function (store) { return store.getAll(); }).then(function (rows) {
      return rows.sort(function (one, other) { return one.saved_at < other.saved_at ? -1 : 1; });
    });
  }
  function drop(token) { return act(ROWS, "readwrite", function (store) { return store.delete(token); }); }
  function update(row) { return act(ROWS, "readwrite", function (store) { return store.put(row); }); }

  // The token against forgery, and whose session this is.
  function door() {
    return fetch(DOOR, { credentials: "same-origin", headers: { Accept: "application/json" }, cache: "no-store" }).then(function (answer) {
      if (!answer.ok) { throw new Error("door"); }
      return answer.json();
    }).then(function (said) { return said.who ? said : null; });
  }
  function send(row, token) {
    var form = new FormData();
    Object.keys(row.fields).forEach(function (name) { form.append(name, row.fields[name]); });
    form.append("token", row.token);
    form.append("saved_at", row.saved_at);
    form.append("csrfmiddlewaretoken", token);
    row.pictures.forEach(function (one) { form.append("pictures", new Blob([one.body], { type: one.type }), one.name); });
    var told = { method: "POST", body: form, credentials: "same-origin", headers: { Accept: "application/json", "X-CSRFToken": token } };
    return fetch(SEND, told).then(function (answer) {
      var type = answer.headers.get("Content-Type") || "";
      if (type.indexOf("application/json") < 0) { throw new Error("no answer"); }
      return answer.json().then(function (said) { return { ok: answer.ok, said: said }; });
    });
  }
  // Sends what waits, one after the other. `tell(row, answer)` hears of each. Nothing is dropped that was not received.
  function sendAll(tell) {
    return all().then(function (rows) {
      if (!rows.length) { return null; }
      return door().then(function (found) {
        if (!found) { return "signin"; }
        return rows.reduce(function (before, row) {
          return before.then(function () {
            if (row.who && row.who !== found.who) { return null; }
            return send(row, found.token).then(function (answer) {
              if (answer.ok) { return drop(row.token).then(function () { return keepDraft({ token: SENT, at: answer.said.sent_at }); }).then(function () { if (tell) { tell(row, answer.said); } }); }
              row.fault = (answer.said.faults || []).join(" ");
              return update(row);
            });
          });
        }, Promise.resolve());
      });
    });
  }
  function keepDraft(draft) { return act(DRAFTS, "readwrite", function (store) { return store.put(draft); }); }
  function takeDraft(token) {
    return act(DRAFTS, "readonly", function (store) { return store.get(token); }).then(function (draft) {
      return act(DRAFTS, "readwrite", function (store) { return store.delete(token); }).then(function () { return draft; });
    });
  }
  // When the last one went out, page or worker whoever sent it; told once.
  function takeSent() { return takeDraft(SENT).then(function (note) { return note ? note.at : ""; }); }
  self.ShudaoOutbox = { takeSent: takeSent, keep: keep, all: all, drop: drop, sendAll: sendAll, keepDraft: keepDraft, takeDraft: takeDraft, bytes: bytes };
})(self);
