import { isPronoun, type Lexicon, perLanguage, words as listed } from "../language/lexicon.ts";
import written from "./person-words.json" with { type: "json" };

/** The words that identify people among capitalised names, in lower case. */
export interface PersonWords {
  /** Whether a word is a noun for a person with an occupation: "harbourmaster". */
  readonly isPerson: (word: string) => boolean;
  /** Nouns for other things with names: dog, company, character. */
  readonly others: ReadonlySet<string>;
  /** Nouns for a relation or a legal status, which identify a person but are not printed as a role. */
  readonly kin: ReadonlySet<string>;
  /** Words before a name that are not part of it. */
  readonly titles: ReadonlySet<string>;
  /** Fields of a minister. */
  readonly portfolios: ReadonlySet<string>;
  /** Words before a role: the, a. */
  readonly articles: ReadonlySet<string>;
  /** The words before a role in a clause: "who is a". */
  readonly who: RegExp;
  /** Whether the noun comes before its modifiers: "directeur général". */
  readonly isHeadFirst: boolean;
  /** Verbs for a permanent occupation: "who runs the bakery". */
  readonly doing: RegExp;
  /** Verbs that could be mistaken for part of a role: "met mayor Ada Pell". */
  readonly verbs: ReadonlySet<string>;
}

/** The word lists of person-words.json. `endings` are those of nouns for people in languages with compounds: "-leiter". */
type PersonVocabulary = Readonly<
  Partial<Record<Exclude<keyof PersonWords, "isHeadFirst"> | "persons" | "endings", string>>
> & { readonly isHeadFirst?: boolean };

const VOCABULARIES = new Map<string, PersonVocabulary>(Object.entries(written));

/** Returns the word lists for people of a language (BCP 47). Undefined if there are none. */
export const personWordsOf = perLanguage((primary) => {
  const vocabulary = VOCABULARIES.get(primary);
  return vocabulary && compile(vocabulary);
});

function compile(vocabulary: PersonVocabulary): PersonWords {
  const persons = listed(vocabulary.persons);
  const endings = [...listed(vocabulary.endings)].join("|");
  const joined = endings === "" ? undefined : new RegExp(`.(?:${endings})$`, "u");
  return {
    isPerson: (word) =>
      persons.has(word) || persons.has(word.replace(/^.*-/, "")) || joined?.test(word) === true,
    others: listed(vocabulary.others),
    kin: listed(vocabulary.kin),
    titles: listed(vocabulary.titles),
    portfolios: listed(vocabulary.portfolios),
    articles: listed(vocabulary.articles),
    who: new RegExp(`^(?:${vocabulary.who ?? "(?!)"})\\s`, "u"),
    isHeadFirst: vocabulary.isHeadFirst === true,
    doing: new RegExp(String.raw`^who\s(?<doing>(?:${vocabulary.doing ?? "(?!)"})\s.+)$`, "u"),
    verbs: listed(vocabulary.verbs),
  };
}

/** The distance from a name at which roles are searched. Without a limit, the patterns are slow. */
const NEARBY_CHARACTERS = 160;

