/* Practice from the kept package: one item at a time, graded here only as far as that is certain. */

import { formOk, readNumber } from "./numbers.js";
import { freshId, hexOf, keepAnswer, keepPackage, keptPackage, waitingAnswers } from "./keep.js";
import { sendWaiting } from "./send.js";

const TRY_AGAIN_MS = 3000;
const $ = (id) => document.getElementById(id);
const words = $("words").dataset;
let work;
let shown;

async function start() {
  work = await keptPackage();
  if (!work) {
    say(words.nothing, "info");
    return;
  }
  $("answer").addEventListener("submit", (event) => {
    event.preventDefault();
    check();
  });
  $("hint").addEventListener("click", hint);
  $("next").addEventListener("click", next);
  await next();
  await send();
}

/** The first item that hasn't been answered here. */
async function next() {
  const item = work.items.find((one) => !one.done);
  $("item").hidden = $("why").hidden = !item;
  if (!item) {
    say(words.finished, "info");
    return;
  }
  shown = { item, hints: 0, since: Date.now(), tried: false };
  $("item").dataset.place = work.items.indexOf(item);
  $("heading").textContent = item.skill;
  $("stem").innerHTML = item.stem; // made and escaped by the school's own server
  $("reason").textContent = item.reason;
  $("feedback").hidden = $("hints").hidden = $("next").hidden = true; // what was said was of the last item
  $("hints").replaceChildren();
  $("check").hidden = false;
  $("hint").hidden = item.hints.length === 0;
  $("field").replaceChildren(item.choices.length ? choices(item) : textField(item));
  $("heading").focus();
}

function textField(item) {
  const field = document.createElement("div");
  field.className = "field";
  const label = Object.assign(document.createElement("label"), { htmlFor: "response", textContent: words.answer });
  const input = Object.assign(document.createElement("input"), { id: "response", type: "text", maxLength: 200 });
  input.autocomplete = "off";
  input.setAttribute("aria-describedby", "stem answer-help");
  const help = Object.assign(document.createElement("p"), { id: "answer-help", className: "quiet" });
  help.textContent = item.help;
  field.append(label, input, help);
  return field;
}

function choices(item) {
  const group = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = words.choose;
  group.append(legend);
  for (const choice of item.choices) {
    const label = document.createElement("label");
    label.className = "choice";
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "response" });
    input.value = choice.id;
    input.setAttribute("aria-label", choice.words);
    const text = document.createElement("span");
    text.setAttribute("aria-hidden", "true");
    text.innerHTML = choice.label;
    label.append(input, text);
    group.append(label);
  }
  return group;
}

/** One press at a time: a second one finds the first still at work. */
async function check() {
  if (shown.busy) return;
  shown.busy = true;
  try {
    await checkOnce();
  } finally {
    shown.busy = false;
  }
  await send();
}

async function checkOnce() {
  const { item } = shown;
  const response = given();
  if (!response.trim()) {
    say(item.choices.length ? words.chooseFirst : words.unreadable, "info");
    return;
  }
  const verdict = await judge(item, response);
  if (verdict === "unreadable") {
    say(words.unreadable, "info");
    return;
  }
  if (!shown.tried) await keep(item, response); // the first try is the evidence
  shown.tried = true;
  const said = { right: words.right, almost: words.almost, wrong: words.notYet, later: words.later };
  say(said[verdict], verdict === "right" || verdict === "later" ? "good" : "warn");
  $("next").hidden = false;
  if (verdict === "right" || verdict === "later") {
    $("check").hidden = $("hint").hidden = true;
    $("next").focus();
  }
}

/** right, almost, wrong, unreadable, or later: what only the server can tell. */
async function judge(item, response) {
  if (!item.check) return "later";
  if (item.kind === "choice") return (await isKey(item, response)) ? "right" : "wrong";
  const read = readNumber(response, { units: item.units });
  if (!read) return /\d/u.test(response) ? "later" : "unreadable";
  if (!(await isKey(item, read.value))) return "wrong";
  return formOk(item.form, read) ? "right" : "almost";
}

async function isKey(item, text) {
  const { salt, rounds, hash } = item.check;
  const bytes = Uint8Array.from(salt.match(/../gu), (pair) => parseInt(pair, 16));
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(text), "PBKDF2", false, ["deriveBits"]);
  const derive = { name: "PBKDF2", salt: bytes, iterations: rounds, hash: "SHA-256" };
  const bits = await crypto.subtle.deriveBits(derive, key, 256);
  return hexOf(new Uint8Array(bits)) === hash;
}

async function keep(item, response) {
  const now = Date.now();
  await keepAnswer({
    answer_id: freshId(),
    token: work.token,
    item: item.item,
    item_seed: item.seed,
    response,
    hints: shown.hints,
    latency_ms: Math.min(now - shown.since, 3600000),
    answered_at: now / 1000,
    sequence: now,
    student: work.student,
  });
  item.done = true;
  await keepPackage(work);
}

function given() {
  const chosen = $("field").querySelector("input:checked");
  return chosen ? chosen.value : ($("response")?.value ?? "");
}

function hint() {
  const rung = shown.item.hints[shown.hints];
  shown.hints += 1;
  const lines = rung.map((line) => {
    const paragraph = document.createElement("p");
    paragraph.innerHTML = line;
    return paragraph;
  });
  $("hints").append(...lines);
  $("hints").hidden = false;
  $("hint").hidden = shown.hints === shown.item.hints.length;
}

function say(text, kind) {
  $("feedback").className = `note ${kind}`;
  $("feedback").textContent = text;
  $("feedback").hidden = false;
}

/** Again and again while the page is open: the server says for itself that it is back. */
async function send() {
  const { sent } = await sendWaiting();
  const waiting = (await waitingAnswers()).filter((one) => one.student === work.student).length;
  $("waiting").textContent = waiting ? `${words.waiting}${waiting}` : sent ? words.arrived : "";
  $("back").hidden = !(sent && !waiting);
}

setInterval(() => work && send(), TRY_AGAIN_MS);
addEventListener("online", () => work && send());
start();
