import { type Article, isDoubtful } from "../../article/article.ts";
import { foreignWord, unfaithfulness } from "../../summary/faithfulness/faithfulness.ts";
import { countWords } from "../../summary/language/segments.ts";
import type { AdvisedLine, IssueAdvice } from "../../summary/model/issue-question.ts";
import type { Advice, AdviceLine } from "../digest.ts";
import { countCharacters } from "../../platform/text.ts";
import { Batch } from "../stories/batch.ts";
import { mergedStory } from "../stories/gather-stories.ts";
import { isParted } from "../stories/offered.ts";
import { type Backing, backingOf } from "../stories/same-story.ts";
import { folded, sourceName } from "../../article/identity.ts";
import {
  type Member,
  partsOf,
  type Story,
  type StoryDraft,
  type StoryEdits,
} from "../stories/story.ts";
import { traitsOf } from "../stories/traits.ts";
import {
  leans,
  PREHEADER_CHARACTERS,
  SUBJECT_CHARACTERS,
  teases,
} from "../subject/compose-subject.ts";
import { withSureLead } from "./arrange-stories.ts";

/** The stories after a model's advice, and the result for each part of the advice. */
interface Advised {
  readonly stories: readonly StoryDraft[];
  readonly advice: Advice;
}

interface TakeOptions {
  /** The editor's decisions to part and to join pairs of articles. */
  readonly edits?: StoryEdits | undefined;
  /** False if stories must not be merged. */
  readonly merge?: boolean | undefined;
}

/** The stories of an issue by the numbers that the model uses. Two merged stories are one under both numbers. */
type ByNumber = ReadonlyMap<number, StoryDraft>;

/**
 * Applies a model's advice about an issue where the evidence supports it. Stories are merged unless their own words
 * contradict it or the editor has parted them. The model's order replaces the order by news value. Its lines for the inbox
 * are used if their articles support them. All other advice is recorded as an offer.
 */
export function takeAdvice(
  given: readonly StoryDraft[],
  said: IssueAdvice,
  { edits = {}, merge = true }: TakeOptions = {},
): Advised {
  const numbered = new Map(given.map((story, at) => [at + 1, story] as const));
  const { merged, same } = takeMerges(numbered, said.same, { edits, merge });
  const { stories, order } = takeOrder(merged, said.order);
  const [lead] = stories;
  const subject =
    lead && said.subject && takeLine(said.subject, merged, [lead], SUBJECT_CHARACTERS);
  const preheader =
    said.preheader &&
    takeLine(said.preheader, merged, stories.slice(0, NEXT), PREHEADER_CHARACTERS.most);
  const ignored = unknownNumbers(said, given.length);
  const advice = {
    ...(same.length > 0 && { same }),
    ...(order && { order }),
    ...(subject && { subject }),
    ...(preheader && { preheader }),
    ...(ignored.length > 0 && { ignored }),
  };
  return { stories, advice };
}

type Pairs = NonNullable<Advice["same"]>;

/** An editor does not look at more pairs. */
const MOST_PAIRS = 20;

function takeMerges(
  numbered: ByNumber,
  groups: IssueAdvice["same"],
  { edits, merge }: Required<TakeOptions>,
): { readonly merged: ByNumber; readonly same: Pairs } {
  const batch = new Batch([...numbered.values()].map(({ article }) => traitsOf(article)));
  let merged = numbered;
  const same: Pairs[number][] = [];
  for (const [host, guest] of pairsOf(groups)) {
    const [a, b] = [merged.get(host), merged.get(guest)];
    if (!a || !b || a === b || same.length === MOST_PAIRS) continue;
    const { chance, against } = !merge
      ? UNMERGED
      : isParted(edits, a, b)
        ? PARTED
        : backingOf(traitsOf(a.article), traitsOf(b.article), batch);
    const stories = [a.article.id, b.article.id];
    if (same.some((pair) => stories.every((id) => pair.stories.includes(id)))) continue;
    same.push({
      stories,
      used: against === undefined,
      ...(against !== undefined && { why: against }),
    });
    if (against !== undefined) continue;
    const one = told(a, b, chance);
    merged = new Map(
      [...merged].map(([number, story]) => [number, story === a || story === b ? one : story]),
    );
  }
  return { merged, same };
}

/** Pairs each story of a group with the first one, which has the highest position. */
function pairsOf(groups: IssueAdvice["same"]): (readonly [number, number])[] {
  return groups.flatMap((group) => {
    const [host, ...guests] = [...group].sort((a, b) => a - b);
    return host === undefined ? [] : guests.map((guest) => [host, guest] as const);
  });
}

const UNMERGED: Backing = { chance: 0, against: "`merge` is false" };
const PARTED: Backing = { chance: 0, against: "you have parted them" };

/**
 * Merges two stories at the position of the first. An article that an editor named tells the story, otherwise the fullest
 * one.
 */
function told(host: StoryDraft, guest: StoryDraft, chance: number): StoryDraft {
  const pair = [gathered(host, 0), gathered(guest, 1)] as const;
  const one = mergedStory(pair, { as: "model", chance });
  const papers = new Set(
    [one.teller, ...one.merged.map(({ member }) => member)].map(
      ({ article }) => sourceName(article) ?? article.source,
    ),
  );
  return { ...partsOf(one), place: { ...host.place, papers: papers.size } };
}

