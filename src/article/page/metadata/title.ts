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

interface Titles {
  readonly title: string | undefined;
  /** The heading with the title. */
  readonly heading: PageElement | undefined;
  /** Whether another source than the `title` element confirms it. That element is often the site's name on every page. */
  readonly isSure: boolean;
  /** All forms of the title that the page declares. */
  readonly all: readonly string[];
}

/**
 * Finds the headline of a page: the heading that a declared title confirms, otherwise the declared title without the site's
 * name. Declared titles are often written for search engines and end with the site's name.
 */
export function readTitles(
  survey: Survey,
  story: Thing | undefined,
  isSite: (text: string) => boolean,
): Titles {
  const declared = declaredTitles(survey, story);
  const all = [...declared, survey.title].filter((title) => title !== "");
  const headings = survey.headings.map((element) => ({
    element,
    level: element.localName,
    text: headingText(element),
  }));
  const own = headings.filter(({ text }) => text !== "" && !isSite(text));
  const firstLevel = own.filter(({ level }) => level === "h1");
  const lone = firstLevel.length === 1 ? firstLevel[0] : undefined;
  const evidence = own.map((heading) =>
    confirmation(heading, { declared, all, isLone: heading === lone }),
  );
  const most = Math.max(0, ...evidence);
  const confirmed = most > 0 ? own[evidence.indexOf(most)] : undefined;
  const cut = all.map((title) => withoutSite(title, isSite, title === survey.title));
  const stated = declared.length > 0 ? cut.find((title) => !isSite(title)) : undefined;
  const shown = confirmed ?? lone;
  const title = confirmed?.text ?? stated ?? lone?.text ?? cut.find((text) => !isSite(text));
  const isSure = confirmed !== undefined || stated !== undefined || shown !== undefined;
  return {
    title,
    heading: shown?.element,
    isSure,
    all: [...all, ...cut, ...(title === undefined ? [] : [title])],
  };
}

function declaredTitles({ metas, properties }: Survey, story: Thing | undefined): string[] {
  const microdata = properties.get("headline") ?? [];
  return [
    plainValue(story?.["headline"]),
    plainValue(story?.["name"]),
    metas.get("og:title")?.[0],
    metas.get("twitter:title")?.[0],
    metas.get("citation_title")?.[0],
    metas.get("dc.title")?.[0],
    microdata[0] && valueOf(microdata[0]),
  ].filter((title) => title !== undefined);
}

const KICKER =
  / (?:kicker|overline|dachzeile|ober(?:titel|zeile)|roofline|topline|rubri\w*|eyebrow|label|category|section|subtitle|sub title|subheadline) /;

// Returns the text of a heading. Some sites put the lines above and below a headline inside it.
function headingText(heading: PageElement): string {
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

interface Heading {
  readonly level: string;
  readonly text: string;
}

interface DeclaredTitles {
  /** The declared titles of the story itself. */
  readonly declared: readonly string[];
  /** These and the `title` element. */
  readonly all: readonly string[];
  /** Whether it is the only first-level heading, which is then usually the headline. */
  readonly isLone: boolean;
}

/**
 * Returns how well the declared titles confirm that a heading is the headline, from 0: a title of the story is the same, a
 * part of a title is the same, or they share most words. Of two equal ones, the higher level wins.
 */
function confirmation({ text, level }: Heading, { declared, all, isLone }: DeclaredTitles): number {
  const shown = fold(text);
  const isFirst = level === "h1";
  const levels = all.map((title) => {
    const stated = fold(title);
    if (stated === shown) return declared.includes(title) ? 4 : 3;
    const segments = title.split(SEPARATOR).map(fold);
    if (segments[0] === shown) return 3;
    if (segments.includes(shown)) return shown.length >= stated.length * 0.4 ? 2 : 0;
    if (!isFirst) return 0;
    if (stated.startsWith(`${shown} `) && shown.length >= stated.length * 0.4) return 2;
    if (stated.includes(shown)) return shown.length >= stated.length * 0.5 ? 2 : 0;
    if (shown.length < stated.length * 2 && share(shown, stated, 3) >= 0.6) return 1;
    return isLone && share(segments[0] ?? stated, shown, 1) >= 0.6 ? 1 : 0;
  });
  const best = Math.max(0, ...levels);
  return best === 0 ? 0 : best + (isFirst ? 0.5 : 0);
}

// Returns the share of one text's words that are in another.
function share(one: string, other: string, fewest: number): number {
  const words = one.split(" ");
  const others = new Set(other.split(" "));
  return words.length < fewest ? 0 : words.filter((word) => others.has(word)).length / words.length;
}

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
