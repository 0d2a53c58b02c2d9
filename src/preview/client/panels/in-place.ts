import { batch, signal } from "@preact/signals";
import { html } from "htm/preact";
import type { Pane } from "../pane.ts";
import { editedBy, excessOf, moveText, putBack, saveText } from "../operations.ts";
import {
  canEdit,
  draft,
  type Editing,
  editing,
  isFrozen,
  issue,
  set,
  type Text,
} from "../store.ts";
import { stories, idOf } from "../stories.ts";
import { indexOf, isBlock, isInOrder, meantText, nameOf, wordsOf } from "../texts.ts";
import { isBeingSaved, openField } from "./line-editor.ts";

/* Editing of the email's texts in place. The frames run no scripts, so the page listens in their documents. */

/** The text being edited in a frame. */
interface Place {
  readonly pane: Pane;
  readonly mark: HTMLElement;
  /** The nodes that readers see. */
  readonly nodes: readonly Node[];
  /** The other texts of a letter block, which is edited as a whole. */
  readonly others: readonly HTMLElement[];
}

let place: Place | undefined;
const panes = new Set<Pane>();
/** The words being sent to the server, by text. Until they are saved, the issue still has the old words. */
const sent = new Map<string, string>();
/** Words that could not be saved because the editor had already moved to another text. */
const unsaved: (readonly [line: Editing, words: string])[] = [];
/** The text that gets the focus after a frame has loaded. */
let last: Text | undefined;

/** The position of the toolbar above the text, in px of the page. */
const barAt = signal<
  { readonly top: number; readonly left: number; readonly isBelow: boolean } | undefined
>(undefined);

/** Whether a text is being edited in a frame. The frame is not reloaded meanwhile. */
export function isWrittenIn(pane: Pane): boolean {
  return place?.pane === pane;
}

function marksIn({ document: doc }: Pane): HTMLElement[] {
  return [...(doc?.querySelectorAll<HTMLElement>("x-text") ?? [])];
}

function textIn(mark: HTMLElement): Text {
  return { id: mark.dataset["story"] ?? "", field: mark.dataset["field"] ?? "" };
}

const keyOf = ({ id, field }: Text) => `${id} ${field}`;

function isSameText(one: Text, other: Text): boolean {
  return keyOf(one) === keyOf(other);
}

/** Makes the texts of a loaded frame editable. */
export function makeEditable(pane: Pane): void {
  panes.add(pane);
  const doc = pane.document;
  const marks = marksIn(pane);
  if (!doc || marks.length === 0) return;
  for (const mark of marks) asButton(mark);
  for (const link of doc.querySelectorAll<HTMLElement>("a[href]")) link.tabIndex = -1;
  const markOf = (event: Event) => marks.find((mark) => event.composedPath().includes(mark));
  const on = <E extends keyof DocumentEventMap>(
    name: E,
    listener: (event: DocumentEventMap[E], mark: HTMLElement) => void,
  ) =>
    doc.addEventListener(
      name,
      (event) => {
        const mark = markOf(event);
        if (mark && (canEdit.value || mark === place?.mark)) listener(event, mark);
      },
      true,
    );
  on("click", (event, mark) => {
    event.preventDefault();
    event.stopPropagation();
    begin(pane, mark);
  });
  on("keydown", (event, mark) =>
    place?.mark === mark ? pressed(event) : chosen(event, pane, mark),
  );
  on("input", (_event, mark) => {
    if (place?.mark === mark) draft.value = mark.textContent ?? "";
  });
  // A browser freezes when it lays out megabytes of text in one line.
  on("paste", (event) => {
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    const line = editing.value;
    const said = line && excessOf(line, draft.value.length + pasted.length);
    if (!line || !said) return;
    event.preventDefault();
    editing.value = { ...line, said };
  });
  on("focusout", () => setTimeout(leftFor, 0));
  doc.addEventListener("click", (event) => !markOf(event) && void settle());
  resume(pane);
  const again = last && marks.find((mark) => last && isSameText(textIn(mark), last));
  if (document.activeElement === pane.frame) again?.focus({ preventScroll: true });
}

/** Continues the editing of a text whose frame was reloaded while its editor opened. */
function resume(pane: Pane): void {
  const [line, words] = [editing.value, draft.value];
  if (!line || place?.pane !== pane || place.mark.ownerDocument === pane.document) return;
  place = undefined;
  editing.value = undefined;
  beginEdit(line, words, line.said);
}

function asButton(mark: HTMLElement): void {
  const text = meantText(issue.value.digest, textIn(mark));
  mark.tabIndex = 0;
  mark.removeAttribute("contenteditable");
  mark.setAttribute("role", "button");
  mark.setAttribute("aria-label", `${nameOf(text)}: ${mark.textContent ?? ""}`);
  mark.toggleAttribute("data-edited", editedBy(text) !== undefined);
}

