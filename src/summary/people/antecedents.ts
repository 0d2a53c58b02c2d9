import type { Addition, Candidate } from "../candidate.ts";
import type { KnownPerson } from "./people.ts";
import { couldBePerson, type Run, runsIn, type RunContext } from "../language/names.ts";
import { primarySubtag } from "../language/lexicon.ts";

/**
 * Returns for each sentence the additions that make it readable alone: the full name for a surname, and in English the name
 * that its opening pronoun refers to. Uncertain additions are left out.
 */
export function additionsFor(
  candidates: readonly Candidate[],
  people: readonly KnownPerson[],
  { language, ...context }: RunContext & { readonly language: string },
): readonly (readonly Addition[])[] {
  const byShortName = ownersOf(people);
  const referents =
    primarySubtag(language) === "en" ? referentsIn(candidates, people, context) : [];
  const introduced = new Set<KnownPerson>();
  return candidates.map((candidate, index) => {
    const short = shortNamesIn(candidate, byShortName, introduced);
    for (const person of people) if (candidate.text.includes(person.name)) introduced.add(person);
    const referent = referents[index];
    return referent ? [referent, ...short.filter(({ name }) => name !== referent.name)] : short;
  });
}

type Owners = ReadonlyMap<string, KnownPerson>;

/** Maps each surname to its person, if it belongs to only one. */
export function ownersOf(people: readonly KnownPerson[]): Owners {
  const owners = new Map<string, KnownPerson | undefined>();
  for (const person of people) {
    if (person.words.length < 2) continue;
    const short = person.words.at(-1) ?? "";
    owners.set(short, owners.has(short) ? undefined : person);
  }
  return new Map([...owners].flatMap(([name, person]) => (person ? [[name, person]] : [])));
}

const LONGEST_ROLE_WORDS = 4;

