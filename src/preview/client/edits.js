/** @import { Change } from "../../digest/operations/operation.ts" */
/** @import { Editing } from "./store.js" */
/** @import { Story } from "./stories.js" */
import { h } from "./dom.js";
import { post } from "./live.js";
import { change, desk, issue, set, standing, state } from "./store.js";
import { allStories, chosenStory, idOf, lineIn, stories } from "./stories.js";

/** What had the focus before a line was changed; "" where nothing had. */
let opener = "";

/** Whether what is shown can be changed here. */
export function canEdit() {
  return desk()?.canEdit === true && !isFrozen();
}

/** Whether its readers get what is shown, or have it, so that it is only looked at. */
export function isFrozen() {
  return ["sending", "sent"].includes(standing()?.state ?? "");
}

/**
 * @param {string} what
 * @param {string} text As it is now.
 */
export function beginEdit(what, text) {
  opener = document.activeElement?.getAttribute("data-key") ?? "";
  const entry = allStories()[Number(what.split(" ", 1)[0])]?.entry;
  const id = entry ? idOf(entry) : "";
  change({ editing: { what, id, text, before: lineIn(issue().digest, what), said: "" } });
  const field = document.querySelector(`[data-key="edit-${CSS.escape(what)}"]`);
  if (!(field instanceof HTMLTextAreaElement)) return;
  field.select();
  // In a narrow window it stands far below what one was looking at.
  field.closest("form")?.scrollIntoView({ block: "nearest" });
}

/**
 * A line with its own editor while it is being changed.
 * @param {string} what
 * @param {string} label
 */
export function editor(what, label) {
  const { editing } = state;
  if (editing?.what !== what) return undefined;
  return h(
    "form.editor",
    {
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        void save();
      },
    },
    h(
      "label",
      h("span.muted", label),
      h(
        "textarea",
        {
          rows: Math.min(8, Math.ceil(editing.text.length / 36) + 1),
          dir: "auto",
          "data-key": `edit-${what}`,
          oninput: (/** @type {Event} */ { target }) => {
            if (target instanceof HTMLTextAreaElement) editing.text = target.value;
          },
          onkeydown: (/** @type {KeyboardEvent} */ event) => {
            if (event.key === "Escape") cancel(event);
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            void save();
          },
        },
        editing.text,
      ),
    ),
    editing.said !== "" && h("p.word.error", { role: "alert" }, editing.said),
    h(
      "p.editor-buttons",
      h("button.solid", "Save"),
      h("button.plain", { type: "button", onclick: close }, "Cancel"),
    ),
  );
}

/** @param {KeyboardEvent} event */
function cancel(event) {
  event.preventDefault();
  event.stopPropagation();
  close();
}

/** Gives the focus back to where it was, for an editor who goes on by keys. */
function close() {
  const isInside = document.activeElement?.closest(".editor");
  change({ editing: undefined });
  const before = isInside && document.querySelector(`[data-key="${CSS.escape(opener)}"]`);
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
}

async function save() {
  const { editing } = state;
  if (!editing) return;
  const { isDone, said = "" } = await send(() => [lineChange(editing)]);
  // It may have been closed, or another opened, while the server was at it.
  if (state.editing !== editing) return;
  if (isDone) close();
  else change({ editing: { ...editing, said } });
}

/**
 * A story is named by its id and a key point by its words, as both may stand elsewhere by the time it is done.
 * @param {Editing} editing
 * @returns {Change}
 */
function lineChange({ what, id, text, before }) {
  if (what === "subject" || what === "preheader")
    return { op: "set", field: what, value: text, was: before };
  if (what.endsWith(" g"))
    return { op: "set", id, field: "summary.gist", value: { text }, was: before };
  const point = { id, field: "keyPoint", sentence: before };
  if (text.trim() === "") return { op: "remove", ...point };
  const points = pointsOf(id);
  const above = points.slice(0, Math.max(0, points.indexOf(before)));
  return { op: "set", ...point, after: above.toReversed(), value: { text } };
}

/** @param {string} id */
function pointsOf(id) {
  const story = allStories().find(({ entry }) => idOf(entry) === id);
  return story?.entry.summary.keyPoints.map(({ text }) => text) ?? [];
}

/** @type {Promise<unknown>} */
let before = Promise.resolve();

/**
 * One after the other, however fast a key is pressed: each is of what the one before has left.
 * @template T
 * @param {() => Promise<T>} task
 * @returns {Promise<T>}
 */
function inTurn(task) {
  const done = before.then(task);
  before = done.catch(() => undefined);
  return done;
}

