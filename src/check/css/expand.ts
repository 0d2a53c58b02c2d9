import { parseColour } from "./colour.ts";
import type { Declaration } from "./style-sheet.ts";

/** A longhand property that rules ask for, and its value. */
export type Longhand = readonly [property: string, value: string];

/** Declarations as longhands: a shorthand sets all of its properties, those that it leaves out too. */
export function expand({ property, value }: Declaration): readonly Longhand[] {
  switch (property) {
    case "background":
      return [
        ["background-color", colourIn(value)],
        ["background-image", /url\(|gradient\(/i.test(value) ? "image" : "none"],
      ];
    case "font":
      return font(value);
    case "text-decoration":
      return [["text-decoration-line", /\b(?:underline|none)\b/i.exec(value)?.[0] ?? value]];
    default:
      return [[property, value]];
  }
}

/** The one part of a background that is a colour; `transparent` where it has none. */
function colourIn(value: string): string {
  if (/^(?:inherit|initial|unset|revert)$/i.test(value)) return value;
  const parts = value.match(/[\w#-]+(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?/g) ?? [];
  const colour = parts.findLast((part) => parseColour(part) !== undefined && !/^\d/.test(part));
  return colour ?? (parts.some(isUnknownColour) ? "unknown" : "transparent");
}

function isUnknownColour(part: string): boolean {
  return /^(?:var|oklch|oklab|lch|lab|color|color-mix|light-dark|hwb)\(/i.test(part);
}

function font(value: string): Longhand[] {
  const [, before = "", size, height, family = ""] =
    /^(.*?)(?:^|\s)([\d.]+(?:px|pt|em|rem|%))(?:\s*\/\s*([\w.%]+))?\s+(.+)$/i.exec(value) ?? [];
  if (size === undefined) return [["font-size", "unknown"]];
  return [
    ["font-size", size],
    ["line-height", height ?? "normal"],
    ["font-weight", /\b(?:bold|bolder|[6-9]00)\b/i.test(before) ? "bold" : "normal"],
    ["font-family", family],
  ];
}
