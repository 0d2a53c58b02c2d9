/** @import { Digest } from "../../digest/digest.ts" */
import { h } from "./dom.js";
import { canEdit, joinStories } from "./edits.js";
import { issue, set, state } from "./store.js";
import { stories } from "./stories.js";

/** @typedef {NonNullable<Digest["advice"]>} Advice */

/** What a language model said of the whole issue, and what was made of it; undefined where none was asked. */
export function adviceSection() {
  const { digest } = issue();
  const { advice } = digest;
  if (!advice) return undefined;
  const { same = [], order, subject, preheader, ignored = [] } = advice;
  return h(
    "section.advice",
    { "aria-label": "The model’s advice" },
    h("div.head", h("h2", "What the model said")),
    h(
      "ul",
      subject && lineRow("Subject", subject, digest.subject),
      preheader && lineRow("Preheader", preheader, digest.preheader),
      order && adviceRow("Order", order),
      same.map(pairRow),
      ignored.map((text) => h("li", h("p.muted", `Passed over: ${text}.`))),
    ),
  );
}

/**
 * @param {string} name
 * @param {NonNullable<Advice["subject"]>} line
 * @param {string} shown What stands there now.
 */
function lineRow(name, line, shown) {
  const { used, why } = line;
  const isChanged = used && shown !== line.text;
  return adviceRow(name, { used, why: isChanged ? "changed since" : why }, `“${line.text}”`);
}

/**
 * @param {string} name
 * @param {{ used: boolean, why?: string | undefined }} advice
 * @param {string} [text]
 * @param {string} [words] What it is called to have been used, and not.
 */
function adviceRow(name, { used, why }, text = "", words = used ? "used" : "not used") {
  return h(
    "li",
    h("p.line", h("b", name), h("span", { class: used ? "ok" : "muted" }, words)),
    text !== "" && h("p", { dir: "auto" }, text),
    why !== undefined && h("p.muted", `${why.charAt(0).toUpperCase()}${why.slice(1)}.`),
  );
}

/** @param {NonNullable<Advice["same"]>[number]} pair */
function pairRow({ stories: ids, used, why }) {
  const found = ids.map((id) => stories().find(({ entry }) => entry.article.id === id));
  const [host, guest] = found;
  const text = ids.map((id, at) => found[at]?.title ?? mergedTitle(id)).join(" / ");
  const row = adviceRow("One story", { used, why }, text, used ? "merged" : "left apart");
  if (!used && host && guest && canEdit())
    row.append(
      h(
        "button.link",
        {
          "data-key": `join-${host.index}-${guest.index}`,
          "aria-label": `Join ${guest.title} with ${host.title}`,
          onclick: () => joinStories(guest, host),
        },
        "Join",
      ),
    );
  return row;
}

/** The headline of an article that was merged into a story. @param {string} id */
function mergedTitle(id) {
  const merged = stories().flatMap(({ entry }) => entry.alsoIn ?? []);
  return merged.find((other) => other.id === id)?.title ?? id;
}

/** The meter shows at least as many. */
const SHOWN_BYTES = 110 * 1024;

/** How much of what Gmail shows an issue takes, and which part takes it. */
export function sizeMeter() {
  const { html, text, sizes, clippedBytes } = issue();
  const whole = bytesOf(html);
  const isOver = whole > clippedBytes;
  const scale = Math.max(SHOWN_BYTES, whole * 1.05);
  const share = (/** @type {number} */ bytes) => `${((bytes / scale) * 100).toFixed(2)}%`;
  const room = `${kilobytes(Math.abs(clippedBytes - whole))} KB`;
  return h(
    "section.size",
    { "aria-label": "Size" },
    h(
      "p.sum",
      h("span.figure", `${kilobytes(whole)} KB`),
      h(
        "span",
        { class: isOver ? "word error" : "muted" },
        isOver ? ` ${room} too long` : ` room for ${room} more`,
      ),
    ),
    h(
      "div.meter",
      { "aria-hidden": "true" },
      sizes.map(({ bytes, story }) =>
        h("span", {
          class: story !== undefined && story === state.settings.story ? "part chosen" : "part",
          style: `width:${share(bytes)}`,
        }),
      ),
      h("i", { style: `left:${share(clippedBytes)}` }),
    ),
    h(
      "p.scale",
      h("span.muted", "0"),
      h(
        "span",
        { style: `right:calc(100% - ${share(clippedBytes)})` },
        `clipped from ${clippedBytes / 1024} KB`,
      ),
    ),
    h(
      "ol.parts-sizes",
      sizes.map(({ name, bytes, story }) => {
        const isChosen = story !== undefined && story === state.settings.story;
        const cells = [
          h("span.number", story),
          h("span.name", { dir: "auto" }, name),
          h("span.bytes", kilobytes(bytes)),
        ];
        return h(
          "li",
          { class: isChosen ? "chosen" : undefined },
          story === undefined
            ? h("span.line", cells)
            : h(
                "button.line",
                { "data-key": `size-${story}`, onclick: () => set({ story }) },
                cells,
              ),
        );
      }),
      h(
        "li.beside",
        h(
          "span.line",
          h("span.number"),
          h("span.name", "Plain text, sent beside it"),
          h("span.bytes", kilobytes(bytesOf(text))),
        ),
      ),
    ),
  );
}

/** @param {string} text */
function bytesOf(text) {
  return new TextEncoder().encode(text).length;
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return (bytes / 1024).toFixed(1);
}
