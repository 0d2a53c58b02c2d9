/**
 * The intervals at which a page opened from disk checks whether its file was rebuilt. The longer one is for a missing stamp
 * file.
 */
const EVERY_MS = 700;
const SELDOM_MS = 10_000;

/**
 * Reloads the page when its file was rebuilt. A page opened with file:// can't read files, but it can run a script. The
 * script beside it contains the stamp of the file.
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
    // A build replaces the folder, so the file is missing for a moment. After several misses it is probably gone.
    setTimeout(whenSeen, misses > 5 ? SELDOM_MS : EVERY_MS);
  };
  document.head.append(script);
}

/** A hidden page can wait. */
function whenSeen(): void {
  if (document.hidden) document.addEventListener("visibilitychange", ask, { once: true });
  else ask();
}
