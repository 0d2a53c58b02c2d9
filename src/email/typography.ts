import { hyphenated } from "../digest/copy/measure.ts";
import { columnsOf, countCharacters, directionOf, NO_BREAK_SPACE } from "../platform/text.ts";
import { remembering } from "../platform/remembering.ts";
import { labelLanguage, labelsFor } from "./labels.ts";

/** Units that must not begin a line without their number. */
const UNIT =
  /(\d) (?=(?:%|‰|°[CF]?|℃|℉|[kcmµ]?m[²³]?|km\/h|k?g|k?W|[kMGT]?B|[kMG]?Hz|min|s|h|ha|l|ml|hPa|am|pm|a\.m\.|p\.m\.|million|billion|thousand|degrees|per cent|percent|€|Mio\.|Uhr|Prozent|tonnes|litres|metres)(?![\p{L}\p{N}]))/gu;

/** Keeps a number on the line of its unit (`1 °C`, `40 min`). */
export function bindUnits(text: string): string {
  return text.replace(UNIT, `$1${NO_BREAK_SPACE}`);
}

/** Keeps a day on the line of its month (`31 July`, `July 31`, `1. Dezember`). */
export function bindDays(text: string, language: string): string {
  return /\p{Nd}/u.test(text) ? text.replace(daysOf(language), NO_BREAK_SPACE) : text;
}

/** The ending of a day: `1. Dezember`, `1er mai`, `5th May`. */
const ORDINAL = "(?:\\.|er|º|°|st|nd|rd|th)";

/** Matches the space between a day and its month. */
const daysOf = remembering(
  20,
  (language: string) => language,
  (language: string): RegExp => {
    const names = (["long", "short"] as const).flatMap((month) => {
      const format = new Intl.DateTimeFormat(language, { day: "numeric", month, timeZone: "UTC" });
      return Array.from({ length: 12 }, (_, at) =>
        format.formatToParts(Date.UTC(2024, at, 1)).find(({ type }) => type === "month"),
      ).flatMap((part) => part?.value.replace(/\.$/, "") ?? []);
    });
    const month = `(?:${names.filter((name) => /^\p{L}{3,}$/u.test(name)).join("|") || "(?!)"})`;
    const day = "(?<!\\p{N})\\p{Nd}{1,2}(?!\\p{N})";
    const dayFirst = `(?<=${day}${ORDINAL}?) (?=(?:de )?${month}(?!\\p{L}))`;
    return new RegExp(`${dayFirst}|(?<=(?<!\\p{L})${month}\\.?) (?=${day})`, "gu");
  },
);

/** Prepares a text for display: typographic marks, numbers joined to units and months, hyphens in very wide words. */
export function typeset(text: string, language: string): string {
  const bound = bindDays(bindUnits(curl(text, language)), language);
  return hyphenated(bound, [NARROW], "serif");
}

/** The narrowest column of running text: beside a date or a picture. */
const NARROW = { widthPx: 167, sizePx: 17, trackingPx: 0 };

/** Joins an initial with the name after it (`J. Smith`). */
export function bindInitials(text: string): string {
  return text.replace(/(?<![\p{L}\p{N}.])(\p{Lu}\.) (?=\p{Lu})/gu, `$1${NO_BREAK_SPACE}`);
}

/** No web or mail address is around a mark. Readers copy addresses, so these keep their characters. */
const OUTSIDE_ADDRESS = String.raw`(?<!:\/\/\S{0,200})(?!\S{0,100}@)`;
const HYPHENS = new RegExp(String.raw`${OUTSIDE_ADDRESS}(?<=[^\s-])-{2,3}(?=[^\s-])`, "gu");
const APOSTROPHE = new RegExp(String.raw`${OUTSIDE_ADDRESS}(?<=\p{L})'(?=\p{L})`, "gu");

/**
 * Replaces typed hyphens with dashes. Two hyphens without spaces may belong to a name such as "card--wide", so they stay,
 * except beside ideographs, whose dash is two wide.
 */
function dashed(text: string): string {
  if (!text.includes("--")) return text;
  return text
    .replace(HYPHENS, (hyphens, at: number) => {
      const around = `${text[at - 1]}${text[at + hyphens.length]}`;
      if (/[\u3001-\u30FF\u4E00-\u9FFF\uFF01-\uFF60]/u.test(around)) return "――";
      return hyphens === "---" ? "—" : hyphens;
    })
    .replace(/(?<=\S )-{2,3}(?= [^\s-])/gu, "—");
}

/**
 * Replaces straight quotation marks and apostrophes with those of the language, for display only: the model and its offsets
 * keep the original characters. Ambiguous marks are not changed, such as those of inches and of Hebrew abbreviations.
 */
