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

/** The places of a page for which texts are chosen. */
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

/** A place for text: its width on each screen at the size of its text style, and its maximum length. */
export interface Slot {
  readonly face: Face;
  /** On screens of 320, 375 and 600 px. */
  readonly screens: readonly Screen[];
  /** In columns. An ideograph takes two. */
  readonly characters: number;
}

interface Screen extends Omit<Measure, "beside"> {
  /** The height of a line. */
  readonly linePx: number;
  readonly lines: number;
  /** The picture that the first lines may flow around: the remaining width, and its height. */
  readonly beside?: { readonly widthPx: number; readonly heightPx: number } | undefined;
}

export type Slots = Readonly<Record<SlotName, Slot>>;

/** Computes one value for each slot. */
export function bySlot<T>(valueOf: (name: SlotName) => T): Readonly<Record<SlotName, T>>;
export function bySlot(valueOf: (name: SlotName) => unknown): object {
  return Object.fromEntries(SLOT_NAMES.map((name) => [name, valueOf(name)]));
}

/** The surroundings of a text in its slot. */
export interface Setting {
  readonly hasPicture?: boolean;
  /** For each screen, how far below the top of the picture the text begins. */
  readonly fromPx?: readonly number[];
  /** Whether its last line continues with other text on phones, so that no word is alone there. */
  readonly isFollowed?: boolean;
}

/** Returns the measures of a slot. Beside a picture the first lines are shorter. */
function measuresOf(slot: Slot, { hasPicture = false, fromPx = [] }: Setting = {}): Measure[] {
  return slot.screens.map(({ linePx, beside, ...measure }, at) => {
    const left = (beside?.heightPx ?? 0) - (fromPx[at] ?? 0);
    if (!beside || !hasPicture || left <= 0) return measure;
    return { ...measure, beside: { widthPx: beside.widthPx, lines: Math.ceil(left / linePx) } };
  });
}

/** Returns the lines of a text on each screen. Undefined for a script with unknown widths. */
export function linesIn(slot: Slot, text: string, setting?: Setting): Line[][] | undefined {
  if (!isMeasurable(text, slot.face)) return undefined;
  return measuresOf(slot, setting).map((measure) => linesOf(text, measure, slot.face));
}

/** Whether a text fits on every screen, without a torn word. */
export function fits(slot: Slot, text: string, setting?: Setting): boolean {
  if (columnsOf(text) > slot.characters) return false;
  if (!isMeasurable(text, slot.face)) return true;
  return measuresOf(slot, setting).every((measure) => {
    const lines = linesOf(text, narrower(measure), slot.face);
    const isWhole = lines.every(({ widthPx, mostPx }) => widthPx <= mostPx);
    return isWhole && lines.length <= (measure.lines ?? Infinity);
  });
}

/** Prepares a text for a slot. Its last words are joined by no-break spaces if one would be alone on a line. */
export function boundInSlot(slot: Slot, text: string, setting?: Setting): string {
  const measures = measuresOf(slot, setting);
  const set = hyphenated(text, measures, slot.face);
  return bindTail(set, setting?.isFollowed ? measures.slice(-1) : measures, slot.face);
}

/** Whether a word is so long that its headline needs a smaller size to fit on a phone. */
export function hasLongWord(text: string): boolean {
  return text.split(/[\s\-–—/]+/).some((word) => /\p{L}{20,}/u.test(word));
}
