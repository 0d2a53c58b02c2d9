import { primarySubtag } from "../../language/lexicon.ts";

const LETTERS = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
const SPACELESS = /^(?:zh|ja|th|lo|km|my)$/;
const cache = new Map<string, readonly string[]>();

/** The countries that a sentence names, as CLDR calls them in its language; short names left out, which are words too. */
export function regionsIn(sentence: string, language: string): readonly string[] {
  return namesIn(language).filter((name) => sentence.includes(name));
}

function namesIn(language: string): readonly string[] {
  const primary = primarySubtag(language);
  const known = cache.get(primary) ?? listed(primary);
  cache.set(primary, known);
  return known;
}

function listed(primary: string): readonly string[] {
  if (!/^[a-z]{2,3}$/.test(primary)) return [];
  const names = new Intl.DisplayNames(primary, { type: "region", fallback: "none" });
  const shortest = SPACELESS.test(primary) ? 2 : primary === "de" ? 4 : 5;
  const all = LETTERS.flatMap((first) => LETTERS.map((second) => names.of(first + second)));
  return all.filter((name) => name !== undefined && name.length >= shortest).map(String);
}
