/* Sends what waits, exactly once: an answer is forgotten only after the server has said that it is durable. */

import { forgetAnswer, keepPackage, keptPackage, waitingAnswers } from "./keep.js";

const AT_ONCE = 20;

/** {sent, waiting}: how many arrived now and how many of this student still wait. Throws only if the disk fails. */
export async function sendWaiting() {
  const work = await keptPackage();
  if (!work) return { sent: 0, waiting: 0 };
  let sent = 0;
  for (;;) {
    const own = (await waitingAnswers()).filter((answer) => answer.student === work.student);
    const receipts = own.length ? await post(own.slice(0, AT_ONCE), work.csrf) : {};
    if (!receipts) return { sent, waiting: own.length };
    const arrived = own.filter((answer) => answer.answer_id in receipts);
    for (const answer of arrived) await forgetAnswer(answer.answer_id);
    sent += arrived.length;
    if (!arrived.length) return { sent, waiting: own.length };
  }
}

/** A fresh package for whoever is signed in; false if the server can't be reached or asks for a sign-in. */
export async function fetchPackage() {
  const reply = await reach("/practice/package", { redirect: "manual" });
  if (!reply) return false;
  const work = await reply.json();
  await keepPackage({ ...work, ahead: work.server_now - Date.now() / 1000 });
  return true;
}

async function post(answers, csrf) {
  const now = Date.now() / 1000;
  const body = new URLSearchParams({ csrf, answers: JSON.stringify(answers.map((one) => forServer(one, now))) });
  const reply = await reach("/practice/sync", { method: "POST", body, redirect: "manual" });
  return reply ? reply.json() : null;
}

/** Without what only the device needs. */
function forServer({ student, answered_at: answeredAt, sequence, ...answer }, now) {
  return answer.offer ? answer : { ...answer, sequence, seconds_ago: now - answeredAt };
}

async function reach(path, options) {
  try {
    const reply = await fetch(path, options);
    return reply.ok ? reply : null;
  } catch {
    return null; // no network: what waits goes on waiting
  }
}