/**
 * Sends the changes of one step, once those before it are done.
 * @param {() => object[]} changes
 * @param {string} [where] The address for the edits of another issue.
 * @returns {Promise<{ isDone: boolean, said?: string }>}
 */
export async function send(changes, where = "edit") {
  return inTurn(async () => post(where, { changes: changes() }));
}

/**
 * Does something at once, without a field to write in; nothing where there is nothing to do.
 * @param {() => Change[] | undefined} changes
 * @param {() => void} [then] What is to be shown once it is done.
 */
async function sendNow(changes, then) {
  return inTurn(async () => {
    const wanted = canEdit() ? changes() : undefined;
    if (!wanted) return;
    const { isDone, said = "" } = await post("edit", { changes: wanted });
    if (isDone) then?.();
    else change({ notice: said });
  });
}

/**
 * Puts another sentence of the article in the place of a key point. It stands where the article has it.
 * @param {number} index
 * @param {number} at From 0.
 * @param {{ start?: number | undefined, end?: number | undefined }} sentence
 */
export async function swapPoint(index, at, { start, end }) {
  const entry = allStories()[index]?.entry;
  const point = entry?.summary.keyPoints[at];
  if (!entry || !point || start === undefined || end === undefined) return;
  const text = entry.article.text.slice(start, end).replace(/\s+/g, " ").trim();
  const others = entry.summary.keyPoints.filter((other) => other !== point);
  const next = others.findIndex((other) => (other.start ?? -1) > start);
  const above = others.slice(0, next < 0 ? others.length : next).map((other) => other.text);
  const place = { id: idOf(entry), field: "keyPoint" };
  await sendNow(
    () => [
      { op: "remove", ...place, sentence: point.text },
      { op: "add", ...place, after: above.toReversed(), value: { text, start, end } },
    ],
    () => {
      const now = pointsOf(place.id).indexOf(text);
      set({ point: now < 0 ? "" : `k${now + 1}` });
    },
  );
}

/** Hides the chosen story. */
export async function hideStory() {
  await sendNow(() => {
    const story = chosenStory();
    return story && [{ op: "hide", id: idOf(story.entry), value: true }];
  });
}

/**
 * Makes an article that was merged into a story one of its own.
 * @param {number} index
 * @param {number} at From 0.
 */
export async function partStory(index, at) {
  const entry = allStories()[index]?.entry;
  const other = entry?.alsoIn?.[at];
  const id = other?.reading ?? other?.id;
  if (!entry || id === undefined) return;
  await sendNow(() => [{ op: "part", id, value: idOf(entry) }]);
}

/**
 * Has the chosen story tell another, too.
 * @param {number} index The other's.
 */
export async function joinStory(index) {
  const story = chosenStory();
  const other = stories().find((one) => one.index === index);
  if (story && other) await joinStories(other, story);
}

/**
 * Has a story told by another, and chooses that.
 * @param {Story} guest
 * @param {Story} host
 */
export async function joinStories(guest, host) {
  const [id, value] = [idOf(guest.entry), idOf(host.entry)];
  await sendNow(
    () => [{ op: "join", id, value }],
    () => choose(value),
  );
}

/** @param {number} index */
export async function unhideStory(index) {
  const entry = allStories()[index]?.entry;
  if (entry) await sendNow(() => [{ op: "hide", id: idOf(entry), value: false }]);
}

/** How many of the stories that follow are named: one of them is still there later. */
const FOLLOWERS = 5;

/**
 * Moves the chosen story past the one before or after it.
 * @param {1 | -1} by
 */
export async function moveStory(by) {
  let id = "";
  await sendNow(
    () => {
      const story = chosenStory();
      const other = story && stories()[story.number - 1 + by];
      if (!story || !other) return undefined;
      id = idOf(story.entry);
      const others = allStories().filter((one) => one.index !== story.index);
      const following = others.slice(other.index, other.index + FOLLOWERS);
      return [{ op: "move", id, before: following.map(({ entry }) => idOf(entry)) }];
    },
    () => choose(id),
  );
}

/** Chooses a story by its id, wherever it stands by now. @param {string} id */
function choose(id) {
  const story = stories().find(({ entry }) => idOf(entry) === id);
  if (story) set({ story: story.number });
}

/**
 * Takes back the last step, or does it again.
 * @param {"undo" | "redo"} step
 */
export async function takeBack(step) {
  await inTurn(async () => {
    if (!canEdit()) return;
    const { isDone, said = "" } = await post(step, {});
    if (!isDone) change({ notice: said });
  });
}
