/* On the practice page: takes work along for the time without the server, and sends what waits.
 *
 * Where the page came over plain http there is no service worker: then it says so, and nothing else changes.
 */

import { forgetPackage, keptPackage, waitingAnswers } from "./keep.js";
import { fetchPackage, sendWaiting } from "./send.js";

const REFRESH_SECONDS = 1800;

async function start() {
  const worker = await register();
  if (!worker) {
    document.querySelector("#no-offline").hidden = false;
    return;
  }
  document.querySelector('form[action="/sign-out"]').addEventListener("submit", signOut);
  const { student } = document.querySelector("[data-student]").dataset;
  const kept = await keptPackage();
  const age = kept ? Date.now() / 1000 + kept.ahead - kept.server_now : Infinity;
  if (kept?.student !== student || age > REFRESH_SECONDS) {
    await fetchPackage();
    worker.postMessage("keep-shell"); // in this student's letters and language
  }
  if ((await waitingAnswers()).length) await sendWaiting();
  document.documentElement.dataset.offline = "ready";
}

/** The active service worker; null where the page isn't secure or the browser has none. */
async function register() {
  try {
    await navigator.serviceWorker.register("/practice/worker.js", { scope: "/practice", type: "module" });
    return (await navigator.serviceWorker.ready).active;
  } catch {
    return null;
  }
}

/** What waits is sent first; then nothing of the student's work stays on a shared device. */
async function signOut(event) {
  event.preventDefault();
  const form = event.target;
  await sendWaiting();
  await forgetPackage();
  for (const name of await caches.keys()) await caches.delete(name);
  form.submit();
}

start();
