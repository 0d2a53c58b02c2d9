import { boilerplateByLabel } from "../element-labels.ts";
import { labelOf, isElement, type PageDocument, type PageElement } from "../page-dom.ts";
import { cleanText, oneLine } from "../../clean-text.ts";
import { decodeReferences } from "../../sanitise-html.ts";

/** A `link` of the head; what is not case-sensitive in lower case. */
interface Link {
  readonly rel: string;
  readonly type: string;
  readonly href: string;
}

/** Where a page may say what it is: read in one pass, before anything is taken out of it. */
export interface Survey {
  /** The values of its `meta` elements, by name or property in small letters. */
  readonly metas: ReadonlyMap<string, readonly string[]>;
  readonly links: readonly Link[];
  /** The `title` element. */
  readonly title: string;
  readonly language: string;
  readonly baseHref: string;
  readonly headings: readonly PageElement[];
  /** Microdata, by property; what belongs to comments and other stories is left out. */
  readonly properties: ReadonlyMap<string, readonly PageElement[]>;
  readonly times: readonly PageElement[];
  /** The pictures that say what they show. */
  readonly pictures: readonly PageElement[];
  readonly authorLinks: readonly PageElement[];
  readonly tagLinks: readonly PageElement[];
  /** Microformats (h-entry), by class: what Medium and many personal sites are written in. */
  readonly formats: ReadonlyMap<string, readonly PageElement[]>;
  /** Elements whose names say that they name an author or a date. */
  readonly marked: readonly PageElement[];
  /** Where each of these elements stands among all elements of the page. */
  readonly order: ReadonlyMap<PageElement, number>;
}

export function surveyPage(document: PageDocument): Survey {
  const metas = new Map<string, string[]>();
  const links: Link[] = [];
  let title = "";
  let baseHref = "";
  for (let child = document.head.firstChild; child; child = child.nextSibling) {
    if (!isElement(child)) continue;
    if (child.localName === "meta") addMeta(metas, child);
    else if (child.localName === "link") links.push(linkIn(child));
    else if (child.localName === "title") title ||= plainValue(child.textContent) ?? "";
    else if (child.localName === "base") baseHref ||= attribute(child, "href");
  }
  const language = attribute(document.documentElement, "lang") || attribute(document.body, "lang");
  const found = new BodySurvey();
  found.inside(document.body);
  return { metas, links, title, language, baseHref, order: found.order, ...found.lists };
}

function linkIn(element: PageElement): Link {
  const [rel = "", type = ""] = ["rel", "type"].map((name) =>
    attribute(element, name).toLowerCase(),
  );
  return { rel, type, href: attribute(element, "href") };
}

function addMeta(metas: Map<string, string[]>, element: PageElement): void {
  const value = plainValue(element.getAttribute("content"));
  if (value === undefined) return;
  for (const attributeName of ["property", "name", "itemprop", "http-equiv"]) {
    const key = element.getAttribute(attributeName)?.toLowerCase();
    if (!key) continue;
    const values = metas.get(key);
    if (values) values.push(value);
    else metas.set(key, [value]);
  }
}

function attribute(element: PageElement, name: string): string {
  return element.getAttribute(name)?.trim() ?? "";
}

const MOST = 300;

class BodySurvey {
  readonly lists = {
    headings: [] as PageElement[],
    properties: new Map<string, PageElement[]>(),
    times: [] as PageElement[],
    pictures: [] as PageElement[],
    authorLinks: [] as PageElement[],
    tagLinks: [] as PageElement[],
    marked: [] as PageElement[],
    formats: new Map<string, PageElement[]>(),
  };
  readonly order = new Map<PageElement, number>();
  #count = 0;

  inside(parent: PageElement): void {
    for (let child = parent.firstChild; child; child = child.nextSibling) {
      if (!isElement(child)) continue;
      this.#visit(child);
      this.inside(child);
    }
  }

  #visit(element: PageElement): void {
    const name = element.localName;
    const { headings, times, pictures, authorLinks, tagLinks, marked } = this.lists;
    this.#count++;
    if (/^h[1-3]$/.test(name)) this.#add(headings, element);
    else if (name === "time") this.#add(times, element);
    else if (name === "img") {
      if (element.getAttribute("alt")) this.#add(pictures, element);
    } else if (name === "a") {
      const rel = element.getAttribute("rel") ?? "";
      if (/\bauthor\b/i.test(rel)) this.#add(authorLinks, element);
      if (/\btag\b/i.test(rel)) this.#add(tagLinks, element);
    }
    const classes = element.getAttribute("class") ?? "";
    if (MARK.test(`${classes} ${element.getAttribute("id") ?? ""} ${name}`))
      this.#add(marked, element);
    for (const property of element.getAttribute("itemprop")?.toLowerCase().split(/\s+/) ?? []) {
      this.#addNamed(this.lists.properties, property, element);
    }
    for (const [format] of classes.matchAll(FORMAT))
      this.#addNamed(this.lists.formats, format, element);
  }

  #addNamed(lists: Map<string, PageElement[]>, name: string, element: PageElement): void {
    const elements = lists.get(name) ?? [];
    lists.set(name, elements);
    this.#add(elements, element);
  }

  #add(list: PageElement[], element: PageElement): void {
    if (list.length >= MOST) return;
    list.push(element);
    this.order.set(element, this.#count);
  }
}