/** Opens the editor of a text: in the email, or in the page if the email does not show the text. */
export function beginEdit(text: Text, words?: string, said = ""): void {
  const shown = [...panes].filter(({ frame }) => frame.isConnected && frame.checkVisibility());
  for (const pane of shown) {
    const mark = marksIn(pane).find((one) =>
      isSameText(meantText(issue.value.digest, textIn(one)), text),
    );
    if (mark) return begin(pane, mark, words, said);
  }
  void settle();
  openField(text, words, said);
}

function begin(pane: Pane, mark: HTMLElement, words?: string, said = ""): void {
  if (place?.mark === mark) return;
  void settle();
  const { digest } = issue.value;
  const text = meantText(digest, textIn(mark));
  const before = sent.get(keyOf(text)) ?? wordsOf(digest, text);
  last = textIn(mark);
  const others = marksIn(pane).filter(
    (one) => one !== mark && isBlock(text) && isSameText(textIn(one), textIn(mark)),
  );
  for (const other of others) other.hidden = true;
  place = { pane, mark, nodes: [...mark.childNodes], others };
  mark.setAttribute("role", "textbox");
  mark.setAttribute("aria-label", nameOf(text));
  mark.setAttribute("contenteditable", "plaintext-only");
  write(words ?? before);
  const story = stories.value.find(({ entry }) => idOf(entry) === text.id);
  batch(() => {
    editing.value = { ...text, before, said, isInPlace: true, opened: Symbol() };
    if (story) set({ story: story.number });
  });
  mark.focus();
  placeBar();
}

/** Puts words into the edited text, and the caret after them. */
function write(words: string): void {
  draft.value = words;
  if (!place) return;
  place.mark.textContent = words;
  place.mark.ownerDocument.getSelection()?.selectAllChildren(place.mark);
  place.mark.ownerDocument.getSelection()?.collapseToEnd();
}

/** Replaces the edited text, in the email or in the page. */
export function take(words: string): void {
  if (place) write(words);
  else draft.value = words;
}

/** Closes the editor of a text. The email then shows the new words, or the old ones if the edit was discarded. */
function close(isDropped: boolean): void {
  const closed = place;
  place = undefined;
  editing.value = undefined;
  barAt.value = undefined;
  if (!closed) return;
  for (const other of closed.others) other.hidden = false;
  if (isDropped) closed.mark.replaceChildren(...closed.nodes);
  asButton(closed.mark);
}

/** Saves a changed text and closes its editor. Words that can't be saved are kept and shown again. */
async function settle(): Promise<void> {
  const [line, words] = [editing.value, draft.value];
  if (line) {
    const isSame = words === line.before;
    close(isSame);
    if (!isSame && !isBeingSaved(line)) {
      sent.set(keyOf(line), words);
      const { isDone, said = "" } = await saveText(line, words);
      if (sent.get(keyOf(line)) === words) sent.delete(keyOf(line));
      if (!isDone) unsaved.push([{ ...line, said }, words]);
    }
  }
  const next = editing.value ? undefined : unsaved.shift();
  if (next) beginEdit(next[0], next[1], next[0].said);
}

/** Saves the text when the focus leaves it, except for the toolbar and the panel about the text. */
function leftFor(): void {
  const now = document.activeElement;
  const isBeside = now?.closest(".edit-bar, .texts") !== null && now !== null;
  // A click in the frame has its own handler.
  if (!place || !document.hasFocus() || isBeside || now === place.pane.frame) return;
  void settle();
}

function chosen(event: KeyboardEvent, pane: Pane, mark: HTMLElement): void {
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  event.stopPropagation();
  begin(pane, mark);
}

/** The keys with a function while a text is edited. All others enter text. */
function pressed(event: KeyboardEvent): void {
  event.stopPropagation();
  const line = editing.value;
  if (!line || !place || event.isComposing) return;
  const isCommand = event.ctrlKey || event.metaKey;
  const around = isCommand && isBlock(line) ? AROUND[event.key.toLowerCase()] : undefined;
  const doing =
    around !== undefined
      ? () => insert(...around)
      : event.altKey
        ? ALT_KEYS[event.key]
        : event.key === "Enter" && event.shiftKey
          ? () => isBlock(line) && insert("\n", "")
          : event.key === "Tab"
            ? () => step(event.shiftKey ? -1 : 1)
            : KEYS[event.key];
  if (!doing) return;
  event.preventDefault();
  doing();
}

const AROUND: Readonly<Record<string, readonly [string, string]>> = {
  b: ["**", "**"],
  i: ["*", "*"],
  k: ["[", "](https://)"],
};

const KEYS: Readonly<Record<string, () => unknown>> = { Enter: settle, Escape: drop };

const ALT_KEYS: Readonly<Record<string, () => unknown>> = {
  ArrowUp: async () => move(-1),
  ArrowDown: async () => move(1),
  Enter: addBelow,
  F10: () => document.querySelector<HTMLElement>(".edit-bar button")?.focus(),
};

function drop(): void {
  const mark = place?.mark;
  close(true);
  mark?.focus({ preventScroll: true });
}

