/* What a device keeps while the server is away: one package and the answers that wait, each under its own student.
 *
 * IndexedDB, so that it outlives the page, the browser and a flat battery.
 */

const NAME = "homeroom";
const VERSION = 1;

/** Opens the store; made at the first use. */
function database() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("package");
      asked.result.createObjectStore("waiting", { keyPath: "answer_id" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/** Runs work(store) in a transaction and returns what its request gives, once it is on disk. */
async function within(store, mode, work) {
  const opened = await database();
  try {
    return await new Promise((resolve, reject) => {
      // "strict": the promise is kept only when the answer has reached the disk.
      const transaction = opened.transaction(store, mode, { durability: "strict" });
      const request = work(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request && request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    opened.close();
  }
}

/** Replaces the package of whoever is signed in. */
export const keepPackage = (work) => within("package", "readwrite", (store) => store.put(work, "current"));

/** The package, or undefined. */
export const keptPackage = () => within("package", "readonly", (store) => store.get("current"));

/** Adds an answer; the same number again replaces it. */
export const keepAnswer = (answer) => within("waiting", "readwrite", (store) => store.put(answer));

/** Every answer that waits, of all students, in the order in which they were given. */
export async function waitingAnswers() {
  const all = await within("waiting", "readonly", (store) => store.getAll());
  return all.sort((a, b) => a.sequence - b.sequence);
}

/** Forgets an answer that has arrived. */
export const forgetAnswer = (answerId) => within("waiting", "readwrite", (store) => store.delete(answerId));

/** Signing out: nothing of the student's work stays; answers that still wait do, until they are sent. */
export const forgetPackage = () => within("package", "readwrite", (store) => store.clear());

/** 32 random hexadecimal digits. */
export const freshId = () => hexOf(crypto.getRandomValues(new Uint8Array(16)));

/** Two hexadecimal digits for each byte. */
export const hexOf = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
