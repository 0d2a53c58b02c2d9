import { remembering } from "../../platform/remembering.ts";
import { lexiconOf } from "../../summary/language/lexicon.ts";
import { type SentenceSpan, splitSentences } from "../../summary/language/segments.ts";
import { takenBackIn } from "../../summary/summarize.ts";
import { editedSentence, type Sentence } from "../../summary/summary.ts";
import { type Entry, headlineOf } from "../digest.ts";
import { leans, unlabelled, withoutStop } from "../subject/compose-subject.ts";
import {
  BROKEN_OFF,
  isBalanced,
  isIntroduction,
  shorteningsOf,
  type Span,
  tellsSomething,
  without,
} from "../subject/shorten.ts";
import {
  fits,
  hasLongWord,
  linesIn,
  type Setting,
  type Slot,
  type SlotName,
  type Slots,
} from "./slots.ts";

/** A text that was chosen for its slot. */
export interface Fitted {
  readonly text: string;
  /** The original text, and the parts of it that were removed. */
  readonly of: string;
  readonly cut: readonly Span[];
  /** Whether it fits on every screen. A text without a shorter form is shown in full anyway. */
  readonly fits: boolean;
  /** The slot, and the setting of the text in it. */
  readonly slot: SlotName;
  readonly setting: Setting;
}

/** A gist that was chosen for its slot. */
export interface FittedGist extends Fitted {
  /** The same sentence with its place in the article, if its words are the article's own. */
  readonly sentence: Sentence;
}

/** The texts of a story for its place. */
export interface Copy {
  readonly headline: Fitted;
  readonly gist: FittedGist;
  readonly contents: Fitted;
}

/** Chooses the texts of a story for its weight on the page. */
export function copyFor(
  entry: Entry,
  weight: NonNullable<Entry["weight"]>,
  slots: Slots,
  hasPicture: boolean,
): Copy {
  const fromPx = headPx(entry);
  const headline =
    weight === "lead"
      ? heroHeadline(entry, slots, { hasPicture, fromPx })
      : fittedHeadline(entry, slots, HEADLINE_SLOTS[weight], { hasPicture, fromPx });
  const gist = fittedGist(entry, slots, GIST_SLOTS[weight], {
    setting: { hasPicture, fromPx: belowPx(slots[headline.slot], headline, fromPx) },
    hasPoints: weight === "lead",
  });
  return { headline, gist, contents: contentsLine(entry, slots) };
}

const HEADLINE_SLOTS = { pair: "pair-headline", row: "row-headline", line: "brief" } as const;
/** A story in brief shows no gist. */
const GIST_SLOTS = { lead: "dek", pair: "pair-gist", row: "row-gist", line: "row-gist" } as const;

/** Returns the full headline of the lead in the largest size that fits, or a shorter form in the largest size that fits one. */
function heroHeadline(entry: Entry, slots: Slots, setting: Setting): Fitted {
  const sizes = setting.hasPicture ? HERO_SLOTS : BARE_SLOTS;
  const tried = (hasLongWord(headlineOf(entry)) ? LONG_WORD_SLOTS : sizes).map((slot) =>
    fittedHeadline(entry, slots, slot, setting),
  );
  const fitting = tried.filter((headline) => headline.fits);
  const whole = fitting.find(({ text, of }) => text === of);
  return whole ?? fitting[0] ?? fittedHeadline(entry, slots, "hero-headline-long", setting);
}

/** Returns the slot of a full headline above a brief. */
export function briefSlot(entry: Entry, slots: Slots): SlotName {
  const whole = headlineOf(entry);
  const sizes = hasLongWord(whole) ? LONG_WORD_SLOTS : BARE_SLOTS;
  return sizes.find((slot) => fits(slots[slot], whole)) ?? "hero-headline-long";
}

const LONG_WORD_SLOTS = ["hero-headline-long"] as const;
const HERO_SLOTS = ["hero-headline", "hero-headline-medium", ...LONG_WORD_SLOTS] as const;
const BARE_SLOTS = ["hero-headline-bare", ...HERO_SLOTS] as const;

