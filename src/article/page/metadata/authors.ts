import { names } from "../../field-values.ts";
import { introducesName, isNameLine, namesInByline, isPaperName } from "../../byline.ts";
import { isThing, listOf, typesOf, type Thing, plainValue } from "./structured-data.ts";
import { isElsewhere, valueOf, type Survey } from "./survey.ts";
import { cleanText, fold, oneLine } from "../../clean-text.ts";
import { findDate } from "../../dates.ts";
import { AGENCY_NAMES, wordsOf } from "../../boilerplate.ts";
import { labelOf } from "../element-labels.ts";
import { findElement, type PageElement } from "../page-dom.ts";
import { blocksIn, type PageBlock } from "../blocks.ts";
import type { Offer, Place } from "./field-choice.ts";

/** Whether a text is the name of the page's own site. */
export type IsSite = (text: string) => boolean;

/** The JSON-LD description of the story, and of the people and things that it refers to by id. */
export interface DescribedStory {
  readonly story: Thing | undefined;
  readonly byId: ReadonlyMap<string, Thing>;
}

const METAS =
  `parsely-author sailthru.author citation_author dc.creator dcterms.creator mediator_author
   article:author article:author_name byl`.split(/\s+/);

/** Returns all authors that a page declares or shows by its headline. */
export function authorOffers(
  survey: Survey,
  { story, byId }: DescribedStory,
  near: readonly NearbyText[],
  isSite: IsSite,
): Offer<readonly string[]>[] {
  const { metas } = survey;
  const offers = (place: Place, written: readonly string[]): Offer<readonly string[]>[] =>
    offerOf(
      place,
      cleanNames(written, isSite).filter((name) => !ACCOUNT.test(name)),
    );
  return [
    ...offers("json-ld", peopleOf(story, byId)),
    ...METAS.flatMap((name) => offers("meta", metas.get(name) ?? [])),
    ...offers("microdata", microdataAuthors(survey)),
    ...offers("element", linkedAuthor(survey)),
    ...bylineOffers(near, isSite, "by the headline"),
    // Templates put the publisher here.
    ...offers("template", metas.get("author") ?? []),
  ];
}

function offerOf(
  place: Place,
  value: readonly string[],
  { at = -1, isCalled = false } = {},
): Offer<readonly string[]>[] {
  if (value.length === 0) return [];
  const named = value.filter((name) => isNameLine(name)).length / value.length;
  const accounts = value.filter((name) => ACCOUNT.test(name)).length;
  const traits = [at, Number(isCalled), value.length, named, accounts];
  return [{ value, place, words: value.map(fold).join(" "), traits }];
}

const NAMES_AUTHOR =
  / (?:authors?|by ?line|author name|autor|autora|auteur|autore|contributor|vcard|fn|writer|signature|firma|verfasser|redakteur) /;

/** Returns the names in each byline, and in each element with an author's label. */
export function bylineOffers(
  bylines: readonly NearbyText[],
  isSite: IsSite,
  place: Place,
): Offer<readonly string[]>[] {
  return bylines.flatMap(({ text, label }, at) => {
    const isCalled = NAMES_AUTHOR.test(label);
    const undated = (findDate(text)?.rest ?? text).replace(/^[\s,|·•–—-]+/u, "").trim();
    const handle = isCalled && HANDLE.test(undated) ? [undated] : [];
    const people = [namesIn(text, isCalled), namesIn(undated, isCalled), handle]
      .map((found) => cleanNames(found, isSite))
      .find(({ length }) => length > 0);
    return offerOf(place, people ?? [], { at, isCalled });
  });
}

const HANDLE = /^[\p{L}\p{N}_.-]{3,30}$/u;

// Finds names in a byline: "Von Ana Ruiz", the name under its label, or a name separated from a date or role ("Ana
// Ruiz | Monday, 3 May").
function namesIn(byline: string, isCalledOne: boolean): string[] {
  const lines = byline
    .split(/\n|\s[|·•/]\s|\s[–—-]\s/)
    .map((line) => withoutRole(withoutAgency(line)));
  for (const [index, written] of lines.entries()) {
    // In "By by Ana Ruiz", the first "by" is for screen readers.
    const line = written.replace(/^(\p{L}+)\s*(?=\1\s)/iu, "");
    const named = namesInByline(introducesName(line) ? `By ${lines[index + 1] ?? ""}` : line);
    if (named.length > 0) return named;
  }
  return isCalledOne ? lines.filter((line) => isNameLine(line)).slice(0, 4) : [];
}

// Removes an agency: "Von Eva Roth, dpa"
function withoutAgency(line: string): string {
  return line.replace(/,\s\p{Ll}{2,5}$/u, "").trim();
}

function peopleOf(story: Thing | undefined, byId: ReadonlyMap<string, Thing>): string[] {
  const authors = [...listOf(story?.["author"]), ...listOf(story?.["creator"])];
  return authors.flatMap((author) => {
    if (typeof author === "string") return [author];
    if (!isThing(author)) return [];
    const person = typeof author["name"] === "string" ? author : byId.get(String(author["@id"]));
    if (!person || typesOf(person).some((type) => /Organi[sz]ation$/.test(type))) return [];
    return listOf(person["name"]).filter((name) => typeof name === "string");
  });
}

