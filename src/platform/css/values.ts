import { createRequire } from "node:module";
import type * as Culori from "culori";

/** A colour in sRGB: 0 to 255 each, and how much of it covers what is behind, 0 to 1. */
export interface Colour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

export const WHITE: Colour = { red: 255, green: 255, blue: 255, alpha: 1 };
export const BLACK: Colour = { red: 0, green: 0, blue: 0, alpha: 1 };
export const CLEAR: Colour = { red: 0, green: 0, blue: 0, alpha: 0 };

/** Longer than any colour is written. */
const LONGEST = 200;

/**
 * The colour that a value of CSS or an HTML attribute names, brought into sRGB; undefined for one that cannot be told
 * here, such as `var(--ink)` or `color-mix(…)`.
 */
export function parseColour(value: string): Colour | undefined {
  const text = value.trim().toLowerCase();
  if (text.length > LONGEST) return undefined;
  // HTML §2.3.6: an attribute's colour may lack its #. In CSS such a word is none.
  if (/^[\da-f]{3,8}$/.test(text) && text.length !== 6) return undefined;
  const { parse, converter } = library();
  const parsed = converter("rgb")(parse(text));
  if (!parsed) return undefined;
  return {
    red: shareOf(parsed.r) * 255,
    green: shareOf(parsed.g) * 255,
    blue: shareOf(parsed.b) * 255,
    alpha: shareOf(parsed.alpha ?? 1),
  };
}

/** CSS Color 4 §4.4: what is `none` counts as 0; what the screen can't show is as near as it gets. */
function shareOf(part: number | undefined): number {
  return part === undefined || Number.isNaN(part) ? 0 : Math.min(1, Math.max(0, part));
}

/** `#RRGGBB`, as it is shown and compared. */
export function hexOf({ red, green, blue }: Colour): string {
  const { formatHex } = library();
  return formatHex({ mode: "rgb", r: red / 255, g: green / 255, b: blue / 255 }).toUpperCase();
}

/** What is seen of a colour on a ground that covers. */
export function over({ alpha, ...top }: Colour, ground: Colour): Colour {
  const mix = (a: number, b: number) => a * alpha + b * (1 - alpha);
  return {
    red: mix(top.red, ground.red),
    green: mix(top.green, ground.green),
    blue: mix(top.blue, ground.blue),
    alpha: 1,
  };
}

/** WCAG contrast ratio of two #RRGGBB colours, 1 to 21. */
export function contrastOf(a: string, b: string): number {
  return library().wcagContrast(a, b);
}

/** A #RRGGBB colour with more or less lightness (HSL, -1 to 1), its hue and saturation kept. */
export function relit(colour: string, by: number): string {
  const { converter, formatHex } = library();
  const hsl = converter("hsl")(colour);
  if (!hsl) return colour;
  return formatHex({ ...hsl, l: Math.min(1, Math.max(0, hsl.l + by)) }).toUpperCase();
}

let loaded: typeof Culori | undefined;

/** Loaded when the first colour is asked for, and as one file: the modules take four times as long. */
function library(): typeof Culori {
  const culori: typeof Culori = loaded ?? createRequire(import.meta.url)("culori");
  loaded = culori;
  return culori;
}

/** How many CSS pixels an absolute unit of length has (CSS Values 4 §6.2). */
export const PX_IN: ReadonlyMap<string, number> = new Map([
  ["px", 1],
  ["pt", 4 / 3],
  ["pc", 16],
  ["in", 96],
  ["cm", 96 / 2.54],
  ["mm", 96 / 25.4],
]);
