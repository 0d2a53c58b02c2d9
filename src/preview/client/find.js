import { h } from "./dom.js";
import { set, state } from "./store.js";

/** @type {Range[]} */
let found = [];
let at = 0;
/** What was looked for last, and where. */
let sought = "";

const count = h("output.muted", { "aria-live": "polite" });

/**
 * A field that looks for a text in what is shown. Enter goes to the next place, with Shift to the one before.
 * @param {string} where
 */
export function findField(where) {
  return h(
    "div.find",
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
 * @param {Element | null} element
 */
export function markFound(element) {
  const wanted = state.settings.find;
  found = wanted === "" || !element ? [] : rangesOf(element, wanted);
  const { view } = state.settings;
  const isNew = sought !== `${view} ${wanted}`;
  sought = `${view} ${wanted}`;
  at = isNew ? 0 : Math.max(0, Math.min(at, found.length - 1));
  CSS.highlights?.set("found", new Highlight(...found));
  const here = showHere();
  // What else changes in the page is no reason to leave the place that one reads.
  if (isNew) bringUp(here);
}

/** @param {1 | -1} by */
function step(by) {
  if (found.length > 0) at = (at + by + found.length) % found.length;
  bringUp(showHere());
}

function showHere() {
  const here = found[at];
  count.textContent =
    state.settings.find === "" ? "" : here ? `${at + 1} of ${found.length}` : "Not found";
  CSS.highlights?.set("found-here", here ? new Highlight(here) : new Highlight());
  return here;
}

/** @param {Range | undefined} range */
function bringUp(range) {
  range?.startContainer.parentElement?.scrollIntoView({ block: "center" });
}

/**
 * The ranges of an element whose text is what is looked for, whatever its case.
 * @param {Element} element
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

/** @param {Element} element */
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
