import { COLOUR_NAMES } from "./colour-names.ts";

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

/**
 * The colour that a value of CSS or an HTML attribute names; undefined for one that cannot be told here,
 * such as `var(--ink)` or `oklch(…)`.
 */
export function parseColour(value: string): Colour | undefined {
  const text = value.trim().toLowerCase();
  if (text === "transparent") return CLEAR;
  const hex = /^#?([0-9a-f]{3,8})$/.exec(text)?.[1];
  if (hex && (text.startsWith("#") || hex.length === 6)) return fromHex(hex);
  const [, name, inner = ""] = /^(rgb|hsl)a?\(([^()]*)\)$/.exec(text) ?? [];
  const parts = inner.split(/[\s,/]+/).filter(Boolean);
  if (name === "rgb") return fromRgb(parts);
  if (name === "hsl") return fromHsl(parts);
  const known = COLOUR_NAMES.get(text);
  return known === undefined ? undefined : fromHex(known);
}

/** `#RRGGBB`, as it is shown and compared. */
export function hexOf({ red, green, blue }: Colour): string {
  const digits = [red, green, blue].map((part) => Math.round(part).toString(16).padStart(2, "0"));
  return `#${digits.join("").toUpperCase()}`;
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

function fromHex(hex: string): Colour | undefined {
  const long = hex.length <= 4 ? hex.replace(/./g, "$&$&") : hex;
  if (long.length !== 6 && long.length !== 8) return undefined;
  const [red = 0, green = 0, blue = 0, alpha = 255] = (long.match(/../g) ?? []).map((pair) =>
    Number.parseInt(pair, 16),
  );
  return { red, green, blue, alpha: alpha / 255 };
}

function fromRgb(parts: readonly string[]): Colour | undefined {
  const [red, green, blue, alpha = 1] = parts.map((part, at) => amount(part, at < 3 ? 255 : 1));
  return finite({ red, green, blue, alpha });
}

function fromHsl(parts: readonly string[]): Colour | undefined {
  const hue = Number.parseFloat(parts[0] ?? "");
  const [, saturation = Number.NaN, lightness = Number.NaN, alpha = 1] = parts.map((part) =>
    amount(part, 1),
  );
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): number => {
    const at = (offset + hue / 30 + 12_000) % 12;
    return 255 * (lightness - reach * Math.max(-1, Math.min(at - 3, 9 - at, 1)));
  };
  return finite({ red: channel(0), green: channel(8), blue: channel(4), alpha });
}

/** A number, or a percentage of the whole. */
function amount(part: string, whole: number): number {
  const value = /^[+-]?[\d.]+(?:e[+-]?\d+)?%?$/.test(part) ? Number.parseFloat(part) : Number.NaN;
  return part.endsWith("%") ? (value / 100) * whole : value;
}

function finite(colour: { [Part in keyof Colour]: number | undefined }): Colour | undefined {
  const { red = Number.NaN, green = Number.NaN, blue = Number.NaN, alpha = Number.NaN } = colour;
  if (![red, green, blue, alpha].every(Number.isFinite)) return undefined;
  return {
    red: within(red, 255),
    green: within(green, 255),
    blue: within(blue, 255),
    alpha: within(alpha, 1),
  };
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
