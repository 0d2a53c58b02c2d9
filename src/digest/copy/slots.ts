import { columnsOf } from "../../platform/text.ts";
import {
  bindTail,
  type Face,
  hyphenated,
  isMeasurable,
  type Line,
  linesOf,
  type Measure,
  narrower,
} from "./measure.ts";

/** The places of a page that text is chosen for. */
export const SLOT_NAMES = [
  "hero-headline",
  "hero-headline-bare",
  "hero-headline-medium",
  "hero-headline-long",
  "dek",
  "contents",
  "pair-headline",
  "pair-gist",
  "row-headline",
  "row-gist",
  "brief",
  "inset-headline",
  "inset",
  "desk",
  "kicker",
  "source",
  "number-caption",
  "feedback",
] as const;

export type SlotName = (typeof SLOT_NAMES)[number];

/** One place for text: its width on each screen in the size of its text style, and the most that it holds. */
export interface Slot {
  readonly face: Face;
  /** On screens of 320, 375 and 600 px. */
  readonly screens: readonly Screen[];
  /** Columns. An ideograph takes two. */
  readonly characters: number;
}

interface Screen extends Omit<Measure, "beside"> {
  /** The height of a line. */
  readonly linePx: number;
  readonly lines: number;
  /** The picture that the first lines may run round: the width that it leaves, and its height. */
  readonly beside?: { readonly widthPx: number; readonly heightPx: number } | undefined;
}

export type Slots = Readonly<Record<SlotName, Slot>>;

/** One value for each slot. */
export function bySlot<T>(valueOf: (name: SlotName) => T): Readonly<Record<SlotName, T>>;
export function bySlot(valueOf: (name: SlotName) => unknown): object {
  return Object.fromEntries(SLOT_NAMES.map((name) => [name, valueOf(name)]));
}

/** Where a text stands in its slot. */
export interface Setting {
  readonly hasPicture?: boolean;
  /** How far below the top of the picture it begins, by screen. */
  readonly fromPx?: readonly number[];
  /** Whether more follows on its last line on phones, so that no word stands alone there. */
  readonly isFollowed?: boolean;
}

/** The measures of a slot. Beside a picture the first lines are shorter. */
function measuresOf(slot: Slot, { hasPicture = false, fromPx = [] }: Setting = {}): Measure[] {
  return slot.screens.map(({ linePx, beside, ...measure }, at) => {
    const left = (beside?.heightPx ?? 0) - (fromPx[at] ?? 0);
    if (!beside || !hasPicture || left <= 0) return measure;
    return { ...measure, beside: { widthPx: beside.widthPx, lines: Math.ceil(left / linePx) } };
  });
}

/** The lines of a text on each screen; undefined for a script whose widths are not known. */
export function linesIn(slot: Slot, text: string, setting?: Setting): Line[][] | undefined {
  if (!isMeasurable(text, slot.face)) return undefined;
  return measuresOf(slot, setting).map((measure) => linesOf(text, measure, slot.face));
}

/** Whether a text has room on every screen, with no word torn. */
export function fits(slot: Slot, text: string, setting?: Setting): boolean {
  if (columnsOf(text) > slot.characters) return false;
  if (!isMeasurable(text, slot.face)) return true;
  return measuresOf(slot, setting).every((measure) => {
    const lines = linesOf(text, narrower(measure), slot.face);
    const isWhole = lines.every(({ widthPx, mostPx }) => widthPx <= mostPx);
    return isWhole && lines.length <= (measure.lines ?? Infinity);
  });
}

/** A text with its last words bound, where the last one would else stand lost on some screen. */
export function boundInSlot(slot: Slot, text: string, setting?: Setting): string {
  const measures = measuresOf(slot, setting);
  const set = hyphenated(text, measures, slot.face);
  return bindTail(set, setting?.isFollowed ? measures.slice(-1) : measures, slot.face);
}

/** Whether a word is so long that its headline steps down a size to fit a phone. */
export function hasLongWord(text: string): boolean {
  return text.split(/[\s\-–—/]+/).some((word) => /\p{L}{20,}/u.test(word));
}
