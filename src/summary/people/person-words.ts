import { perLanguage, words } from "../language/lexicon.ts";
import written from "./person-words.json" with { type: "json" };

/** Words that tell people from everything else with a capital. Lower case. */
export interface PersonWords {
  /** Whether a word is a noun for one person by what they do: "harbourmaster". */
  readonly isPerson: (word: string) => boolean;
  /** What somebody is to somebody else, or before the law: a person, but not a role to print. */
  readonly kin: ReadonlySet<string>;
  /** Words before a name that are no part of it. */
  readonly titles: ReadonlySet<string>;
  /** What a minister is minister of. */
  readonly portfolios: ReadonlySet<string>;
  /** Words before a role: the, a. */
  readonly articles: ReadonlySet<string>;
  /** "who is a" */
  readonly who: RegExp;
  /** Whether the noun comes before what describes it: "directeur général". */
  readonly isHeadFirst: boolean;
  /** Verbs of what somebody does all year: "who runs the bakery". */
  readonly doing: RegExp;
  /** Verbs that would be taken for a part of a role before a name: "met mayor Ada Pell". */
  readonly verbs: ReadonlySet<string>;
}

/** As they are written down. `endings`: of nouns for persons, where the language joins words, "-leiter". */
type PersonVocabulary = Readonly<
  Partial<Record<Exclude<keyof PersonWords, "isHeadFirst"> | "persons" | "endings", string>>
> & { readonly isHeadFirst?: boolean };

const VOCABULARIES = new Map<string, PersonVocabulary>(Object.entries(written));

/** The words for people in a language (BCP 47), undefined where we know none. */
export const personWordsOf = perLanguage((primary) => {
  const vocabulary = VOCABULARIES.get(primary);
  return vocabulary && compile(vocabulary);
});

function compile(vocabulary: PersonVocabulary): PersonWords {
  const persons = words(vocabulary.persons);
  const endings = [...words(vocabulary.endings)].join("|");
  const joined = endings === "" ? undefined : new RegExp(`.(?:${endings})$`, "u");
  return {
    isPerson: (word) =>
      persons.has(word) || persons.has(word.replace(/^.*-/, "")) || joined?.test(word) === true,
    kin: words(vocabulary.kin),
    titles: words(vocabulary.titles),
    portfolios: words(vocabulary.portfolios),
    articles: words(vocabulary.articles),
    who: new RegExp(`^(?:${vocabulary.who ?? "(?!)"})\\s`, "u"),
    isHeadFirst: vocabulary.isHeadFirst === true,
    doing: new RegExp(String.raw`^who\s(?<doing>(?:${vocabulary.doing ?? "(?!)"})\s.+)$`, "u"),
    verbs: words(vocabulary.verbs),
  };
}
