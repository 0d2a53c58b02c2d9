import type { Image } from "../../article.ts";
import type { PageDocument, PageElement } from "../page-dom.ts";
import { baseAddress, canonicalAddress, feedAddress, leadImage, toImage } from "./lead-image.ts";
import {
  type IsSite,
  authorsInBylines,
  declaredAuthors,
  templateAuthors,
  nearHeadline,
} from "./authors.ts";
import { findStoryThing, listOf, type Thing, plainValue } from "./structured-data.ts";
import { surveyPage, isElsewhere, type Survey } from "./survey.ts";
import { dateInAddress, declaredDate, shownDate } from "./published.ts";
import { isNameOfSite, siteName, readTitles } from "./title.ts";
import { isUncategorised } from "../../boilerplate.ts";
import { saysOneOf } from "../../clean-text.ts";
import { languageTag } from "../../field-values.ts";

/** What a page says of its story outside of the story. */
export interface Metadata {
  readonly title: string | undefined;
  /** Whether more than the `title` element says so. */
  readonly isTitleSure: boolean;
  /** Every form of the title that the page has. */
  readonly titles: readonly string[];
  /** The heading that shows it. */
  readonly headline: PageElement | undefined;
  readonly authors: readonly string[];
  /**
   * The people named by the headline; where none are, those that a template names, who may be the
   * publisher.
   */
  readonly shownAuthors: readonly string[];
  readonly publishedAt: string | undefined;
  /** The date by the headline, or the day in the page's address. */
  readonly shownAt: string | undefined;
  readonly language: string | undefined;
  readonly url: string | undefined;
  /** What its links are relative to. */
  readonly base: string | undefined;
  /** The feed of its site. */
  readonly feed: string | undefined;
  readonly site: string | undefined;
  readonly isSite: IsSite;
  readonly image: Image | undefined;
  readonly tags: readonly string[];
  readonly descriptions: readonly string[];
  /** The story as JSON-LD has it: schema.org's `articleBody`. */
  readonly declaredBody: string | undefined;
}

/**
 * Reads a page's metadata: JSON-LD first, then meta, then microdata, then what the markup names.
 */
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
  const titles = readTitles(survey, story, isSite);
  const near = nearHeadline(survey, titles.heading);
  const language = declaredLanguage(survey, story);
  const shown = authorsInBylines(near, isSite);
  return {
    title: titles.title,
    isTitleSure: titles.isSure,
    titles: titles.all,
    headline: titles.heading,
    authors: declaredAuthors(survey, { story, byId: found?.byId ?? new Map() }, isSite),
    shownAuthors: shown.length > 0 ? shown : templateAuthors(survey, isSite),
    publishedAt: declaredDate(survey, story, titles.heading),
    shownAt: shownDate(near, language) ?? (url === undefined ? undefined : dateInAddress(url)),
    language,
    url,
    base,
    feed: feedAddress(survey, base),
    site,
    isSite,
    image: leadImage(survey, story, base) ?? pictureOfTitle(survey, titles.all, base),
    tags: readTags(survey, story),
    descriptions: declaredDescriptions(survey, story),
    declaredBody: bodyOf(story),
  };
}

function bodyOf(story: Thing | undefined): string | undefined {
  const body = story?.["articleBody"];
  return typeof body === "string" ? body : undefined;
}

/** The picture that is called by the story's own title, which is what templates call their lead. */
function pictureOfTitle(
  { pictures }: Survey,
  titles: readonly string[],
  base: string | undefined,
): Image | undefined {
  const isTitle = saysOneOf(titles);
  const own = pictures.filter(
    (picture) => isTitle(picture.getAttribute("alt") ?? "") && !isElsewhere(picture),
  );
  const [lead] = own.flatMap((picture) => toImage(picture, base) ?? []);
  return lead && { ...lead, alt: "" };
}

const MOST = 8;

/** What a page files its story under: its section first, then its tags. */
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
  return [...distinct.values()].slice(0, MOST);
}

function split(tags: string): string[] {
  return tags.split(/[,;、，]/).map((tag) => tag.trim().replace(/^#(?=\p{L})/u, ""));
}

// Systems file under keys of their own as well: "type:article", "nid-48213".
function isTag(tag: string): boolean {
  return (
    tag.length > 1 &&
    tag.length <= 40 &&
    /\p{L}/u.test(tag) &&
    !/^[\w-]+:[\w-]|^\w+-\d{3,}$/.test(tag) &&
    !isUncategorised(tag)
  );
}

/** The summaries that a page gives of itself, best first. */
function declaredDescriptions({ metas, formats }: Survey, story: Thing | undefined): string[] {
  return [
    metas.get("og:description")?.[0],
    metas.get("description")?.[0],
    metas.get("twitter:description")?.[0],
    plainValue(story?.["description"]),
    plainValue(formats.get("p-summary")?.[0]?.textContent),
  ].filter((text) => text !== undefined);
}

/**
 * The language that a page declares: its `lang`, then Open Graph, then its headers, then JSON-LD.
 */
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
