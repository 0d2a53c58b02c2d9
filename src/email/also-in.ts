import type { AlsoIn, Entry } from "../digest/digest.ts";
import { sourceName } from "../article/identity.ts";
import { numberIn, regional, type Labels } from "./labels.ts";

/** The other papers that have a story, in one line. */
export interface AlsoInView {
  readonly papers: readonly {
    readonly name: string;
    readonly url: string | null;
    /** What stands between it and the one before: ", " or " and ". */
    readonly before: string;
  }[];
  /** "and 3 more", where there are more than a line has room for. */
  readonly more: string | null;
}

/** That ten papers have a story is worth saying; the names of all ten are not. */
const MOST_PAPERS = 4;

/** The papers that an entry was merged from, each once, its own not among them; null where none is left. */
export function alsoInView(
  { article, alsoIn = [] }: Entry,
  language: string,
  labels: Labels,
): AlsoInView | null {
  const papers = papersOf(alsoIn, sourceName(article));
  const shown = papers.slice(0, MOST_PAPERS);
  const left = papers.length - shown.length;
  if (shown.length === 0) return null;
  const separators = separatorsFor(language, shown.length + Math.min(left, 1));
  return {
    papers: shown.map(({ name, url }, index) => joined(separators[index] ?? "", name, url)),
    more: left > 0 ? labels.andMore(numberIn(language, left)) : null,
  };
}

/** What is written with a word belongs to it: the "and" of Arabic never stands at the end of a line. */
function joined(separator: string, name: string, url: string | null) {
  const [, before = "", prefix = ""] = /^(.*?)(\p{L}*)$/u.exec(separator) ?? [];
  return { name: `${prefix}${name}`, url, before };
}

function papersOf(alsoIn: readonly AlsoIn[], own: string | undefined) {
  const papers = new Map<string, { readonly name: string; readonly url: string | null }>();
  for (const { site, url } of alsoIn) {
    const name = sourceName({ ...(site && { site }), ...(url && { url }) });
    if (name === undefined || name === own || papers.has(name)) continue;
    papers.set(name, { name, url: url ?? null });
  }
  return [...papers.values()];
}

/** What a language puts before each of so many things in a list; nothing before the first. */
function separatorsFor(language: string, count: number): string[] {
  const names = Array.from({ length: count }, () => "x");
  const parts = new Intl.ListFormat(regional(language), { type: "conjunction" }).formatToParts(
    names,
  );
  const separators: string[] = [];
  let before = "";
  for (const { type, value } of parts) {
    if (type === "literal") before += value;
    else {
      separators.push(before);
      before = "";
    }
  }
  return separators;
}
