import { perLanguage, words } from "../language/lexicon.ts";
import written from "./person-words.json" with { type: "json" };

/** Words that tell people from everything else with a capital. Lower case. */
interface PersonVocabulary {
  /** Nouns for one person by what they do: "harbourmaster". */
  readonly persons: string;
  /** Ends of such nouns, where the language joins words: "-leiter". */
  readonly endings?: string;
  /** What somebody is to somebody else, or before the law: a person, but not a role to print. */
  readonly kin: string;
  /** Words before a name that are no part of it. */
  readonly titles?: string;
  /** What a minister is minister of. */
  readonly portfolios?: string;
  /** Words before a role: the, a. */
  readonly articles: string;
  /** Whether the noun comes before what describes it: "directeur général". */
  readonly isHeadFirst?: boolean;
  /** "who is a" */
  readonly who?: string;
  /** Verbs of what somebody does all year: "who runs the bakery". */
  readonly doing?: string;
  /** Verbs that would be taken for a part of a role before a name: "met mayor Ada Pell". */
  readonly verbs?: string;
}

export interface PersonWords {
  readonly isPerson: (word: string) => boolean;
  readonly kin: ReadonlySet<string>;
  readonly titles: ReadonlySet<string>;
  readonly portfolios: ReadonlySet<string>;
  readonly articles: ReadonlySet<string>;
  readonly who: RegExp;
  /** Whether the noun comes before what describes it. */
  readonly isHeadFirst: boolean;
  readonly doing: RegExp;
  readonly verbs: ReadonlySet<string>;
}

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
