import widths from "./face-widths.json" with { type: "json" };
import { countCharacters } from "../platform/text.ts";
import { measureOf } from "./helpers.ts";
import type { Theme } from "./theme.ts";
import { NO_BREAK_SPACE } from "./typography.ts";

/** The faces of headlines and of quotes. */
type Face = keyof typeof widths;

/** A width that a text is set to, in a size. */
export interface Measure {
  readonly widthPx: number;
  readonly sizePx: number;
  readonly trackingPx: number;
}

/** A longer bond would be torn on a phone of 320 px, in its largest headline. */
const LONGEST_BOND = 14;
/** A last word of less of its line looks lost there. */
const LOST_SHARE = 0.4;
/** A line that a bond leaves shorter has a hole at its end. */
const HOLE_SHARE = 0.55;

/** Advance widths in thousandths of the size; those of Gelasio, which was drawn to Georgia's. */
const ADVANCES: Readonly<Record<Face, ReadonlyMap<string, number>>> = {
  bold: advancesOf(widths.bold),
  italic: advancesOf(widths.italic),
};

function advancesOf(byWidth: Readonly<Record<string, string>>): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(byWidth).flatMap(([width, characters]) =>
      Array.from(characters, (character) => [character, Number(width)] as const),
    ),
  );
}

/** A text in a style of the theme, which has `desktopPx` for it on wide screens: by default those of the page. */
export function boundIn(
  theme: Theme,
  style: string,
  text: string,
  desktopPx = measureOf(theme, "text"),
): string {
  const face = theme.text[style]?.italic ? "italic" : "bold";
  return bindTail(text, measuresFor(theme, style, desktopPx), face);
}

/** The measures of phones of 320 and of 375 px and of the desktop. */
function measuresFor(theme: Theme, style: string, desktopPx: number): Measure[] {
  const { phone, desktop } = theme.text[style] ?? {};
  return [measure(280, phone), measure(335, phone), measure(desktopPx, desktop)];
}

function measure(widthPx: number, [sizePx = 0, , trackingPx = 0]: readonly number[] = []): Measure {
  return { widthPx, sizePx, trackingPx };
}

/**
 * A text whose last two words stay together, where the last would else stand lost on a line of its own at one of these
 * measures, and where that costs no line and leaves no hole at any of them. Never in three words, which mostly fit a
 * line; and a script without a table of widths is left alone.
 */
export function bindTail(text: string, measures: readonly Measure[], face: Face = "bold"): string {
  const words = text.split(" ");
  const [last = "", before = ""] = words.toReversed();
  const bond = `${before}${NO_BREAK_SPACE}${last}`;
  if (words.length <= 3 || countCharacters(bond) > LONGEST_BOND) return text;
  if (Array.from(text).some((character) => !ADVANCES[face].has(character))) return text;
  const bound = [...words.slice(0, -2), bond];
  const sets = measures.map((measure) => ({
    measure,
    free: linesOf(words, measure, face),
    tied: linesOf(bound, measure, face),
  }));
  const isLost = sets.some(({ free, measure }) => endsLost(free, measure));
  const isSound = sets.every(
    ({ free, tied, measure }) =>
      widthOf(bond, measure, face) <= measure.widthPx &&
      tied.length <= free.length &&
      tied.slice(0, -1).every(
        ({ widthPx }, at) =>
          // What was short before is not the bond's doing.
          widthPx >= Math.min(measure.widthPx * HOLE_SHARE, free[at]?.widthPx ?? 0),
      ),
  );
  return isLost && isSound ? bound.join(" ") : text;
}

interface Line {
  readonly widthPx: number;
  readonly words: number;
}

function endsLost(lines: readonly Line[], { widthPx }: Measure): boolean {
  const last = lines.at(-1);
  return lines.length > 1 && last?.words === 1 && last.widthPx < widthPx * LOST_SHARE;
}

/** The lines that a browser breaks some words into. */
function linesOf(words: readonly string[], measure: Measure, face: Face): Line[] {
  const space = widthOf(" ", measure, face);
  const lines: Line[] = [];
  let line: Line = { widthPx: 0, words: 0 };
  for (const word of words) {
    const width = widthOf(word, measure, face);
    const longer = line.widthPx + space + width;
    if (line.words > 0 && longer > measure.widthPx) {
      lines.push(line);
      line = { widthPx: width, words: 1 };
    } else line = { widthPx: line.words > 0 ? longer : width, words: line.words + 1 };
  }
  return [...lines, line];
}

function widthOf(text: string, { sizePx, trackingPx }: Measure, face: Face): number {
  let px = 0;
  for (const character of text)
    px += ((ADVANCES[face].get(character) ?? 0) / 1000) * sizePx + trackingPx;
  return px;
}