/** Returns the headline in the contents. If no form fits, the one with the fewest lines on a phone is used. */
function contentsLine(entry: Entry, slots: Slots): Fitted {
  const fitted = fittedHeadline(entry, slots, "contents", { isFollowed: true });
  if (fitted.fits || entry.short?.headline !== undefined) return fitted;
  const { article } = entry;
  const linesOf = (text: string) => linesIn(slots.contents, text)?.[0]?.length ?? 0;
  const isSound = soundIn(article);
  const shorter = shorterHeadlines(fitted.of, article.language)
    .filter(({ text }) => linesOf(text) < linesOf(fitted.of) && isSound(text))
    .toSorted((a, b) => linesOf(a.text) - linesOf(b.text))[0];
  return { ...fitted, ...shorter };
}

/** Returns the headline of a story in an inset of a letter. */
export function insetHeadline(entry: Entry, slots: Slots, hasPicture: boolean): Fitted {
  return fittedHeadline(entry, slots, "inset-headline", { hasPicture, fromPx: headPx(entry) });
}

const SPACE_PX = { above: 4, below: 8, kicker: 20 };

function headPx({ article }: Entry): number[] {
  const kicker = article.kicker ? SPACE_PX.kicker : 0;
  return [kicker, kicker, kicker].map((height) => height + SPACE_PX.above);
}

function belowPx(slot: Slot, { text, setting }: Fitted, fromPx: readonly number[]): number[] {
  const lines = linesIn(slot, text, setting) ?? [];
  return fromPx.map(
    (height, at) =>
      height + (lines[at]?.length ?? 1) * (slot.screens[at]?.linePx ?? 0) + SPACE_PX.below,
  );
}

/** Returns a headline in the form that fits a slot: in full, without its label or an aside, or up to a joint. */
export function fittedHeadline(
  entry: Entry,
  slots: Slots,
  slot: SlotName,
  setting: Setting = {},
): Fitted {
  const own = entry.short?.headline;
  const whole = own ?? headlineOf(entry);
  const hasRoom = (text: string) => fits(slots[slot], text, setting);
  const asIs = { text: whole, of: whole, cut: [], fits: hasRoom(whole), slot, setting };
  if (asIs.fits || own !== undefined) return asIs;
  const isSound = soundIn(entry.article);
  const shorter = shorterHeadlines(whole, entry.article.language).find(
    ({ text }) => hasRoom(text) && isSound(text),
  );
  return shorter ? { ...asIs, ...shorter, fits: true } : asIs;
}

/** Returns all forms of a story's headline on a page, the full one first. */
export function headlineForms(entry: Entry): string[] {
  const { headline } = entry.short ?? {};
  const whole = headlineOf(entry);
  const shorter = shorterHeadlines(whole, entry.article.language).map(({ text }) => text);
  return [whole, ...(headline === undefined ? [] : [headline]), ...shorter];
}

/**
 * Returns the gist for a slot: all its sentences, the ones that fit, its beginning up to a joint, or a key point that can
 * be read alone.
 */
export function fittedGist(
  entry: Entry,
  slots: Slots,
  slot: SlotName,
  { setting = {}, hasPoints = false }: { setting?: Setting; hasPoints?: boolean } = {},
): FittedGist {
  const { article, summary, short } = entry;
  const hasRoom = ({ text }: Pick<Fitted, "text">) => fits(slots[slot], text, setting);
  const chosen = (sentence: Sentence, cut: readonly Span[] = []) => {
    const shown = asShown(sentence, cut, article.text);
    return { ...shown, fits: hasRoom(shown), slot, setting };
  };
  if (short?.gist !== undefined) return chosen({ text: short.gist });
  const { gist, keyPoints } = summary;
  const whole = chosen(gist);
  // A story without a headline shows its gist there.
  if (gist.text === headlineOf(entry)) return { ...whole, fits: true };
  if (whole.fits) return whole;
  const isSound = soundIn(article);
  const isShown = (one: Pick<Fitted, "text">) => hasRoom(one) && isSound(one.text);
  const shorter = shorterGists(gist.text, article.language).find(isShown);
  if (shorter) return chosen(gist, shorter.cut);
  // The lead has its key points below the gist.
  const alone = hasPoints ? [] : keyPoints.filter(({ text }) => standsAlone(text, article));
  const point = alone.find(isShown);
  return point ? chosen(point) : whole;
}