/** Converts a draft back to a gathered story. Its article has a rank if an editor chose its position. */
function gathered({ merged, place, ...teller }: StoryDraft, rank: number): Story<Member> {
  return {
    teller: { ...teller, rank: place.by === "value" ? undefined : rank },
    merged: merged.map(({ merge, ...member }) => ({ member, merge })),
  };
}

/**
 * Applies a model's order. It moves only stories that are ordered by news value, because an editor chose the positions of the
 * others.
 */
function takeOrder(
  merged: ByNumber,
  numbers: readonly number[],
): { readonly stories: readonly StoryDraft[]; readonly order: Advice["order"] } {
  const ours = eachOnce([...merged.values()]);
  const theirs = eachOnce(numbers.flatMap((number) => merged.get(number) ?? []));
  if (theirs.length === 0) return { stories: ours, order: undefined };
  const ids = theirs.map(({ article }) => article.id);
  const moved = theirs.filter(({ place }) => place.by === "value");
  const fixed = ours.filter(({ place }) => place.by !== "value");
  if (moved.length === 0)
    return { stories: ours, order: { stories: ids, used: false, why: FIXED } };
  const left = ours.filter((story) => !fixed.includes(story) && !moved.includes(story));
  const wanted = [...fixed, ...moved.map(placedByModel), ...left];
  const why =
    fixed.length > 0 ? FIXED_FIRST : isDoubtful(wanted[0]?.article.reading) ? DOUBTED : undefined;
  return {
    stories: withSureLead(wanted),
    order: { stories: ids, used: true, ...(why !== undefined && { why }) },
  };
}

/** A merged story has several numbers. */
function eachOnce(stories: readonly StoryDraft[]): StoryDraft[] {
  return [...new Map(stories.map((story) => [story.id, story])).values()];
}

function placedByModel(story: StoryDraft): StoryDraft {
  return { ...story, place: { ...story.place, by: "model" } };
}

const FIXED = "the stories stand as they are named or pinned";
const FIXED_FIRST = "what is named or pinned comes first";
const DOUBTED = "what was read with doubt leads no issue";

/** The number of stories that a preheader may mention, if the model does not say. */
const NEXT = 4;

/** Judges a line by the stories that the model names, or by others if it names none. */
function takeLine(
  { text, from }: AdvisedLine,
  merged: ByNumber,
  others: readonly StoryDraft[],
  most: number,
): AdviceLine {
  const named = from.flatMap((number) => merged.get(number) ?? []);
  const about = (named.length === 0 ? others : named).map(({ article }) => article);
  return judged(text, about, most);
}

/**
 * Judges a model's line by the articles whose news it contains. It is used if it has the form of a subject or a preheader,
 * and if for each of its parts one article contains every claim.
 */
function judged(text: string, about: readonly Article[], most: number): AdviceLine {
  const [first] = about;
  const line = { text, about: about.map(({ id }) => id) };
  if (!first) return { ...line, used: false, why: "it is about no story of the issue" };
  const form = faultOfForm(text, first.language, most);
  if (form !== undefined) return { ...line, used: false, why: form };
  const headed = about.find(({ title }) => folded(title) === folded(text));
  if (headed) return { text, about: [headed.id], used: true };
  const parts = text.split(PARTS).map((part) => bornOut(part, first, about));
  const told = { text, about: [...new Set(parts.map(({ article }) => article.id))] };
  const faults = parts.flatMap(({ fault }) => fault ?? []);
  const fault = faults.find(({ isSure }) => isSure) ?? faults[0];
  return fault ? { ...told, used: false, why: fault.message } : { ...told, used: true };
}

/** The separators between the news of several stories in one line. */
const PARTS = /;\s+|\s[|·]\s|(?<=[.!?])\s+|,\s+(?:and|but|while)\s+/u;

/**
 * Returns the article that best supports a part of a line. A claim that only two articles together support counts as
 * unsupported.
 */
function bornOut(part: string, first: Article, about: readonly Article[]) {
  const judged = about.map((article) => ({
    article,
    fault: unfaithfulness(part, article) ?? foreignWord(part, article),
  }));
  return (
    judged.find(({ fault }) => fault === undefined) ??
    judged.find(({ fault }) => fault?.isSure === false) ??
    judged[0] ?? { article: first, fault: undefined }
  );
}

/** A line with fewer words contains no news. */
const LEAST_WORDS = 3;
const PICTURE = /\p{Extended_Pictographic}/u;

function faultOfForm(text: string, language: string, most: number): string | undefined {
  const characters = countCharacters(text);
  if (characters > most) return `it has ${characters} characters, and ${most} are shown`;
  if (countWords(text) < LEAST_WORDS) return "it tells too little";
  if (teases(text, language)) return "it asks or teases";
  if (PICTURE.test(text)) return "it has a sign in it that is a picture";
  return leans(text, language) ? "it depends on something that it does not name" : undefined;
}

function unknownNumbers({ same, order, subject, preheader }: IssueAdvice, count: number): string[] {
  const all = [...same.flat(), ...order, ...(subject?.from ?? []), ...(preheader?.from ?? [])];
  const unknown = [...new Set(all)].filter((number) => number < 1 || number > count);
  if (unknown.length === 0) return [];
  const shown = unknown.slice(0, 5).join(", ") + (unknown.length > 5 ? " …" : "");
  return [`the issue has ${count} stories, and none with the number ${shown}`];
}
