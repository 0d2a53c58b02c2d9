import type { Article } from "../../article/article.ts";
import type { Candidate } from "../candidate.ts";
import { lexiconOf, type Lexicon } from "../language/lexicon.ts";
import type { Person } from "../summary.ts";
import { isOfStory } from "../candidate.ts";
import {
  GIVEN_NAMES,
  runsIn,
  type Run,
  type RunContext,
  couldBePerson,
  isKnownPlace,
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

const PEOPLE = 6;
/** A person with a stated role may be shown up to this place, a person without one only up to `PEOPLE`. */
const PEOPLE_WITH_ROLES = 9;
/** The least evidence that a name is a person's; see `mentionsIn`. */
const SURE = 3.5;

/** The people of an article, and all their names, full or short. */
export interface People {
  readonly names: ReadonlySet<string>;
  /** All people, in the order of their first mention. */
  readonly known: readonly KnownPerson[];
}

export interface KnownPerson {
  readonly name: string;
  readonly words: readonly string[];
  readonly role?: string | undefined;
  /** The number of mentions in the article. */
  readonly count: number;
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
  if (!words || isInCapitals(article.text)) return { names: new Set(), known: [] };
  const context = {
    words,
    lexicon: lexiconOf(article.language),
    lowered,
    keeps: (word: string) => words.titles.has(word) || words.isPerson(word),
  };
  const mentions = candidates.filter(isOfStory).flatMap(({ text }) => mentionsIn(text, context));
  const known = [...fullNames(mentions).values()];
  attachShortForms(known, mentions);
  const sure = known.filter(({ evidence }) => evidence >= SURE);
  return {
    names: namesOf(sure),
    known: sure.toSorted((a, b) => a.order - b.order),
  };
}

function isInCapitals(text: string): boolean {
  const sample = text.slice(0, 5000);
  return (sample.match(/\p{Lu}/gu)?.length ?? 0) > (sample.match(/\p{Ll}/gu)?.length ?? 0);
}

interface Known {
  readonly name: string;
  readonly words: readonly string[];
  readonly order: number;
  evidence: number;
  count: number;
  role: string | undefined;
}

/** Groups the mentions of two or more words by first and last word. */
function fullNames(mentions: readonly Mention[]): Map<string, Known> {
  const full = new Map<string, Known>();
  for (const [order, mention] of mentions.entries()) {
    if (mention.words.length < 2) continue;
    const key = `${mention.words[0] ?? ""} ${mention.words.at(-1) ?? ""}`;
    const known = full.get(key) ?? {
      name: mention.words.join(" "),
      words: mention.words,
      order,
      evidence: 0,
      count: 0,
      role: undefined,
    };
    known.evidence += mention.evidence;
    known.count++;
    known.role ??= mention.role;
    full.set(key, known);
  }
  return full;
}

/** Adds the mentions of a single name to the only person that it can refer to, as further evidence. */
function attachShortForms(known: readonly Known[], mentions: readonly Mention[]): void {
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
    owner.role ??= mention.role;
    const speaks = Math.max(0, mention.evidence) + (word === owner.words.at(-1) ? 1 : 0.5);
    if (mention.evidence >= 0) heard.set(owner, Math.max(heard.get(owner) ?? 0, speaks));
  }
  for (const [person, evidence] of heard) person.evidence += evidence;
}

/** A person in the title, the gist or a key point belongs to the story. */
const IN_TITLE = 5;
const IN_ENTRY = 6;
/** A person in the gist is the main one. */
const IN_GIST = 6;
/** A name without a role that is mentioned less often is unimportant or not a person. */
const OFTEN = 3;

/**
 * Returns the people to show beside the gist and key points, the most important first. A person must be in the entry or the
 * title: editors find three of five others useless. A person without a stated role must be mentioned often.
 */
export function peopleToShow(
  known: readonly KnownPerson[],
  title: string,
  { gist, shown: entry }: { readonly gist: string; readonly shown: string },
): readonly Person[] {
  const isIn = (text: string, { name, words }: KnownPerson) =>
    text.includes(name) || text.includes(words.at(-1) ?? name);
  const worth = (person: KnownPerson) =>
    Math.min(person.count, 8) +
    (person.role === undefined ? 0 : 3) +
    (title.includes(person.name) ? IN_TITLE : 0) +
    (isIn(gist, person) ? IN_GIST : 0) +
    (isIn(entry, person) ? IN_ENTRY : 0);
  return known
    .filter(
      (person) =>
        (entry === "" || isIn(entry, person) || isIn(title, person)) &&
        (person.role !== undefined ||
          person.count >= OFTEN ||
          (person.count > 1 && isIn(gist, person))),
    )
    .toSorted((a, b) => worth(b) - worth(a))
    .filter(({ role }, place) => place < (role === undefined ? PEOPLE : PEOPLE_WITH_ROLES))
    .map(({ name, role }) => (role === undefined ? { name } : { name, role }));
}

