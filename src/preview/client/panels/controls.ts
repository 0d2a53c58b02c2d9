import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import { desk } from "../store.ts";

const WORDS = { error: "Fix", warning: "Look", info: "Note" };

/** How grave something is, in the word that each page says. */
export function severityWord(severity: keyof typeof WORDS) {
  return html`<span class=${`word ${severity}`}>${WORDS[severity]}</span>`;
}

interface RowProps {
  readonly isChosen: boolean;
  /** By which a test, and the focus, find its button. */
  readonly name: string;
  readonly title?: string | undefined;
  readonly onclick: () => unknown;
  /** What stands in its button. */
  readonly children: ComponentChildren;
  /** What stands below its button. */
  readonly below?: ComponentChildren;
}

/** A row of a list of which one row is chosen. */
export function Row({ isChosen, name, title, onclick, children, below }: RowProps) {
  return html`<li class=${isChosen ? "row chosen" : "row"}>
    <button data-key=${name} aria-current=${ifChosen(isChosen)} title=${title} onclick=${onclick}>
      ${children}
    </button>
    ${below}
  </li>`;
}

/** The value of `aria-current`: an attribute that is "false" would be there all the same. */
export function ifChosen(isChosen: boolean, kind = "true"): string | undefined {
  return isChosen ? kind : undefined;
}

interface LinkProps {
  readonly name: string;
  /** What it is called, where its text alone doesn't say it. */
  readonly label?: string | undefined;
  readonly onclick: (event: MouseEvent) => unknown;
  readonly children: ComponentChildren;
}

/** A button that looks like a link. */
export function LinkButton({ name, label, onclick, children }: LinkProps) {
  return html`<button class="link" data-key=${name} aria-label=${label} onclick=${onclick}>${children}</button>`;
}

/** A listener that takes the value of a field or a menu. */
export function withValue(take: (value: string) => unknown) {
  return ({ currentTarget: field }: Event): void => {
    const hasValue =
      field instanceof HTMLInputElement ||
      field instanceof HTMLTextAreaElement ||
      field instanceof HTMLSelectElement;
    if (hasValue) take(field.value);
  };
}

/** A listener that takes the file of a field, where it is not too large; `refuse` is told why. */
export function withFile(refuse: (why: string) => unknown, take: (file: File) => unknown) {
  return ({ currentTarget: field }: Event): void => {
    const file = field instanceof HTMLInputElement ? field.files?.[0] : undefined;
    const { fileMb = 0 } = desk.value?.most ?? {};
    if (file && file.size > fileMb * 1e6) refuse(`${file.name} has more than ${fileMb} MB`);
    else if (file) take(file);
  };
}

/** A listener for a form that is sent by the page and not by the browser. */
export function withoutLeaving(task: () => unknown) {
  return (event: Event): void => {
    event.preventDefault();
    task();
  };
}

interface Drag {
  move(this: void, event: PointerEvent): void;
  /** Is called once, also when the browser takes the pointer away; then nothing is dropped. */
  end(this: void, isDropped: boolean): void;
}

/**
 * Follows a pointer that was pressed on a handle until it is let go. Chromium turns a drag by finger into a fling, also
 * under `touch-action: none`, and ignores taps while the fling runs. It makes no fling of moves whose default is prevented.
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
