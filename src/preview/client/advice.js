/** @import { Digest } from "../../digest/digest.ts" */
import { h } from "./dom.js";
import { canEdit, joinStories } from "./edits.js";
import { issue } from "./store.js";
import { stories } from "./stories.js";

/** @typedef {NonNullable<Digest["advice"]>} Advice */

/** What a language model said of the whole issue, and what was made of it; undefined where none was asked. */
export function adviceSection() {
  const { digest } = issue();
  const { advice } = digest;
  if (!advice) return undefined;
  const { same = [], order, subject, preheader, ignored = [] } = advice;
  return h(
    "section",
    { "aria-label": "The model’s advice", class: "advice" },
    h("div", { class: "head" }, h("h2", {}, "What the model said")),
    h(
      "ul",
      {},
      subject && lineRow("Subject", subject, digest.subject),
      preheader && lineRow("Preheader", preheader, digest.preheader),
      order && adviceRow("Order", order),
      same.map(pairRow),
      ignored.map((text) => h("li", {}, h("p", { class: "muted" }, `Passed over: ${text}.`))),
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
    {},
    h("p", { class: "line" }, h("b", {}, name), h("span", { class: used ? "ok" : "muted" }, words)),
    text !== "" && h("p", { dir: "auto" }, text),
    why !== undefined &&
      h("p", { class: "muted" }, `${why.charAt(0).toUpperCase()}${why.slice(1)}.`),
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
        "button",
        {
          class: "link",
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
