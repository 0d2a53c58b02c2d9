/** @import { Entry } from "../../digest/digest.ts" */
/** @import { Finding } from "../../check/finding.ts" */
import { issue, state } from "./store.js";

/**
 * @typedef {object} Story
 * @property {number} number From 1, as the page counts them.
 * @property {Entry} entry
 * @property {string} title
 * @property {string} source Paper and minutes, in one line.
 */

/** @returns {Story[]} */
export function stories() {
  return issue()
    .digest.sections.flatMap(({ entries }) => entries)
    .filter(({ hidden }) => !hidden)
    .map((entry, index) => ({
      number: index + 1,
      entry,
      title: titleOf(entry),
      source: [paperOf(entry), `${entry.summary.minutes} min`].filter(Boolean).join(", "),
    }));
}

/** @returns {Story | undefined} */
export function chosenStory() {
  const all = stories();
  return all[Math.min(state.settings.story, all.length) - 1];
}

/** @param {Entry} entry */
function titleOf({ article, summary }) {
  return article.title || summary.gist.text;
}

/** @param {Entry} entry */
export function paperOf({ article }) {
  if (article.site) return article.site;
  const host = article.url === undefined ? "" : (URL.parse(article.url)?.hostname ?? "");
  return host.replace(/^www\./, "") || article.authors.join(", ");
}

/**
 * The findings that are about a story.
 * @param {Story} story
 * @returns {Finding[]}
 */
export function findingsOf({ title }) {
  const findings = issue().report?.findings ?? [];
  return findings.filter(({ where }) => where?.story !== undefined && same(where.story, title));
}

/**
 * Whether two texts say the same, however they are set: quotes may be curled and spaces bound.
 * @param {string} a
 * @param {string} b
 */
export function same(a, b) {
  return plain(a) === plain(b);
}

/** @param {string} text */
export function plain(text) {
  return text
    .normalize("NFKC")
    .replace(/[“”„«»「」『』]/g, '"')
    .replace(/[‘’‚]/g, "'")
    .replace(/[\s\u00A0\u202F]+/g, " ")
    .trim();
}

/** @param {string} word */
export function capitalised(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
