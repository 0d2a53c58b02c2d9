import { parseDate, findDate } from "../../dates.ts";
import { labelOf } from "../element-labels.ts";
import type { PageElement } from "../page-dom.ts";
import { type Thing, plainValue } from "./structured-data.ts";
import { isElsewhere, valueOf, type Survey } from "./survey.ts";
import type { Offer, Place } from "./field-choice.ts";
import { isByHeadline, nearestFirst, type NearbyText } from "./authors.ts";

const METAS = `article:published_time article:published og:article:published_time og:published_time
   datepublished parsely-pub-date sailthru.date pubdate publishdate publish-date publish_date
   publication_date published_time citation_publication_date citation_date dc.date.issued
   dcterms.created dcterms.date mediator_published_time article.published`.split(/\s+/);

// Some systems write the date of the last change or of the request into these.
const LESS_SURE = ["dc.date", "date"];

/** Returns all dates that a page declares or shows by its headline. */
export function dateOffers(
  survey: Survey,
  story: Thing | undefined,
  { headline, near, language, url = "" }: Surroundings,
): Offer<string>[] {
  const { metas, properties, times } = survey;
  const inMetas = (place: Place, names: readonly string[]): Offer<string>[] =>
    names
      .flatMap((name) => metas.get(name) ?? [])
      .flatMap((value) => dateOffer(place, isoDate(value)));
  const inElements = (place: Place, elements: readonly PageElement[]): Offer<string>[] =>
    nearestFirst(elements, survey, headline)
      .filter((element) => isByHeadline(element, survey, headline) || !isElsewhere(element))
      .slice(0, MOST_TEXTS)
      .flatMap((element, at) => dateOffer(place, isoDate(valueOf(element)), at, labelOf(element)));
  return [
    ...dateOffer("json-ld", isoDate(plainValue(story?.["datePublished"]))),
    ...inMetas("meta", METAS),
    ...inElements("microdata", properties.get("datepublished") ?? []),
    ...inElements("element", times),
    ...near.flatMap(({ text, label }, at) =>
      text
        .split("\n")
        .flatMap((line) =>
          dateOffer("by the headline", findDate(dayFirst(line, language))?.iso, at, label),
        ),
    ),
    ...inMetas("template", LESS_SURE),
    ...dateOffer("address", dateInAddress(url)),
  ];
}

interface Surroundings {
  readonly headline: PageElement | undefined;
  readonly near: readonly NearbyText[];
  readonly language: string | undefined;
  readonly url: string | undefined;
}

const MOST_TEXTS = 10;
const UPDATE = / (?:updated|modified|update|date modified|aktualisiert) /;
const PUBLICATION = / (?:published|publish|date published|pubdate|entry date|post date|posted) /;

/** A date as an offer, unless its label marks the last change. Dates of the same day agree. */
export function dateOffer(
  place: Place,
  value: string | undefined,
  at = -1,
  label = "",
): Offer<string>[] {
  if (value === undefined || (UPDATE.test(label) && !PUBLICATION.test(label))) return [];
  return [{ value, place, words: value.slice(0, 10), traits: [at] }];
}

// A note of weblog themes under a post: "This entry was posted on …".
const POSTED =
  /\b(?:(?:was|were) (?:posted|published) (?:on|by)|wurde (?:am|von)(?=.{4,60}\b(?:gepostet|veröffentlicht|erstellt|geschrieben|publiziert|abgelegt))|a été (?:publié|posté)e? (?:le|par)|fue publicad[ao] (?:el|por)|foi (?:publicad|postad)[ao] (?:em|por)|è stat[ao] (?:pubblicat|scritt)[ao] (?:il|da|in)|is geplaatst op)(?!\p{L})/iu;

const LAST_CHANGE =
  /\b(?:last (?:edited|modified|updated|changed|revised)|zuletzt (?:geändert|bearbeitet|aktualisiert|am)|letzte (?:änderung|aktualisierung)|dernière (?:modification|mise à jour)|última (?:edición|modificación|actualización|atualização|alteração|modificação)|ultim[ao] (?:modifica|aggiornamento)|laatst (?:bewerkt|gewijzigd|bijgewerkt)|senast (?:ändrad|uppdaterad)|последн\p{L}+ (?:изменение|обновление)|最終更新|最后(?:更新|修改)|最後更新)/iu;

/** The date in a note beside the story, for pages without another date: "This entry was posted on …". */
export function postedOn(lines: readonly string[]): string | undefined {
  return dayAfter(POSTED, lines);
}

/** The date of the last change that wikis show, for pages without another date. */
export function lastChange(lines: readonly string[]): string | undefined {
  return dayAfter(LAST_CHANGE, lines);
}

function dayAfter(words: RegExp, lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const at = line.length < LONGEST_LINE ? line.search(words) : -1;
    if (at < 0) continue;
    const after = line.slice(at, at + 100);
    const found = findDate(after) ?? findDate(after.replace(/^.*?(?=\d)/s, ""));
    if (found) return found.iso;
  }
  return undefined;
}

const LONGEST_LINE = 200;

// 3/4/2024 is ambiguous in English, except in countries that write the day first. In other languages it is the third of
// April.
function dayFirst(line: string, language: string | undefined): string {
  const isAmbiguous = language === undefined || /^en(?:$|-US|-CA|-PH)/.test(language);
  return isAmbiguous ? line : line.replace(/\b(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b/g, "$1.$2.$3");
}

/** The date in an address such as /2019/10/24/the-story. */
export function dateInAddress(address: string): string | undefined {
  const day = /\/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?:\/|$|-|_)/.exec(address);
  return day ? parseDate(`${day[1]}-${day[2]}-${day[3]}`) : undefined;
}

function isoDate(value = ""): string | undefined {
  const compact = /^(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?$/.exec(value);
  return parseDate(compact ? `${compact[1]}-${compact[2]}-${compact[3]}` : value);
}
