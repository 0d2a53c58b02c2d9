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

/*
 * The texts of the email, each edited where it stands. The frames run no scripts: the page listens in their documents.
 */

/** The text that is written in a frame. */
interface Place {
  readonly pane: Pane;
  readonly mark: HTMLElement;
  /** What it shows to readers. */
  readonly nodes: readonly Node[];
  /** The other texts of a block of the letter, which is edited as a whole. */
  readonly others: readonly HTMLElement[];
}

let place: Place | undefined;
const panes = new Set<Pane>();
/** The words that are on their way to the server, by their text: until they are there, the issue has others. */
const sent = new Map<string, string>();
/** Words that could not be saved while their editor had gone on to another text. */
const unsaved: (readonly [line: Editing, words: string])[] = [];
/** The text that the focus goes back to when a frame has loaded. */
let last: Text | undefined;

/** Where the bar stands above the text, px of the page. */
const barAt = signal<
  { readonly top: number; readonly left: number; readonly isBelow: boolean } | undefined
>(undefined);

/** Whether a text is written in a frame, which stays as it is meanwhile. */
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

/** Lets the texts of a frame be edited, once it has loaded. */
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
  // A browser that lays out megabytes in one line stands still.
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

/** A text whose frame was loaded anew as its editor opened is edited on. */
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

/** Opens the editor of a text where it stands in the email, or in the page where it doesn't. */
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

/** Puts words into the text that is edited, and the caret behind them. */
function write(words: string): void {
  draft.value = words;
  if (!place) return;
  place.mark.textContent = words;
  place.mark.ownerDocument.getSelection()?.selectAllChildren(place.mark);
  place.mark.ownerDocument.getSelection()?.collapseToEnd();
}

/** Puts other words for a text that is edited, wherever that is. */
export function take(words: string): void {
  if (place) write(words);
  else draft.value = words;
}

/** Closes the editor of a text. What stands there then is what is written, or what readers see. */
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

/** Saves what was written, if anything was, and closes its editor. Words that can't be saved are kept and shown again. */
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

/** Saves what is written when its editor goes elsewhere, but not to the bar or to what is said of the text. */
function leftFor(): void {
  const now = document.activeElement;
  const isBeside = now?.closest(".edit-bar, .texts") !== null && now !== null;
  // A click in the frame says itself what it is on.
  if (!place || !document.hasFocus() || isBeside || now === place.pane.frame) return;
  void settle();
}

function chosen(event: KeyboardEvent, pane: Pane, mark: HTMLElement): void {
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  event.stopPropagation();
  begin(pane, mark);
}

/** The keys while a text is written. All others are what one writes with. */
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

/** Goes on to the next text of the frame, or out of it behind the last. */
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

/** Puts signs around what is selected. */
function insert(before: string, after: string): void {
  const selection = place?.mark.ownerDocument.getSelection();
  if (!place || !selection || selection.rangeCount === 0) return;
  const range = selection.getRangeAt(0);
  const words = place.mark.ownerDocument.createTextNode(`${before}${range.toString()}${after}`);
  range.deleteContents();
  range.insertNode(words);
  // Behind the words, or between the signs where there are none.
  selection.collapse(words, words.length - after.length);
  draft.value = place.mark.textContent ?? "";
}

/** Puts a sign before each line of a block, or takes it away. */
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

/** The text is nearer to the top of the frame than the bar is high. */
const BAR_PX = 64;
const AIR_PX = 10;

/** Puts the bar where the text stands now, and never out of sight: a text may be higher than its frame. */
export function placeBar(): void {
  if (!place) return;
  const { mark, pane } = place;
  const { top, bottom, left } = mark.getBoundingClientRect();
  const isBelow = top * pane.scale < BAR_PX;
  // A text may be taller than what is seen of it.
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

/** The focus stays in the text. By keys it comes to the bar with Alt+F10, and goes back with Escape. */
export function keepFocus(event: Event): void {
  event.preventDefault();
}

function goBack(event: KeyboardEvent): void {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  place?.mark.focus();
}

const TOO_LATE =
  "The issue went out meanwhile, without these words. They stay here until you close this text.";

/** The bar above the text that is edited. It covers what is there, and moves nothing. */
export function EditBar({ pane }: { readonly pane: Pane }) {
  const line = editing.value;
  const at = barAt.value;
  if (!line?.isInPlace || !at || !isWrittenIn(pane)) return undefined;
  const said = line.said || (isFrozen.value ? TOO_LATE : "");
  return html`<div
    class=${at.isBelow ? "edit-bar below" : "edit-bar"}
    role="toolbar"
    aria-label=${`${nameOf(line)}: Enter keeps, Escape drops, Alt F10 comes here`}
    style=${`top:${at.top}px;--left:${at.left}px`}
    onmousedown=${keepFocus}
    onkeydown=${goBack}
  >
    <b>${nameOf(line)}</b>
    ${button("Undo", () => write(line.before))}
    ${editedBy(line) && button("Take the source’s", back)}
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
