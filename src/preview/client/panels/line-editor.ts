import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { saveText } from "../operations.ts";
import { withoutLeaving, withValue } from "./controls.ts";
import { draft, type Editing, editing, issue, type Text } from "../store.ts";
import { isBlock, nameOf, secondLine, wordsOf } from "../texts.ts";

/** The `data-key` of the control that opened the editor; empty if no control had the focus. */
let opener = "";

/** Opens the editor of a text in the page, with the current words or with words that could not be saved. */
export function openField(text: Text, words?: string, said = ""): void {
  opener = document.activeElement?.getAttribute("data-key") ?? "";
  const before = wordsOf(issue.value.digest, text);
  draft.value = words ?? before;
  editing.value = { ...text, before, said, isInPlace: false, opened: Symbol() };
}

/** Closes the editor. The focus returns to its earlier place for use by keyboard. */
function close(): void {
  const isInside = document.activeElement?.closest(".editor");
  editing.value = undefined;
  if (isInside) void whenDrawn().then(() => focusOn(opener));
}

/** Resolves after the page has rendered the last change, which happens in a microtask that is already queued. */
async function whenDrawn(): Promise<void> {}

function focusOn(name: string): void {
  const found = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(name)}"]`);
  found?.focus({ preventScroll: true });
}

let saving: symbol | undefined;

/** Whether the words of a text are being sent to the server. */
export function isBeingSaved({ opened }: Editing): boolean {
  return saving === opened;
}

async function save(): Promise<void> {
  const line = editing.value;
  if (!line) return;
  saving = line.opened;
  const { isDone, said = "" } = await saveText(line, draft.value);
  saving = undefined;
  const open = editing.value;
  if (open?.opened !== line.opened) return;
  if (isDone) close();
  else editing.value = { ...open, said };
}

/** The editor of a text that the email does not show. */
export function LineEditor() {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    // Words already typed are not selected, because the next key would replace them.
    if (draft.peek() === editing.peek()?.before) field.current?.select();
    field.current?.focus();
    // In a narrow window the editor is far below the visible part.
    field.current?.form?.scrollIntoView({ block: "nearest" });
  }, [editing.value?.opened]);
  const line = editing.value;
  if (!line) return undefined;
  const second = secondLine(line);
  return html`<form class="editor" onsubmit=${submit}>
    <label>
      <span class="muted">${nameOf(line)}${second && `, and on a second line: ${second}`}</span>
      <textarea
        ref=${field}
        rows=${Math.min(8, Math.ceil(draft.value.length / 36) + 1)}
        dir="auto"
        data-key=${`edit-${line.field}`}
        value=${draft.value}
        oninput=${write}
        onkeydown=${pressed}
      ></textarea>
    </label>
    ${line.said !== "" && html`<p class="word error" role="alert">${line.said}</p>`}
    <p class="editor-buttons">
      <button class="solid">Save</button>
      <button class="plain" type="button" onclick=${close}>Cancel</button>
    </p>
  </form>`;
}

const submit = withoutLeaving(save);
const write = withValue((text) => (draft.value = text));

function pressed(event: KeyboardEvent): void {
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    close();
  }
  const line = editing.value;
  const hasLines = line !== undefined && (isBlock(line) || secondLine(line) !== "");
  const isNewLine = event.shiftKey || (hasLines && !draft.value.includes("\n") && !isBlock(line));
  if (event.key !== "Enter" || isNewLine || event.isComposing) return;
  event.preventDefault();
  void save();
}
