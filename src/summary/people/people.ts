import type { Article } from "../../article/article.ts";
import type { Candidate } from "../candidate.ts";
import { lexiconOf, type Lexicon } from "../language/lexicon.ts";
import { isOfStory } from "../candidate.ts";
import {
  GIVEN_NAMES,
  runsIn,
  type Run,
  type RunContext,
  couldBePerson,
} from "../language/names.ts";
import {
  personWordsOf,
  type PersonWords,
  roleLeading,
  type Role,
  roleAfter,
  roleBefore,
  roleInClause,
} from "./roles.ts";

/** The least evidence that a name is a person's; see `mentionsIn`. */
const SURE = 3.5;
/** Names with less evidence are never shown. */
const POSSIBLE = 1;
/** The number of possible people that are considered, the most frequent first. It also limits the time. */
const CONSIDERED = 60;

/** The people of an article. */
export interface People {
  /** All people, in the order of their first mention. */
  readonly known: readonly KnownPerson[];
  /** The same people, and names that are less certainly those of people. */
  readonly possible: readonly KnownPerson[];
}

export interface KnownPerson {
  readonly name: string;
  readonly words: readonly string[];
  readonly role?: string | undefined;
  /** The number of mentions in the article. */
  readonly count: number;
  /** The evidence that the name is a person's; see `mentionsIn`. */
  readonly evidence: number;
  /** The index of the first sentence that names the person. */
  readonly first: number;
  /** The number of mentions beside a verb of saying. */
  readonly spoken: number;
}

/**
 * Finds the people of an article, with the role that it states beside a name, in the order of first mention. Evidence is
 * required: a role, a title, an age, or a quotation, and short forms of the name elsewhere. Empty in a language without
 * word lists.
 * @param lowered the words that the article writes in lower case at least once
 */
export function peopleOf(
  article: Pick<Article, "language" | "text">,
  candidates: readonly Candidate[],
  lowered: ReadonlySet<string>,
): People {
  const words = personWordsOf(article.language);
  if (!words) return { known: [], possible: [] };
  const context = {
    words,
    lexicon: lexiconOf(article.language),
    lowered,
    keeps: (word: string) => words.titles.has(word) || words.isPerson(word),
  };
  const mentions = candidates
    .filter(isOfStory)
    .flatMap(({ text, index }) =>
      mentionsIn(text, context).map((mention) => Object.assign(mention, { index })),
    );
  const known = [...fullNames(mentions).values()];
  attachShortForms(known, mentions);
  return {
    known: known.filter(({ evidence }) => evidence >= SURE).toSorted((a, b) => a.order - b.order),
    possible: known
      .filter(({ evidence }) => evidence >= POSSIBLE)
      .toSorted((a, b) => b.count - a.count)
      .slice(0, CONSIDERED)
      .toSorted((a, b) => a.order - b.order),
  };
}

/** A person whose mentions are still being counted. */
type Known = { -readonly [Field in keyof KnownPerson]: KnownPerson[Field] } & {
  readonly order: number;
};

/** Groups the mentions of two or more words by first and last word. */
function fullNames(mentions: readonly PlacedMention[]): Map<string, Known> {
  const full = new Map<string, Known>();
  for (const [order, mention] of mentions.entries()) {
    if (mention.words.length < 2) continue;
    const key = `${mention.words[0] ?? ""} ${mention.words.at(-1) ?? ""}`;
    const known = full.get(key) ?? {
      name: mention.words.join(" "),
      words: mention.words,
      order,
      first: mention.index,
      evidence: 0,
      count: 0,
      spoken: 0,
      role: undefined,
    };
    known.evidence += mention.evidence;
    known.count++;
    known.spoken += Number(mention.speaks);
    known.role ??= mention.role;
    full.set(key, known);
  }
  return full;
}