type Article = Entry["article"];

const sound = new WeakMap<Article, (text: string) => boolean>();

/**
 * Returns whether a shortened text does not repeat a claim that its article denies or corrects. The test is prepared only
 * when it is needed.
 */
function soundIn(article: Article): (text: string) => boolean {
  let isTakenBack: ((text: string) => boolean) | undefined;
  const isSound = sound.get(article) ?? ((text) => !(isTakenBack ??= takenBackIn(article))(text));
  sound.set(article, isSound);
  return isSound;
}

type Shorter = Pick<Fitted, "text" | "cut">;

/** Two texts for each story of a long issue. */
const TEXTS_CACHED = 500;

/** The shorter forms of a headline, the longest first. */
const shorterHeadlines = remembering(TEXTS_CACHED, keyOf, headlinesWithLess);

/** The shorter forms of a gist, the longest first: fewer sentences, then the first one up to a joint. */
const shorterGists = remembering(TEXTS_CACHED, keyOf, gistsWithLess);

function keyOf(text: string, language: string): string {
  return `${language} ${text}`;
}

function headlinesWithLess(headline: string, language: string): Shorter[] {
  const { start, end } = unlabelled(headline, language);
  const edges = [
    { start: 0, end: start },
    { start: end, end: headline.length },
  ].filter((span) => span.end > span.start);
  const bare = headline.slice(start, end);
  const bareForm = edges.length > 0 ? [{ text: bare, cut: edges }] : [];
  const [first, ...others] = splitSentences(bare, language);
  const statement = first && others.length > 0 ? [unstopped(bare, first)].filter(isStatement) : [];
  const tight = tightShortenings(bare, language).filter((one) => isNews(one, bare, language));
  const shorter = [...statement, ...tight].map(({ cut }) => {
    const whole = joined([...edges, ...cut.map((span) => moved(span, start))]);
    return { text: without(headline, whole), cut: whole };
  });
  return [...bareForm, ...shorter];
}

/**
 * Whether a shorter form still contains the news. Before a colon there is often only the subject: "Attack in the station:
 * 33 suspects reported". In languages without a list of verbs, the longer part counts as the news.
 */
function isNews({ text, cut }: Shorter, headline: string, language: string): boolean {
  const isAtColon = /^\s*[:–—]/u.test(headline.slice(cut.at(-1)?.start));
  if (!isAtColon || lexiconOf(language).verbs.size > 0) return true;
  return text.length >= headline.length / 2;
}

/** Returns the first sentence of a headline without its full stop. */
function unstopped(headline: string, { start, end }: SentenceSpan): Shorter {
  return beginning(headline, start + withoutStop(headline.slice(start, end)));
}

/**
 * Whether a text is a complete sentence. "South Dakota says, 'Meth." ends inside a quotation, and "Ferries, piers..." is
 * cut off.
 */
function isStatement({ text }: Shorter): boolean {
  return tellsSomething(text) && isBalanced(text) && !BROKEN_OFF.test(text);
}

/** Returns the shorter forms of a line whose removed end only adds details, the longest first. */
function tightShortenings(line: string, language: string) {
  return shorteningsOf(line, language)
    .filter(({ isLoose }) => !isLoose)
    .sort((a, b) => b.text.length - a.text.length);
}

function gistsWithLess(gist: string, language: string): Shorter[] {
  const sentences = splitSentences(gist, language);
  const [first] = sentences;
  if (!first) return [];
  const { connectives, conjunctions } = lexiconOf(language);
  const isTied = ({ start, end }: SentenceSpan) =>
    [connectives, conjunctions].some((words) => words.has(firstWordOf(gist.slice(start, end))));
  // A sentence that begins with "but" may contradict the one before it.
  const fewer = sentences.flatMap(({ end }, at) => {
    const next = sentences[at + 1];
    return next && !isTied(next) ? [beginning(gist, end)] : [];
  });
  const isAlone = sentences[1] === undefined || !isTied(sentences[1]);
  return [...fewer.toReversed(), ...(isAlone ? upToJoint(gist, first, language) : [])];
}

