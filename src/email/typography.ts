import { hyphenated } from "../digest/copy/measure.ts";
import { columnsOf, countCharacters, directionOf, NO_BREAK_SPACE } from "../platform/text.ts";

/** Units that would look lost at the start of a line, so their number comes with them. */
const UNIT =
  /(\d) (?=(?:%|‰|°[CF]?|℃|℉|[kcmµ]?m[²³]?|km\/h|k?g|k?W|[kMGT]?B|[kMG]?Hz|min|s|h|ha|l|ml|hPa|am|pm|a\.m\.|p\.m\.|million|billion|thousand|degrees|per cent|percent|€|Mio\.|Uhr|Prozent|tonnes|litres|metres)(?![\p{L}\p{N}]))/gu;

/** A number stays on the line of its unit (`1 °C`, `40 min`). */
export function bindUnits(text: string): string {
  return text.replace(UNIT, `$1${NO_BREAK_SPACE}`);
}

/** A text as it is set: with typographic marks, numbers beside their units, and hyphens in words wider than a phone's column. */
export function typeset(text: string, language: string): string {
  return hyphenated(bindUnits(curl(text, language)), [NARROW], "serif");
}

/** The narrowest column of running text: beside a date, or beside a picture. */
const NARROW = { widthPx: 167, sizePx: 17, trackingPx: 0 };

/** An initial stays with the name that it begins (`J. Smith`). */
export function bindInitials(text: string): string {
  return text.replace(/(?<![\p{L}\p{N}.])(\p{Lu}\.) (?=\p{Lu})/gu, `$1${NO_BREAK_SPACE}`);
}

/**
 * Straight quotation marks and apostrophes as typographic ones, for display only: the model and its
 * offsets keep the source's own characters. Only marks that can mean one thing are touched.
 */
export function curl(text: string, language: string): string {
  const apostrophes = text.replace(/(?<=\p{L})'(?=\p{L})/gu, "’");
  if (new Intl.Locale(language).language !== "en") return apostrophes;
  const single = apostrophes.replace(
    /(?<=^|[\s([“"])'(?=[\p{L}\p{N}])([^'\n]*[\p{L}\p{N}.,!?])'(?=$|[\s.,;:?!)\]”"])/gu,
    "‘$1’",
  );
  const marks = single.match(/"/g)?.length ?? 0;
  if (marks === 0 || marks % 2 === 1) return single;
  return single.replace(/"([^"]*)"/g, "“$1”");
}

/**
 * About how wide a text is in a face of `sizePx`, rather too wide than too narrow: which face a reader has is
 * not known, and the figures are those of Georgia, the widest of ours.
 */
export function estimatedWidthPx(text: string, sizePx: number): number {
  let ems = 0;
  for (const character of text) ems += emsOf(character);
  return ems * sizePx;
}

function emsOf(character: string): number {
  const columns = columnsOf(character);
  if (columns !== 1) return columns / 2;
  if (/[\s.,'’ijlIftr|]/u.test(character)) return 0.36;
  return /[\p{Lu}mw]/u.test(character) ? 0.76 : 0.54;
}

/** The text style of a nameplate: a long name steps down a size to fit a phone. */
export function nameplateStyle(name: string): string {
  const length = countCharacters(name);
  return length > 28 ? "nameplate-longest" : length > 16 ? "nameplate-long" : "nameplate";
}

/** A text set apart from a line that runs the other way, so that its full stop stays at its own end (UAX #9). */
export function isolated(text: string, language: string, around: string): string {
  if (directionOf(language) === directionOf(around)) return text;
  return `\u2068${text}\u2069`;
}

/** RFC 5322 §2.1.1 wants 78 columns at most; 72 leaves room to be quoted twice. */
export const TEXT_COLUMNS = 72;

/**
 * The plain-text part, wrapped at 72 columns: a line's own indent, list mark and quote mark are kept
 * by the lines that follow it, a URL is never broken, and ideographs (which have no spaces) break between
 * any two, but not before a closing mark.
 */
export function wrapText(text: string): string {
  // What binds or parts words on a page only hinders a reader who searches or quotes a plain text.
  const plain = text.replaceAll("\u00A0", " ").replaceAll(/[\u00AD\u2066-\u2069]/g, "");
  const lines = plain.split("\n").flatMap(wrapLine);
  return `${lines
    .join("\n")
    .replace(/[^\S\n]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim()}\n`;
}

/** Before a line that stays whole, such as a line of code: a noncharacter, which no text holds. */
export const UNWRAPPED = "\uFDD2";

function wrapLine(line: string): string[] {
  if (line.startsWith(UNWRAPPED)) return [line.slice(1)];
  if (columnsOf(line) <= TEXT_COLUMNS || isUrl(line)) return [line];
  const [lead = ""] = /^\s*(?:(?:\d+\.|\[\d+\]|[*>|])\s+)*/.exec(line) ?? [];
  // Of a quotation every line says that it is one (RFC 3676 §4.5).
  const hang = lead.replace(/[^\s>|]/g, " ");
  const wrapped: string[] = [];
  let current = lead;
  for (const piece of pieces(line.slice(lead.length))) {
    if (columnsOf(current + piece.trimEnd()) > TEXT_COLUMNS && current.trim() !== lead.trim()) {
      wrapped.push(current.trimEnd());
      current = hang;
    }
    current += current === hang ? piece.trimStart() : piece;
  }
  return [...wrapped, current.trimEnd()];
}

function isUrl(line: string): boolean {
  return /^\s*[a-z][a-z+.-]*:\S+$/i.test(line);
}

/** What may not be parted: words with the space after them, and single ideographs. */
function pieces(text: string): string[] {
  return (
    text.match(
      /[\u3041-\u30FF\u3400-\u4DBF\u4E00-\u9FFF][、。，．」』）！？ー]*\s*|[^\s\u3041-\u30FF\u3400-\u4DBF\u4E00-\u9FFF]+\s*|\s+/gu,
    ) ?? []
  );
}