const FORMAT = /(?<![\w-])(?:p|u|dt)-(?:summary|category|tag|canonical|published)(?![\w-])/g;

const MARK =
  /author|writer|by-?line|vcard|autor|auteur|verfasser|redakteur|contributor|signature|firma|submitted|posted|meta|date|datum|fecha|data-pub|publi|time/i;

/** Whether an element belongs to a comment, to another story, or to the page's own frame. */
export function isElsewhere(element: PageElement): boolean {
  return placeOf(element) !== "story";
}

/** Whether it belongs to a comment or to another story. */
export function isOfAnotherText(element: PageElement): boolean {
  return placeOf(element) === "other";
}

function placeOf(element: PageElement): "story" | "footer" | "other" {
  let isInFooter = false;
  let at: PageElement | null = element;
  for (let level = 0; level < 8 && at?.localName && at.localName !== "body"; level++) {
    const name = at.localName;
    if (name === "aside" || name === "nav") return "other";
    // An article has a footer of its own, with its byline.
    if (name === "article" || name === "main") return "story";
    if (name === "footer") isInFooter = true;
    const kind = boilerplateByLabel(labelOf(at));
    if (kind === "comments" || kind === "related") return "other";
    at = at.parentElement;
  }
  return isInFooter ? "footer" : "story";
}

/** What a microdata element says: its content, its time, or its text. */
export function valueOf(element: PageElement): string | undefined {
  return (
    plainValue(element.getAttribute("content")) ??
    plainValue(element.getAttribute("datetime")) ??
    plainValue(element.textContent)
  );
}

/** A thing that a page describes in JSON-LD (schema.org): its fields by name. */
export type Thing = Readonly<Record<string, unknown>>;

const MOST_THINGS = 2000;
const STORY = /(?:Article|Posting|Report|Review|Recipe|Column)$/;

/**
 * What a page's JSON-LD scripts say of the story itself; undefined where they speak of other
 * things.
 */
export function findStoryThing(
  scripts: readonly string[],
): { story: Thing; byId: ReadonlyMap<string, Thing> } | undefined {
  const things = scripts.flatMap((script) => thingsIn(parse(script))).slice(0, MOST_THINGS);
  const story = things.find(
    (thing) => isStory(thing) && text(thing["headline"] ?? thing["name"]) !== undefined,
  );
  if (!story) return undefined;
  const byId = new Map(
    things.flatMap((thing): [string, Thing][] =>
      typeof thing["@id"] === "string" ? [[thing["@id"], thing]] : [],
    ),
  );
  return { story, byId };
}

function isStory(thing: Thing): boolean {
  return typesOf(thing).some((type) => STORY.test(type));
}

export function typesOf(thing: Thing): string[] {
  return listOf(thing["@type"]).filter((type) => typeof type === "string");
}

// Templates write line breaks into strings, comments around the whole, and a comma too many.
function parse(script: string): unknown {
  const bare = unwrapped(script);
  return attempt(bare) ?? attempt(bare.replace(/\p{Cc}+/gu, " ").replace(/,\s*([}\]])/g, "$1"));
}

const BEFORE = /^(?:\/\*.*?\*\/\s*)?(?:<!--|\/\/\s*<!\[CDATA\[|<!\[CDATA\[)?/;
const AFTER = /(?:-->|\/\/\s*\]\]>|\]\]>)?\s*;?$/;
const LONGEST_AFTER = 40;

// What is after it is looked for at the very end only, so that no long run of blanks is looked through
// again and again.
function unwrapped(script: string): string {
  const whole = script.trim().replace(BEFORE, "");
  const end = whole.length - LONGEST_AFTER;
  return end > 0
    ? whole.slice(0, end) + whole.slice(end).replace(AFTER, "")
    : whole.replace(AFTER, "");
}

function attempt(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

// A graph, a list, or one thing with the story inside of it.
function thingsIn(value: unknown, depth = 0): Thing[] {
  if (depth > 6) return [];
  if (Array.isArray(value))
    return (value as unknown[]).flatMap((entry) => thingsIn(entry, depth + 1));
  if (!isThing(value)) return [];
  const inner = ["@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemReviewed"].flatMap(
    (key) => thingsIn(value[key], depth + 1),
  );
  const people = ["author", "creator", "publisher"].flatMap((key) =>
    thingsIn(value[key], depth + 1),
  );
  return [value, ...inner, ...people];
}

export function isThing(value: unknown): value is Thing {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as a list; a single one is a list of one. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/**
 * A value from a page's metadata as one line of plain text; undefined where it has none. Many sites
 * put HTML in it, escaped once too often.
 */
export function plainValue(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const decoded = decodeReferences(decodeReferences(value.slice(0, LONGEST_VALUE)));
  const line = oneLine(cleanText(decoded.replace(IN_WORDS, "").replace(TAG, " ")));
  return line === "" || line === "null" || line === "undefined" ? undefined : line;
}

const LONGEST_VALUE = 20_000;

// Tags that may stand inside a word; all others part two.
const IN_WORDS = /<\/?(?:a|abbr|b|em|i|mark|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]{0,200})?>/gi;
const TAG = /<\/?[a-z][^<>]{0,200}>/gi;
