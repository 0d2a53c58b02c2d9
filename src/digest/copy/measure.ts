import widths from "./face-widths.json" with { type: "json" };
import { NO_BREAK_SPACE } from "../../platform/text.ts";

/** The font faces with known widths: the serif with its bold and italic, and the sans-serif with its bold. */
export type Face = "serif" | "bold" | "italic" | "sans" | "sansBold";

/** The width available for a text on one screen, and its font size. */
export interface Measure {
  readonly widthPx: number;
  readonly sizePx: number;
  readonly trackingPx: number;
  /** The maximum number of lines. Joined words never exceed it. */
  readonly lines?: number | undefined;
  /** The first lines, which are shorter because they flow around a picture. */
  readonly beside?: { readonly widthPx: number; readonly lines: number } | undefined;
}

/** A single last word below this share of the line looks isolated. */
const LOST_SHARE = 0.4;
/** A line that joined words make shorter than this share has a gap at its end. */
const HOLE_SHARE = 0.55;
/** The maximum number of joined words. More would fix the line breaks by hand. */
const MOST_BOUND = 4;

const SOFT_HYPHEN = "\u00AD";

/** Advance widths in thousandths of the font size. Gelasio replaces Georgia, which has the same widths. */
const ADVANCES: Readonly<Record<Face, ReadonlyMap<string, number>>> = {
  serif: advancesOf(widths.serif),
  bold: advancesOf(widths.bold),
  italic: advancesOf(widths.italic),
  sans: advancesOf(widths.sans),
  sansBold: advancesOf(widths.sansBold),
};

function advancesOf(byWidth: Readonly<Record<string, string>>): ReadonlyMap<string, number> {
  const known = Object.entries(byWidth).flatMap(([width, characters]) =>
    Array.from(characters, (character) => [character, Number(width)] as const),
  );
  return new Map([...known, [SOFT_HYPHEN, 0]]);
}

/**
 * Whether all characters of a text are in the width table of a face. Texts in other scripts are measured by number of
 * characters.
 */
export function isMeasurable(text: string, face: Face): boolean {
  return Array.from(text).every((character) => ADVANCES[face].has(character));
}

export interface Line {
  readonly widthPx: number;
  /** The available width. */
  readonly mostPx: number;
  readonly words: number;
}

/** Breaks a text into lines like a browser: at spaces, and after hyphens, dashes and soft hyphens inside words. */
export function linesOf(text: string, measure: Measure, face: Face): Line[] {
  const lines: Line[] = [];
  const mostPx = () => {
    const { beside, widthPx } = measure;
    return beside && lines.length < beside.lines ? beside.widthPx : widthPx;
  };
  const space = widthOf(" ", measure, face);
  let line: Line = { widthPx: 0, mostPx: mostPx(), words: 0 };
  for (const word of text.split(" "))
    for (const [at, piece] of word.split(BREAK_IN_WORD).entries()) {
      const width = widthOf(piece, measure, face);
      const longer = line.widthPx + (at === 0 ? space : 0) + width;
      const words = piece.split(NO_BREAK_SPACE).length;
      if (line.words > 0 && longer > line.mostPx) {
        lines.push(line);
        line = { widthPx: width, mostPx: mostPx(), words };
      } else if (line.words === 0) line = { ...line, widthPx: width, words };
      else line = { ...line, widthPx: longer, words: line.words + words - (at === 0 ? 0 : 1) };
    }
  return [...lines, line];
}

/** Browsers also break "Covid-19" and "10–12", but not a number with its sign. */
const BREAK_IN_WORD = /(?<=[\p{L}\p{N}][-–—\u00AD])(?=[\p{L}\p{N}])/u;

/** The width of a character that is in no table. */
const UNKNOWN = 600;

function widthOf(text: string, { sizePx, trackingPx }: Measure, face: Face): number {
  let px = 0;
  for (const character of text)
    px += ((ADVANCES[face].get(character) ?? UNKNOWN) / 1000) * sizePx + trackingPx;
  return px;
}

/**
 * Adds soft hyphens to words that are wider than the narrowest line, so that they are hyphenated instead of torn. A hyphen
 * precedes the consonant that begins a syllable, which is correct for most words of most languages.
 */
