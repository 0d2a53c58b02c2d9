import type { PageElement } from "./page-dom.ts";

/**
 * What an element is called by the people who built the page, as plain words with a space around
 * each: `sdc-article__relatedStories` is " sdc article related stories ". Its class, id, role and
 * test names.
 */
export function labelOf(element: PageElement): string {
  let label = "";
  for (const name of LABELS) {
    const value = element.getAttribute(name);
    if (value) label += ` ${value.slice(0, LONGEST)}`;
  }
  return label === "" ? "" : ` ${plainWords(label)} `;
}

const LABELS = [
  "class",
  "id",
  "role",
  "itemprop",
  "data-component",
  "data-module",
  "data-testid",
  "data-type",
];

// Frameworks write whole style sheets into a class.
const LONGEST = 400;

function plainWords(label: string): string {
  return label
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
