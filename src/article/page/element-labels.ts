import type { Place } from "./blocks.ts";
import { labelOf } from "./page-dom.ts";
import { BOILERPLATE_REASONS, type Boilerplate } from "../boilerplate.ts";
import written from "./element-labels.json" with { type: "json" };

/** What an element around a story is there for: as lines of text say it, and as only markup does. */
type PageBoilerplate = Boilerplate | "byline" | "bio" | "footer" | "hidden";

const REASONS: Readonly<Record<PageBoilerplate, string>> = {
  ...BOILERPLATE_REASONS,
  byline: "the byline",
  bio: "about the author, not the story",
  hidden: "not shown on the page",
  footer: "a footer",
};

// What the HTML standard says these are for (§4.3). A header is left alone: it often has the
// headline.
const BY_NAME: ReadonlyMap<string, PageBoilerplate> = new Map([
  ["nav", "navigation"],
  ["dialog", "hidden"],
  ["footer", "footer"],
  ["aside", "related"],
  ["form", "subscribe"],
  ["byline", "byline"],
]);

const BY_ROLE: ReadonlyMap<string, PageBoilerplate> = new Map([
  ["navigation", "navigation"],
  ["search", "navigation"],
  ["banner", "navigation"],
  ["contentinfo", "legal"],
  ["complementary", "related"],
  ["dialog", "hidden"],
  ["alertdialog", "hidden"],
]);

// In a figure, what is named for an author or a licence is a picture's.
const IN_FIGURES: ReadonlySet<PageBoilerplate> = new Set(["share", "hidden", "advertisement"]);

/** Why an element is not the story, where its markup says what it is there for. */
export function reasonByMarkup({ element, name, parent }: Place): string | undefined {
  if (name === "body" || name === "main") return undefined;
  const kind =
    BY_NAME.get(name) ??
    BY_ROLE.get(element.getAttribute("role") ?? "") ??
    boilerplateByLabel(labelOf(element));
  if (kind === undefined || (isInFigure(parent) && !IN_FIGURES.has(kind))) return undefined;
  return REASONS[kind];
}

function isInFigure(place: Place | undefined): boolean {
  for (let at = place; at; at = at.parent) if (at.name === "figure") return true;
  return false;
}

/**
 * The words that sites name such elements by (see labelOf). Only words that are used for nothing
 * else: "promo" names a box beside a story, "content" and "body" name the story, "header" and
 * "widget" name anything.
 */
const PATTERNS = Object.keys(written)
  .filter(isLabelled)
  .map((kind) => [kind, new RegExp(` (?:${written[kind]}) `)] as const);

function isLabelled(kind: string): kind is keyof typeof written {
  return kind in written;
}

/** What an element with this label is there for, where its name says that it is not the story. */
export function boilerplateByLabel(label: string): PageBoilerplate | undefined {
  if (label === "") return undefined;
  return PATTERNS.find(([, pattern]) => pattern.test(label))?.[0];
}
