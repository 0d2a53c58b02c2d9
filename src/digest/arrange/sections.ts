import type { Article } from "../../article/article.ts";
import type { Entry, Section } from "../digest.ts";
import { folded, hostOf, isWithin, sourceName } from "../stories/source-name.ts";

/** A section of the editor's own: what bears one of the tags, or is from one of the sources. */
interface SectionRule {
  readonly heading: string;
  readonly tags?: readonly string[] | undefined;
  /** Names of papers, or hosts. */
  readonly sources?: readonly string[] | undefined;
  /** What its stories weigh, such as "line" for a section of notes. */
  readonly weight?: Entry["weight"];
}

/** How the stories after the lead are grouped. "auto" groups long issues by tag or source where that says something. */
export type Grouping = "auto" | "none" | "tag" | "source" | readonly SectionRule[];

/** One story of a kind is no section: it would be a heading over a headline. */
const LEAST_STORIES = 2;

/** From so many stories on an issue is easier to find one's way in with headings. */
const LEAST_FOR_HEADINGS = 13;
/** Headings that most stories stand under say something; else the pages' tags are just keywords. */
const LEAST_SHARE = 2 / 3;

/**
 * The sections of an issue: its front, without a heading, holds the lead and, in a long issue that has sections,
 * the pair too. With "none", all that follows is one section without a heading.
 */
export function sectionsWithFront(
  entries: readonly Entry[],
  grouping: Grouping = "auto",
): Section[] {
  const [lead, ...others] = entries;
  const isLong = entries.length >= LEAST_FOR_HEADINGS;
  const kind = grouping === "auto" ? (isLong ? tellingGrouping(others) : "none") : grouping;
  const pair = isLong && kind !== "none" ? forThePair(others, kind) : [];
  const left = others.filter((entry) => !pair.includes(entry));
  const front = [...(lead ? [lead] : []), ...pair];
  return [{ heading: "", entries: front }, ...sectionsOf(left, kind)];
}

/** The next two, but for those of a section that an editor has given a weight of its own. */
function forThePair(entries: readonly Entry[], grouping: Grouping): Entry[] {
  const rules = typeof grouping === "string" ? [] : grouping;
  const isWeighted = ({ article, weight }: Entry) =>
    (weight ?? rules.find((rule) => belongs(article, rule))?.weight) !== undefined;
  return entries.filter((entry) => !isWeighted(entry)).slice(0, 2);
}

/** By tag or else by source, where that puts most stories under several headings. */
function tellingGrouping(entries: readonly Entry[]): Grouping {
  const isTelling = (grouping: Grouping) => {
    const named = sectionsOf(entries, grouping).filter(({ heading }) => heading !== "");
    const grouped = named.reduce((sum, section) => sum + section.entries.length, 0);
    return named.length > 1 && grouped >= entries.length * LEAST_SHARE;
  };
  return (["tag", "source"] as const).find(isTelling) ?? "none";
}

/**
 * The sections of some entries, each entry in exactly one and in the order given. What no section takes
 * comes last, without a heading of its own.
 */
export function sectionsOf(entries: readonly Entry[], grouping: Grouping = "none"): Section[] {
  const headings = headingsFor(entries, grouping);
  const weights = weightsByHeading(grouping);
  const groups = new Map<string, Entry[]>();
  for (const [at, given] of entries.entries()) {
    const heading = headings[at] ?? "";
    const weight = given.weight ?? weights.get(heading);
    const entry = weight === undefined ? given : { ...given, weight };
    const group = groups.get(heading);
    if (group) group.push(entry);
    else groups.set(heading, [entry]);
  }
  const named = [...groups].filter(([heading]) => heading !== "");
  const rest = groups.get("") ?? [];
  const sections = named.map(([heading, group]) => ({ heading, entries: group }));
  const sorted = typeof grouping === "string" ? sections : byRule(sections, grouping);
  return [...sorted, ...(rest.length > 0 ? [{ heading: "", entries: rest }] : [])];
}

function weightsByHeading(grouping: Grouping): ReadonlyMap<string, Entry["weight"]> {
  const rules = typeof grouping === "string" ? [] : grouping;
  return new Map(rules.map(({ heading, weight }) => [heading, weight]));
}

/** The sections of the editor's own that no article belongs to. */
export function emptySections(articles: readonly Article[], grouping: Grouping = "none"): string[] {
  if (typeof grouping === "string") return [];
  return grouping
    .filter((rule) => !articles.some((article) => belongs(article, rule)))
    .map(({ heading }) => heading);
}

/** A tag as it is compared: "#Deep-Sea" and "deep sea" are one. */
export function foldedTag(tag: string): string {
  return folded(tag.replace(/^[\s#]+/, "").replace(/[\s_-]+/g, " "));
}

function headingsFor(entries: readonly Entry[], grouping: Grouping): string[] {
  if (grouping === "none" || grouping === "auto") return entries.map(() => "");
  if (grouping === "tag") return headingsByName(entries, ({ tags }) => tags).map(tagHeading);
  if (grouping === "source")
    return headingsByName(entries, (article) => [sourceName(article) ?? ""]);
  return entries.map(
    ({ article }) => grouping.find((rule) => belongs(article, rule))?.heading ?? "",
  );
}

/** For each entry the first of its names that is the first name of several, as most of those write it. */
function headingsByName(
  entries: readonly Entry[],
  namesOf: (article: Entry["article"]) => readonly string[],
): string[] {
  const spellings = new Map<string, string[]>();
  for (const { article } of entries) {
    const first = namesOf(article).find((name) => foldedTag(name) !== "");
    if (first === undefined) continue;
    const written = spellings.get(foldedTag(first));
    if (written) written.push(first);
    else spellings.set(foldedTag(first), [first]);
  }
  const headings = new Map(
    [...spellings]
      .filter(([, written]) => written.length >= LEAST_STORIES)
      .map(([name, written]) => [name, commonest(written)]),
  );
  return entries.map(
    ({ article }) =>
      namesOf(article)
        .map((name) => headings.get(foldedTag(name)))
        .find((heading) => heading !== undefined) ?? "",
  );
}

/** The commonest spelling, the first of equals. */
function commonest(spellings: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const spelling of spellings) counts.set(spelling, (counts.get(spelling) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most?.[0].trim() ?? "";
}

/** A tag as a heading: with a capital, without the sign that it had elsewhere. */
function tagHeading(tag: string): string {
  return tag.replace(/^[\s#]+/, "").replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}

function belongs(article: Pick<Article, "tags" | "site" | "url">, rule: SectionRule): boolean {
  const { tags = [], sources = [] } = rule;
  const own = new Set(article.tags.map(foldedTag));
  return (
    tags.some((tag) => own.has(foldedTag(tag))) || sources.some((source) => isFrom(article, source))
  );
}

function isFrom({ site, url }: Pick<Article, "site" | "url">, source: string): boolean {
  const host = hostOf(url);
  const name = folded(source)
    .replace(/^(?:https?:\/\/)?(?:www\.)?/, "")
    .replace(/\/$/, "");
  if (site !== undefined && folded(site) === folded(source)) return true;
  return host !== undefined && (host === name || isWithin(host, name));
}

function byRule(sections: readonly Section[], rules: readonly SectionRule[]): Section[] {
  const headings = [...new Set(rules.map(({ heading }) => heading))];
  return headings.flatMap((heading) => sections.filter((section) => section.heading === heading));
}