function microdataAuthors({ properties }: Survey): string[] {
  const authors = (properties.get("author") ?? []).filter((element) => !isElsewhere(element));
  return authors.slice(0, 4).flatMap((element) => {
    const name = findElement(element, isItemName) ?? element;
    return valueOf(name) ?? [];
  });
}

function isItemName(element: PageElement): boolean {
  return element.getAttribute("itemprop") === "name";
}

function linkedAuthor({ authorLinks }: Survey): string[] {
  const own = authorLinks.find(
    (link) => plainValue(link.textContent) !== undefined && !isElsewhere(link),
  );
  return own ? [own.textContent] : [];
}

function cleanNames(written: readonly string[], isSite: IsSite): string[] {
  const people = written.flatMap((value) => {
    const line =
      plainValue(value)
        ?.replace(/^["'\s]+|["'\s]+$/g, "")
        // The pattern starts only where an address can start. Otherwise a long word would be searched from each of its
        // letters.
        .replace(/\s*(?<![\w.+-])[\w.+-]+@[\w.-]+\w\s*/g, " ")
        .trim() ?? "";
    const named = namesInByline(line);
    return named.length > 0 ? named : (names(withoutPaper(line)) ?? []);
  });
  return [
    ...new Set(
      people.map((name) => withoutRole(once(name))).filter((name) => isName(name, isSite)),
    ),
  ].slice(0, 12);
}

// Reduces a name that is written twice, for display and for screen readers: "Ana Ruiz Ana Ruiz".
function once(name: string): string {
  const half = name.slice(0, (name.length - 1) / 2);
  return name === `${half} ${half}` ? half : name;
}

// Removes a role: "Overby-Online-Expertin Eva Roth"
function withoutRole(name: string): string {
  return name.replace(/^\p{L}+(?:-\p{L}+){2,}\s+(?=\p{Lu}\S*\s\p{Lu})/u, "");
}

// Removes a publication: "Eva Roth, Overby Times"
function withoutPaper(line: string): string {
  const comma = line.lastIndexOf(",");
  return comma > 0 && isPaperName(line.slice(comma + 1).trim()) ? line.slice(0, comma) : line;
}

/**
 * Whether a text can name an author: a person, or a desk with a name. Sites, companies, agencies, accounts and requests to
 * the reader cannot.
 */
function isName(text: string, isSite: IsSite): boolean {
  if (text.length < 2 || text.length > 70 || !/\p{L}/u.test(text)) return false;
  if (/https?:|www\.|[{}<>@]|\.(?:com|de|org|net|fr|es|it)$/i.test(text)) return false;
  const folded = fold(text);
  if (isSite(text) || NEVER.has(folded)) return false;
  return !COMPANIES.some((company) => ` ${folded} `.includes(` ${company} `));
}

// Account names: "mnegishi", "web-desk2".
const ACCOUNT = /^(?=[\p{Script=Latin}\p{N}_.-]+$)[\p{Ll}\p{N}_.-]+$/u;

const NEVER: ReadonlySet<string> = new Set(
  [...wordsOf("accounts", "calls"), ...AGENCY_NAMES].map(fold),
);
const COMPANIES = wordsOf("companies").map(fold);

/** The text of an element near a headline, one line for each of its blocks. */
export interface NearbyText {
  readonly text: string;
  readonly label: string;
}

const LONGEST_TEXT = 200;
const MOST_TEXTS = 80;

/**
 * Returns the texts of elements with a label for authors or dates, the nearest to the headline first, and those below it
 * before those above. Elements of comments and other stories are excluded.
 */
export function nearHeadline(survey: Survey, headline: PageElement | undefined): NearbyText[] {
  return nearestFirst(survey.marked, survey, headline)
    .slice(0, MOST_TEXTS)
    .flatMap((element): NearbyText[] => {
      if (oneLine(element.textContent).length > LONGEST_TEXT) return [];
      if (!isByHeadline(element, survey, headline) && isElsewhere(element)) return [];
      const text = blocksIn(element).blocks.map(spaced).join("\n");
      return text === "" ? [] : [{ text, label: labelOf(element) }];
    });
}

/** Sorts elements by their distance from the headline. A distance above it counts three times. */
export function nearestFirst(
  elements: readonly PageElement[],
  { order }: Survey,
  headline: PageElement | undefined,
): PageElement[] {
  const at = headline === undefined ? 0 : (order.get(headline) ?? 0);
  const distance = (element: PageElement): number => {
    const place = order.get(element) ?? 0;
    return place >= at ? place - at : (at - place) * 3;
  };
  return elements.toSorted((a, b) => distance(a) - distance(b));
}

/** Whether an element is directly under the headline, where even an `aside` is about the story. */
export function isByHeadline(
  element: PageElement,
  { order }: Survey,
  headline: PageElement | undefined,
): boolean {
  const at = headline && order.get(headline);
  const place = order.get(element);
  return at !== undefined && place !== undefined && place > at && place < at + 20;
}

// Joins text nodes with spaces, because day, month and year may each have an element, as on a tear-off calendar.
function spaced({ nodes }: PageBlock): string {
  return oneLine(cleanText(nodes.map(({ textContent }) => textContent).join(" ")));
}
