import type { Article } from "../article/article.ts";
import { BroadsheetError } from "../errors.ts";
import { oneLine } from "./one-line.ts";
import { dayOfSlot } from "./slot.ts";
import { sectionsWithFront, type Grouping } from "./arrange/sections.ts";
import { leadOf } from "./arrange/weights.ts";
import {
  type Digest,
  type Entry,
  type Issue,
  headlineOf,
  type Advice,
  type AdviceLine,
  type Phrase,
} from "./digest.ts";
import { composeModules, type ModuleSettings } from "./modules.ts";
import type { Parts } from "./parts.ts";
import type { Publication } from "./publication.ts";
import { composePreheader, composeSubject, saysAgain } from "./subject/compose-subject.ts";
import type { StoryEdits } from "./stories/story.ts";

export interface ComposeOptions {
  readonly publication?: Publication | undefined;
  readonly template?: string | undefined;
  /** The day on the front page, YYYY-MM-DD; by default the slot's. */
  readonly date?: string | undefined;
  /** BCP 47; by default the language of most stories. */
  readonly language?: string | undefined;
  /** The editor's own words: its title is the issue's subject, its description the preheader. */
  readonly letter?: Article | undefined;
  readonly subject?: string | undefined;
  readonly preheader?: string | undefined;
  readonly webUrl?: string | undefined;
  /** Which parts of a story are shown; all by default. */
  readonly parts?: Parts | undefined;
  /** What the issue says beside its stories: by default contents, and a quote and a number that a story has. */
  readonly modules?: ModuleSettings | undefined;
  /** How the stories after the lead are grouped; by default a long issue is, where most tags or sources recur. */
  readonly sections?: Grouping | undefined;
  /** What an editor has parted and joined. */
  readonly stories?: StoryEdits | undefined;
  /** What a model said of the issue; its lines are taken where the editor gives none. */
  readonly advice?: Advice | undefined;
}

/**
 * The digest of some summarised articles, in the order given; of the first three that leads which is surely told. What the
 * caller does not say (subject, preheader, language) is composed from the stories.
 * @throws BroadsheetError CONTENT_NO_STORY without an entry, DIGEST_INVALID for a slot that is no date.
 */
export function composeDigest(
  issue: Issue,
  entries: readonly Entry[],
  options: ComposeOptions = {},
): Digest {
  const sections = sectionsWithFront(entries, options.sections);
  const lead = leadOf(sections.flatMap((section) => section.entries));
  if (!lead) {
    throw new BroadsheetError("CONTENT_NO_STORY", "there is no story to make a digest of", {
      fix: "give at least one article",
    });
  }
  if (dayOfSlot(issue.slot) === undefined) {
    throw new BroadsheetError(
      "DIGEST_INVALID",
      `${issue.slot} is no day and no week of the calendar`,
      {
        fix: 'a slot is a date such as "2026-11-24" or an ISO week such as "2026-W48"',
      },
    );
  }
  const title = options.letter?.title || headlineOf(lead);
  return {
    issue,
    ...defined({
      publication: options.publication,
      template: options.template,
      date: options.date,
    }),
    ...defined({
      webUrl: options.webUrl,
      parts: options.parts,
      stories: ownEdits(options.stories),
    }),
    ...modulesOf(issue, entries, options),
    title,
    ...inboxLines([lead, ...entries.filter((entry) => entry !== lead)], lead, options),
    language: options.language ?? languageOf(entries),
    ...defined({ letter: options.letter && letterOf(options.letter) }),
    sections,
  };
}

