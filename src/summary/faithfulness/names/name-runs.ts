import { nameKey } from "./name-key.ts";

/** Words with a capital that stand together, as one name or several. */
export interface NameRun {
  readonly text: string;
  readonly start: number;
  readonly words: readonly { readonly text: string; readonly key: string }[];
  /** Whether it begins the sentence, so that its first capital says nothing. */
  readonly isFirst: boolean;
}

const PARTICLE =
  "(?:of the|of|de la|de los|de|da|di|du|del|della|dos|des|van der|van den|van|von|der|den|al|bin|ibn|la|le|el)";
const WORD = String.raw`(?:(?:\p{Lu}\.){2,}|\p{Lu}\.(?= \p{Lu})|(?:\p{L}{1,5}')?\p{Lu}[\p{L}\p{M}\p{N}]*(?:'(?!s\b)\p{L}[\p{L}\p{M}]*)*)`;
const RUN = new RegExp(
  String.raw`(?<![\p{L}\p{M}\p{N}]|[\p{L}\p{N}]['-])${WORD}(?:(?: |-| ${PARTICLE} )${WORD}|-\p{Ll}[\p{L}\p{M}]{1,4}(?![\p{L}\p{M}]))*`,
  "gu",
);

/** French and Italian articles: "L'avocat" is a lawyer whatever his capital. */
const ELISION = /^(?:[cdjlmnst]|qu|dell|nell|all|sull|un)'(?=\p{L}{2})/iu;

/** The runs of words with a capital in a sentence (see `plainText`). */
export function nameRunsIn(sentence: string): readonly NameRun[] {
  return [...sentence.matchAll(RUN)].map(({ 0: text, index }) => ({
    text,
    start: index,
    words: text
      .split(/[ -]/)
      .map((word) => word.replace(ELISION, ""))
      .filter((word) => /^\P{Ll}/u.test(word))
      .map((word) => ({ text: word, key: nameKey(word) })),
    isFirst: /(?:^|[.!?:]\s)[^\p{L}\p{N}]*$/u.test(sentence.slice(0, index)),
  }));
}
