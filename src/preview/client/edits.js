/** @import { Story } from "./stories.js" */
import { h } from "./dom.js";
import { post } from "./live.js";
import { standing } from "./issues.js";
import { change, desk, issue, set, state } from "./store.js";
import { chosenStory, lineIn, stories } from "./stories.js";

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
  change({ editing: { what, text, before: lineIn(issue().digest, what), said: "" } });
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
  const { isDone, said = "" } = await send(editOf(editing));
  // It may have been closed, or another opened, while the server was at it.
  if (state.editing !== editing) return;
  if (isDone) close();
  else change({ editing: { ...editing, said } });
}

/** @param {{ what: string, text: string }} editing */
function editOf({ what, text }) {
  if (what === "subject" || what === "preheader") return { kind: what, text };
  const [story = "0", point = "g"] = what.split(" ");
  if (point === "g") return { kind: "gist", story: Number(story), text };
  return { kind: "keyPoint", story: Number(story), at: Number(point.slice(1)) - 1, text };
}

/** @param {object} edit */
async function send(edit) {
  return post("edit", { hash: issue().hash, edit });
}

/**
 * Does something at once, without a field to write in.
 * @param {object} edit
 */
async function sendNow(edit) {
  const { isDone, said = "" } = await send(edit);
  if (!isDone) change({ notice: said });
  return isDone;
}

/**
 * Puts another sentence of the article in the place of a key point.
 * @param {number} story
 * @param {number} at From 0.
 * @param {{ start?: number | undefined, end?: number | undefined }} sentence
 */
export async function swapPoint(story, at, { start, end }) {
  if (start === undefined || end === undefined || !canEdit()) return;
  if (!(await sendNow({ kind: "swap", story, at, start, end }))) return;
  const points = chosenStory()?.entry.summary.keyPoints ?? [];
  const now = points.findIndex((point) => point.start === start);
  set({ point: now < 0 ? "" : `k${now + 1}` });
}

/** Hides the chosen story. */
export async function hideStory() {
  const story = chosenStory();
  if (story && canEdit()) await sendNow({ kind: "hide", story: story.index, isHidden: true });
}

/** Takes the chosen story as it was read, whatever its reader doubted. */
export async function acceptStory() {
  const story = chosenStory();
  if (story && canEdit()) await sendNow({ kind: "accept", story: story.index });
}

/**
 * Makes an article that was merged into a story one of its own.
 * @param {number} story
 * @param {number} at From 0.
 */
export async function partStory(story, at) {
  if (canEdit()) await sendNow({ kind: "part", story, at });
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
  if (!canEdit()) return;
  const isDone = await sendNow({ kind: "join", story: guest.index, into: host.index });
  // It goes up by one where the other stood before it.
  if (isDone) set({ story: guest.number < host.number ? host.number - 1 : host.number });
}

/** @param {number} index */
export async function unhideStory(index) {
  await sendNow({ kind: "hide", story: index, isHidden: false });
}

/**
 * Moves the chosen story past the one before or after it.
 * @param {1 | -1} by
 */
export async function moveStory(by) {
  const story = chosenStory();
  const other = story && stories()[story.number - 1 + by];
  if (!story || !other || !canEdit()) return;
  const isDone = await sendNow({ kind: "move", story: story.index, to: other.index });
  if (isDone) set({ story: other.number });
}

/** @type {Promise<void>} */
let before = Promise.resolve();

/**
 * One after the other, however fast the key is pressed: each is of what the one before has left.
 * @param {"undo" | "redo"} step
 */
export function takeBack(step) {
  before = before.then(async () => takeOneBack(step));
  return before;
}

/** @param {"undo" | "redo"} step */
async function takeOneBack(step) {
  if (!canEdit()) return;
  const { isDone, said = "" } = await post(step, { hash: issue().hash });
  if (!isDone) change({ notice: said });
}