/** What an inbox shows, with who wrote it: the editor, or else a model as far as it can be shown, or the program. */
function inboxLines(
  entries: readonly Entry[],
  lead: Entry,
  { subject: given, preheader: givenNext, letter, advice }: ComposeOptions,
): Pick<Digest, "subject" | "preheader" | "composed" | "advice"> {
  const own = given ?? letter?.title;
  const ours = own ? undefined : composeSubject(lead);
  const advised = settledLine(advice?.subject, { ours, lead: lead.article.id });
  const told = phraseOf(advised) ?? ours;
  const subject = oneLine(own || (told?.text ?? ""));
  const ownNext = givenNext ?? letter?.description;
  const ourNext = ownNext === undefined ? composePreheader(entries, subject) : undefined;
  const advisedNext = settledLine(advice?.preheader, { ours: ourNext, subject });
  const next = phraseOf(advisedNext) ?? ourNext;
  const preheader = oneLine(ownNext ?? next?.text ?? "");
  const settled = advice && {
    ...advice,
    ...defined({ subject: advised, preheader: advisedNext }),
  };
  const composed = composedOf({ subject: told, preheader: next });
  return { subject, preheader, ...defined({ composed, advice: settled }) };
}

/** A line that its articles bear out, and one that nothing bears out. A model wrote both, so that neither is as sure as a headline. */
const CONFIDENCE = { shown: 0.8, doubted: 0.5 };

/** The phrase that a model's line is; undefined where it is not used. */
function phraseOf(line: AdviceLine | undefined): Phrase | undefined {
  if (!line?.used) return undefined;
  const confidence = line.why === undefined ? CONFIDENCE.shown : CONFIDENCE.doubted;
  return { text: line.text, confidence, by: "model" };
}

/** What a line is settled against. */
interface Others {
  /** The program's; undefined where the editor has given a line. */
  readonly ours: Phrase | undefined;
  /** What a subject has to tell of, by the id of its article. */
  readonly lead?: string;
  /** What a preheader stands after. */
  readonly subject?: string;
}

/** A model's line as it stands beside the others in the end: an editor's wins, and ours over a doubtful one. */
function settledLine(
  line: AdviceLine | undefined,
  { ours, lead, subject }: Others,
): AdviceLine | undefined {
  const phrase = phraseOf(line);
  if (!line || !phrase) return line;
  if (!ours) return { ...line, used: false, why: "yours stands" };
  if (lead !== undefined && !line.about.includes(lead))
    return { ...line, used: false, why: "what it tells of does not lead" };
  if (subject !== undefined && saysAgain(line.text, subject))
    return { ...line, used: false, why: "it says the subject again" };
  return line.why === undefined || phrase.confidence > ours.confidence
    ? line
    : { ...line, used: false };
}

type Composed = NonNullable<Digest["composed"]>;

/** What was written for the editor, and how sure it is; what the editor wrote needs no word of it. */
function composedOf(phrases: Composed): Composed | undefined {
  const { subject, preheader } = phrases;
  if (!subject && !preheader) return undefined;
  return {
    ...(subject && { subject: round(subject) }),
    ...(preheader && { preheader: round(preheader) }),
  };
}

function round({ text, confidence, by }: Phrase): Phrase {
  return { text: oneLine(text), confidence: Math.round(confidence * 100) / 100, ...(by && { by }) };
}

function ownEdits(edits: StoryEdits = {}): StoryEdits | undefined {
  const { apart = [], together = [] } = edits;
  return apart.length + together.length > 0 ? edits : undefined;
}

function modulesOf(
  issue: Issue,
  entries: readonly Entry[],
  { modules: settings, parts }: ComposeOptions,
): Pick<Digest, "modules"> {
  const modules = composeModules(entries, issue, { settings, parts });
  return Object.keys(modules).length > 0 ? { modules } : {};
}

function letterOf(letter: Article): NonNullable<Digest["letter"]> {
  const signature = letter.authors.join(", ");
  return { text: letter.text, ...(signature === "" ? {} : { signature }) };
}

/** The language that most of the stories are in; of equals, the first. */
function languageOf(entries: readonly Entry[]): string {
  const counts = new Map<string, number>();
  for (const { article } of entries) {
    counts.set(article.language, (counts.get(article.language) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? "en";
}

/** Leaves out what is not there, so that JSON and equality see the same digest. */
function defined<T extends object>(fields: T): Partial<T> {
  const kept: Partial<T> = { ...fields };
  for (const key in kept) if (kept[key] === undefined) delete kept[key];
  return kept;
}
