export interface Key {
  /** The name from `KeyboardEvent.key`; letters in lower case. */
  readonly key: string;
  /** The label printed on the key, if it differs from `key`. */
  readonly shown?: string;
  readonly shift?: boolean;
  /** Whether the shortcut needs Alt. */
  readonly alt?: boolean;
  /** The group in the list of keys. */
  readonly group: string;
  readonly does: string;
  run(this: void): unknown;
}

/** All keys of the page, in the order in which they are listed. */
export const KEYS: Key[] = [];

/** Runs the action of a key, also for keys pressed in a frame. While a field has the focus, keys only enter text. */
export function pressed(event: KeyboardEvent) {
  if (event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  const isWriting = isField(event.target) || event.target instanceof HTMLSelectElement;
  if (isWriting && event.key !== "Escape") return;
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const found = KEYS.find(
    ({ key, shift, alt = false }) =>
      key === name && (shift ?? event.shiftKey) === event.shiftKey && alt === event.altKey,
  );
  if (!found) return;
  event.preventDefault();
  found.run();
}

const WITHOUT_TEXT = new Set(["checkbox", "radio", "button", "submit", "file", "color", "range"]);

function isField(element: EventTarget | null): element is HTMLInputElement | HTMLTextAreaElement {
  return (
    element instanceof HTMLTextAreaElement ||
    (element instanceof HTMLInputElement && !WITHOUT_TEXT.has(element.type))
  );
}