function namesOf(sure: readonly Known[]): ReadonlySet<string> {
  return new Set(sure.flatMap(({ name, words }) => [name, words.at(-1) ?? name, words[0] ?? name]));
}

/** A name in a sentence, with the evidence that it is a person's. */
interface Mention {
  readonly words: readonly string[];
  readonly role: string | undefined;
  /** From 3 it certainly is a person; below 0 it certainly is not. */
  readonly evidence: number;
}

interface MentionContext extends RunContext {
  readonly words: PersonWords;
}

/** Returns the names of a sentence that may be people's. */
function mentionsIn(sentence: string, context: MentionContext): readonly Mention[] {
  return runsIn(sentence, context).flatMap((run) => mentionOf(run, sentence, context) ?? []);
}

const LONGEST_NAME = 4;
/** How many code units before a name are searched for the word before it. */
const NEAR = 60;

function mentionOf(run: Run, sentence: string, context: MentionContext): Mention | undefined {
  const before = sentence.slice(0, run.start);
  const after = sentence.slice(run.end);
  const titled = titleIn(run, before, context);
  const words = titled?.name ?? run.words;
  if (words.length === 0 || words.length > LONGEST_NAME + 1 || !couldBePerson(words))
    return undefined;
  const roles = titled ? [titled] : rolesBeside(run, before, after, context);
  if (
    roles.length === 0 &&
    words.length > 1 &&
    isKnownPlace(words.at(-1) ?? "") &&
    !GIVEN_NAMES.has(words[0] ?? "")
  )
    return undefined;
  // "BBC's Ada Pell" is the reporter and not in the story.
  if (/(?<!\p{L})\p{Lu}{2,}['’]s\s$/u.test(before.slice(-NEAR))) return undefined;
  const beside = roles.find(({ role }) => role !== undefined);
  const evidence =
    (titled || roles.length > 0 ? 4 : 0) +
    evidenceInside(words) +
    evidenceBeside(before, after, context, titled !== undefined);
  return { words, role: beside?.role, evidence };
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
  const title = run.words.slice(0, at + 1);
  // "Zimmermann von Quarnsiel" is the carpenter of a place.
  if (/^\p{Ll}/u.test(name[0] ?? "")) return undefined;
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
  const isPlace = /(?:^|[\s(])(?:[Ii]n|[Aa]t|[Ff]rom|[Nn]ear|[Oo]f|[Tt]o)\s$/u.test(
    before.slice(-NEAR),
  );
  const found = [
    roleLeading(before, context),
    isPlace ? undefined : roleInClause(after, context),
    isPlace && run.words.length === 1 ? undefined : roleAfter(after, context),
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

/** Returns the evidence beside the name: an age, "who" or a verb of saying; and against it "the" and "in". */
function evidenceBeside(
  before: string,
  after: string,
  { lexicon, words }: MentionContext,
  isTitled: boolean,
): number {
  const near = before.slice(-NEAR);
  const saysAfter = /^,?\s(\p{Ll}+)/u.exec(after)?.[1] ?? "";
  const saysBefore = /(\p{Ll}+)\s$/u.exec(near)?.[1] ?? "";
  const article = /(?:^|[\s(“"])(\p{L}+)\s$/u.exec(near)?.[1]?.toLowerCase() ?? "";
  let evidence = 0;
  const called =
    /^, (?:\p{L}+ )?[^,.]{0,40}?(\p{Ll}+)(?=[,.]| (?:that|which|owned|bred)\b)/u.exec(after)?.[1] ??
    "";
  if (words.others.has(article) || words.others.has(called)) evidence -= OTHER;
  if (/^, (?:1[0-9]|[2-9]\d|10\d),?\s(?!\p{L}+ber\b)/u.test(after)) evidence += 2;
  if (/^,\s(?:who|whose)\s/.test(after)) evidence += 2;
  if (lexicon.saying.has(saysAfter) || lexicon.saying.has(saysBefore)) evidence += 1.5;
  if (
    /^\s(?:tweeted|testified|was born|died|married|grew up|graduated|resigned|met with)\b/.test(
      after,
    )
  )
    evidence += 1.5;
  if (isTitled) return evidence;
  if (words.articles.has(article)) evidence -= 3;
  if (/^(?:in|at|near|across|throughout|inside|outside)$/.test(article)) evidence -= 3;
  return evidence;
}