export function curl(text: string, language: string): string {
  const apostrophes = dashed(text).replace(APOSTROPHE, "’");
  const isEnglish = new Intl.Locale(language).language === "en";
  const single = isEnglish
    ? apostrophes.replace(
        /(?<=^|[\s([“"])'(?=[\p{L}\p{N}])([^'\n]*[\p{L}\p{N}.,!?])'(?=$|[\s.,;:?!)\]”"])/gu,
        "‘$1’",
      )
    : apostrophes;
  const isAmbiguous = /\p{Script=Hebrew}"\p{Script=Hebrew}/u.test(single);
  if (labelLanguage(language) === undefined || isAmbiguous) return single;
  const [open, close] = labelsFor(language).quotes;
  const paired = single.replace(/(?<!\p{N})"(?=\S)([^"]*)(?<=\S)"/gu, `${open}$1${close}`);
  return paired.includes('"') ? single : paired;
}

/**
 * Curls the texts of one line, such as those around and inside an emphasis. A quotation may begin in one and end in another.
 */
export function curlTogether(texts: readonly string[], language: string): readonly string[] {
  if (texts.length < 2) return texts.map((text) => curl(text, language));
  const typed = texts.map(unitsOf);
  const curled = unitsOf(curl(texts.join(""), language));
  // Hyphens of two texts may have become one dash. Then it is not known where the second text begins.
  if (curled.length !== typed.flat().length) return texts;
  let at = 0;
  return typed.map(({ length }) => curled.slice(at, (at += length)).join(""));
}

/** Splits a text into units of which `curl` replaces each by one: a mark of quotation with its space, a run of hyphens. */
function unitsOf(text: string): readonly string[] {
  return text.match(/-+|――|«\u00A0|\u00A0»|[^]/gu) ?? [];
}

/**
 * Estimates the width of a text at `sizePx`, rather too wide than too narrow. The reader's font is unknown; the values are
 * those of Georgia, the widest of ours.
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

/** Returns the text style of a nameplate, smaller for a long name so that it fits on a phone. */
export function nameplateStyle(name: string): string {
  const length = countCharacters(name);
  return length > 28 ? "nameplate-longest" : length > 16 ? "nameplate-long" : "nameplate";
}

/** Isolates a text inside a line of the other direction, so that its full stop stays at its own end (UAX #9). */
export function isolated(text: string, language: string, around: string): string {
  if (directionOf(language) === directionOf(around)) return text;
  return `\u2068${text}\u2069`;
}

/** Isolates a text whose first letter runs the other way than the issue, such as "2 Quay Street" in an Arabic footer. */
export function isolatedByLetters(text: string, around: string): string {
  const [letter = ""] = /\p{L}/u.exec(text) ?? [];
  const direction = /[\u0590-\u08FF\uFB1D-\uFEFC]/u.test(letter) ? "rtl" : "ltr";
  return letter === "" || direction === directionOf(around) ? text : `\u2068${text}\u2069`;
}

/** RFC 5322 §2.1.1 recommends at most 78 columns; 72 leaves room for two levels of quoting. */
export const TEXT_COLUMNS = 72;

/**
 * Wraps the plain-text part at 72 columns. Indents, list marks and quote marks continue on the following lines, and a URL
 * is never broken. Ideographs, which have no spaces, may break anywhere except at brackets and marks. Of two rules without
 * text between them, only one stays.
 */
export function wrapText(text: string): string {
  // Characters that join or break words on a page only disturb searching and quoting in plain text.
  const plain = text.replaceAll("\u00A0", " ").replaceAll(/[\u00AD\u2066-\u2069]/g, "");
  const lines = plain.split("\n").flatMap(wrapLine);
  return `${lines
    .join("\n")
    .replace(/[^\S\n]+$/gm, "")
    // A part that begins with a rule may follow the rule of another.
    .replace(/^([=-]{72})$(?:\n+^-{72}$)+/gm, "$1")
    .replace(/\n{3,}/g, "\n\n")
    .trim()}\n`;
}

/** The mark before a line that must not be wrapped, such as code: a noncharacter, which no text contains. */
export const UNWRAPPED = "\uFDD2";

function wrapLine(line: string): string[] {
  if (line.startsWith(UNWRAPPED)) return [line.slice(1)];
  if (columnsOf(line) <= TEXT_COLUMNS || /^\s*[a-z][a-z+.-]*:\S+$/i.test(line)) return [line];
  const [lead = ""] = /^\s*(?:(?:\p{Nd}+\.|\[\d+\]|[*>|])\s+)*/u.exec(line) ?? [];
  // Every line of a quotation has its mark (RFC 3676 §4.5).
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

/**
 * Returns the unbreakable pieces of a text: words with the space after them, and single ideographs with the brackets and
 * marks that must not be parted from them (JIS X 4051).
 */
function pieces(text: string): string[] {
  return text.match(PIECE) ?? [];
}

const IDEOGRAPH = "[\\u3041-\\u30FF\\u3400-\\u4DBF\\u4E00-\\u9FFF]";
const OPENING = "「『（【〔《〈";
/** Brackets and marks that Latin text has too. */
const LATIN_OPENING = "[“‘(\\[]";
/** Marks that begin no line, with the small and the lengthening kana. */
const CLOSING =
  "[、。，．」』）】〕》〉！？：；…”’)\\]・ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ]";
const PIECE = new RegExp(
  [
    `[${OPENING}“‘(\\[]*${IDEOGRAPH}${CLOSING}*\\s*`,
    `[${OPENING}]*(?:(?!${LATIN_OPENING}?${IDEOGRAPH})[^\\s${OPENING}])+\\s*`,
    `[${OPENING}]+\\s*`,
    "\\s+",
  ].join("|"),
  "gu",
);
