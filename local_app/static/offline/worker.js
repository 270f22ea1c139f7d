/* The service worker of /practice: when the server doesn't answer, the kept page does, and no answer is lost.
 *
 * It never answers in the server's place while the server is there, so nothing old is ever shown by mistake.
 */

import { freshId, keepAnswer, keptPackage } from "/static/offline/keep.js";

const CACHE = "homeroom-offline-1";
const SHELL = "/practice/offline";
const FILES = [
  "/static/homeroom.css",
  "/static/icon.svg",
  ...["atkinson-hyperlegible", "lexend"].flatMap((font) =>
    [400, 700].map((weight) => `/static/fonts/${font}-latin-${weight}-normal.woff2`),
  ),
  ...["keep", "numbers", "player", "send"].map((name) => `/static/offline/${name}.js`),
];

self.addEventListener("install", (event) => {
  event.waitUntil(keepFiles().then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (event.data === "keep-shell") event.waitUntil(keepFiles());
});
self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== self.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(navigate(event.request));
  else if (pathname.startsWith("/static/")) event.respondWith(file(event.request));
});

async function keepFiles() {
  const cache = await caches.open(CACHE);
  // A shell that leads to the sign-in isn't one.
  const shell = new Request(SHELL, { cache: "reload", redirect: "error" });
  await cache.addAll([...FILES.map((path) => new Request(path, { cache: "reload" })), shell]);
}

async function navigate(request) {
  const copy = request.method === "POST" ? request.clone() : null;
  try {
    return await fetch(request);
  } catch {
    if (copy) await keepForm(copy);
    return (await caches.match(SHELL)) || Response.error();
  }
}

/** The answer that was on its way: its number is the form's own, so it counts once even if it had arrived. */
async function keepForm(request) {
  const path = new URL(request.url).pathname;
  const work = await keptPackage();
  if (path !== "/practice/answer" || !work) return;
  const form = await request.formData();
  await keepAnswer({
    answer_id: form.get("answer_id") || freshId(),
    offer: form.get("offer") || "",
    response: form.get("response") || "",
    student: work.student,
    sequence: 0, // before everything that is answered from the package
  });
}

async function file(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request, { ignoreSearch: true })) || Response.error();
  }
}
