import { isPronoun, type Lexicon, perLanguage, words as listed } from "../language/lexicon.ts";
import written from "./person-words.json" with { type: "json" };

/** Words that tell people from everything else with a capital. Lower case. */
export interface PersonWords {
  /** Whether a word is a noun for one person by what they do: "harbourmaster". */
  readonly isPerson: (word: string) => boolean;
  /** Nouns for what has a name as people do: dog, company, character. */
  readonly others: ReadonlySet<string>;
  /** What one person is to another, or before the law: a person, but not a role to print. */
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
  /** Verbs of what a person does all year: "who runs the bakery". */
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

/** Roles are looked for this near to a name, which also bounds the time they take. */
const NEARBY = 160;

const AFTER =
  /^,\s(?:(?:aged\s)?\d{1,3},\s)?(?<phrase>[^,.;:—–"“”„«»()?!]{3,120})(?=[,.;]|\s[–—]|$)/u;
const CLAUSE = /^,?\s(?:\d{1,3},\s)?(?<clause>[^,.;:—–"“”„«»()]{6,140})/u;
const BEFORE =
  /(?:^|[,;:(]\s|\s)(?<phrase>(?:\p{L}[\p{L}\p{M}'’.-]*\s){1,13}\p{L}[\p{L}\p{M}'’-]*),\s$/u;
/** "the mayor, Ada Pell and Tomas Reil" may be three people. */
const GOES_ON = /^(?:,?\s(?:and|und|et|y|e|en|&)\s|,\s)\p{Lu}/u;

/** ", a retired physics teacher," after a name. */
export function roleAfter(after: string, context: RoleContext): Role | undefined {
  const phrase = AFTER.exec(after.slice(0, NEARBY))?.groups?.["phrase"];
  if (phrase === undefined) return undefined;
  // "at St. Petra's": the stop is not where the phrase ends.
  const isCut = /\s\p{Lu}\p{L}{0,2}$/u.test(phrase) && after[phrase.length + 2] === ".";
  return roleOf(isCut ? phrase.replace(/\s(?:at|of|in|for|with)\s.*$/, "") : phrase, context);
}

/** ", who is a Politburo member" or ", who runs the bakery" after a name. */
export function roleInClause(after: string, context: RoleContext): Role | undefined {
  const clause = CLAUSE.exec(after.slice(0, NEARBY))?.groups?.["clause"];
  if (clause === undefined) return undefined;
  const isOne = context.words.who.exec(clause)?.[0];
  if (isOne !== undefined) return roleOf(clause.slice(isOne.length), context);
  const doing = context.words.doing.exec(clause)?.groups?.["doing"];
  return doing !== undefined && doing.length <= LONGEST_ROLE ? { role: doing } : undefined;
}

function beginsRole(word: string, { words }: RoleContext): boolean {
  return words.articles.has(word.toLowerCase()) || OWN.test(word) || /^\p{Lu}.*['’]s$/u.test(word);
}

/** "the head of state security, " before a name. */
export function roleBefore(before: string, after: string, context: RoleContext): Role | undefined {
  // "Tomas Reil as the captain, Ada Pell as the cook": each role stands after its name.
  if (GOES_ON.test(after) || /^\sas\s/.test(after)) return undefined;
  const phrase = BEFORE.exec(before.slice(-NEARBY))?.groups?.["phrase"]?.split(" ") ?? [];
  let found: Role | undefined;
  // The nearest article with a person after it begins the role, "talks with the head of …", but "the wife
  // of the mayor" is the wife.
  for (const [at, word] of [...phrase.entries()].toReversed()) {
    if (!beginsRole(word, context)) continue;
    found = roleOf(phrase.slice(at).join(" "), context) ?? found;
    if (found && !/^(?:of|des?|der|di|van)$/.test(phrase[at - 1] ?? "")) return found;
  }
  return found;
}

const LONGEST = 7;
/** Words of these shapes are verbs and adverbs, but for those that roles are made of. */
const OTHER_SHAPE = /^\p{Ll}.*(?:ing|ly|[^r]ed|ies|[^s'’]s)$/u;
const OF_ROLES = new Set(
  `retired veteran sports news arts operations communications affairs business exiled acclaimed renowned celebrated
  leading managing founding acting visiting sitting ruling outgoing incoming elderly disgraced deposed ousted
  imprisoned jailed married advanced physics mathematics economics politics series boss`.split(
    /\s+/,
  ),
);
const SPEAKERS_OWN = /^(?:my|our|your)$/i;
/** After these, the words before the noun may belong to another name. */
const JOINS = /^(?:of|for|and|&|at|in)$/i;

/** The end of a text that has its last words: a pattern for its end is looked for at every place before it. */
function lastWords(text: string, count: number): string {
  const near = text.slice(-NEARBY);
  let at = near.length;
  for (let spaces = 0; spaces <= count && at > 0; spaces++) at = near.lastIndexOf(" ", at - 1);
  return at > 0 ? near.slice(at) : near;
}

/** Words right before a name that say who bears it: "public health spokesman Ada Pell". */
export function roleLeading(before: string, context: RoleContext): Role | undefined {
  const words = /(?:[\p{L}\p{N}][\p{L}\p{M}\p{N}.'’-]*\s){1,8}$/u.exec(lastWords(before, 8));
  const all = words?.[0].trim().split(/\s+/) ?? [];
  const head = (all.at(-1) ?? "").toLowerCase();
  if (!context.words.isPerson(head) && !context.words.kin.has(head)) return undefined;
  const from = startOf(all, context);
  const boundary = all[from - 1] ?? "";
  const nouns = withoutOthers(all.slice(from), boundary, before);
  // "workers' leader" began with a word that was taken for a boundary.
  if (nouns.some((word) => /^\p{Ll}.*['’]s?$/u.test(word))) return {};
  return printedRole(nouns, [], isOwn(boundary, context), context);
}

function startOf(all: readonly string[], context: RoleContext): number {
  let from = all.length - 1;
  while (from > 0 && all.length - from < LONGEST && !isBoundary(all[from - 1] ?? "", context)) {
    from--;
  }
  return from;
}

function isBoundary(word: string, context: RoleContext): boolean {
  const { words, lexicon } = context;
  const lower = word.toLowerCase();
  if (words.articles.has(lower) || isVerb(lower, context) || /\p{N}/u.test(word)) return true;
  if (lexicon.prepositions.has(lower) || lexicon.stopWords.has(lower)) return true;
  return OTHER_SHAPE.test(word) && !OF_ROLES.has(word);
}

function isOwn(boundary: string, { lexicon }: RoleContext): boolean {
  return isPronoun(boundary.toLowerCase(), lexicon) || SPEAKERS_OWN.test(boundary);
}

/** Of "Institute of Technology police officer", only "police officer". */
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

/** What a phrase beside a name says of it: that it is a person, and what to print as the role. */
export interface Role {
  readonly role?: string;
}

interface RoleContext {
  readonly words: PersonWords;
  readonly lexicon: Lexicon;
}

const LONGEST_ROLE = 80;
const LONGEST_NOUN = 7;

/** Words before a noun that say whose it is. */
const OWN =
  /^(?:his|her|its|their|our|my|your|sa|ses|su|sus|seine?[nmrs]?|ihre?[nmrs]?|suo|sua|seu|zijn|haar|ihr)$/iu;
const SUSPICION =
  /^(?:alleged|suspected|accused|convicted|self-proclaimed|fellow|other|another|same|separate|next|only|one)$/i;
const OF = /^(?:of|des?|der|du|della?|dello|do|da|van|von)$/;
const RELATIVE = /^(?:who|whose|which|that|called|named|when|where|qui|que)$/;
const NEXT_PART = /^(?:and|during|und|et|y)$/;

/** The role in a noun phrase whose head is one person; undefined where it is something else. */
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
function isVerb(word: string, { words, lexicon }: RoleContext): boolean {
  return words.verbs.has(word) || lexicon.saying.has(word);
}

function isFinite(word: string, { lexicon }: RoleContext): boolean {
  return lexicon.saying.has(word) || /^(?:was|were|has|had|is|are|told|met)$/.test(word);
}

/**
 * A role as it is shown. Empty, which still says that this is a person, where the words depend on another person
 * ("his counterpart") or accuse.
 */
function printedRole(
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
  // "founder" without what was founded says nothing, and "leader of" less.
  const isCut = OF.test(rest[0] ?? "") && role === nouns.join(" ");
  if (isCut || /\s(?:of|for|at|in|to|the|and)$/.test(role)) return {};
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
