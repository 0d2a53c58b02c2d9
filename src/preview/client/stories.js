/** @import { Digest, Entry } from "../../digest/digest.ts" */
/** @import { Finding } from "../../check/finding.ts" */
/** @import { Refusal } from "../page-data.ts" */
import { desk, issue, state } from "./store.js";

/**
 * @typedef {object} Story
 * @property {number} number From 1, as readers count them; 0 for one that is hidden.
 * @property {number} index From 0 through all sections, hidden ones too.
 * @property {Entry} entry
 * @property {string} title
 * @property {string} source Paper and minutes, in one line.
 */

/** @returns {Story[]} Those that readers get. */
export function stories() {
  return allStories().filter(({ number }) => number > 0);
}

/** @returns {Story[]} */
export function hiddenStories() {
  return allStories().filter(({ number }) => number === 0);
}

/** What a story is known by, wherever it stands. @param {Entry} entry */
export function idOf({ id, article }) {
  return id ?? article.id;
}

/** @returns {Story[]} */
export function allStories() {
  let shown = 0;
  return issue()
    .digest.sections.flatMap(({ entries }) => entries)
    .map((entry, index) => ({
      number: entry.hidden ? 0 : ++shown,
      index,
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
 * The sentences of a story that its article does not say.
 * @param {Story} story
 * @returns {readonly Refusal[]}
 */
export function refusalsOf({ index }) {
  return desk()?.refusals.filter(({ story }) => story === index) ?? [];
}

/**
 * Those of a story that no editor has accepted and the report does not name.
 * @param {Story} story
 * @returns {readonly Refusal[]}
 */
export function openRefusals(story) {
  const isNamed = findingsOf(story).some(({ rule }) => rule === "own-words");
  return isNamed || story.entry.accepted ? [] : refusalsOf(story);
}

/**
 * A line that an editor can change; empty where there is none of it.
 * @param {Digest} digest
 * @param {string} what
 */
export function lineIn({ subject, preheader, sections }, what) {
  if (what === "subject") return subject;
  if (what === "preheader") return preheader ?? "";
  const [story = "0", point = "g"] = what.split(" ");
  const summary = sections.flatMap(({ entries }) => entries)[Number(story)]?.summary;
  const at = Number(point.slice(1)) - 1;
  return (point === "g" ? summary?.gist : summary?.keyPoints[at])?.text ?? "";
}

/**
 * Where a line of a story stands by now: the story is known by its id, a key point by its words.
 * @param {Digest} digest
 * @param {{ what: string, id: string, before: string }} line
 */
export function placeIn({ sections }, { what, id, before }) {
  const entries = sections.flatMap((section) => section.entries);
  const story = entries.findIndex((entry) => idOf(entry) === id);
  if (id === "" || story < 0) return what;
  const [, point = "g"] = what.split(" ");
  const at = entries[story]?.summary.keyPoints.findIndex(({ text }) => text === before) ?? -1;
  return `${story} ${point === "g" || at < 0 ? point : `k${at + 1}`}`;
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

/** "1st", "2nd", "13th". @param {number} number */
export function ordinal(number) {
  const form = new Intl.PluralRules("en", { type: "ordinal" }).select(number);
  return `${number}${{ one: "st", two: "nd", few: "rd", many: "th", zero: "th", other: "th" }[form]}`;
}

/** "21 November"; what is no day stays as it is. @param {string} date */
export function dayOf(date) {
  const day = new Date(`${date.slice(0, 10)}T12:00:00Z`);
  if (Number.isNaN(day.getTime())) return date;
  return day.toLocaleDateString("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });
}

/** Whether a text is among what lists are narrowed to. @param {string} text */
export function isWanted(text) {
  return plain(text).toLowerCase().includes(plain(state.filter).toLowerCase());
}
