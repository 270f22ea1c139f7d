/* Reads the item aloud with a voice of the device itself; without such a voice the button stays hidden.
 *
 * A voice that isn't local would send the text to whoever made the browser, so none of those is ever used.
 */

const button = document.querySelector("#aloud");
const speech = window.speechSynthesis;

function localVoice() {
  const language = button.dataset.lang;
  const fits = (voice) => voice.lang.toLowerCase().split(/[-_]/u)[0] === language;
  return speech.getVoices().find((voice) => voice.localService === true && fits(voice));
}

function look() {
  button.hidden = !localVoice();
}

function press() {
  if (button.dataset.reading) stop();
  else read();
}

function read() {
  const voice = localVoice();
  if (!voice) return look();
  speech.cancel();
  const parts = [...document.querySelectorAll("#to-say p")].map((part) => utterance(part.textContent, voice));
  parts.at(-1).addEventListener("end", shown);
  for (const part of parts) {
    part.addEventListener("error", shown);
    speech.speak(part);
  }
  shown(null, true);
}

function utterance(text, voice) {
  const part = new SpeechSynthesisUtterance(text);
  part.voice = voice;
  part.lang = voice.lang;
  part.rate = 0.9;
  return part;
}

function stop() {
  speech.cancel();
  shown();
}

const idle = button?.textContent;
function shown(_event, reading = false) {
  button.dataset.reading = reading ? "yes" : "";
  button.textContent = reading ? button.dataset.stop : idle;
}

if (button && speech) {
  look();
  speech.addEventListener("voiceschanged", look); // the list may come late
  button.addEventListener("click", press);
  addEventListener("pagehide", () => speech.cancel());
}
