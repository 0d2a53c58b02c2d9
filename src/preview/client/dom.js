/**
 * @typedef {Node | string | number | false | null | undefined} Child
 * @typedef {Record<string, string | number | boolean | undefined | ((event: any) => unknown)>} Properties
 */

/**
 * An element with what is in it: `h("p.muted", { dir: "auto" }, "Words")`. Its classes stand behind its tag, as in a
 * selector. Properties, which come first, that begin with `on` are listeners, the others attributes; those that are
 * false or not there are left out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T | `${T}.${string}`} selector
 * @param {readonly (Properties | Child | readonly Child[])[]} rest
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(selector, ...rest) {
  const [tag = "", ...classes] = selector.split(".");
  if (!isTagOf(selector, tag)) throw new Error(`${selector} names no element`);
  const element = document.createElement(tag);
  if (classes.length > 0) element.className = classes.join(" ");
  const [first] = rest;
  for (const [name, value] of Object.entries(isProperties(first) ? first : {})) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function")
      element.addEventListener(name.slice(2), (event) => value(event));
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...shown(rest.flat().filter(isChild)));
  return element;
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T | `${T}.${string}`} selector
 * @param {string} word
 * @returns {word is T}
 */
function isTagOf(selector, word) {
  return word !== "" && selector.startsWith(word);
}

/**
 * @param {unknown} value
 * @returns {value is Properties}
 */
function isProperties(value) {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Node)
  );
}

/**
 * @param {Properties | Child} value
 * @returns {value is Child}
 */
function isChild(value) {
  return !isProperties(value);
}

/**
 * Gives an element new children. What had the focus has it again, where something of its `data-key` is
 * still there, and a list stays scrolled where it was.
 * @param {HTMLElement} parent
 * @param {readonly Child[]} children
 */
export function fill(parent, ...children) {
  const focused = document.activeElement;
  const key = focused instanceof HTMLElement && parent.contains(focused) && focused.dataset["key"];
  const caret = isField(focused) ? [focused.selectionStart, focused.selectionEnd] : undefined;
  parent.replaceChildren(...shown(children));
  if (!key) return;
  const next = parent.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (next instanceof HTMLElement) next.focus({ preventScroll: true });
  if (isField(next) && caret) next.setSelectionRange(caret[0] ?? 0, caret[1] ?? 0);
}

/**
 * @param {unknown} element
 * @returns {element is HTMLInputElement | HTMLTextAreaElement}
 */
export function isField(element) {
  return (
    element instanceof HTMLTextAreaElement ||
    (element instanceof HTMLInputElement && element.selectionStart !== null)
  );
}

/**
 * @param {readonly Child[]} children
 * @returns {(Node | string)[]}
 */
function shown(children) {
  return children
    .filter((child) => child !== undefined && child !== null && child !== false && child !== "")
    .map((child) => (child instanceof Node ? child : String(child)));
}
