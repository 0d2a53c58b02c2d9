import type { PageDocument, PageElement } from "../page-dom.ts";
import { baseAddress, canonicalAddress, feedAddress, pictureOffers } from "./lead-image.ts";
import { type IsSite, authorOffers, nearHeadline } from "./authors.ts";
import { chooseField, type FieldOffers } from "./field-choice.ts";
import { findStoryThing, listOf, type Thing, plainValue } from "./structured-data.ts";
import { surveyPage, isElsewhere, type Survey } from "./survey.ts";
import { dateOffers } from "./published.ts";
import { isNameOfSite, shortSiteName, siteName, titleOffers } from "./title.ts";
import { isUncategorised } from "../../boilerplate.ts";
import { isSameTitle } from "../../clean-text.ts";
import { languageTag } from "../../field-values.ts";

export interface Metadata {
  readonly title: string | undefined;
  /** Whether the title is likely enough to help find the story. */
  readonly isTitleSure: boolean;
  /** All forms of the title on the page. */
  readonly titles: readonly string[];
  /** The heading with the title. */
  readonly headline: PageElement | undefined;
  /** All values that the page gives for its fields. */
  readonly offers: FieldOffers;
  readonly language: string | undefined;
  readonly url: string | undefined;
  /** The base address of its links. */
  readonly base: string | undefined;
  /** The feed of its site. */
  readonly feed: string | undefined;
  readonly site: string | undefined;
  readonly isSite: IsSite;
  readonly tags: readonly string[];
  readonly descriptions: readonly string[];
  /** The story in JSON-LD: schema.org's `articleBody`. */
  readonly declaredBody: string | undefined;
}

/** Reads a page's metadata: JSON-LD first, then meta elements, microdata, and the markup of the body. */
export function readMetadata(
  document: PageDocument,
  jsonLd: readonly string[],
  location: string,
): Metadata {
  const survey = surveyPage(document);
  const found = findStoryThing(jsonLd);
  const story = found?.story;
  const url = canonicalAddress(survey, story, location);
  const base = baseAddress(survey, location);
  const site = siteName(survey, story);
  const host = url === undefined ? "" : new URL(url).hostname;
  const isSite = (text: string): boolean => isNameOfSite(text, site, host);
  const titles = titleOffers(survey, story, isSite);
  const { value: title, chance } = chooseField("title", titles.offers);
  const headline = titles.headings.find(({ text }) => isSameTitle(text, title ?? ""))?.element;
  const near = nearHeadline(survey, headline);
  const language = declaredLanguage(survey, story);
  return {
    title,
    isTitleSure: chance >= 0.5,
    titles: title === undefined ? titles.all : [...titles.all, title],
    headline,
    offers: {
      title: titles.offers,
      authors: authorOffers(survey, { story, byId: found?.byId ?? new Map() }, near, isSite),
      date: dateOffers(survey, story, { headline, near, language, url }),
      picture: pictureOffers(survey, story, base),
    },
    language,
    url,
    base,
    feed: feedAddress(survey, base),
    site: site === undefined ? undefined : shortSiteName(site, host),
    isSite,
    tags: readTags(survey, story),
    descriptions: declaredDescriptions(survey, story),
    declaredBody: bodyOf(story),
  };
}

function bodyOf(story: Thing | undefined): string | undefined {
  const body = story?.["articleBody"];
  return typeof body === "string" ? body : undefined;
}

const MOST_TAGS = 8;

/** Returns the section and then the tags of a page. */
function readTags({ metas, tagLinks, formats }: Survey, story: Thing | undefined): string[] {
  const section = [
    ...listOf(story?.["articleSection"]).map(plainValue),
    metas.get("article:section")?.[0],
  ];
  const own = [
    () => metas.get("article:tag") ?? [],
    () => listOf(story?.["keywords"]).flatMap((value) => plainValue(value) ?? []),
    () =>
      tagLinks
        .filter((link) => !isElsewhere(link))
        .flatMap((link) => plainValue(link.textContent) ?? []),
    () =>
      ["p-category", "p-tag"]
        .flatMap((name) => formats.get(name) ?? [])
        .flatMap((tag) => plainValue(tag.textContent) ?? []),
    () => metas.get("news_keywords") ?? [],
  ];
  const tags = own.map((read) => read().flatMap(split)).find((list) => list.length > 0) ?? [];
  const all = [section.find((name) => name !== undefined), ...tags].filter(
    (tag) => tag !== undefined && isTag(tag),
  );
  const distinct = new Map(all.map((tag) => [tag?.toLowerCase(), tag ?? ""]));
  return [...distinct.values()].slice(0, MOST_TAGS);
}

function split(tags: string): string[] {
  return tags.split(/[,;、，]/).map((tag) => tag.trim().replace(/^#(?=\p{L})/u, ""));
}

// Systems also use technical keys as tags: "type:article", "nid-48213".
function isTag(tag: string): boolean {
  return (
    tag.length > 1 &&
    tag.length <= 40 &&
    /\p{L}/u.test(tag) &&
    !/^[\w-]+:[\w-]|^\w+-\d{3,}$/.test(tag) &&
    !isUncategorised(tag)
  );
}

/** Returns the descriptions of a page, the best first. */
function declaredDescriptions({ metas, formats }: Survey, story: Thing | undefined): string[] {
  return [
    metas.get("og:description")?.[0],
    metas.get("description")?.[0],
    metas.get("twitter:description")?.[0],
    plainValue(story?.["description"]),
    plainValue(formats.get("p-summary")?.[0]?.textContent),
  ].filter((text) => text !== undefined);
}

/** Returns the language that a page declares: by `lang`, Open Graph, its headers or JSON-LD. */
function declaredLanguage(survey: Survey, story: Thing | undefined): string | undefined {
  return [
    survey.language,
    survey.metas.get("og:locale")?.[0],
    survey.metas.get("content-language")?.[0]?.split(",")[0],
    survey.metas.get("language")?.[0],
    survey.metas.get("dc.language")?.[0],
    story?.["inLanguage"],
  ]
    .map((tag) => languageTag(typeof tag === "string" ? tag.trim() : undefined))
    .find((tag) => tag !== undefined);
}