/** Returns the additions for surnames of people whose full names came before, at the first occurrence of each. */
function shortNamesIn(
  { text, start }: Candidate,
  owners: Owners,
  introduced: ReadonlySet<KnownPerson>,
): readonly Addition[] {
  if (/[[\]]/.test(text)) return [];
  const found = new Map<KnownPerson, Addition>();
  for (const { 0: word, index } of text.matchAll(
    /(?<![\p{L}\p{N}'’@#.-])\p{Lu}[\p{L}\p{M}'’-]*/gu,
  )) {
    const short = word.replace(/['’]s?$/, "");
    const person = owners.get(short);
    if (!person || !introduced.has(person) || found.has(person) || text.includes(person.name))
      continue;
    const before = text.slice(0, index);
    // Another name, or a title that identifies the person: "Officer Pell", "Mary Pell".
    if (/\p{Lu}[\p{L}.]*\s$/u.test(before) && !/(?:^|\s)(?:Mr|Mrs|Ms|Miss)\.?\s$/.test(before))
      if (!opens(before)) continue;
    if (isPartOfName(text.slice(index + word.length))) continue;
    const given = person.words.slice(0, -1).join(" ");
    const role = rolePut(person, before);
    const at = start + index;
    found.set(person, {
      start: at,
      end: at,
      text: `[${role}${given}] `,
      name: person.name,
      kind: "short name",
    });
  }
  return [...found.values()];
}

function opens(before: string): boolean {
  return (
    /^(?:[“"„«‘']?\p{Lu}\p{Ll}+ )$/u.test(before) &&
    /^(?:But|And|When|After|While|As|If|Although|For|With|Before|Since|Because) $/.test(before)
  );
}

/** Whether the surname is part of another name: "Pell Street". */
function isPartOfName(after: string): boolean {
  return /^\s\p{Lu}\p{L}/u.test(after) || /^(?:-\p{L}|\s(?:&|and Sons))/u.test(after);
}

/** Returns the role before the name, in lower case: "[harbour master Ada] Pell". */
function rolePut({ role = "" }: KnownPerson, before: string): string {
  if (!/^\p{Ll}[\p{L} -]+$/u.test(role) || role.split(" ").length > LONGEST_ROLE_WORDS) return "";
  // A role fits in "by Pell" and "Pell", but not in "the Pell", "his Pell" and "Mr Pell".
  return /(?:^|[.,;:“"]\s?|\s(?:by|to|with|from|and|that|as|when|after|told|of))\s?$/u.test(before)
    ? `${role} `
    : "";
}

const OPENING =
  /^(?:(?:On|In|At|By|During|After|Before|From|Since|Until|Earlier|Later)\s[^,]{2,40},\s)?(?<pronoun>[Hh]e|[Ss]he|[Ii]t|[Hh]is|[Hh]er|[Ii]ts)\s(?=\p{L})/u;
/** Sentences in which "it" refers to no name: "It is clear that", "It took years". */
const IMPERSONAL =
  /^[Ii]t\s(?:is|was|has been|had been|will be|would be|may be|could be|takes?|took|seems?|seemed|appears?|appeared|remains?|turns?|turned|comes?|came|follows?|looks?|looked|feels?|felt|sounds?|sounded|means?|meant)(?!\p{L})/u;

type Known = { readonly name: string; readonly shown: string; readonly isPerson: boolean };
/** The referent of a pronoun. */
type Meant = { readonly gender: string; readonly known: Known };

/**
 * Returns the referent of each sentence's opening pronoun: the only person in the sentence before, the subject of that
 * sentence if it is another kind of name, or the referent of the same pronoun there.
 */
function referentsIn(
  candidates: readonly Candidate[],
  people: readonly KnownPerson[],
  context: RunContext,
): readonly (Addition | undefined)[] {
  let before: Meant | undefined;
  return candidates.map((candidate, index) => {
    const opening = OPENING.exec(candidate.text.slice(0, 120));
    const pronoun = opening?.groups?.["pronoun"];
    const carried = before;
    before = undefined;
    if (!opening || pronoun === undefined) return undefined;
    const previous = candidates[index - 1];
    if (!previous || /[[\]]/.test(candidate.text)) return undefined;
    // Two authors: the words before a block quotation name nothing in it.
    if (previous.isBlockQuoted !== candidate.isBlockQuoted) return undefined;
    const gender = genderOf(pronoun);
    const known = referentOf(gender, previous, people, { carried, context });
    if (!known) return undefined;
    if (
      gender === "it" &&
      IMPERSONAL.test(
        candidate.text.slice(opening.index + opening[0].length - pronoun.length - 1).trimStart(),
      )
    )
      return undefined;
    // In "He told Pell", "He" is not Pell.
    if (known.isPerson && candidate.text.includes(known.name.split(" ").at(-1) ?? ""))
      return undefined;
    before = { gender, known };
    const end = candidate.start + opening[0].trimEnd().length;
    const isOwner = /^(?:his|her|its)$/i.test(pronoun);
    return {
      start: end - pronoun.length,
      end,
      text: `[${known.shown}${isOwner ? possessive(known.shown) : ""}]`,
      name: known.name,
      kind: "pronoun",
    };
  });
}

function possessive(name: string): string {
  return name.endsWith("s") ? "’" : "’s";
}

function genderOf(pronoun: string): "he" | "she" | "it" {
  const lower = pronoun.toLowerCase();
  if (lower.startsWith("it")) return "it";
  return lower === "he" || lower === "his" ? "he" : "she";
}

function referentOf(
  gender: "he" | "she" | "it",
  previous: Candidate,
  people: readonly KnownPerson[],
  { carried, context }: { readonly carried: Meant | undefined; readonly context: RunContext },
): Known | undefined {
  const named = people.filter((person) => isNamedIn(previous.text, person));
  const runs = runsIn(previous.text, context);
  if (gender === "it")
    return named.length === 0 ? thingOf(subjectNameIn(previous.text, runs, people)) : undefined;
  const opposite = gender === "he" ? /\b(?:she|her|hers)\b/i : /\b(?:he|him|his)\b/i;
  if (opposite.test(previous.text)) return undefined;
  const others = runs.filter(
    (run) =>
      run.words.length > 1 &&
      !named.some(({ words }) => words.some((word) => run.words.includes(word))),
  );
  if (others.some(({ words }) => couldBePerson(words))) return undefined;
  const [only, ...more] = named;
  if (only && more.length === 0) return { name: only.name, shown: only.name, isPerson: true };
  if (named.length === 0 && carried?.gender === gender) return carried.known;
  return undefined;
}

function thingOf(shown: string | undefined): Known | undefined {
  return shown === undefined
    ? undefined
    : { name: shown.replace(/^the /, ""), shown, isPerson: false };
}

const BEFORE_SUBJECT = /^(?:(?:On|In|At|From)\s[^,]{2,40},\s)?(?<the>[Tt]he\s)?$/u;
const APPOSITION = String.raw`(?:,\s[^,]{2,80},)?`;
const VERB = String.raw`(?:is|are|was|has|had|says|said|will|would|may|can|took|went|came|made|met|told|began|left|won|lost|found|put|sent|gave|held|wrote|led|got|saw|ran|became|\p{Ll}{2,}(?:ed|es))`;
const VERB_AFTER = new RegExp(
  String.raw`^${APPOSITION}\s(?:(?:also|clearly|reportedly|first|then|later)\s)?${VERB}(?!\p{L})`,
  "u",
);

/** Returns the name that is the subject of an English sentence. Undefined if it belongs to one of these people. */
function subjectNameIn(
  text: string,
  runs: readonly Run[],
  people: readonly KnownPerson[],
): string | undefined {
  const at = runs.findIndex(({ start }) => BEFORE_SUBJECT.test(text.slice(0, start)));
  const [run, next] = runs.slice(at === -1 ? runs.length : at);
  if (!run) return undefined;
  // "the University of Porthmoor" is one name.
  const isLinked = next && /^ of (?:the )?$/.test(text.slice(run.end, next.start));
  const end = isLinked ? next.end : run.end;
  const name = text.slice(run.start, end);
  if (!VERB_AFTER.test(text.slice(end, end + 120))) return undefined;
  if (people.some(({ words }) => words.some((word) => name.includes(word)))) return undefined;
  const { the } = BEFORE_SUBJECT.exec(text.slice(0, run.start))?.groups ?? {};
  return `${the === undefined ? "" : "the "}${name}`;
}

function isNamedIn(text: string, { words, name }: KnownPerson): boolean {
  if (text.includes(name)) return true;
  const last = words.at(-1) ?? name;
  for (let at = text.indexOf(last); at >= 0; at = text.indexOf(last, at + 1)) {
    const around = (text[at - 1] ?? " ") + (text[at + last.length] ?? " ");
    if (!/\p{L}/u.test(around)) return true;
  }
  return false;
}
