export interface Key {
  /** As the keyboard names it; letters in lower case. */
  readonly key: string;
  /** As it is printed on the key, where that is something else. */
  readonly shown?: string;
  /** Whether it is meant with Shift. */
  readonly shift?: boolean;
  /** Whether it is meant with Alt. */
  readonly alt?: boolean;
  /** Its group in the list of keys. */
  readonly group: string;
  readonly does: string;
  run(this: void): unknown;
}

const table: Key[] = [];

export function bind(keys: readonly Key[]) {
  table.push(...keys);
}

export function allKeys(): readonly Key[] {
  return table;
}

/**
 * Does what a key stands for; also for keys that are pressed in a frame. While a field has the focus, keys
 * are what one writes with.
 */
export function pressed(event: KeyboardEvent) {
  if (event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  const isWriting = isField(event.target) || event.target instanceof HTMLSelectElement;
  if (isWriting && event.key !== "Escape") return;
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const found = table.find(
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
