import type { Addition, Candidate } from "../candidate.ts";
import type { Lexicon } from "../language/lexicon.ts";
import { isKnownPlace, runsIn, type Run, type RunContext } from "../language/names.ts";
import { quotationsOf } from "../language/quotations.ts";
import type { KnownPerson } from "./people.ts";

/** The names that an article calls by a noun, "Acme, a software company" and "the airline Acme", by the noun. */
type Ties = Map<string, Set<string>>;

/** So many sentences back a name still comes to mind. */
const NEAR = 6;

/**
 * For each sentence of an English article the name that its first "the company" or "the singer" stands for, to be put
 * behind it in brackets: the one that the sentences before tie to the noun, or, of a body that acts, the subject of the
 * sentence before. None where that may be another, and where the sentence has the name itself.
 */
export function definitesIn(
  candidates: readonly Candidate[],
  people: readonly KnownPerson[],
  context: RunContext,
): readonly (Addition | undefined)[] {
  const ties: Ties = new Map();
  // Where each name was last told, where one word of it alone, and where the last word of a longer one.
  const seen = new Map<string, number>();
  const alone = new Map<string, number>();
  const ends = new Map<string, number>();
  let subject: string | undefined;
  return candidates.map((candidate, index) => {
    const found = phraseIn(candidate.text, context.lexicon, (noun) => {
      const tied = nameFor(noun, ties, { seen, alone, ends }, index);
      const name = tied ?? (context.lexicon.makers.has(noun) ? subject : undefined);
      // What the sentence before is about may be another company.
      if (name === undefined || isTold(candidate.text, name)) return undefined;
      const isPerson = people.some((person) => person.name === name);
      return isPerson || subject === undefined || isAlike(subject, name) ? name : undefined;
    });
    const runs = runsIn(candidate.text, context);
    const body = bodyIn(candidate.text, runs, people, context);
    // "Riders waited", "Pell waited": one word is a name where the article has it elsewhere, and nobody's surname.
    const isName = body?.includes(" ") === true || (alone.has(body ?? "") && !ends.has(body ?? ""));
    subject = isName ? body : undefined;
    tieRuns(runs, candidate.text, context, ties);
    tiePeople(candidate.text, people, ties);
    for (const { words } of runs) {
      const [first = "", ...others] = words;
      if (others.length === 0) alone.set(first, index);
      else ends.set(others.at(-1) ?? "", index);
      seen.set(words.join(" "), index);
    }
    return found && additionOf(found, candidate);
  });
}

/** What a sentence is about, where that may be a company: a name, and no place. */
function bodyIn(
  text: string,
  runs: readonly Run[],
  people: readonly KnownPerson[],
  { lowered }: RunContext,
): string | undefined {
  const subject = subjectNameIn(text, people);
  const run = runs.find(({ words }) => subject !== undefined && words.join(" ") === bare(subject));
  const words = run?.words ?? [];
  const isWord = words.length === 1 && lowered.has(words[0]?.toLowerCase() ?? "");
  const isOther = isWord || [words.join(" "), ...words].some(isKnownPlace);
  return run && !isOther ? subject : undefined;
}

function isTold(text: string, name: string): boolean {
  return text.includes(bare(name));
}

function bare(name: string): string {
  return name.replace(/^the /, "");
}

function isAlike(one: string, other: string): boolean {
  return bare(one).includes(bare(other)) || bare(other).includes(bare(one));
}

type Places = ReadonlyMap<string, number>;

function nameFor(
  noun: string,
  ties: Ties,
  { seen, alone, ends }: { readonly seen: Places; readonly alone: Places; readonly ends: Places },
  index: number,
): string | undefined {
  const lastSeen = (name: string) => {
    const words = bare(name).split(" ");
    const places = [
      seen.get(bare(name)),
      alone.get(words.at(-1) ?? ""),
      ends.get(words.at(-1) ?? ""),
    ];
    const last = Math.max(...places.map((place) => place ?? -Infinity));
    // "the bank" after "Acme" is hardly the Acme Private Bank.
    return words.length > 1 && (alone.get(words[0] ?? "") ?? -1) > last ? -Infinity : last;
  };
  const near = [...(ties.get(noun) ?? [])].filter((name) => index - lastSeen(name) <= NEAR);
  const [only, ...more] = near;
  if (more.length === 0) return only;
  const [last, ...others] = near.filter((name) => lastSeen(name) === index - 1);
  return others.length === 0 ? last : undefined;
}

interface Phrase {
  readonly name: string;
  readonly noun: string;
  /** Where the noun ends, its 's inside. */
  readonly end: number;
  readonly isOwner: boolean;
}

