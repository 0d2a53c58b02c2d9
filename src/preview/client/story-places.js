/** @import { Story } from "./stories.js" */
import { plain } from "./stories.js";

/**
 * Where a story stands in a document, px from its top.
 * @typedef {object} Place
 * @property {number} number The story's.
 * @property {number} top
 * @property {number} bottom
 */

const HEADINGS = "h1,h2,h3,h4,h5,h6";

/**
 * The places of stories in an email, whatever template it is of: a story begins with what holds its headline
 * and no other, and ends where another story, or another heading of its rank, begins.
 * @param {Document} doc
 * @param {readonly Story[]} stories
 * @returns {Place[]}
 */
export function storyPlaces(doc, stories) {
  const headlines = headlinesOf(doc, stories);
  const starts = [...doc.querySelectorAll(HEADINGS)].map((heading) => ({
    heading,
    top: topOf(blockOf(heading)),
    rank: rankOf(heading, headlines),
  }));
  const end = endOfStories(doc, starts.at(-1)?.top ?? 0);
  return headlines.flatMap(({ headline, number }) => {
    if (!headline) return [];
    const top = topOf(blockOf(headline));
    const rank = rankOf(headline, headlines);
    const next = starts.filter((start) => start.top > top + 1 && start.rank <= rank);
    return [{ number, top, bottom: Math.max(top + 1, Math.min(end, ...next.map((s) => s.top))) }];
  });
}

/**
 * @param {Document} doc
 * @param {readonly Story[]} stories
 */
function headlinesOf(doc, stories) {
  const taken = new Set();
  // A template may set headlines in anything; headings are looked at first.
  const candidates = [
    ...doc.querySelectorAll(HEADINGS),
    ...doc.querySelectorAll("a,p,strong,b,td"),
  ];
  const texts = candidates.map((element) => ({ element, text: plain(element.textContent ?? "") }));
  return stories.map(({ number, title }) => {
    const wanted = plain(title);
    const found = texts.find(({ element, text }) => text === wanted && !taken.has(element));
    if (found) taken.add(found.element);
    return { number, headline: found?.element };
  });
}

/**
 * How high a heading stands, from 1. A story's own ends with the next story, so it counts as high as any
 * story may.
 * @param {Element} heading
 * @param {readonly { headline: Element | undefined }[]} headlines
 */
function rankOf(heading, headlines) {
  const rank = Number(/^h([1-6])$/i.exec(heading.tagName)?.[1] ?? 6);
  return headlines.some(({ headline }) => headline === heading) ? Math.min(rank, 2) : rank;
}

/**
 * What a heading begins: its kicker and whatever else stands about it without another heading.
 * @param {Element} heading
 */
function blockOf(heading) {
  let block = heading;
  for (;;) {
    const parent = block.parentElement;
    if (!parent || parent === heading.ownerDocument.body) return block;
    if (parent.querySelectorAll(HEADINGS).length > 1) return block;
    block = parent;
  }
}

/**
 * Where the last story ends: at what holds the last link, which is how one leaves the list, if that is
 * no part of the story.
 * @param {Document} doc
 * @param {number} lastStart
 */
function endOfStories(doc, lastStart) {
  const whole = doc.documentElement.scrollHeight;
  let foot = [...doc.querySelectorAll("a[href]")].at(-1);
  while (foot?.parentElement && !foot.parentElement.querySelector(HEADINGS))
    foot = foot.parentElement;
  const top = foot ? topOf(foot) : whole;
  return top > lastStart ? top : whole;
}

/** @param {Element} element */
function topOf(element) {
  const scrolled = element.ownerDocument.defaultView?.scrollY ?? 0;
  return element.getBoundingClientRect().top + scrolled;
}
