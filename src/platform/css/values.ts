import { createRequire } from "node:module";
import type * as CssCalc from "@csstools/css-calc";
import type * as CssColors from "@csstools/css-color-parser";
import type * as CssParsing from "@csstools/css-parser-algorithms";
import type * as CssTokens from "@csstools/css-tokenizer";
import type * as Culori from "culori";
import { once } from "../remembering.ts";

/** A colour in sRGB: 0 to 255 each, and alpha from 0 to 1. */
export interface Colour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

export const WHITE: Colour = { red: 255, green: 255, blue: 255, alpha: 1 };
export const BLACK: Colour = { red: 0, green: 0, blue: 0, alpha: 1 };
export const CLEAR: Colour = { red: 0, green: 0, blue: 0, alpha: 0 };

/** The maximum length in characters of a text that is parsed. */
const LONGEST = 200;

/**
 * Converts a colour of CSS or of an HTML attribute to sRGB, as it is shown in light mode. Undefined if it depends on other
 * values, such as `var(--ink)`.
 */
export function parseColour(value: string): Colour | undefined {
  const text = value.trim().toLowerCase();
  if (text.length > LONGEST) return undefined;
  const [, inLight] = /^light-dark\((.*),[^,]*\)$/.exec(text) ?? [];
  if (inLight !== undefined) return parseColour(inLight);
  const ofSystem = SYSTEM.get(text);
  if (ofSystem) return ofSystem;
  // HTML §2.3.6: the colour of an attribute may lack its #. In CSS it would be invalid.
  if (/^[\da-f]{3,8}$/.test(text) && text.length !== 6) return undefined;
  const { parse, converter } = library();
  const parsed = converter("rgb")(parse(text) ?? parse(computedColour(text)));
  if (!parsed) return undefined;
  return {
    red: shareOf(parsed.r) * 255,
    green: shareOf(parsed.g) * 255,
    blue: shareOf(parsed.b) * 255,
    alpha: shareOf(parsed.alpha ?? 1),
  };
}

/** The system colours of CSS Color 4 §6.2, as Chromium shows them in light mode. */
const SYSTEM: ReadonlyMap<string, Colour> = new Map([
  ...["canvas", "field", "highlighttext"].map((name) => [name, WHITE] as const),
  ...["canvastext", "fieldtext", "buttontext"].map((name) => [name, BLACK] as const),
]);