const PHRASE =
  /(?<![\p{L}’'-])[Tt]he (?<noun>\p{N}{1,3}-year-old|\p{Ll}[\p{L}-]*)(?<own>['’]s)?(?=(?<mark>,)?(?: (?<next>\p{L}[\p{L}'’]*))?)/gu;
/** What follows a noun that is told right here: "the company that", "the pilot of". */
const TELLS =
  /^(?:of|that|who|whose|where|which|in|at|for|to|from|with|between|against|and|or|on)$/;

function phraseIn(
  text: string,
  lexicon: Lexicon,
  nameOf: (noun: string) => string | undefined,
): Phrase | undefined {
  if (/[[\]]/.test(text)) return undefined;
  const quotations = quotationsOf(text);
  for (const { index, 0: whole, groups } of text.matchAll(PHRASE)) {
    const { noun = "", own, mark, next = "" } = groups ?? {};
    if (quotations.some(({ start, end }) => start < index && index < end)) continue;
    // "the company, Acme," is named here.
    if (mark ? /^\p{Lu}/u.test(next) : own === undefined && !endsAt(next, lexicon)) continue;
    const name = nameOf(noun);
    if (name !== undefined)
      return { name, noun, end: index + whole.length, isOwner: own !== undefined };
  }
  return undefined;
}

/** Whether a noun phrase is over before a word: "the company said", but not "the company car". */
function endsAt(next: string, { stopWords, verbs, saying }: Lexicon): boolean {
  if (next === "") return true;
  if (TELLS.test(next) || !/^\p{Ll}/u.test(next)) return false;
  return (
    stopWords.has(next) ||
    verbs.has(next) ||
    saying.has(next) ||
    next.endsWith("ed") ||
    (next.endsWith("s") && verbs.has(next.slice(0, -1)))
  );
}

function additionOf({ name, noun, end, isOwner }: Phrase, { start }: Candidate): Addition {
  const owner = isOwner ? (name.endsWith("s") ? "’" : "’s") : "";
  return {
    start: start + end,
    end: start + end,
    text: ` [${name}${owner}]`,
    name,
    noun,
    kind: "noun",
  };
}

/** What an article says in a sentence of what a name is. */
function tieRuns(runs: readonly Run[], text: string, context: RunContext, ties: Ties): void {
  const { bodies } = context.lexicon;
  for (const [at, run] of runs.entries()) {
    const before = text.slice(0, run.start);
    const after = text.slice(run.end);
    const last = (run.words.at(-1) ?? "").toLowerCase();
    const the = /\bthe $/i.test(before) ? "the " : "";
    const of = wholeOf(run, runs[at + 1], text);
    if (bodies.has(last) && (run.words.length > 1 || of !== undefined))
      tie(last, the + (of ?? run.words.join(" ")), ties);
    if (run.isPossessive || of !== undefined) continue;
    const name = run.words.join(" ");
    for (const noun of [/(?:^|\s)(\p{Ll}[\p{L}-]*)(?: of)? $/u.exec(before)?.[1], headAfter(after)])
      if (noun !== undefined && bodies.has(noun)) tie(noun, the + name, ties);
  }
}

/** "University of Porthmoor", whole. */
function wholeOf({ words, start, end }: Run, next: Run | undefined, text: string) {
  const isLink = next && /^ of (?:the )?$/.test(text.slice(end, next.start));
  return isLink && words.length < 3 ? text.slice(start, next.end) : undefined;
}

/** "company" in ", a software company based in …" and " is the largest company of …". */
function headAfter(after: string): string | undefined {
  const phrase = /^(?:, | is | was )(?:an?|the|one of the) (?<phrase>[^,.;:()"“”]{2,80})/u.exec(
    after,
  )?.groups?.["phrase"];
  const words = phrase?.split(" ") ?? [];
  const end = words.findIndex(
    (word) => TELLS.test(word) || /^(?:based|by|near|run|owned)$/.test(word),
  );
  return words[(end === -1 ? words.length : end) - 1];
}

/** Whom an article calls "the singer", or by their age. */
function tiePeople(text: string, people: readonly KnownPerson[], ties: Ties): void {
  for (const { name, role = "" } of people) {
    const at = text.indexOf(name);
    if (at < 0) continue;
    const head = role
      .split(/ (?:of|for|at|in|and|with|from|on) /)[0]
      ?.split(" ")
      .at(-1);
    if (head !== undefined && /^\p{Ll}{3,}$/u.test(head)) tie(head, name, ties);
    const age = /^, (\p{N}{1,3})(?=,|\.)/u.exec(text.slice(at + name.length))?.[1];
    if (age !== undefined) tie(`${age}-year-old`, name, ties);
  }
}

function tie(noun: string, name: string, ties: Ties): void {
  const names = ties.get(noun) ?? new Set<string>();
  // "the Acme Company" and "Acme" are one.
  if (![...names].some((other) => isAlike(other, name))) names.add(name);
  ties.set(noun, names);
}

const NAME = String.raw`\p{Lu}[\p{L}\p{M}.’'-]*(?:\s(?:(?:de|da|van|von|der|al|bin|of|the)\s){0,2}\p{Lu}[\p{L}\p{M}.’'-]*){0,4}`;
const APPOSITION = String.raw`(?:,\s[^,]{2,80},)?`;
const VERB = String.raw`(?:is|are|was|has|had|says|said|will|would|may|can|took|went|came|made|met|told|began|left|won|lost|found|put|sent|gave|held|wrote|led|got|saw|ran|became|\p{Ll}{2,}(?:ed|es))`;
const SUBJECT = new RegExp(
  String.raw`^(?:(?:On|In|At|From)\s[^,]{2,40},\s)?(?<the>[Tt]he\s)?(?<name>${NAME})${APPOSITION}\s(?:(?:also|clearly|reportedly|first|then|later)\s)?${VERB}(?!\p{L})`,
  "u",
);
/** Words with a capital that are no names. */
const NO_NAME =
  /^(?:He|She|It|They|The|This|That|There|These|Those|We|I|You|But|And|As|What|When|His|Her|Its|Their|A|An|In|On|At)$/;

/** The name that an English sentence is about, with its "the", where it is nobody's of these people. */
export function subjectNameIn(text: string, people: readonly KnownPerson[]): string | undefined {
  const { name = "", the } = SUBJECT.exec(text.slice(0, 300))?.groups ?? {};
  if (name === "" || NO_NAME.test(name.split(" ")[0] ?? "")) return undefined;
  if (people.some(({ words }) => words.some((word) => name.includes(word)))) return undefined;
  return `${the === undefined ? "" : "the "}${name}`;
}
