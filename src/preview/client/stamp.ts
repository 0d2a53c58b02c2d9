/** So often a page from a file asks whether the file is another by now; and where there is nothing to ask. */
const EVERY_MS = 700;
const SELDOM_MS = 10_000;

/**
 * Reloads the page when its file was written again. Over file:// a page may read no file, but it may run a
 * script: the one beside it says what the file is made of.
 */
export function watchStamp(): void {
  const own = document.documentElement.dataset["stamp"];
  Object.assign(globalThis, {
    broadsheetStamp: (stamp: string) => {
      if (stamp !== own) location.reload();
    },
  });
  ask();
}

let misses = 0;

function ask(): void {
  const script = Object.assign(document.createElement("script"), {
    src: `preview-stamp.js?${Date.now()}`,
    onload: () => next(true),
    onerror: () => next(false),
  });
  const next = (isThere: boolean) => {
    script.remove();
    misses = isThere ? 0 : misses + 1;
    // A build replaces the folder, so for a moment there is no file; after a while there is none at all.
    setTimeout(whenSeen, misses > 5 ? SELDOM_MS : EVERY_MS);
  };
  document.head.append(script);
}

/** A hidden page can wait. */
function whenSeen(): void {
  if (document.hidden) document.addEventListener("visibilitychange", ask, { once: true });
  else ask();
}
