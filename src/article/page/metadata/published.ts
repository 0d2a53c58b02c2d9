import { parseDate, findDate } from "../../dates.ts";
import { labelOf } from "../element-labels.ts";
import type { PageElement } from "../page-dom.ts";
import { type Thing, plainValue } from "./structured-data.ts";
import { isElsewhere, valueOf, type Survey } from "./survey.ts";
import { isByHeadline, nearestFirst, type NearbyText } from "./authors.ts";

const METAS = `article:published_time article:published og:article:published_time og:published_time
   datepublished parsely-pub-date sailthru.date pubdate publishdate publish-date publish_date
   publication_date published_time citation_publication_date citation_date dc.date.issued
   dcterms.created dcterms.date mediator_published_time article.published`.split(/\s+/);

// Some systems write the date of the last change or of the request into these.
const LESS_SURE = ["dc.date", "date"];

/** Returns the date of publication (ISO 8601) that a page declares in JSON-LD, meta, microdata or the `time` by its headline. */
export function declaredDate(
  survey: Survey,
  story: Thing | undefined,
  headline: PageElement | undefined,
): string | undefined {
  const times = nearestFirst(survey.times.filter(isPublication), survey, headline);
  const values = [
    plainValue(story?.["datePublished"]),
    ...METAS.flatMap((name) => survey.metas.get(name) ?? []),
    ...elementValues(survey.properties.get("datepublished") ?? []),
    ...times
      .filter((time) => isByHeadline(time, survey, headline) || !isElsewhere(time))
      .slice(0, 3)
      .map(valueOf),
    ...LESS_SURE.flatMap((name) => survey.metas.get(name) ?? []),
  ];
  return values
    .map((value) => (value === undefined ? undefined : isoDate(value)))
    .find((date) => date !== undefined);
}

function elementValues(elements: readonly PageElement[]): (string | undefined)[] {
  return elements.filter((element) => !isElsewhere(element)).map((element) => valueOf(element));
}

const UPDATE = / (?:updated|modified|update|date modified|aktualisiert) /;
const PUBLICATION = / (?:published|publish|date published|pubdate|entry date|post date|posted) /;

// If a post has both, WordPress themes hide the older date.
function isPublication(time: PageElement): boolean {
  const label = labelOf(time);
  return PUBLICATION.test(label) || !UPDATE.test(label);
}

/** Returns the date that the page shows near its headline. */
export function shownDate(
  texts: readonly NearbyText[],
  language: string | undefined,
): string | undefined {
  for (const { text, label } of texts) {
    if (UPDATE.test(label)) continue;
    for (const line of text.split("\n")) {
      const found = findDate(dayFirst(line, language));
      if (found) return found.iso;
    }
  }
  return undefined;
}

// A note of weblog themes under a post: "This entry was posted on …".
const POSTED =
  /\b(?:(?:was|were) (?:posted|published) (?:on|by)|wurde (?:am|von)(?=.{4,60}\b(?:gepostet|veröffentlicht|erstellt|geschrieben|publiziert|abgelegt))|a été (?:publié|posté)e? (?:le|par)|fue publicad[ao] (?:el|por)|foi (?:publicad|postad)[ao] (?:em|por)|è stat[ao] (?:pubblicat|scritt)[ao] (?:il|da|in)|is geplaatst op)(?!\p{L})/iu;

const LAST_CHANGE =
  /\b(?:last (?:edited|modified|updated|changed|revised)|zuletzt (?:geändert|bearbeitet|aktualisiert|am)|letzte (?:änderung|aktualisierung)|dernière (?:modification|mise à jour)|última (?:edición|modificación|actualización|atualização|alteração|modificação)|ultim[ao] (?:modifica|aggiornamento)|laatst (?:bewerkt|gewijzigd|bijgewerkt)|senast (?:ändrad|uppdaterad)|последн\p{L}+ (?:изменение|обновление)|最終更新|最后(?:更新|修改)|最後更新)/iu;

/** Returns the date on which the page was posted, as a note beside its story says, for pages without another date. */
export function postedOn(lines: readonly string[]): string | undefined {
  return dayAfter(POSTED, lines);
}

/** Returns the date of the last change, as wikis show it, for pages without another date. */
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

// In English, 3/4/2024 is ambiguous. In all other languages it is the third of April.
function dayFirst(line: string, language: string | undefined): string {
  const isAmbiguous = language === undefined || /^en(?:$|-US|-CA|-PH)/.test(language);
  return isAmbiguous ? line : line.replace(/\b(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b/g, "$1.$2.$3");
}

/** Returns the date in an address such as /2019/10/24/the-story, under which a site filed the story. */
export function dateInAddress(address: string): string | undefined {
  const day = /\/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?:\/|$|-|_)/.exec(address);
  return day ? parseDate(`${day[1]}-${day[2]}-${day[3]}`) : undefined;
}

function isoDate(value: string): string | undefined {
  const compact = /^(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?$/.exec(value);
  return parseDate(compact ? `${compact[1]}-${compact[2]}-${compact[3]}` : value);
}