/** Computes a colour such as `color-mix()` or `rgb(from …)`, which culori does not support. */
function computedColour(text: string): string {
  if (!/^(?:color-mix|contrast-color|[a-z]+\(\s*from\b|[a-z]+\(.*calc)/.test(text)) return "";
  const load = createRequire(import.meta.url);
  const { color, serializeRGB }: typeof CssColors = load("@csstools/css-color-parser");
  const { parseComponentValue }: typeof CssParsing = load("@csstools/css-parser-algorithms");
  const { tokenize }: typeof CssTokens = load("@csstools/css-tokenizer");
  const component = parseComponentValue(tokenize({ css: text }));
  const found = component ? color(component) : false;
  return found ? String(serializeRGB(found)) : "";
}

/** `none` counts as 0 (CSS Color 4 §4.4). Colours outside sRGB are clipped. */
function shareOf(part: number | undefined): number {
  return part === undefined || Number.isNaN(part) ? 0 : Math.min(1, Math.max(0, part));
}

/** Formats a colour as `#RRGGBB`. */
export function hexOf({ red, green, blue }: Colour): string {
  const { formatHex } = library();
  return formatHex({ mode: "rgb", r: red / 255, g: green / 255, b: blue / 255 }).toUpperCase();
}

/** The result of a colour on an opaque background. */
export function over({ alpha, ...top }: Colour, ground: Colour): Colour {
  const mix = (a: number, b: number) => a * alpha + b * (1 - alpha);
  return {
    red: mix(top.red, ground.red),
    green: mix(top.green, ground.green),
    blue: mix(top.blue, ground.blue),
    alpha: 1,
  };
}

/** The WCAG contrast ratio of two `#RRGGBB` colours, 1 to 21. */
export function contrastOf(a: string, b: string): number {
  return library().wcagContrast(a, b);
}

/** Changes the lightness of a `#RRGGBB` colour (HSL, by -1 to 1). */
export function relit(colour: string, by: number): string {
  const { converter, formatHex } = library();
  const hsl = converter("hsl")(colour);
  if (!hsl) return colour;
  return formatHex({ ...hsl, l: Math.min(1, Math.max(0, hsl.l + by)) }).toUpperCase();
}

/** Loaded with the first colour, as one file. Its separate modules take four times as long to load. */
const library = once((): typeof Culori => createRequire(import.meta.url)("culori"));

/** The CSS pixels per absolute unit of length (CSS Values 4 §6.2). */
const PX_IN: ReadonlyMap<string, number> = new Map([
  ["px", 1],
  ["pt", 4 / 3],
  ["pc", 16],
  ["in", 96],
  ["cm", 96 / 2.54],
  ["mm", 96 / 25.4],
]);

/** The font sizes of keywords in px, if `medium` is 16 px (CSS Fonts 4 §2.5). */
const WORDS: ReadonlyMap<string, number> = new Map([
  ["xx-small", 9],
  ["x-small", 10],
  ["small", 13],
  ["medium", 16],
  ["large", 18],
  ["x-large", 24],
  ["xx-large", 32],
]);

const UNITS: ReadonlyMap<string, number> = new Map([...PX_IN, ["rem", 16]]);
const LENGTH = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z%]+)$/;
const LENGTHS = /(?<![\w.#-])[+-]?(?:\d+\.?\d*|\.\d+)(?:[a-z]+|%)/g;

/**
 * Converts a length to CSS pixels. `em` is relative to `emPx`; percentages and keywords such as `smaller` are relative to
 * `wholePx`; units such as `vw` to `screenPx`. Undefined if the length depends on something unknown.
 */
export function lengthPx(
  value: string,
  emPx: number | undefined,
  wholePx: number | undefined,
  screenPx?: number,
): number | undefined {
  const text = value.trim().toLowerCase();
  if (text === "0") return 0;
  if (text === "inherit" || text === "unset" || text === "100%") return wholePx;
  if (text === "smaller") return wholePx && wholePx / 1.2;
  if (text === "larger") return wholePx && wholePx * 1.2;
  if (text.endsWith(")")) {
    const inPx = (part: string) => `${lengthPx(part, emPx, wholePx, screenPx) ?? "none"}px`;
    return numberIn(text.replace(LENGTHS, inPx));
  }
  const [, number = "", unit = ""] = LENGTH.exec(text) ?? [];
  if (unit === "") return WORDS.get(text);
  const factor = unit === "%" ? wholePx && wholePx / 100 : unitPx(unit, emPx, screenPx);
  return factor === undefined ? undefined : Number(number) * factor;
}

function unitPx(unit: string, emPx: number | undefined, screenPx: number | undefined) {
  if (unit === "em") return emPx;
  if (unit === "ex" || unit === "ch") return screenPx && emPx && emPx / 2;
  if (/^[sld]?v(?:w|h|i|b|min|max)$/.test(unit)) return screenPx && screenPx / 100;
  return UNITS.get(unit);
}

/** Converts a number or percentage, which may be computed: `.5`, `50%`, `calc(1 - .5)`. Undefined for any other value. */
export function numberIn(value: string): number | undefined {
  const text = value.trim().toLowerCase();
  const plain = text.endsWith(")") ? calculated(text) : text;
  const [, number, unit] = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(px|%)?$/.exec(plain) ?? [];
  if (number === undefined) return undefined;
  return unit === "%" ? Number(number) / 100 : Number(number);
}

/**
 * Computes `calc()`, `clamp()` and similar functions in one unit (CSS Values 4 §10). Returns the text if that is impossible.
 */
function calculated(text: string): string {
  return text.length > LONGEST ? text : calculator().calc(text);
}

const calculator = once((): typeof CssCalc => createRequire(import.meta.url)("@csstools/css-calc"));

const VARIABLE = /var\(\s*(--[^\s(),]+)\s*(?:,((?:[^()]|\((?:[^()]|\([^()]*\))*\))*))?\)/i;
const MOST_VARIABLES = 30;
const LONGEST_VALUE = 1000;

/** Replaces the variables in a value by their values (CSS Variables 1 §3). Undefined if one has no value. */
export function withVariables(
  value: string,
  valueOf: (name: string) => string | undefined,
): string | undefined {
  let text = value;
  for (let left = MOST_VARIABLES; left > 0 && text.length < LONGEST_VALUE; left--) {
    const [whole, name = "", fallback] = VARIABLE.exec(text) ?? [];
    if (whole === undefined) return text.trim();
    const replacement = valueOf(name) ?? fallback;
    if (replacement === undefined) return undefined;
    text = text.replace(whole, () => replacement);
  }
  return undefined;
}
