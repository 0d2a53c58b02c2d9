import { isField } from "./dom.js";

/**
 * @typedef {object} Key
 * @property {string} key As the keyboard names it; letters in lower case.
 * @property {string} [shown] As it is printed on the key, where that is something else.
 * @property {boolean} [shift] Whether it is meant with Shift.
 * @property {string} group What it belongs to in the list of keys.
 * @property {string} does
 * @property {() => void} run
 */

/** @type {Key[]} */
const table = [];

/** @param {readonly Key[]} keys */
export function bind(keys) {
  table.push(...keys);
}

/** @returns {readonly Key[]} */
export function allKeys() {
  return table;
}

/**
 * Does what a key stands for; also for keys that are pressed in a frame. While a field has the focus, keys
 * are what one writes with.
 * @param {KeyboardEvent} event
 */
export function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const isWriting = isField(event.target) || event.target instanceof HTMLSelectElement;
  if (isWriting && event.key !== "Escape") return;
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const found = table.find(
    ({ key, shift }) => key === name && (shift ?? event.shiftKey) === event.shiftKey,
  );
  if (!found) return;
  event.preventDefault();
  found.run();
}