const AFTER =
  /^,\s(?:(?:aged\s)?\d{1,3},\s)?(?<phrase>[^,.;:—–"“”„«»()?!]{3,120})(?=[,.;]|\s[–—]|$)/u;
const CLAUSE = /^,?\s(?:\d{1,3},\s)?(?<clause>[^,.;:—–"“”„«»()]{6,140})/u;
const BEFORE =
  /(?:^|[,;:(]\s|\s)(?<phrase>(?:\p{L}[\p{L}\p{M}'’.-]*\s){1,13}\p{L}[\p{L}\p{M}'’-]*),\s$/u;
/** A list of people continues: "the mayor, Ada Pell and Tomas Reil" may be three. */
const GOES_ON = /^(?:,?\s(?:and|und|et|y|e|en|&)\s|,\s)\p{Lu}/u;

/** Returns the role after a name: ", a retired physics teacher,". */
export function roleAfter(after: string, context: RoleContext): Role | undefined {
  const phrase = AFTER.exec(after.slice(0, NEARBY_CHARACTERS))?.groups?.["phrase"];
  if (phrase === undefined) return undefined;
  // In "at St. Petra's" the full stop does not end the phrase.
  const isCut = /\s\p{Lu}\p{L}{0,2}$/u.test(phrase) && after[phrase.length + 2] === ".";
  return roleOf(isCut ? phrase.replace(/\s(?:at|of|in|for|with)\s.*$/, "") : phrase, context);
}

/** Returns the role in a clause after a name: ", who is a Politburo member" or ", who runs the bakery". */
export function roleInClause(after: string, context: RoleContext): Role | undefined {
  const clause = CLAUSE.exec(after.slice(0, NEARBY_CHARACTERS))?.groups?.["clause"];
  if (clause === undefined) return undefined;
  const isOne = context.words.who.exec(clause)?.[0];
  if (isOne !== undefined) return roleOf(clause.slice(isOne.length), context);
  const doing = context.words.doing.exec(clause)?.groups?.["doing"];
  return doing !== undefined && doing.length <= LONGEST_ROLE ? { role: doing } : undefined;
}

function beginsRole(word: string, { words }: RoleContext): boolean {
  return words.articles.has(word.toLowerCase()) || OWN.test(word) || /^\p{Lu}.*['’]s$/u.test(word);
}

/** Returns the role before a name: "the head of state security, ". */
export function roleBefore(before: string, after: string, context: RoleContext): Role | undefined {
  if (GOES_ON.test(after)) return undefined;
  const phrase =
    BEFORE.exec(before.slice(-NEARBY_CHARACTERS))?.groups?.["phrase"]?.split(" ") ?? [];
  let found: Role | undefined;
  // The nearest article before a person begins the role: "talks with the head of …". But "the wife of the mayor" is the
  // wife.
  for (const [at, word] of [...phrase.entries()].toReversed()) {
    if (!beginsRole(word, context)) continue;
    found = roleOf(phrase.slice(at).join(" "), context) ?? found;
    if (found && !/^(?:of|des?|der|di|van)$/.test(phrase[at - 1] ?? "")) return found;
  }
  return found;
}

const LONGEST_WORDS = 7;
/** Words with these endings are verbs and adverbs. */
const OTHER_SHAPE = /^\p{Ll}.*(?:ing|ly|[^r]ed|ies|[^s'’]s)$/u;
/** After these words, the words before the noun may belong to another name. */
const JOINS = /^(?:of|for|and|&|at|in)$/i;

/** Returns the last words of a text, because a pattern for the end of a text is tried at every position. */
function lastWords(text: string, count: number): string {
  const near = text.slice(-NEARBY_CHARACTERS);
  let at = near.length;
  for (let spaces = 0; spaces <= count && at > 0; spaces++) at = near.lastIndexOf(" ", at - 1);
  return at > 0 ? near.slice(at) : near;
}

/** Returns the role directly before a name: "public health spokesman Ada Pell". */
export function roleLeading(before: string, context: RoleContext): Role | undefined {
  const words = /(?:[\p{L}\p{N}][\p{L}\p{M}\p{N}.'’-]*\s){1,8}$/u.exec(lastWords(before, 8));
  const all = words?.[0].trim().split(/\s+/) ?? [];
  const head = (all.at(-1) ?? "").toLowerCase();
  if (!context.words.isPerson(head) && !context.words.kin.has(head)) return undefined;
  const from = startOf(all, context);
  const boundary = all[from - 1] ?? "";
  const isInfinitive =
    BEFORE_INFINITIVE.test(boundary) && /^\p{Ll}\S* \p{Lu}/u.test(all.slice(from).join(" "));
  const nouns = withoutOthers(all.slice(isInfinitive ? from + 1 : from), boundary, before);
  // In "workers' leader" the role begins with a word that looked like a boundary.
  if (nouns.some((word) => /^\p{Ll}.*['’]s?$/u.test(word))) return {};
  return printedRole(nouns, [], isOwn(boundary, context), context);
}

/** The word after one of these is a verb: "to ban Courier blogger Ada Pell". */
const BEFORE_INFINITIVE =
  /^(?:to|(?:will|would|can|could|must|should|did|do|does)(?:n['’]t)?|won['’]t|can['’]?t|not)$/i;

function startOf(all: readonly string[], context: RoleContext): number {
  let from = all.length - 1;
  while (
    from > 0 &&
    all.length - from < LONGEST_WORDS &&
    !isBoundary(all[from - 1] ?? "", context)
  ) {
    from--;
  }
  return from;
}

function isBoundary(word: string, context: RoleContext): boolean {
  const { words, lexicon } = context;
  const lower = word.toLowerCase();
  if (words.articles.has(lower) || isVerb(lower, context) || /\p{N}/u.test(word)) return true;
  if (lexicon.prepositions.has(lower) || lexicon.stopWords.has(lower)) return true;
  return OTHER_SHAPE.test(word);
}

function isOwn(boundary: string, { lexicon }: RoleContext): boolean {
  return isPronoun(boundary.toLowerCase(), lexicon);
}

/** Removes the words of another name: "Institute of Technology police officer" gives "police officer". */
function withoutOthers(
  nouns: readonly string[],
  boundary: string,
  before: string,
): readonly string[] {
  const said = nouns.join(" ");
  const opens = /(?:^|[.!?,;:—–("“]\s*)$/u.test(before.slice(0, before.lastIndexOf(said)));
  if (opens || (boundary !== "" && !JOINS.test(boundary))) return nouns;
  return nouns.slice(nouns.findIndex((word) => /^\p{Ll}/u.test(word)));
}

/** A phrase beside a name that identifies a person, with the role to print, if any. */
export interface Role {
  readonly role?: string;
}

interface RoleContext {
  readonly words: PersonWords;
  readonly lexicon: Lexicon;
}

const LONGEST_ROLE = 80;
const LONGEST_NOUN = 7;

/** Possessives before a noun. */
const OWN =
  /^(?:his|her|its|their|our|my|your|sa|ses|su|sus|seine?[nmrs]?|ihre?[nmrs]?|suo|sua|seu|zijn|haar|ihr)$/iu;
const SUSPICION =
  /^(?:alleged|suspected|accused|convicted|self-proclaimed|fellow|other|another|same|separate|next|only|one)$/i;
const OF = /^(?:of|des?|der|du|della?|dello|do|da|van|von)$/;
const RELATIVE = /^(?:who|whose|which|that|called|named|when|where|qui|que)$/;
const NEXT_PART = /^(?:and|during|und|et|y)$/;

/** Returns the role in a noun phrase about one person. Undefined if it is about something else. */
function roleOf(said: string, context: RoleContext): Role | undefined {
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
  // With a verb it is a clause, except if that is a relative clause.
  return rest.some((word) => RELATIVE.test(word))
    ? printedRole(nouns, [], isOwn, context)
    : undefined;
}

/** Returns the end of the noun phrase before "of", "at" or "who". */
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

/** Whether the head of the phrase is a person: its last noun in English, German and Dutch, often the first in others. */
function isPersonPhrase(nouns: readonly string[], context: RoleContext): boolean {
  const { words } = context;
  if (nouns.length > LONGEST_NOUN || nouns.some((word) => isVerb(word, context))) return false;
  const isOne = (word = "") =>
    words.isPerson(word.toLowerCase()) || words.kin.has(word.toLowerCase());
  return isOne(nouns.at(-1)) || (words.isHeadFirst && isOne(nouns[0]));
}

/** Whether a word is a verb, which a role never contains. */
function isVerb(word: string, { words, lexicon }: RoleContext): boolean {
  return words.verbs.has(word) || lexicon.saying.has(word);
}

function isFinite(word: string, { lexicon }: RoleContext): boolean {
  return lexicon.saying.has(word) || /^(?:was|were|has|had|is|are|told|met)$/.test(word);
}

/** Returns the role to print. Empty if the words accuse or depend on another person ("his counterpart"). */
function printedRole(
  nouns: readonly string[],
  rest: readonly string[],
  isOwn: boolean,
  { words }: RoleContext,
): Role {
  const head = (nouns.at(-1) ?? "").toLowerCase();
  if (head === "" || isOwn || words.kin.has(head)) return {};
  if (nouns.some((word) => SUSPICION.test(word))) return {};
  // In "spokeswoman for his church", the role alone does not state which church.
  const complement = rest.some((word) => OWN.test(word)) ? [] : rest;
  const role = shortened(nouns.join(" ").replace(/^l['’]/, ""), complement);
  // "founder" says nothing without its complement, and "leader of" is incomplete.
  const isCut = OF.test(rest[0] ?? "") && role === nouns.join(" ");
  if (isCut || /\s(?:of|for|at|in|to|the|and)$/.test(role)) return {};
  return role.length <= LONGEST_ROLE ? { role } : {};
}

/** Returns the head with as much of its complement as fits, cut only at the end of a part. */
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
