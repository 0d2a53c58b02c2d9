import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import { desk } from "../store.ts";

const WORDS = { error: "Fix", warning: "Look", info: "Note" };

/** The severity in the word that every page uses. */
export function severityWord(severity: keyof typeof WORDS) {
  return html`<span class=${`word ${severity}`}>${WORDS[severity]}</span>`;
}

interface RowProps {
  readonly isChosen: boolean;
  /** The name by which tests and the focus find the button. */
  readonly name: string;
  readonly title?: string | undefined;
  readonly onclick: () => unknown;
  readonly children: ComponentChildren;
  /** The content below the button. */
  readonly below?: ComponentChildren;
}

/** A row of a list in which one row is chosen. */
export function Row({ isChosen, name, title, onclick, children, below }: RowProps) {
  return html`<li class=${isChosen ? "row chosen" : "row"}>
    <button data-key=${name} aria-current=${ifChosen(isChosen)} title=${title} onclick=${onclick}>
      ${children}
    </button>
    ${below}
  </li>`;
}

/** The value of `aria-current`; undefined removes the attribute, while "false" would keep it. */
export function ifChosen(isChosen: boolean, kind = "true"): string | undefined {
  return isChosen ? kind : undefined;
}

interface LinkProps {
  readonly name: string;
  /** The accessible name, if the text alone is not clear. */
  readonly label?: string | undefined;
  readonly onclick: (event: MouseEvent) => unknown;
  readonly children: ComponentChildren;
}

/** A button that looks like a link. */
export function LinkButton({ name, label, onclick, children }: LinkProps) {
  return html`<button class="link" data-key=${name} aria-label=${label} onclick=${onclick}>${children}</button>`;
}

/** An event listener that passes on the value of a field or menu. */
export function withValue(take: (value: string) => unknown) {
  return ({ currentTarget: field }: Event): void => {
    const hasValue =
      field instanceof HTMLInputElement ||
      field instanceof HTMLTextAreaElement ||
      field instanceof HTMLSelectElement;
    if (hasValue) take(field.value);
  };
}

/** An event listener that passes on the file of a field. If the file is too large, `refuse` gets the reason. */
export function withFile(refuse: (why: string) => unknown, take: (file: File) => unknown) {
  return ({ currentTarget: field }: Event): void => {
    const file = field instanceof HTMLInputElement ? field.files?.[0] : undefined;
    const { fileMb = 0 } = desk.value?.most ?? {};
    if (file && file.size > fileMb * 1e6) refuse(`${file.name} has more than ${fileMb} MB`);
    else if (file) take(file);
  };
}

/** An event listener for a form that the page sends instead of the browser. */
export function withoutLeaving(task: () => unknown) {
  return (event: Event): void => {
    event.preventDefault();
    task();
  };
}

interface Drag {
  move(this: void, event: PointerEvent): void;
  /** Called once at the end of the drag. If the browser cancels the pointer, `isDropped` is false. */
  end(this: void, isDropped: boolean): void;
}

/**
 * Follows a pointer from a press on a handle until its release. Chromium turns a touch drag into a fling, even with
 * `touch-action: none`, and ignores taps during the fling. Preventing the default of the moves avoids that.
 */
export function drag({ currentTarget: handle, pointerId }: PointerEvent, { move, end }: Drag) {
  if (!(handle instanceof HTMLElement)) return;
  handle.setPointerCapture(pointerId);
  const over = new AbortController();
  const { signal } = over;
  let isDropped = false;
  handle.addEventListener("pointermove", move, { signal });
  handle.addEventListener("touchmove", (event) => event.preventDefault(), { signal });
  handle.addEventListener("pointerup", () => (isDropped = true), { signal });
  const lost = () => {
    over.abort();
    end(isDropped);
  };
  handle.addEventListener("lostpointercapture", lost, { signal });
}