/** Adds the mentions of a single name to the only person that it can refer to, as further evidence. */
function attachShortForms(known: readonly Known[], mentions: readonly PlacedMention[]): void {
  const owners = new Map<string, Known | undefined>();
  for (const person of known) {
    for (const part of new Set([person.words[0], person.words.at(-1)])) {
      if (part !== undefined) owners.set(part, owners.has(part) ? undefined : person);
    }
  }
  const heard = new Map<Known, number>();
  for (const mention of mentions) {
    const [word = ""] = mention.words;
    const owner = mention.words.length === 1 ? owners.get(word) : undefined;
    if (!owner) continue;
    owner.count++;
    owner.spoken += Number(mention.speaks);
    owner.role ??= mention.role;
    const speaks = Math.max(0, mention.evidence) + (word === owner.words.at(-1) ? 1 : 0.5);
    if (mention.evidence >= 0) heard.set(owner, Math.max(heard.get(owner) ?? 0, speaks));
  }
  for (const [person, evidence] of heard) person.evidence += evidence;
}

/** A name in a sentence, with the evidence that it is a person's. */
interface Mention {
  readonly words: readonly string[];
  readonly role: string | undefined;
  /** From 3 it certainly is a person; below 0 it certainly is not. */
  readonly evidence: number;
  /** Whether it stands beside a verb of saying. */
  readonly speaks: boolean;
}

interface PlacedMention extends Mention {
  /** The index of the sentence. */
  readonly index: number;
}

interface MentionContext extends RunContext {
  readonly words: PersonWords;
}

/** Returns the names of a sentence that may be people's. */
function mentionsIn(sentence: string, context: MentionContext): readonly Mention[] {
  return runsIn(sentence, context).flatMap((run) => mentionOf(run, sentence, context) ?? []);
}

const LONGEST_NAME = 4;
/** The distance before a name at which the preceding word is searched. */
const NEAR_CHARACTERS = 60;

