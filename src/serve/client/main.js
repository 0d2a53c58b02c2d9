import { deriveKey } from "altcha-lib/algorithms/web/pbkdf2";
import { handler } from "altcha-lib/workers/shared";

/**
 * The only script of the readers' pages. On the subscribe page, a worker makes the proof of work while the visitor types.
 * The worker runs this script too. If that fails, the form is sent without a proof.
 */

const LONGEST_MS = 60_000;

if (typeof document === "undefined") handler({ deriveKey });
else for (const form of document.forms) if (form.dataset["challenge"]) prove(form);

/** @param {HTMLFormElement} form */
function prove(form) {
  const challenge = JSON.parse(form.dataset["challenge"] ?? "");
  const field = form.elements.namedItem("proof");
  const worker = new Worker(import.meta.url, { type: "module" });
  let isDone = false;
  let isWanted = false;
  const end = () => {
    isDone = true;
    if (isWanted) form.submit();
  };
  worker.addEventListener("error", end);
  worker.addEventListener("message", ({ data }) => {
    if (data?.derivedKey && field instanceof HTMLInputElement)
      field.value = JSON.stringify({ challenge, solution: data });
    end();
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
  worker.postMessage({ type: "work", challenge, timeout: LONGEST_MS });
  form.addEventListener("submit", (event) => {
    if (isDone) return;
    event.preventDefault();
    isWanted = true;
  });
}
