// Shows progress without reloading the page: fetches the same page and swaps the part that changes.
"use strict";
const EVERY_MILLISECONDS = 3000;

async function refresh() {
  const shown = document.getElementById("progress");
  if (!shown || shown.dataset.live !== "yes") return;
  // Whoever is typing or has opened a round keeps what they see.
  if (!shown.contains(document.activeElement) && !document.hidden) {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (answer.redirected || !answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("progress");
    if (!fresh) return;
    const open = new Set([...shown.querySelectorAll("details[open] summary")].map((s) => s.nextElementSibling.htmlFor));
    for (const part of fresh.querySelectorAll("details")) {
      if (open.has(part.querySelector("label").htmlFor)) part.open = true;
    }
    shown.replaceWith(document.adoptNode(fresh));
  }
  setTimeout(refresh, EVERY_MILLISECONDS);
}

setTimeout(refresh, EVERY_MILLISECONDS);
