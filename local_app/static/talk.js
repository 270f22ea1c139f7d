/* Talking an item through without loading the page anew, so that a screen reader hears each turn as it comes.
 *
 * Where a request fails, the form is sent the plain way.
 */

const PANEL = "#talk";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.closest(PANEL) || form.dataset.plain) return;
  event.preventDefault();
  say(form, event.submitter);
});

async function say(form, button) {
  const fields = new URLSearchParams(new FormData(form, button));
  const next = await fetched(form.action, fields);
  if (!next) {
    form.dataset.plain = "yes";
    form.requestSubmit(button);
    return;
  }
  show(next);
}

async function fetched(address, fields) {
  try {
    const answer = await fetch(address, { method: "POST", body: fields });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return answer.ok ? page.querySelector(PANEL) : null;
  } catch {
    return null;
  }
}

/** The log stays where it is, so that only what is new is read aloud. */
function show(next) {
  const panel = document.querySelector(PANEL);
  const log = panel.querySelector(".turns");
  const turns = next.querySelector(".turns");
  if (log && turns) {
    log.querySelector("#last-turn")?.removeAttribute("id");
    log.append(...[...turns.children].slice(log.children.length));
    turns.parentElement.replaceWith(log.parentElement);
  }
  panel.replaceChildren(...next.childNodes);
  panel.querySelector("#said")?.focus();
}
