// The service worker: keeps the look of the pages and what works without a network. Nothing of a signed-in page is kept.
// `self.SHUDAO` stands in the line before: files and pages to keep, scripts to take in, and a version that is their digest.
"use strict";
const told = self.SHUDAO;
const STORE = "shudao-" + told.version;
const kept = new Set([...told.files, ...told.pages].map(function (name) { return new URL(name, self.location.origin).pathname; }));

self.addEventListener("install", function (event) {
  const fresh = [...told.files, ...told.pages].map(function (name) { return new Request(name, { cache: "reload", credentials: "omit" }); });
  event.waitUntil(caches.open(STORE).then(function (store) { return store.addAll(fresh); }).then(function () { return self.skipWaiting(); }));
});

self.addEventListener("activate", function (event) {
  event.waitUntil(caches.keys().then(function (names) {
    return Promise.all(names.filter(function (name) { return name.startsWith("shudao-") && name !== STORE; }).map(function (name) { return caches.delete(name); }));
  }).then(function () { return self.clients.claim(); }));
});

self.addEventListener("fetch", function (event) {
  const asked = event.request, where = new URL(asked.url);
  if (asked.method !== "GET" || where.origin !== self.location.origin) { return; }
  if (asked.mode === "navigate") {
    event.respondWith(fetch(asked).catch(function () {
      return caches.match(told.stand_ins[where.pathname] || (kept.has(where.pathname) ? where.pathname : told.away)).then(function (page) { return page || Response.error(); });
    }));
  } else if (kept.has(where.pathname) && !told.pages.includes(where.pathname)) {
    event.respondWith(caches.match(asked, { ignoreSearch: true }).then(function (file) { return file || fetch(asked); }));
  }
});

// What works without a network (the observer's form) stands in scripts of its own.
if (told.parts.length) { importScripts(...told.parts); }
