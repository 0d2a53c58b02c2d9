import type { Document } from "../../document.ts";
import { lexiconOf, primarySubtag } from "../../language/lexicon.ts";
import { isKnownPlace } from "../../language/names/known-places.ts";
import { mostNamed } from "./most-named.ts";
import { runsIn, type Run } from "../../language/names/capitalised-runs.ts";

const ORGANISATIONS = 6;

/** Last words of the names of organisations. */
const LAST = new Set(
  `academy administration agency airlines airways alliance archive army assembly association associates authority
  bank board bureau cabinet center centre club coalition college commission committee company confederation congress
  consortium constabulary cooperative corporation corp council court department federation forces foundation fund
  gallery government group hospital inc institute institution laboratory league library limited ltd ministry museum
  navy observatory office orchestra organisation organization parliament party police project registry school senate
  service services society station studios team tribunal trust union university`.split(/\s+/),
);
/** First words that are followed by "of". */
const FIRST = new Set(
  `academy association bank board bureau church commission commissioners committee council court department institute
  league ministry museum office organization parliament society university`.split(/\s+/),
);
const GOES_ON = /^ (?:(?:of|for|on) |(?:and|&) \p{Lu})/u;
const NOT_BODIES = /^Oval Office$|\b(?:Christmas|Birthday|Garden) Party$/;
const ACRONYMS = new Set(
  "FBI CIA NSA NATO NASA WHO IMF OPEC UNESCO UNICEF UNHCR ISIS ISIL BBC NBA NFL FIFA UEFA IAEA MIT".split(
    " ",
  ),
);

/**
 * The organisations of an English article, the most named first: names that end in a word such as
 * "Council" or begin with one such as "Ministry of". None in other languages.
 */
export function organisationsOf(
  { candidates }: Document,
  language: string,
  lowered: ReadonlySet<string>,
): readonly string[] {
  if (primarySubtag(language) !== "en") return [];
  const context = { lexicon: lexiconOf(language), lowered };
  const named = new Map<string, number>();
  for (const { text, refusal } of candidates) {
    if (refusal === "furniture" || refusal === "caption" || refusal === "too-long") continue;
    const runs = runsIn(text, context);
    for (const [at, run] of runs.entries()) {
      const name = nameOf(run, runs[at + 1], text);
      if (name !== undefined) named.set(name, (named.get(name) ?? 0) + 1);
    }
  }
  return mostNamed(named, ORGANISATIONS);
}

function nameOf(run: Run, next: Run | undefined, text: string): string | undefined {
  const { words, start, end } = run;
  const last = (words.at(-1) ?? "").toLowerCase().replace(/\.$/, "");
  const between = next ? text.slice(end, next.start) : "";
  // "the National" and "Forces" are what is left of longer names.
  if (words.length === 1 && ACRONYMS.has(last.toUpperCase()) && last.toUpperCase() === words[0])
    return words[0];
  const name = words.join(" ");
  if (isKnownPlace(name) || NOT_BODIES.test(name)) return undefined;
  // "Drug Administration" was preceded by "Food and".
  if (/\p{Lu}\p{L}+ (?:and|&) $/u.test(text.slice(0, start))) return undefined;
  if (next && FIRST.has(last) && /^ (?:of|for)(?: the)? $/.test(between)) {
    return next.words.length <= 4 && !GOES_ON.test(text.slice(next.end))
      ? text.slice(start, next.end)
      : undefined;
  }
  if (words.length < 2 || words.length > 6 || !LAST.has(last)) return undefined;
  // "Committee of …" and "Trust and County" go on.
  return GOES_ON.test(text.slice(end)) ? undefined : name;
}
