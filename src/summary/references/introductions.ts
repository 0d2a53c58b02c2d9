import { definiteSubject, type DefiniteSubject } from "./definite-subject.ts";
import { knownThings } from "./known-things.ts";
import type { Lexicon } from "../language/lexicon.ts";
import { stemOf } from "../language/terms.ts";
import { additiveSubject } from "./references.ts";
import { namesTold } from "./short-names.ts";

export interface TakenForKnown {
  /** Terms that were told before. */
  readonly recalls: readonly string[];
  /** Whether only the sentence before can have told what it is about. */
  readonly pointsBack: boolean;
}

/**
 * Asked of each sentence of an article in turn, says which terms it takes for known: "the studio" and "Pell",
 * since sentences before told of a studio and of Ada Pell; "Pell also"; and "the plan" where a plan is what
 * they told. Whoever has not read those asks which, and who. What the title has is known to every reader.
 */
export function introductions(titleTerms: ReadonlySet<string>, lexicon: Lexicon) {
  const labels = new Set([...lexicon.labels].map(stemOf));
  const told = new Set<string>();
  const names = new Set<string>();
  return function takenForKnown(sentence: string, terms: ReadonlySet<string>): TakenForKnown {
    const isFirst = told.size === 0;
    const subject = definiteSubject(sentence, lexicon);
    const known = knownThings(sentence, lexicon);
    const { full, short } = namesTold(sentence, lexicon);
    const added = additiveSubject(sentence, lexicon);
    const taken = new Set([
      ...known.filter((thing) => told.has(thing) && !lexicon.wellKnown.has(thing)),
      ...short.filter((name) => names.has(name)).map((name) => stemOf(name.toLowerCase())),
    ]);
    if (subject && told.has(subject.term)) taken.add(subject.term);
    const pointsBack =
      !isFirst &&
      ((subject !== undefined && isAnaphor(subject)) ||
        known.some((thing) => labels.has(thing) && !told.has(thing) && !titleTerms.has(thing)));
    if (added !== undefined && !isFirst) taken.add(added);
    for (const name of full) names.add(name);
    for (const term of terms) told.add(term);
    return { recalls: [...taken].filter((term) => !titleTerms.has(term)), pointsBack };
  };

  /** "The plan" stands for what was said in other words; "the largest boat" and "the sun" do not. */
  function isAnaphor({ term, isRanked }: DefiniteSubject): boolean {
    return !isRanked && !told.has(term) && !titleTerms.has(term) && !lexicon.wellKnown.has(term);
  }
}
