/** @import { Digest } from "../../digest/digest.ts" */
/** @import { PageData } from "../page-data.ts" */
/** @import { Editing } from "./store.js" */
import { addressOf, KEY } from "./address.js";
import { change, desk, set, state } from "./store.js";
import { idOf, lineIn, placeIn, same, stories } from "./stories.js";
import { h } from "./dom.js";

let isAsking = false;
let isToAskAgain = false;

/** @type {EventSource | undefined} */
let events;
let isFirst = true;

/**
 * Shows what the server has anew whenever it says that something changed. A hidden tab lets go of
 * its stream, as a browser holds six connections to a server and would load no seventh tab.
 */
export function watchDesk() {
  const name = desk()?.path.slice(1);
  if (name === undefined) return;
  document.addEventListener("visibilitychange", () => listenWhileSeen(name));
  listenWhileSeen(name);
}

/** @param {string} name */
function listenWhileSeen(name) {
  if (!document.hidden) {
    events ??= listen(name);
    return;
  }
  events?.close();
  events = undefined;
  isFirst = false;
}

/** @param {string} name */
function listen(name) {
  const changes = desk()?.changes ?? 0;
  const stream = new EventSource(
    addressOf(`/~events?issue=${encodeURIComponent(name)}&changes=${changes}`),
  );
  stream.addEventListener("changed", ({ data }) => {
    if (data === "" || data === name) void refresh();
    if (data === "~issues") void refreshIssues();
  });
  stream.addEventListener("error", () => {
    // A browser tries again when no server answers. It gives up when it is refused: the key was of another run.
    const isRefused = stream.readyState === EventSource.CLOSED;
    change({ notice: isRefused ? STARTED_ANEW : ENDED });
  });
  stream.addEventListener("open", () => {
    // Who knows what has happened in between.
    if (!isFirst) {
      change({ notice: "" });
      void refresh();
    }
    isFirst = false;
  });
  return stream;
}

/** Asks for the page's data again, once more where it was asked for meanwhile. */
async function refresh() {
  isToAskAgain = isAsking;
  if (isAsking) return;
  isAsking = true;
  try {
    const { path = "/" } = desk() ?? {};
    // Before there was any issue there was no place for one.
    if (path === "/") return location.reload();
    const answer = await fetch(addressOf(encodeURI(`${path}/state`)));
    if (answer.ok) show(await answer.json());
  } catch {
    // The server has gone, which the stream of events says too.
  } finally {
    isAsking = false;
    if (isToAskAgain) void refresh();
  }
}

/** Asks for the list of issues again, of which some were sent. */
async function refreshIssues() {
  const { path = "/" } = desk() ?? {};
  const address = addressOf(`/~issues?issue=${encodeURIComponent(path.slice(1))}`);
  const answer = await fetch(address).catch(() => undefined);
  const known = desk();
  if (!answer?.ok || !known) return;
  change({ data: { ...state.data, desk: { ...known, ...(await answer.json()) } } });
}

/**
 * Shows new data. What can't be made now leaves what was made last.
 * @param {PageData} data
 */
function show(data) {
  const issue = data.issue ?? state.data.issue;
  const { editing } = state;
  if (issue && editing) tell(editing, issue.digest);
  // What was said before was of what was shown before.
  change({ data: { ...data, issue }, version: state.version + 1, notice: "" });
  if (issue && editing && editing.id !== "") follow(editing);
}

/** Chooses the line that is being changed, which may stand elsewhere by now. @param {Editing} editing */
function follow({ what, id }) {
  const story = stories().find(({ entry }) => idOf(entry) === id);
  const [, point = ""] = what.split(" ");
  if (story && (state.settings.story !== story.number || state.settings.point !== point))
    set({ story: story.number, point });
}

/**
 * Says to an editor who is writing a line that it was changed meanwhile, unless the change is their own.
 * @param {Editing} editing
 * @param {Digest} digest
 */
function tell(editing, digest) {
  editing.what = placeIn(digest, editing);
  const now = lineIn(digest, editing.what);
  if (now !== editing.before && !same(now, editing.text)) editing.said = STALE;
  editing.before = now;
}

/**
 * Does something on the server; whether it was done. What the server has to say is shown.
 * @param {string} what A part of the issue's own path, or a path of the server.
 * @param {object} body
 * @returns {Promise<{ isDone: boolean, answer?: string, said?: string }>}
 */
export async function post(what, body) {
  const { path = "" } = desk() ?? {};
  const address = addressOf(what.startsWith("/") ? what : `${encodeURI(path)}/${what}`);
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", "broadsheet-key": KEY },
      body: JSON.stringify(body),
    });
    const given = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
    if (given.desk?.path === path) show(given);
    // Another issue was changed.
    else if ("mode" in given) await refreshIssues();
    if (answer.ok) return { isDone: true, answer: given.answer };
    if (answer.status === 409) return { isDone: false, said: STALE };
    if (answer.status === 403) return { isDone: false, said: `${STARTED_ANEW} ${STILL_HERE}` };
    const { message = "The server would not have it.", fix = "" } = given.trouble ?? {};
    return { isDone: false, said: `${message}${fix && `: ${fix}`}` };
  } catch {
    return { isDone: false, said: `broadsheet preview has ended. ${STILL_HERE}` };
  }
}

const ENDED = "broadsheet preview has ended: this is what it showed last.";
const STARTED_ANEW =
  "broadsheet preview was started anew: open the address that it has printed in its terminal.";
const STILL_HERE = "What you wrote is still here.";
const STALE =
  "This issue was changed meanwhile, in this line. What you wrote is still here: look, and save it again.";

/** So often a page from a file asks whether the file is another by now; and where there is nothing to ask. */
const EVERY_MS = 700;
const SELDOM_MS = 10_000;

/**
 * Reloads the page when its file was written again. Over file:// a page may read no file, but it may run a
 * script: the one beside it says what the file is made of.
 */
export function watchStamp() {
  if (location.protocol !== "file:") return;
  const own = document.documentElement.dataset["stamp"];
  Object.assign(globalThis, {
    broadsheetStamp: (/** @type {string} */ stamp) => {
      if (stamp !== own) location.reload();
    },
  });
  ask();
}

let misses = 0;

function ask() {
  const script = h("script", {
    src: `preview-stamp.js?${Date.now()}`,
    onload: () => next(true),
    onerror: () => next(false),
  });
  const next = (/** @type {boolean} */ isThere) => {
    script.remove();
    misses = isThere ? 0 : misses + 1;
    // A build replaces the folder, so for a moment there is no file; after a while there is none at all.
    setTimeout(whenSeen, misses > 5 ? SELDOM_MS : EVERY_MS);
  };
  document.head.append(script);
}

/** A hidden page can wait. */
function whenSeen() {
  if (document.hidden) document.addEventListener("visibilitychange", ask, { once: true });
  else ask();
}
