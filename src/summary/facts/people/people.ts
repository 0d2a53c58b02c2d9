import type { Article } from "../../../article/article.ts";
import type { Document } from "../../document.ts";
import { lexiconOf } from "../../language/lexicon.ts";
import type { Person } from "../../summary.ts";
import { mentionsIn, type Mention } from "./mentions.ts";
import { personWordsOf } from "./person-words.ts";

const PEOPLE = 6;
/** Someone with a stated role is worth a line where somebody without one is not. */
const PEOPLE_WITH_ROLES = 9;
/** How much has to speak for a name's being a person's; see `mentionsIn`. */
const SURE = 3.5;

/** The people of an article, and every name, full or short, that means one of them. */
export interface People {
  readonly people: readonly Person[];
  readonly names: ReadonlySet<string>;
}

/**
 * Who is who in an article: names as it writes them, with the role that it states beside one, the most
 * mentioned first. Only those that something shows to be people: a role, a title, an age, a quotation
 * with a short form of the name elsewhere. None in a language for which we have no words.
 * @param lowered the words that the article writes small somewhere
 */
export function peopleOf(
  article: Article,
  document: Document,
  lowered: ReadonlySet<string>,
): People {
  const words = personWordsOf(article.language);
  if (!words || isInCapitals(article.text)) return { people: [], names: new Set() };
  const context = {
    words,
    lexicon: lexiconOf(article.language),
    lowered,
    keeps: (word: string) => words.titles.has(word) || words.isPerson(word),
  };
  const mentions = document.candidates
    .filter(
      ({ refusal }) => refusal !== "caption" && refusal !== "furniture" && refusal !== "too-long",
    )
    .flatMap(({ text }) => mentionsIn(text, context));
  const known = [...fullNames(mentions).values()];
  attachShortForms(known, mentions);
  const sure = known.filter(({ evidence }) => evidence >= SURE);
  return { people: shown(sure, article.title), names: namesOf(sure) };
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

/** One entry for each name of two words or more, and for a single one with a title. */
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
  joinShorter(full);
  return full;
}

/** "Mary Pell" is "Mary Pell Reil" without her last name. */
function joinShorter(full: Map<string, Known>): void {
  const longer = new Map<string, Known>();
  for (const known of full.values()) {
    for (let end = 2; end < known.words.length; end++) {
      longer.set(known.words.slice(0, end).join(" "), known);
    }
  }
  for (const [key, known] of full) {
    const whole = longer.get(known.name);
    if (!whole) continue;
    whole.evidence += known.evidence;
    whole.count += known.count;
    whole.role ??= known.role;
    full.delete(key);
  }
}

/** A surname alone, elsewhere, speaks for a person, where only one could be meant. */
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

/** Whom the title names is who the story is about. */
const IN_TITLE = 5;

function shown(sure: readonly Known[], title: string): readonly Person[] {
  const worth = ({ name, role, count }: Known) =>
    Math.min(count, 8) + (role === undefined ? 0 : 3) + (title.includes(name) ? IN_TITLE : 0);
  const best = sure.toSorted((a, b) => worth(b) - worth(a) || a.order - b.order);
  return best
    .filter(({ role }, place) => place < (role === undefined ? PEOPLE : PEOPLE_WITH_ROLES))
    .map(({ name, role }) => (role === undefined ? { name } : { name, role }));
}

function namesOf(sure: readonly Known[]): ReadonlySet<string> {
  return new Set(sure.flatMap(({ name, words }) => [name, words.at(-1) ?? name, words[0] ?? name]));
}