function mentionOf(run: Run, sentence: string, context: MentionContext): Mention | undefined {
  const before = sentence.slice(0, run.start);
  const after = sentence.slice(run.end);
  const titled = titleIn(run, before, context);
  const words = titled?.name ?? run.words;
  if (words.length === 0 || words.length > LONGEST_NAME + 1 || !couldBePerson(words))
    return undefined;
  const roles = titled ? [titled] : rolesBeside(run, before, after, context);
  // "BBC's Ada Pell" is the reporter and not in the story.
  if (/(?<!\p{L})\p{Lu}{2,}['’]s\s$/u.test(before.slice(-NEAR_CHARACTERS))) return undefined;
  const beside = roles.find(({ role }) => role !== undefined);
  const speaks = isBesideSaying(before, after, context);
  const evidence =
    (titled || roles.length > 0 ? 4 : 0) +
    (speaks ? 1.5 : 0) +
    evidenceInside(words) +
    evidenceBeside(before, after, context, titled !== undefined);
  return { words, role: beside?.role, evidence, speaks };
}

interface Titled extends Role {
  readonly name: readonly string[];
}

/** Returns the title at the start of the run, or an office such as "Minister of Education". */
function titleIn(run: Run, before: string, { words, lexicon }: MentionContext): Titled | undefined {
  const office = officeOf(run, before, words);
  if (office) return office;
  const at = run.words.findLastIndex(
    (word, index) => index < run.words.length - 1 && isTitle(word, words),
  );
  if (at === -1) return undefined;
  const name = run.words.slice(at + 1);
  // "Leiter des Labors" is the head of a place.
  if (/^\p{Ll}/u.test(name[0] ?? "")) return undefined;
  const title = run.words.slice(0, at + 1);
  const low = title.map((word) => word.toLowerCase().replace(/\.$/, ""));
  const isBare = low.every((word) =>
    /^(?:mr|mrs|ms|miss|mx|sir|dame|lord|lady|father|sister|brother|fr|hon|herr|frau|dr|prof|chief|crown)$/.test(
      word,
    ),
  );
  const small = isBare ? [] : adjectives(before, lexicon);
  const role = isBare ? undefined : [...small, ...title].join(" ");
  return { name, ...(role !== undefined && { role }) };
}

function isTitle(word: string, { titles, isPerson }: PersonWords): boolean {
  const lower = word.toLowerCase().replace(/\.$/, "");
  return titles.has(lower) || isPerson(lower);
}

/** Returns the modifier before a title: "police" in "police Officer Ada Pell", "former" in "former President". */
function adjectives(before: string, lexicon: Lexicon): readonly string[] {
  const word =
    /(?:^|\s)((?:former|ex|then|acting|deputy|vice|assistant|police|ancien|ehemalige|\p{Ll}+-\p{Lu}\p{L}+)\s)$/u
      .exec(before)?.[1]
      ?.trim();
  return word === undefined || lexicon.stopWords.has(word) ? [] : [word];
}

function officeOf(
  run: Run,
  before: string,
  { titles, portfolios }: PersonWords,
): Titled | undefined {
  const office = /(?<office>\p{Lu}[\p{L}-]+) (?:of|for) $/u.exec(before.slice(-60))?.groups?.[
    "office"
  ];
  if (office === undefined || !titles.has(office.toLowerCase())) return undefined;
  const at = run.words.findIndex((word) => !portfolios.has(word.toLowerCase()));
  if (at < 1 || run.words.length - at < 2) return undefined;
  const of = before.slice(before.lastIndexOf(office)).trim();
  return { role: `${of} ${run.words.slice(0, at).join(" ")}`, name: run.words.slice(at) };
}

function rolesBeside(
  run: Run,
  before: string,
  after: string,
  context: MentionContext,
): readonly Role[] {
  if (run.isPossessive || run.words.length > LONGEST_NAME) return [];
  const found = [
    roleLeading(before, context),
    roleInClause(after, context),
    roleAfter(after, context),
    roleBefore(before, after, context),
  ];
  return found.filter((role) => role !== undefined);
}

/** Returns the evidence in the name itself. */
function evidenceInside(words: readonly string[]): number {
  if (words.length < 2) return 0;
  const isKorean =
    words.length === 2 &&
    /^\p{Lu}\p{Ll}+-\p{Ll}{2,}$/u.test(words[1] ?? "") &&
    !/-(?:do|si|gun|dong|upon|sur|am|en|on)$/u.test(words[1] ?? "");
  const hasInitial = words.length === 3 && /^\p{Lu}\.?$/u.test(words[1] ?? "");
  return (isKorean ? 4 : 0) + (hasInitial ? 2 : 0) + (GIVEN_NAMES.has(words[0] ?? "") ? 2 : 0);
}

/** The counter-evidence of "the dog Jagger" and "Jagger, a three-year-old setter". */
const OTHER = 8;

function isBesideSaying(before: string, after: string, { lexicon }: MentionContext): boolean {
  const next = /^,?\s(\p{Ll}+)/u.exec(after)?.[1] ?? "";
  const previous = /(\p{Ll}+)\s$/u.exec(before.slice(-NEAR_CHARACTERS))?.[1] ?? "";
  return lexicon.saying.has(next) || lexicon.saying.has(previous);
}

/** Returns the evidence beside the name: an age, "who" or a verb of saying; and against it "the" and "in". */
function evidenceBeside(
  before: string,
  after: string,
  { words }: MentionContext,
  isTitled: boolean,
): number {
  const near = before.slice(-NEAR_CHARACTERS);
  const article = /(?:^|[\s(“"])(\p{L}+)\s$/u.exec(near)?.[1]?.toLowerCase() ?? "";
  let evidence = 0;
  const called =
    /^, (?:\p{L}+ )?[^,.]{0,40}?(\p{Ll}+)(?=[,.]| (?:that|which|owned|bred)\b)/u.exec(after)?.[1] ??
    "";
  if (words.others.has(article) || words.others.has(called)) evidence -= OTHER;
  if (/^, (?:1[0-9]|[2-9]\d|10\d),?\s(?!\p{L}+ber\b)/u.test(after)) evidence += 2;
  if (/^,\s(?:who|whose)\s/.test(after)) evidence += 2;
  if (isTitled) return evidence;
  if (words.articles.has(article)) evidence -= 3;
  if (/^(?:in|at|near|across|throughout|inside|outside)$/.test(article)) evidence -= 3;
  return evidence;
}