/** Moves to the next text of the frame, or out of the frame after the last one. */
function step(by: 1 | -1): void {
  if (!place) return;
  const { pane, mark } = place;
  const own = textIn(mark);
  const marks = marksIn(pane).filter(
    (one) =>
      one === mark || (one.checkVisibility() && !(isBlock(own) && isSameText(textIn(one), own))),
  );
  const next = marks[marks.indexOf(mark) + by];
  if (next) begin(pane, next);
  else void settle();
}

/** Puts formatting characters around the selection. */
function insert(before: string, after: string): void {
  const selection = place?.mark.ownerDocument.getSelection();
  if (!place || !selection || selection.rangeCount === 0) return;
  const range = selection.getRangeAt(0);
  const words = place.mark.ownerDocument.createTextNode(`${before}${range.toString()}${after}`);
  range.deleteContents();
  range.insertNode(words);
  // The caret goes after the words, or between the characters if nothing was selected.
  selection.collapse(words, words.length - after.length);
  draft.value = place.mark.textContent ?? "";
}

/** Adds a prefix to each line of a block, or removes it. */
function prefix(sign: string): void {
  const lines = draft.value.split("\n");
  const has = lines.every((line) => line.startsWith(sign));
  write(lines.map((line) => (has ? line.slice(sign.length) : sign + line)).join("\n"));
}

async function move(by: 1 | -1): Promise<void> {
  const line = editing.value;
  if (!line || !isInOrder(line)) return;
  const to = { ...line, field: line.field.replace(/\d+$/, String(indexOf(line) + by)) };
  await settle();
  last = to;
  await moveText(line, by);
}

async function addBelow(): Promise<void> {
  const line = editing.value;
  if (!line || !isInOrder(line)) return;
  await settle();
  openField({ id: line.id, field: line.field.replace(/\d+$/, `+${indexOf(line) + 1}`) });
}

async function remove(): Promise<void> {
  draft.value = "";
  await settle();
}

async function back(): Promise<void> {
  const line = editing.value;
  drop();
  if (line) await putBack(line);
}

/** The toolbar is shown below a text that is closer to the top of the frame than this. */
const BAR_PX = 64;
const AIR_PX = 10;

/** Puts the toolbar beside the text and keeps it visible, even if the text is taller than its frame. */
export function placeBar(): void {
  if (!place) return;
  const { mark, pane } = place;
  const { top, bottom, left } = mark.getBoundingClientRect();
  const isBelow = top * pane.scale < BAR_PX;
  // A text may be taller than the visible part of the frame.
  const beside = isBelow ? bottom * pane.scale + AIR_PX : top * pane.scale - AIR_PX;
  const lowest = pane.holder.clientHeight - (isBelow ? BAR_PX : 0);
  barAt.value = {
    isBelow,
    left: Math.max(0, left * pane.scale - AIR_PX),
    top: Math.max(0, Math.min(lowest, beside)),
  };
}

function button(name: string, does: () => unknown, label?: string) {
  return html`<button data-key=${`bar-${name}`} aria-label=${label} onclick=${does}>${name}</button>`;
}

/** Keeps the focus in the text. Alt+F10 moves it to the toolbar, and Escape moves it back. */
export function keepFocus(event: Event): void {
  event.preventDefault();
}

function goBack(event: KeyboardEvent): void {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  place?.mark.focus();
}

const TOO_LATE =
  "The issue was sent meanwhile, without these words. They stay here until you close this text.";

/** The toolbar above the edited text. It covers the content and moves nothing. */
export function EditBar({ pane }: { readonly pane: Pane }) {
  const line = editing.value;
  const at = barAt.value;
  if (!line?.isInPlace || !at || !isWrittenIn(pane)) return undefined;
  const said = line.said || (isFrozen.value ? TOO_LATE : "");
  return html`<div
    class=${at.isBelow ? "edit-bar below" : "edit-bar"}
    role="toolbar"
    aria-label=${`${nameOf(line)}: Enter saves, Escape discards, Alt F10 comes here`}
    style=${`top:${at.top}px;--left:${at.left}px`}
    onmousedown=${keepFocus}
    onkeydown=${goBack}
  >
    <b>${nameOf(line)}</b>
    ${button("Undo", () => write(line.before))}
    ${editedBy(line) && button("Use the source’s words", back)}
    ${
      isInOrder(line) &&
      html`${button("↑", async () => move(-1), "Move up")}${button("↓", async () => move(1), "Move down")}
      ${button("Add", addBelow, "Add below")}${button("Remove", remove)}`
    }
    ${
      isBlock(line) &&
      html`${button("B", () => insert("**", "**"), "Bold")}${button("I", () => insert("*", "*"), "Italic")}
      ${button("Link", () => insert("[", "](https://)"))}${button("#", () => prefix("## "), "Heading")}
      ${button("•", () => prefix("- "), "List")}${button("“", () => prefix("> "), "Quotation")}`
    }
    ${button("Done", settle)}
    ${said !== "" && html`<p class="word error" role="alert">${said}</p>`}
  </div>`;
}
