import type { Ready } from "../check/finding.ts";
import {
  type Digest,
  type Entry,
  flatEntries,
  headlineOf,
  idOf,
  SURE_ENOUGH,
} from "../digest/digest.ts";
import { leans, teases } from "../digest/subject/compose-subject.ts";
import { many } from "../platform/text.ts";
import { countWords } from "../summary/language/segments.ts";
import { lacksVerb, lexiconOf, sharedCount, termsOf } from "../summary/language/lexicon.ts";
import { keptChance } from "../summary/explanation/explain.ts";
import { faultOfLine, isOwnFile } from "./line-faults.ts";
import type { Printed, PrintedLine } from "./lines.ts";
import weights from "./ready-weights.json" with { type: "json" };

/** The number of worst lines in the result. */
const NAMED = 3;

/** The kinds of lines that are judged, and the features that each kind uses. The name of a source has a rule of its own. */
const JUDGED: Partial<Record<PrintedLine["as"], (typeof KINDS)[number]>> = {
  subject: "inbox",
  preheader: "inbox",
  headline: "headline",
  brief: "brief",
  gist: "gist",
  point: "point",
  quotation: "aside",
  timeline: "aside",
  number: "aside",
  caption: "aside",
};

const KINDS = ["inbox", "headline", "brief", "gist", "point", "aside"] as const;

/** A judged line with the probability that a strict editor keeps it. */
export interface JudgedLine {
  readonly line: PrintedLine;
  readonly chance: number;
  /** Whether it is the editor's own line, or one that the editor accepted. */
  readonly isOwn: boolean;
}

/** Returns each judged line with its probability, which was learned from lines that editors judged (`npm run train:ready`). */
export function judgedLines(
  printed: Printed,
  digest: Digest,
  built?: string,
): readonly JudgedLine[] {
  return printed.lines.flatMap((line) => {
    const row = lineFeatures(line, digest);
    if (!row) return [];
    const own = isOwn(line, digest, built);
    return [{ line, chance: own ? 1 : logistic(row), isOwn: own }];
  });
}

/**
 * Whether an editor is responsible for a line: it was accepted, it was written after the build, or it comes from a file of
 * the newsletter's own and not from a model. Subject and preheader count if all stories come from such files and the lines
 * are certain.
 */
function isOwn({ as, text, entry }: PrintedLine, digest: Digest, built?: string): boolean {
  if (as === "subject" || as === "preheader") {
    const { text: composed, confidence = 0, by } = digest.composed?.[as] ?? {};
    const isOfOwn = flatEntries(digest).every((one) => one.hidden === true || isOwnFile(one));
    return composed !== text || (isOfOwn && by !== "model" && confidence >= SURE_ENOUGH);
  }
  if (!entry) return false;
  const mayBeModels = entry.summary.origin === "model" && (as === "gist" || as === "point");
  if (entry.accepted === true || (isOwnFile(entry) && !mayBeModels)) return true;
  return (
    built !== undefined && !built.includes(JSON.stringify(text).slice(1, BEGINNING_CHARACTERS))
  );
}

/** Returns the probability that all lines are kept, or a text if some are in a language without word lists. */
export function readyOf(printed: Printed, digest: Digest, built?: string): Ready | string {
  const judged = judgedLines(printed, digest, built);
  const unknown = judged
    .filter((one) => !one.isOwn)
    .map(({ line: { entry } }) => entry?.article.language ?? digest.language)
    .filter((language) => lexiconOf(language).stopWords.size === 0);
  if (unknown.length > 0)
    return `no word list is known for ${[...new Set(unknown)].join(", ")}, so ${many(unknown.length, "line")} can't be judged`;
  const worst = judged
    .filter((one) => !one.isOwn)
    .toSorted((a, b) => a.chance - b.chance)
    .slice(0, NAMED);
  return {
    chance: round(issueChance(judged)),
    because: worst.map(unsureLine),
  };
}

function unsureLine({ line: { as, text, entry }, chance }: JudgedLine): Ready["because"][number] {
  const known = { as, text, chance: round(chance) };
  return entry ? { ...known, story: headlineOf(entry), id: idOf(entry) } : known;
}

