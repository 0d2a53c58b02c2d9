import type { Lexicon } from "../../language/lexicon.ts";
import type { PersonWords } from "./person-words.ts";

/** What a phrase beside a name says of it: that it is a person, and what to print as the role. */
export interface Role {
  readonly role?: string;
}

export interface RoleContext {
  readonly words: PersonWords;
  readonly lexicon: Lexicon;
}

export const LONGEST_ROLE = 80;
const LONGEST_NOUN = 7;

/** Words before a noun that say whose it is. */
export const OWN =
  /^(?:his|her|its|their|our|my|your|sa|ses|su|sus|seine?[nmrs]?|ihre?[nmrs]?|suo|sua|seu|zijn|haar|ihr)$/iu;
const SUSPICION =
  /^(?:alleged|suspected|accused|convicted|self-proclaimed|fellow|other|another|same|separate|next|only|one)$/i;
const OF = /^(?:of|des?|der|du|della?|dello|do|da|van|von)$/;
const RELATIVE = /^(?:who|whose|which|that|called|named|when|where|qui|que)$/;
const NEXT_PART = /^(?:and|during|und|et|y)$/;

/** The role in a noun phrase whose head is one person; undefined where it is something else. */
export function roleOf(said: string, context: RoleContext): Role | undefined {
  const { words, lexicon } = context;
  const all = said.trim().split(/\s+/);
  const first = all[0] ?? "";
  const isOwn = OWN.test(first);
  const from = isOwn || words.articles.has(first.toLowerCase()) ? 1 : 0;
  const headEnd = headEndOf(all, from, lexicon);
  const nouns = all.slice(from, headEnd);
  if (!isPersonPhrase(nouns, context)) return undefined;
  const rest = all.slice(headEnd);
  if (!rest.some((word) => isFinite(word, context)))
    return printedRole(nouns, rest, isOwn, context);
  // With a verb it is a clause, unless that is a relative one.
  return rest.some((word) => RELATIVE.test(word))
    ? printedRole(nouns, [], isOwn, context)
    : undefined;
}

/** Where the noun before "of", "at" or "who" ends. */
function headEndOf(
  all: readonly string[],
  from: number,
  { stopWords, prepositions }: Lexicon,
): number {
  const at = all.findIndex(
    (word, index) =>
      index > from &&
      /^\p{Ll}/u.test(word) &&
      (stopWords.has(word) || prepositions.has(word) || OF.test(word)),
  );
  return at === -1 ? all.length : at;
}

/** The head is the last noun in English, German and Dutch, and often the first in the others. */
function isPersonPhrase(nouns: readonly string[], context: RoleContext): boolean {
  const { words } = context;
  if (nouns.length > LONGEST_NOUN || nouns.some((word) => isVerb(word, context))) return false;
  const isOne = (word = "") =>
    words.isPerson(word.toLowerCase()) || words.kin.has(word.toLowerCase());
  return isOne(nouns.at(-1)) || (words.isHeadFirst && isOne(nouns[0]));
}

/** Whether a word is a verb that a role has none of. */
export function isVerb(word: string, { words, lexicon }: RoleContext): boolean {
  return words.verbs.has(word) || lexicon.saying.has(word);
}

function isFinite(word: string, { lexicon }: RoleContext): boolean {
  return lexicon.saying.has(word) || /^(?:was|were|has|had|is|are|told|met)$/.test(word);
}

/**
 * A role as it is shown. Empty, which still says that this is a person, where the words depend on somebody
 * else ("his counterpart") or accuse.
 */
export function printedRole(
  nouns: readonly string[],
  rest: readonly string[],
  isOwn: boolean,
  { words }: RoleContext,
): Role {
  const head = (nouns.at(-1) ?? "").toLowerCase();
  if (head === "" || isOwn || words.kin.has(head)) return {};
  if (nouns.some((word) => SUSPICION.test(word))) return {};
  // "spokeswoman for his church": whose church, the role alone does not say.
  const complement = rest.some((word) => OWN.test(word)) ? [] : rest;
  const role = shortened(nouns.join(" ").replace(/^l['’]/, ""), complement);
  return role.length <= LONGEST_ROLE ? { role } : {};
}

/** As much of what follows the head as fits, cut only where a part of it ends. */
function shortened(head: string, rest: readonly string[]): string {
  let whole = head;
  let kept = head;
  for (const word of rest) {
    if (RELATIVE.test(word)) return whole;
    if (NEXT_PART.test(word)) kept = whole;
    whole += ` ${word}`;
    if (whole.length > LONGEST_ROLE) return kept;
  }
  return whole;
}
