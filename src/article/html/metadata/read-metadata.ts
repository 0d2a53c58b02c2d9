import type { Image } from "../../article.ts";
import type { PageDocument } from "../page-dom.ts";
import { baseAddress, canonicalAddress, feedAddress } from "./addresses.ts";
import { authorsInBylines, declaredAuthors, templateAuthors } from "./authors.ts";
import { declaredDescriptions } from "./description.ts";
import { findStoryThing } from "./json-ld.ts";
import { leadImage } from "./lead-image.ts";
import { nearHeadline } from "./near-headline.ts";
import { declaredLanguage } from "./page-language.ts";
import { dateInAddress, declaredDate, shownDate } from "./published.ts";
import { siteName } from "./site.ts";
import { surveyPage } from "./survey.ts";
import { readTags } from "./tags.ts";
import { readTitles } from "./title.ts";

/** What a page says of its story outside of the story. */
export interface Metadata {
  readonly title: string | undefined;
  /** Whether more than the `title` element says so. */
  readonly isTitleSure: boolean;
  /** Every form of the title that the page has. */
  readonly titles: readonly string[];
  readonly authors: readonly string[];
  /**
   * The people named by the headline; where there is nobody, whom a template names, who may be the
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
  readonly image: Image | undefined;
  readonly tags: readonly string[];
  readonly descriptions: readonly string[];
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
  const titles = readTitles(survey, story, site, url === undefined ? "" : new URL(url).hostname);
  const near = nearHeadline(survey, titles.heading);
  const language = declaredLanguage(survey, story);
  const shown = authorsInBylines(near);
  return {
    title: titles.title,
    isTitleSure: titles.isSure,
    titles: titles.all,
    authors: declaredAuthors(survey, story, found?.byId ?? new Map()),
    shownAuthors: shown.length > 0 ? shown : templateAuthors(survey),
    publishedAt: declaredDate(survey, story, titles.heading),
    shownAt: shownDate(near, language) ?? (url === undefined ? undefined : dateInAddress(url)),
    language,
    url,
    base,
    feed: feedAddress(survey, base),
    site,
    image: leadImage(survey, story, base),
    tags: readTags(survey, story),
    descriptions: declaredDescriptions(survey, story),
  };
}
