/* Reads a typed number for certain, or not at all: the browser's part of the exact grader (client/content).
 *
 * Whatever it decides, the server decides the same; what it can't read for certain is left to the server. Exact:
 * BigInt, no floating point.
 */

const DIGITS = 40;
const LONGEST = 200;
const INVISIBLE = /[\u200b\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/gu;
const MINUS = /[-−‐‑–﹣－]/gu;
const SLASH = /[/⁄∕]/gu;
// A whole, a decimal, a fraction, a mixed number, each perhaps with a minus, and a percentage of a whole or decimal.
const WHOLE = /^(-?)(\d{1,40})$/u;
const DECIMAL = /^(-?)(\d{0,40})([.,])(\d{1,40})$/u;
const FRACTION = /^(-?)(\d{1,40}) ?\/ ?(\d{1,40})$/u;
const MIXED = /^(-?)(\d{1,40}) (\d{1,40}) ?\/ ?(\d{1,40})$/u;

/** {value: "3/4", shape, top, bottom}, or null. decimalMark: "." or ",". units: words that may follow. */
export function readNumber(text, { decimalMark = ".", units = [] } = {}) {
  if (text.length > LONGEST) return null;
  const plain = plainText(withoutUnit(text, units));
  const whole = WHOLE.exec(plain);
  if (whole) return number(whole[1], BigInt(whole[2]), 1n, { shape: "whole" });
  const decimal = DECIMAL.exec(plain);
  if (decimal) return readDecimal(decimal, decimalMark);
  const fraction = FRACTION.exec(plain);
  if (fraction) return readFraction(fraction[1], 0n, BigInt(fraction[2]), BigInt(fraction[3]), "fraction");
  const mixed = MIXED.exec(plain);
  if (!mixed || looksGrouped(mixed)) return null;
  return readFraction(mixed[1], BigInt(mixed[2]), BigInt(mixed[3]), BigInt(mixed[4]), "mixed");
}

/** Whether a number that was read is also written as the item asks. form: a name of client/content/items. */
export function formOk(form, { shape, top, bottom }) {
  switch (form) {
    case "simplest":
      if (shape === "whole") return true;
      if (shape === "mixed") return top < bottom && gcd(top, bottom) === 1n;
      return shape === "fraction" && bottom > 1n && gcd(top, bottom) === 1n;
    case "mixed":
      return shape === "whole" || (shape === "mixed" && top < bottom);
    case "improper":
      return shape === "fraction";
    case "decimal":
      return shape === "decimal" || shape === "whole";
    case "percent":
      return false;
    default:
      return true;
  }
}

function readDecimal([, sign, whole, mark, decimals], decimalMark) {
  // The other mark may stand between thousands: "1,250" is left to the server.
  if (mark !== decimalMark && (decimals.length === 3 || whole === "")) return null;
  if (whole.length + decimals.length > DIGITS) return null;
  return number(sign, BigInt(whole + decimals), 10n ** BigInt(decimals.length), { shape: "decimal" });
}

function readFraction(sign, whole, top, bottom, shape) {
  if (bottom === 0n) return null;
  return number(sign, whole * bottom + top, bottom, { shape, top, bottom });
}

function number(sign, top, bottom, { shape, top: writtenTop = 0n, bottom: writtenBottom = 1n }) {
  const shared = gcd(top, bottom);
  const value = `${sign && top ? "-" : ""}${top / shared}${bottom === shared ? "" : `/${bottom / shared}`}`;
  return { value, shape, top: writtenTop, bottom: writtenBottom };
}

/** 1 250/300 is a mixed number and 1 250 is not: only the first comes here, and it is left to the server. */
function looksGrouped([, , whole, top]) {
  return whole.length <= 3 && top.length === 3;
}

function plainText(text) {
  return text
    .replace(INVISIBLE, "")
    .trim()
    .replace(/\s+/gu, " ")
    .replace(/\p{Nd}/gu, digit)
    .replace(MINUS, "-")
    .replace(SLASH, "/")
    .replace(/^- /u, "-");
}

// The zeros of the scripts in use at schools; digits of any other are left to the server.
const ZEROS = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xff10];

function digit(character) {
  const code = character.codePointAt(0);
  const zero = ZEROS.find((start) => start <= code && code < start + 10);
  return zero === undefined ? character : String(code - zero);
}

function withoutUnit(text, units) {
  const stripped = text.trim();
  const folded = stripped.toLowerCase();
  for (const unit of [...units].sort((a, b) => b.length - a.length)) {
    const mark = unit.toLowerCase();
    if (mark.length !== unit.length || !mark || folded.length !== stripped.length) continue;
    const before = folded.slice(0, -mark.length);
    if (folded.endsWith(mark) && !(/^\p{L}/u.test(mark) && /\p{L}$/u.test(before))) {
      return stripped.slice(0, -mark.length);
    }
    if (!/\p{L}$/u.test(mark) && folded.startsWith(mark)) return stripped.slice(mark.length);
  }
  return text;
}

function gcd(a, b) {
  while (b) [a, b] = [b, a % b];
  return a || 1n;
}