/**
 * Returns the probability that all lines of an issue are kept. It is higher than the product of their probabilities,
 * because lines of one issue tend to be good or bad together.
 */
export function issueChance(
  judged: readonly Pick<JudgedLine, "chance">[],
  exponent: number = weights.issue,
): number {
  return judged.reduce((product, { chance }) => product * chance ** exponent, 1);
}

/** Computes the features of a line. Undefined for a line that is not judged. */
export function lineFeatures(line: PrintedLine, digest: Digest): readonly number[] | undefined {
  const { as, text, entry } = line;
  const kind = JUDGED[as];
  if (kind === undefined) return undefined;
  const language = entry?.article.language ?? digest.language;
  const lexicon = lexiconOf(language);
  const words = countWords(text);
  const isTitle = kind === "inbox" || kind === "headline" || kind === "brief";
  const gist = entry?.summary.confidence ?? (entry ? SURE_CHANCE : MIDDLE_CHANCE);
  const inbox = as === "subject" || as === "preheader" ? digest.composed?.[as] : undefined;
  const own = kind === "inbox" ? (inbox?.confidence ?? SURE_CHANCE) : ownChance(line, gist);
  const isShort = isTitle && words < FEW_WORDS;
  return [
    ...KINDS.map((one) => Number(one === kind)),
    logOdds(own),
    kind === "brief" ? logOdds(gist) : 0,
    Number(kind === "brief" && gist < HOPELESS_CHANCE),
    logOdds(entry?.article.reading?.confidence ?? SURE_CHANCE),
    Number(faultOfLine(line) !== undefined),
    Number(leans(text, language)),
    Number(isTitle && teases(text, language)),
    Number(isShort),
    Number(isTitle && lacksVerb(text, lexicon)),
    Math.max(0, words - (isTitle ? MANY.title : MANY.sentence)) / 10,
    kind === "gist" || kind === "point" ? sharedWithHeadline(text, entry) : 0,
    Number(kind === "gist" && entry !== undefined && !isOwnGist(text, entry)),
    Number(isTitle && /[#\d]/u.test(text) && words < 2 * FEW_WORDS),
    Number(isTitle && /[!:?]/u.test(text)),
  ];
}

const SURE_CHANCE = 0.95;
const MIDDLE_CHANCE = 0.7;
const HOPELESS_CHANCE = 0.1;
const FEW_WORDS = 4;
const MANY = { title: 14, sentence: 35 };

/** Returns the probability that the summary gave a sentence: as a gist for the gist, as a kept sentence for others. */
function ownChance({ as, text, entry }: PrintedLine, gist: number): number {
  if (!entry || as === "gist" || as === "headline" || as === "brief") return gist;
  const { keyPoints, timeline } = entry.summary;
  const sentences = [...keyPoints, ...timeline.map(({ sentence }) => sentence)];
  const sentence = sentences.find((one) => one.text === text);
  return (sentence && keptChance(entry.article, sentence)) ?? MIDDLE_CHANCE;
}

/** Whether the printed gist is that of the story or its beginning, and not another sentence that fitted the place. */
function isOwnGist(text: string, { summary, short }: Entry): boolean {
  return text === short?.gist || summary.gist.text.startsWith(text.slice(0, BEGINNING_CHARACTERS));
}

const BEGINNING_CHARACTERS = 30;

/** Returns the share of a headline's terms in a line. */
function sharedWithHeadline(text: string, entry: Entry | undefined): number {
  if (!entry) return 0;
  const { stopWords } = lexiconOf(entry.article.language);
  const headline = termsOf(headlineOf(entry), stopWords);
  return headline.size === 0 ? 0 : sharedCount(termsOf(text, stopWords), headline) / headline.size;
}

function logistic(row: readonly number[]): number {
  const { weights: own, bias } = weights.line;
  const sum = row.reduce((total, value, at) => total + value * (own[at] ?? 0), bias);
  return 1 / (1 + Math.exp(-sum));
}

function logOdds(chance: number): number {
  const bounded = Math.min(SURE_CHANCE, Math.max(1 - SURE_CHANCE, chance));
  return Math.log(bounded / (1 - bounded));
}

function round(chance: number): number {
  return Math.round(chance * 100) / 100;
}
