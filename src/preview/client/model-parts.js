/** @import { Entry } from "../../digest/digest.ts" */
/** @import { Story } from "./stories.js" */
import { issue } from "./store.js";
import { capitalised } from "./stories.js";

/**
 * One thing that the digest says of an article, and where the article says it.
 * @typedef {object} Point
 * @property {string} id
 * @property {string} sign What stands before it, in the digest and in the article.
 * @property {string} text As the digest has it.
 * @property {string | undefined} [label] What stands before the text: a date, a name.
 * @property {number | undefined} [start] In the article's text; not there where the article does not say it.
 * @property {number | undefined} [end]
 * @property {readonly { start: number, end: number }[] | undefined} [cut]
 * @property {readonly { start: number, end: number }[] | undefined} [sources] The sentences that a model's words follow.
 * @property {boolean} isSentence Whether it claims to be the article's own words.
 */

/**
 * @typedef {{ id: string, name: string, count: string, points: Point[] }} Part
 */

/**
 * What the digest says of an article, part by part, in the order in which readers see it.
 * @param {Entry} entry
 * @returns {Part[]}
 */
export function modelParts(entry) {
  const shown = issue().digest.parts ?? {};
  const parts = [
    gistPart(entry),
    keyPointsPart(entry),
    quotePart(entry),
    peoplePart(entry),
    timelinePart(entry),
    figuresPart(entry),
  ];
  return parts.filter(({ id }) => !Object.entries(shown).some(([part, on]) => part === id && !on));
}

/**
 * The sentences that were left out and would have been next.
 * @param {Story} story
 * @returns {Point[]}
 */
export function nearPoints({ index }) {
  const { nearMisses = [] } = issue().explanations[index] ?? {};
  return nearMisses.map(({ sentence: { text, start, end } }, at) => ({
    id: `n${at + 1}`,
    sign: "",
    text,
    start,
    end,
    isSentence: true,
  }));
}

/** @param {Entry} entry @returns {Part} */
function gistPart({ summary: { gist, origin } }) {
  const isAuthors = origin === "author";
  return {
    id: "gist",
    name: "Gist",
    count: isAuthors ? "the author’s own" : "one sentence",
    points: [{ ...gist, id: "g", sign: "G", isSentence: !isAuthors }],
  };
}

/** @param {Entry} entry @returns {Part} */
function keyPointsPart({ summary: { keyPoints } }) {
  const points = keyPoints.map((sentence, index) => ({
    ...sentence,
    id: `k${index + 1}`,
    sign: String(index + 1),
    isSentence: true,
  }));
  return { id: "keyPoints", name: "Key points", count: counted(points.length, "point"), points };
}

/** @param {Entry} entry @returns {Part} */
function quotePart({ summary: { quote } }) {
  const point = quote && { ...quote, id: "q", sign: "Q", label: quote.speaker, isSentence: true };
  return { id: "quote", name: "Quote", count: "word for word", points: point ? [point] : [] };
}

/** @param {Entry} entry @returns {Part} */
function peoplePart({ article, summary: { people } }) {
  const points = people.map(({ name, role }, index) => {
    const { start, end } = placeOf(article.text, name);
    const text = role ? capitalised(role) : "";
    return { id: `w${index + 1}`, sign: "W", label: name, text, start, end, isSentence: false };
  });
  const count = people.length === 1 ? "1 person" : `${people.length} people`;
  return { id: "people", name: "Who’s who", count, points };
}

/** @param {Entry} entry @returns {Part} */
function timelinePart({ summary: { timeline } }) {
  const points = timeline.map(({ when, sentence: { text, start, end, cut } }, index) => ({
    id: `t${index + 1}`,
    sign: "T",
    label: when,
    text,
    start,
    end,
    cut,
    isSentence: true,
  }));
  return { id: "timeline", name: "Timeline", count: counted(points.length, "date"), points };
}

/** @param {Entry} entry @returns {Part} */
function figuresPart({ article, summary: { figures } }) {
  const points = figures.map((figure, index) => {
    const { start, end } = figurePlace(article.text, figure);
    const label = [figure.value, figure.unit].filter(Boolean).join(" ");
    const text = figure.what;
    return { id: `f${index + 1}`, sign: "F", label, text, start, end, isSentence: false };
  });
  return { id: "figures", name: "In figures", count: counted(points.length, "number"), points };
}

/**
 * @param {number} count
 * @param {string} noun
 */
function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** @type {{ start?: number, end?: number }} */
const NOWHERE = {};

/**
 * @param {string} text
 * @param {string} wanted
 */
function placeOf(text, wanted) {
  const start = text.indexOf(wanted);
  return start < 0 ? NOWHERE : { start, end: start + wanted.length };
}

/**
 * Where the article has a figure: of several places the one that is nearest to what it counts.
 * @param {string} text
 * @param {{ value: string, unit?: string | undefined, what: string }} figure
 */
function figurePlace(text, { value, unit, what }) {
  const places = [...text.matchAll(new RegExp(literal(value), "g"))];
  const words = what
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word.length > 3);
  const about = places.map(({ index }) => {
    const near = text.slice(Math.max(0, index - 60), index + 120).toLowerCase();
    return { index, score: words.filter((word) => near.includes(word)).length };
  });
  const best = about.sort((a, b) => b.score - a.score)[0];
  if (!best) return NOWHERE;
  const end = best.index + value.length;
  const after = /^[\s\u00A0]*/.exec(text.slice(end))?.[0].length ?? 0;
  const hasUnit = unit !== undefined && text.startsWith(unit, end + after);
  return { start: best.index, end: hasUnit ? end + after + unit.length : end };
}

/** @param {string} text */
function literal(text) {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/**
 * Where the article has what a point says: its own place, or the sentences that it follows.
 * @param {Point} point
 * @returns {Point[]}
 */
export function placesOf(point) {
  if (point.start !== undefined) return [point];
  return (point.sources ?? []).map((source) => placedAt(source, point));
}

/**
 * @param {{ start: number, end: number }} place
 * @param {Point} point
 * @returns {Point}
 */
function placedAt({ start, end }, point) {
  return { ...point, start, end };
}

/**
 * @typedef {{ number: number, start: number, end: number }} Paragraph
 */

/**
 * The paragraphs of a text, counted from 1.
 * @param {string} text
 * @returns {Paragraph[]}
 */
export function paragraphsOf(text) {
  const paragraphs = [];
  let start = 0;
  for (const { index, 0: gap } of [
    ...text.matchAll(/\n\s*\n\s*/g),
    { index: text.length, 0: "" },
  ]) {
    if (text.slice(start, index).trim() !== "")
      paragraphs.push({ number: paragraphs.length + 1, start, end: index });
    start = index + gap.length;
  }
  return paragraphs;
}

/**
 * @param {readonly Paragraph[]} paragraphs
 * @param {Point} point
 * @returns {Paragraph | undefined} The one that it stands in.
 */
export function paragraphOf(paragraphs, { start }) {
  if (start === undefined) return undefined;
  return paragraphs.find((paragraph) => paragraph.start <= start && start < paragraph.end);
}
