import { h } from "./dom.js";
import { set, state } from "./store.js";

/** @type {Range[]} */
let found = [];
let at = 0;

const count = h("output", { class: "muted", "aria-live": "polite" });

/**
 * A field that looks for a text in what is shown. Enter goes to the next place, with Shift to the one before.
 * @param {string} where
 */
export function findField(where) {
  return h(
    "div",
    { class: "find" },
    count,
    h("input", {
      type: "search",
      "data-key": "find",
      "aria-label": `Find in ${where}`,
      placeholder: "Find",
      value: state.settings.find,
      oninput: (/** @type {Event} */ { target }) => {
        if (target instanceof HTMLInputElement) set({ find: target.value });
      },
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
      },
    }),
  );
}

/**
 * Marks every place of the text that is looked for.
 * @param {HTMLElement} element
 */
export function markFound(element) {
  const wanted = state.settings.find;
  found = wanted === "" ? [] : rangesOf(element, wanted);
  at = 0;
  CSS.highlights?.set("found", new Highlight(...found));
  goTo();
}

/** @param {1 | -1} by */
function step(by) {
  if (found.length > 0) at = (at + by + found.length) % found.length;
  goTo();
}

function goTo() {
  const here = found[at];
  count.textContent =
    state.settings.find === "" ? "" : here ? `${at + 1} of ${found.length}` : "Not found";
  CSS.highlights?.set("found-here", here ? new Highlight(here) : new Highlight());
  here?.startContainer.parentElement?.scrollIntoView({ block: "center" });
}

/**
 * The ranges of an element whose text is what is looked for, whatever its case.
 * @param {HTMLElement} element
 * @param {string} wanted
 * @returns {Range[]}
 */
function rangesOf(element, wanted) {
  const ranges = [];
  const sought = foldedText(wanted);
  const { text, nodes } = textOf(element);
  const lower = foldedText(text);
  for (let from = lower.indexOf(sought); from >= 0; from = lower.indexOf(sought, from + 1)) {
    const range = new Range();
    range.setStart(...pointAt(nodes, from));
    range.setEnd(...pointAt(nodes, from + sought.length));
    ranges.push(range);
  }
  return ranges;
}

/** In lower case, where that leaves every character at its place. @param {string} text */
function foldedText(text) {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}

/** @param {HTMLElement} element */
function textOf(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  let text = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    nodes.push({ node, start: text.length });
    text += node.textContent ?? "";
  }
  return { text, nodes };
}

/**
 * @param {readonly { node: Node, start: number }[]} nodes
 * @param {number} offset
 * @returns {[Node, number]}
 */
function pointAt(nodes, offset) {
  let [low, high] = [0, nodes.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((nodes[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const found = nodes[low];
  if (!found) return [document.body, 0];
  return [found.node, Math.min(offset - found.start, found.node.textContent?.length ?? 0)];
}