export function hyphenated(text: string, measures: readonly Measure[], face: Face): string {
  const isWide = (word: string) =>
    measures.some(
      (measure) =>
        widthOf(word, measure, face) >
        Math.min(measure.widthPx, measure.beside?.widthPx ?? measure.widthPx) - MARGINS_PX,
    );
  return text.replace(LONG_WORD, (word) =>
    isWide(word)
      ? word.replace(SYLLABLE, `$<end>${SOFT_HYPHEN}$<next>`).replace(UNPARTED, `$&${SOFT_HYPHEN}`)
      : word,
  );
}

/** The margins that remain when a page's own are dropped, as in some webmails and without styles. */
const MARGINS_PX = 16;

/** Words in scripts with hyphens. */
const LONG_WORD = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]{12,}/gu;
/** This many letters without a recognised syllable. */
const UNPARTED = /\p{L}{14}(?=\p{L}{4})/gu;

const VOWEL = "[aeiouyäöüáàâéèêëíìîïóòôúùûåæø]";
const CONSONANT = `(?!${VOWEL})\\p{L}`;
/** Consonants that begin a syllable together, or a single one. */
const ONSET = `(?:sch|[cpst]h|qu|[bcdfgkpt][lr]|${CONSONANT})`;
/** The end of a syllable and the beginning of the next. At least three letters are on either side of a hyphen. */
const SYLLABLE = new RegExp(
  `(?<=\\p{L}{2})(?<end>${VOWEL}(?:${CONSONANT})*?)(?<next>${ONSET})(?=${VOWEL}\\p{L})`,
  "giu",
);

/** Whether the last line is a single word that is too short for it. */
export function endsLost(lines: readonly Line[]): boolean {
  const last = lines.at(-1);
  return lines.length > 1 && last?.words === 1 && last.widthPx < last.mostPx * LOST_SHARE;
}

/**
 * Joins the last words of a text with no-break spaces, so that the last one is not alone on a line at any of these
 * measures. The number of joined words with the lowest cost is chosen: an isolated word costs more than a line, and a line
 * more than a gap. A text of at most three words, or in a script without a width table, is not changed.
 */
export function bindTail(text: string, measures: readonly Measure[], face: Face): string {
  const words = text.split(" ");
  if (words.length <= 3 || !isMeasurable(text, face)) return text;
  const tried = measures.flatMap((measure) => [
    scaled(measure, 1 + LEEWAY),
    measure,
    narrower(measure),
  ]);
  const free = tried.map((measure) => linesOf(text, measure, face));
  const costOf = (set: string) =>
    tried.reduce((sum, measure, at) => {
      const lines = linesOf(set, measure, face);
      return sum + costOfLines(lines, free[at] ?? lines, measure.lines);
    }, 0);
  let best = { text, cost: costOf(text) };
  for (let bound = 2; bound <= Math.min(MOST_BOUND, words.length - 2); bound++) {
    if (best.cost < LOST_COST) break;
    const tied = [...words.slice(0, -bound), words.slice(-bound).join(NO_BREAK_SPACE)].join(" ");
    const cost = costOf(tied);
    if (cost < best.cost) best = { text: tied, cost };
  }
  return best.text;
}

/** Browsers round and kern, and a reader's font may be slightly wider. */
const LEEWAY = 0.015;

export function narrower(measure: Measure): Measure {
  return scaled(measure, 1 - LEEWAY);
}

function scaled({ widthPx, beside, ...size }: Measure, by: number): Measure {
  const side = beside && { ...beside, widthPx: beside.widthPx * by };
  return { ...size, widthPx: widthPx * by, beside: side };
}

const LOST_COST = 10;
const LINE_COST = 6;

function costOfLines(lines: readonly Line[], free: readonly Line[], most = Infinity): number {
  if (lines.length > most && lines.length > free.length) return Infinity;
  const isTorn = lines.some(
    ({ widthPx, mostPx }, at) => widthPx > mostPx && widthPx > (free[at]?.widthPx ?? 0),
  );
  if (isTorn) return Infinity;
  const holes = lines.slice(0, -1).map(({ widthPx, mostPx }, at) => {
    // A line that was already short is not caused by the joined words.
    const least = Math.min(mostPx * HOLE_SHARE, free[at]?.widthPx ?? 0);
    return Math.max(0, least - widthPx) / mostPx;
  });
  const costOfHoles = holes.reduce((sum, hole) => sum + hole * LOST_COST, 0);
  const more = Math.max(0, lines.length - free.length);
  return (endsLost(lines) ? LOST_COST : 0) + more * LINE_COST + costOfHoles;
}
