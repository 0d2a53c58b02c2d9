import { plainValue } from "./structured-data.ts";
import { boilerplateByLabel, labelOf } from "../element-labels.ts";
import { isElement, outwards, type PageDocument, type PageElement } from "../page-dom.ts";

/** A `link` of the head. Case-insensitive values are in lower case. */
interface Link {
  readonly rel: string;
  readonly type: string;
  readonly href: string;
}

/** The elements with possible metadata, collected in one pass before the document is changed. */
export interface Survey {
  /** The values of its `meta` elements, by name or property in lower case. */
  readonly metas: ReadonlyMap<string, readonly string[]>;
  readonly links: readonly Link[];
  /** The `title` element. */
  readonly title: string;
  readonly language: string;
  readonly baseHref: string;
  readonly headings: readonly PageElement[];
  /** Microdata elements by property. */
  readonly properties: ReadonlyMap<string, readonly PageElement[]>;
  readonly times: readonly PageElement[];
  readonly authorLinks: readonly PageElement[];
  readonly tagLinks: readonly PageElement[];
  /** Microformats (h-entry) by class, as on Medium and many personal sites. */
  readonly formats: ReadonlyMap<string, readonly PageElement[]>;
  /** Elements with a label for authors or dates. */
  readonly marked: readonly PageElement[];
  /** The position of each of these elements in the page. */
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

const MOST_ELEMENTS = 300;

class BodySurvey {
  readonly lists = {
    headings: [] as PageElement[],
    properties: new Map<string, PageElement[]>(),
    times: [] as PageElement[],
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
    const { headings, times, authorLinks, tagLinks, marked } = this.lists;
    this.#count++;
    if (/^h[1-3]$/.test(name)) this.#add(headings, element);
    else if (name === "time") this.#add(times, element);
    else if (name === "a") {
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
    if (list.length >= MOST_ELEMENTS) return;
    list.push(element);
    this.order.set(element, this.#count);
  }
}

const FORMAT = /(?<![\w-])(?:p|u|dt)-(?:summary|category|tag|canonical|published)(?![\w-])/g;

const MARK =
  /author|writer|by-?line|vcard|autor|auteur|verfasser|redakteur|contributor|signature|firma|submitted|posted|meta|date|datum|fecha|data-pub|publi|time/i;

const LEVELS = 8;

/** Whether an element belongs to a comment, to another story, or to the frame of the page. */
export function isElsewhere(element: PageElement): boolean {
  let isInFooter = false;
  for (const at of outwards(element, LEVELS)) {
    const name = at.localName;
    if (name === "body") break;
    if (name === "aside" || name === "nav") return true;
    // An article may have a footer of its own, with its byline.
    if (name === "article" || name === "main") return false;
    if (name === "footer") isInFooter = true;
    const kind = boilerplateByLabel(labelOf(at));
    if (kind === "comments" || kind === "related") return true;
  }
  return isInFooter;
}

/** Returns the value of a microdata element: its content, its time, or its text. */
export function valueOf(element: PageElement): string | undefined {
  return (
    plainValue(element.getAttribute("content")) ??
    plainValue(element.getAttribute("datetime")) ??
    plainValue(element.textContent)
  );
}
