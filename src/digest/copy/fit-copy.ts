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
  /** The text that it was taken from, and the parts of that which were left out. */
  readonly of: string;
  readonly cut: readonly Span[];
  /** Whether it has room on every screen. A text that nothing shorter stands for is shown whole all the same. */
  readonly fits: boolean;
  /** The slot, and where the text stands in it. */
  readonly slot: SlotName;
  readonly setting: Setting;
}

/** A gist that was chosen for its slot. */
export interface FittedGist extends Fitted {
  /** The same with its place in the article, where its words are the article's own. */
  readonly sentence: Sentence;
}

/** The text of a story in its place. */
export interface Copy {
  readonly headline: Fitted;
  readonly gist: FittedGist;
  readonly contents: Fitted;
}

/** The text of a story that has so much room on the page. */
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

/** The lead's headline in the largest size in which it has room whole; else a shorter form in the largest that has room for one. */
function heroHeadline(entry: Entry, slots: Slots, setting: Setting): Fitted {
  const sizes = setting.hasPicture ? HERO_SLOTS : BARE_SLOTS;
  const tried = (hasLongWord(headlineOf(entry)) ? LONG_WORD_SLOTS : sizes).map((slot) =>
    fittedHeadline(entry, slots, slot, setting),
  );
  const fitting = tried.filter((headline) => headline.fits);
  const whole = fitting.find(({ text, of }) => text === of);
  return whole ?? fitting[0] ?? fittedHeadline(entry, slots, "hero-headline-long", setting);
}

/** The slot of a headline that stands whole, at the head of a brief. */
export function briefSlot(entry: Entry, slots: Slots): SlotName {
  const whole = headlineOf(entry);
  const sizes = hasLongWord(whole) ? LONG_WORD_SLOTS : BARE_SLOTS;
  return sizes.find((slot) => fits(slots[slot], whole)) ?? "hero-headline-long";
}

const LONG_WORD_SLOTS = ["hero-headline-long"] as const;
const HERO_SLOTS = ["hero-headline", "hero-headline-medium", ...LONG_WORD_SLOTS] as const;
const BARE_SLOTS = ["hero-headline-bare", ...HERO_SLOTS] as const;

/** The headline in the contents. Where no form has room, the one with the fewest lines on a phone stands there. */
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

/** The headline of a story in an inset of a letter. */
export function insetHeadline(entry: Entry, slots: Slots, hasPicture: boolean): Fitted {
  return fittedHeadline(entry, slots, "inset-headline", { hasPicture, fromPx: headPx(entry) });
}

/** The space above a headline and below it, and the height of a kicker. */
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

/** A headline in the form that has room in a slot: whole, without its label or an aside, or up to a joint. */
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

/** All forms that a story's headline may have on a page, the whole one first. */
export function headlineForms(entry: Entry): string[] {
  const { headline } = entry.short ?? {};
  const whole = headlineOf(entry);
  const shorter = shorterHeadlines(whole, entry.article.language).map(({ text }) => text);
  return [whole, ...(headline === undefined ? [] : [headline]), ...shorter];
}

/** The whole sentences of a gist or as many as have room, up to a joint, or a key point that can be read alone. */
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
  // A story without a headline has its gist there.
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

/** Whether an article takes back what a text says, worked out only for a text that is to be shown. */
function soundIn(article: Article): (text: string) => boolean {
  let isTakenBack: ((text: string) => boolean) | undefined;
  const isSound = sound.get(article) ?? ((text) => !(isTakenBack ??= takenBackIn(article))(text));
  sound.set(article, isSound);
  return isSound;
}

type Shorter = Pick<Fitted, "text" | "cut">;

/** Two texts of each story of a long issue, for each time that it is rendered, checked or edited. */
const REMEMBERED = 500;

/** The shorter forms of a headline, the fullest first. */
const shorterHeadlines = remembering(REMEMBERED, keyOf, headlinesWithLess);

/** The shorter forms of a gist, the fullest first: fewer of its sentences, then the first one up to a joint. */
const shorterGists = remembering(REMEMBERED, keyOf, gistsWithLess);

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
 * "Attack in the station: 33 suspects reported": before a colon often stands only what the news is about. Where no verb can
 * tell, the longer part says it.
 */
function isNews({ text, cut }: Shorter, headline: string, language: string): boolean {
  const isAtColon = /^\s*[:–—]/u.test(headline.slice(cut.at(-1)?.start));
  if (!isAtColon || lexiconOf(language).verbs.size > 0) return true;
  return text.length >= headline.length / 2;
}

/** The first sentence of a headline, without its full stop. */
function unstopped(headline: string, { start, end }: SentenceSpan): Shorter {
  return beginning(headline, start + withoutStop(headline.slice(start, end)));
}

/** "South Dakota says, 'Meth.", "Ferries, piers...": a sentence that ends inside a quotation, or breaks off, is none. */
function isStatement({ text }: Shorter): boolean {
  return tellsSomething(text) && isBalanced(text) && !BROKEN_OFF.test(text);
}

/** The shorter forms of a line whose end only says more, the longest first. */
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
  // A sentence that begins with "but" may say the opposite of the one before it.
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

/** The full stop of the sentence stays, so that what is left is a sentence too. */
function upToJoint(gist: string, { start, end }: SentenceSpan, language: string): Shorter[] {
  const sentence = gist.slice(start, end);
  const stop = start + sentence.search(/[.。](?=[”"’»)]*$)/u);
  if (stop < start) return [];
  const after = { start: stop + 1, end: gist.length };
  return tightShortenings(gist.slice(start, stop), language)
    .filter(({ text }) => tellsSomething(text))
    .map(({ cut }) => {
      const whole = joined([...cut.map((span) => moved(span, start)), after]);
      return { text: without(gist, whole), cut: whole };
    });
}

function moved({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}

/** Parts in order, with those that overlap or are empty put together. */
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

/** Whether a key point can be read without what stands before it in its article. */
function standsAlone(text: string, { language }: Article): boolean {
  const { definites, connectives, conjunctions, pluralPronouns, pointers, additives } =
    lexiconOf(language);
  const first = firstWordOf(text);
  const opens = [definites, connectives, conjunctions, pluralPronouns, pointers, additives];
  return (
    // Where any noun may have an article, it may be known from the sentence before.
    definites.size > 0 &&
    !/^["“„«]/u.test(text) &&
    !opens.some((words) => words.has(first)) &&
    !leans(text, language)
  );
}

/** A sentence without some parts of its text, with its place in the article as far as that is known. */
function asShown(
  sentence: Sentence,
  cut: readonly Span[],
  source: string,
): Pick<FittedGist, "text" | "of" | "cut" | "sentence"> {
  const text = without(sentence.text, cut);
  const place = placeIn(source, sentence, cut);
  return { text, of: sentence.text, cut, sentence: place?.text === text ? place : { text } };
}

/** The sentence in its article with more parts cut; undefined where its words are not the article's own. */
function placeIn(source: string, sentence: Sentence, cut: readonly Span[]): Sentence | undefined {
  const { start, end, cut: before = [], added = [] } = sentence;
  if (start === undefined || end === undefined) return undefined;
  // The place in the article of each unit of the text; words that were put in have none.
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
