import { fold } from "../../clean-text.ts";
import { BLOCK } from "../../markup/open-elements.ts";
import { boilerplateByLabel, labelOf } from "../element-labels.ts";
import {
  childrenOf,
  isElement,
  isHidden,
  type PageElement,
  type PageNode,
  shownText,
} from "../page-dom.ts";
import { type Thing, plainValue, isThing } from "./structured-data.ts";
import { valueOf, type Survey } from "./survey.ts";
import type { Offer, Place } from "./field-choice.ts";

interface Titles {
  readonly offers: readonly Offer<string>[];
  readonly headings: readonly Heading[];
  /** All forms of the title that the page declares. */
  readonly all: readonly string[];
}

interface Heading {
  readonly element: PageElement;
  readonly text: string;
}

/** All titles that a page shows or declares. Declared titles are cut before the site's name. */
export function titleOffers(
  survey: Survey,
  story: Thing | undefined,
  isSite: (text: string) => boolean,
): Titles {
  const declared = declaredTitles(survey, story);
  const cut = declared.map(({ place, text }) => {
    return { place, text: withoutSite(text, isSite, place === "element") };
  });
  const headings = survey.headings
    .map((element) => ({ element, text: headingText(element) }))
    .filter(({ text }) => text !== "" && !isSite(text));
  const parts = declared.map(({ text }) => text.split(SEPARATOR).map(fold));
  const offers = [
    ...headings.map(({ element, text }, at) =>
      titleOffer("by the headline", text, { at, parts, level: Number(element.localName.slice(1)) }),
    ),
    ...cut
      .filter(({ text }) => !isSite(text))
      .map(({ place, text }) => titleOffer(place, text, { parts })),
  ];
  return { offers, headings, all: [...declared, ...cut].map(({ text }) => text) };
}

const LAST_POSITION = 9;

/** A title as an offer, with its position among the headings and among the parts of the declared titles. */
export function titleOffer(
  place: Place,
  value: string,
  { at = -1, level = 0, parts = [] as readonly (readonly string[])[] } = {},
): Offer<string> {
  const words = fold(value);
  const positions = parts.map((part) => part.indexOf(words)).filter((position) => position >= 0);
  const traits = [at, level, Math.min(LAST_POSITION, ...positions), positions.length];
  return { value, place, words, traits };
}

function declaredTitles(
  { metas, properties, title }: Survey,
  story: Thing | undefined,
): { place: Place; text: string }[] {
  const microdata = properties.get("headline")?.[0];
  const all: [Place, string | undefined][] = [
    ["json-ld", plainValue(story?.["headline"])],
    ["json-ld", plainValue(story?.["name"])],
    ["open graph", metas.get("og:title")?.[0]],
    ["twitter", metas.get("twitter:title")?.[0]],
    ["meta", metas.get("citation_title")?.[0]],
    ["meta", metas.get("dc.title")?.[0]],
    ["microdata", microdata && valueOf(microdata)],
    ["element", title],
  ];
  return all.flatMap(([place, text]) => (text ? [{ place, text }] : []));
}

const KICKER =
  / (?:kicker|overline|dachzeile|ober(?:titel|zeile)|roofline|topline|rubri\w*|eyebrow|label|category|section|subtitle|sub title|subheadline) /;

/** The text of a heading, without the lines above and below a headline that some sites put inside it. */
export function headingText(heading: PageElement): string {
  const own = childrenOf(heading).filter((child) => {
    if (!isElement(child)) return true;
    if (isHidden(child)) return false;
    const label = labelOf(child);
    return !KICKER.test(label) && boilerplateByLabel(label) === undefined;
  });
  return plainValue(joined(own)) ?? plainValue(shownText(heading)) ?? "";
}

// Joins text nodes: "r<em>é</em>cuse" is one word. Two adjacent elements are two lines, or parts that the style sheet
// separates.
function joined(nodes: readonly PageNode[]): string {
  return nodes
    .map((node, index) => {
      const isApart = isElement(node) && (node.localName === "br" || BLOCK.has(node.localName));
      const next = nodes[index + 1];
      const isPair = isElement(node) && next !== undefined && isElement(next);
      return `${isApart ? " " : ""}${shownText(node)}${isApart || isPair ? " " : ""}`;
    })
    .join("");
}

// Between letters of scripts without spaces, an underscore is also a separator.
const SEPARATOR =
  /\s+[|·•»«›:–—~-]+\s+|\s*[|»]\s*|\s*::\s*|(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])_(?=\S)/u;

// Removes the site from "Headline | Section | Site". A dash may also be part of a headline, so the text after it is removed
// only if it is the site's name or, in the `title` element, if it is short.
function withoutSite(
  title: string,
  isSite: (text: string) => boolean,
  isElementTitle: boolean,
): string {
  const last = [...title.matchAll(new RegExp(SEPARATOR, "gu"))].at(-1);
  if (!last) return title;
  const [before, after] = [title.slice(0, last.index), title.slice(last.index + last[0].length)];
  const words = after.split(/\s+/).length;
  const isBar = /[|»]/.test(last[0]);
  if (isSite(before)) return after;
  const goes =
    isSite(after) ||
    (isBar && words <= 6) ||
    (isElementTitle && words <= 3 && before.split(/\s+/).length >= 3);
  return goes && before.trim() !== "" ? withoutSite(before.trim(), isSite, isElementTitle) : title;
}

/** Returns the name of a page's site, as the page declares it. */
export function siteName({ metas }: Survey, story: Thing | undefined): string | undefined {
  const publisher = story?.["publisher"];
  return [
    metas.get("og:site_name")?.[0],
    isThing(publisher) ? plainValue(publisher["name"]) : undefined,
    metas.get("application-name")?.[0],
    metas.get("apple-mobile-web-app-title")?.[0],
  ].find((name) => name !== undefined && name.length < 80 && !/^https?:/.test(name));
}

/**
 * Returns a declared name without what the site says about itself: "AOC media" of "AOC media - Analyse Opinion Critique".
 * The name is the part that is the one in the address, otherwise the first with a word of the address. "Home" and "News" have
 * none, so a name without such a part stays whole.
 */
export function shortSiteName(declared: string, host: string): string {
  const parts = declared.split(/\s*[|｜]\s*|\s+[–—·:-]\s+/u).filter((part) => part.length > 1);
  if (parts.length === 1) return parts[0] ?? declared;
  const own = parts.find(
    (part) => !/\.\p{L}{2,}$/u.test(part) && isNameOfSite(part, undefined, host),
  );
  return own ?? parts.find((part) => sharesWord(part, host)) ?? declared;
}

function sharesWord(name: string, host: string): boolean {
  const words = unaccented(fold(name)).match(/[\p{L}\p{N}]{3,}/gu) ?? [];
  return words.some((word) => host.includes(word));
}

/** Whether a text is the name of the site: the declared name, or the one in its address. */
export function isNameOfSite(text: string, site: string | undefined, host: string): boolean {
  const name = fold(text);
  if (name === "") return true;
  if (site !== undefined && name === fold(site)) return true;
  const joined = unaccented(name.replaceAll(" ", ""));
  const label = host
    .replace(/^www\./, "")
    .replace(/\.[a-z]{2,}$/, "")
    .replace(/[^\p{L}\p{N}]/gu, "");
  return (
    joined.length >= 4 &&
    (joined === label || joined === host.replace(/^www\./, "").replace(/[^\p{L}\p{N}]/gu, ""))
  );
}

// Removes accents, because an address has none: "La República" is larepublica.pe.
function unaccented(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "");
}
