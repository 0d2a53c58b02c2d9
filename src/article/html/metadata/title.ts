import { fold } from "../../clean-text.ts";
import { BLOCK } from "../../markup/open-elements.ts";
import { boilerplateByLabel } from "../prune.ts";
import {
  labelOf,
  childrenOf,
  isElement,
  isHidden,
  type PageElement,
  type PageNode,
  shownText,
} from "../page-dom.ts";
import { type Thing, plainValue, valueOf, type Survey, isThing } from "./survey.ts";

interface Titles {
  readonly title: string | undefined;
  /** The heading that shows it. */
  readonly heading: PageElement | undefined;
  /**
   * Whether more than the `title` element says so, which is often the site's name on every page.
   */
  readonly isSure: boolean;
  /** Every form of it that the page declares. */
  readonly all: readonly string[];
}

/**
 * The headline of a page: the heading on it that one of its declared titles confirms, for what is
 * declared is often made for search engines and has the site's name behind it; else what is
 * declared, without that name.
 */
export function readTitles(
  survey: Survey,
  story: Thing | undefined,
  site: string | undefined,
  host: string,
): Titles {
  const isSite = (text: string): boolean => isNameOfSite(text, site, host);
  const declared = declaredTitles(survey, story);
  const all = [...declared, survey.title].filter((title) => title !== "");
  const headings = survey.headings.map((element) => ({
    element,
    level: element.localName,
    text: headingText(element),
  }));
  const own = headings.filter(
    ({ element, text }) => text !== "" && !isSite(text) && !isNameplate(element),
  );
  const confirmed = own.find(({ text, level }) =>
    all.some((title) => confirms(title, text, level === "h1")),
  );
  const [lone, second] = own.filter(({ level }) => level === "h1");
  const cut = all.map((title) => withoutSite(title, isSite, title === survey.title));
  const best = declared.length > 0 ? cut.find((title) => !isSite(title)) : undefined;
  const shown = confirmed ?? (second ? undefined : lone);
  const title =
    confirmed?.text ??
    best ??
    (second ? undefined : lone?.text) ??
    cut.find((text) => !isSite(text));
  const isSure = confirmed !== undefined || best !== undefined || shown !== undefined;
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

const NAMEPLATE =
  / (?:site (?:title|name|header|branding)|blog ?(?:title|name)|logo|brand|branding|masthead|nameplate) /;

// A heading that leads to the front page is the site's name.
function isNameplate(heading: PageElement): boolean {
  const href = heading.querySelector("a[href]")?.getAttribute("href") ?? "";
  return /^(?:\.?\/|https?:\/\/[^/]+\/?)$/.test(href) || NAMEPLATE.test(labelOf(heading));
}

const KICKER =
  / (?:kicker|overline|dachzeile|ober(?:titel|zeile)|roofline|topline|rubri\w*|eyebrow|label|category|section|subtitle|sub title|subheadline) /;

// Some sites set the line above a headline, and the one under it, inside of it.
function headingText(heading: PageElement): string {
  const own = childrenOf(heading).filter((child) => {
    if (!isElement(child)) return true;
    if (isHidden(child)) return false;
    const label = labelOf(child);
    return !KICKER.test(label) && boilerplateByLabel(label) === undefined;
  });
  return plainValue(joined(own)) ?? plainValue(shownText(heading)) ?? "";
}

// "r<em>é</em>cuse" is one word, and the parser also starts a new text at each character reference.
// Two elements side by side are two lines, or parts that the site's style sheet keeps apart.
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

const SEPARATOR = /\s+[|·•»«›:–—~-]+\s+|\s*[|»]\s*|\s*::\s*/u;

function confirms(title: string, heading: string, isFirstLevel: boolean): boolean {
  const [declared, shown] = [fold(title), fold(heading)];
  if (declared === shown) return true;
  const segments = title.split(SEPARATOR).map(fold);
  if (segments.includes(shown))
    return shown === segments[0] || shown.length >= declared.length * 0.4;
  if (!isFirstLevel) return false;
  if (declared.startsWith(`${shown} `)) return shown.length >= declared.length * 0.4;
  if (declared.includes(shown)) return shown.length >= declared.length * 0.5;
  return shown.length < declared.length * 2 && share(shown, declared) >= 0.6;
}

// How many of the words of a heading are also in a declared title: two wordings of one headline.
function share(shown: string, declared: string): number {
  const words = shown.split(" ");
  const others = new Set(declared.split(" "));
  return words.length < 3 ? 0 : words.filter((word) => others.has(word)).length / words.length;
}

// "Headline | Section | Site". A dash is also a part of headlines: what is behind it goes only
// where it names the site, or, in the `title` element, where it is short.
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

/** What a page's site is called, as it says itself. */
export function siteName({ metas }: Survey, story: Thing | undefined): string | undefined {
  const publisher = story?.["publisher"];
  return [
    metas.get("og:site_name")?.[0],
    isThing(publisher) ? plainValue(publisher["name"]) : undefined,
    metas.get("application-name")?.[0],
    metas.get("apple-mobile-web-app-title")?.[0],
  ].find((name) => name !== undefined && name.length < 80 && !/^https?:/.test(name));
}

/** Whether a text is the name of the site: the one that it gives itself, or that of its address. */
function isNameOfSite(text: string, site: string | undefined, host: string): boolean {
  const name = fold(text);
  if (name === "") return true;
  if (site !== undefined && name === fold(site)) return true;
  const joined = name.replaceAll(" ", "");
  const label = host
    .replace(/^www\./, "")
    .replace(/\.[a-z]{2,}$/, "")
    .replace(/[^\p{L}\p{N}]/gu, "");
  return (
    joined.length >= 4 &&
    (joined === label || joined === host.replace(/^www\./, "").replace(/[^\p{L}\p{N}]/gu, ""))
  );
}