function beginning(text: string, end: number): Shorter {
  return { text: text.slice(0, end), cut: [{ start: end, end: text.length }] };
}

/** Returns the first sentence up to each joint. It keeps its full stop, so that the rest is a sentence. */
function upToJoint(gist: string, { start, end }: SentenceSpan, language: string): Shorter[] {
  const sentence = gist.slice(start, end);
  const stop = start + sentence.search(/[.。](?=[”"’»)]*$)/u);
  if (stop < start) return [];
  const after = { start: stop + 1, end: gist.length };
  return tightShortenings(gist.slice(start, stop), language)
    .filter(({ text }) => tellsSomething(text) && !isIntroduction(text, sentence, language))
    .map(({ cut }) => {
      const whole = joined([...cut.map((span) => moved(span, start)), after]);
      return { text: without(gist, whole), cut: whole };
    });
}

function moved({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}

/** Sorts parts and merges the overlapping ones. Empty parts are removed. */
function joined(parts: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const part of parts.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (part.end <= part.start) continue;
    if (last && part.start <= last.end)
      merged.splice(-1, 1, { start: last.start, end: Math.max(last.end, part.end) });
    else merged.push(part);
  }
  return merged;
}

function firstWordOf(text: string): string {
  return /^\p{L}+/u.exec(text)?.[0].toLowerCase() ?? "";
}

/** Whether a key point can be read without the text before it in the article. */
function standsAlone(text: string, { language }: Article): boolean {
  const { definites, connectives, conjunctions, pluralPronouns, pointers, additives } =
    lexiconOf(language);
  const first = firstWordOf(text);
  const opens = [definites, connectives, conjunctions, pluralPronouns, pointers, additives];
  return (
    // Only English has a list of definite words. In other languages, "der" or "le" does not show whether a noun refers back.
    definites.size > 0 &&
    !/^["“„«]/u.test(text) &&
    !opens.some((words) => words.has(first)) &&
    !leans(text, language)
  );
}

/** Removes parts of a sentence, and returns its place in the article if it is known. */
function asShown(
  sentence: Sentence,
  cut: readonly Span[],
  source: string,
): Pick<FittedGist, "text" | "of" | "cut" | "sentence"> {
  const text = without(sentence.text, cut);
  const place = placeIn(source, sentence, cut);
  return { text, of: sentence.text, cut, sentence: place?.text === text ? place : { text } };
}

/** Returns the sentence in its article with more parts removed. Undefined if its words are not the article's own. */
function placeIn(source: string, sentence: Sentence, cut: readonly Span[]): Sentence | undefined {
  const { start, end, cut: before = [], added = [] } = sentence;
  if (start === undefined || end === undefined) return undefined;
  // The place in the article of each unit of the text. Inserted words have none.
  const places: (number | undefined)[] = [];
  for (let at = start; at <= end; at++) {
    const put = added.find((one) => one.at === at);
    for (const _ of put?.text.split("") ?? []) places.push(undefined);
    if (at < end && !before.some((span) => span.start <= at && at < span.end)) places.push(at);
  }
  const isCut = (at: number) => cut.some((span) => span.start <= at && at < span.end);
  const dropped = places.flatMap((place, at) => (place !== undefined && isCut(at) ? place : []));
  const keptAdded = added.filter(({ at }) => !dropped.includes(at));
  const edits = [
    ...joined([...before, ...dropped.map((at) => ({ start: at, end: at + 1 }))]).map(
      ({ start: from, end: to }) => ({ start: from, end: to, text: "" }),
    ),
    ...keptAdded.map(({ at, text }) => ({ start: at, end: at, text })),
  ];
  return editedSentence(source, { start, end }, edits);
}
