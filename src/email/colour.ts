import { BroadsheetError } from "../errors.ts";
import type { Theme } from "./theme.ts";

/** WCAG 2.2 §1.4.3 (AA): the least contrast of text with its ground. */
const LEAST_CONTRAST = 4.5;
/** WCAG 2.2 §1.4.6 (AAA): what we derive ourselves is to read with ease, as our own accent does. */
const EASY_CONTRAST = 7;

/**
 * A publication's accent for both schemes. A missing dark one is the light one raised in lightness
 * until it reads on the dark paper.
 * @throws BroadsheetError CONFIG_INVALID for an accent that is unreadable on its own paper, naming
 * the nearest that passes.
 */
export function accentFor(
  theme: Theme,
  accent: string | undefined,
  accentDark?: string,
): { light: string; dark: string } | undefined {
  if (accent === undefined) return undefined;
  const paper = theme.colours["page"] ?? { light: "#FFFFFF", dark: "#000000" };
  refuseFaint("accent", accent, paper.light, -1);
  if (accentDark !== undefined) refuseFaint("accentDark", accentDark, paper.dark, 1);
  return {
    light: accent,
    dark: accentDark ?? readableOn(paper.dark, accent, { towards: 1, least: EASY_CONTRAST }),
  };
}

function refuseFaint(key: string, colour: string, paper: string, towards: 1 | -1): void {
  const contrast = contrastOf(colour, paper);
  if (contrast >= LEAST_CONTRAST) return;
  throw new BroadsheetError(
    "CONFIG_INVALID",
    `${key} ${colour} has a contrast of ${contrast.toFixed(1)} on the paper ${paper}; text needs ${LEAST_CONTRAST}`,
    { fix: `the nearest that passes is ${readableOn(paper, colour, { towards })}` },
  );
}

/** The colour nearest in lightness, hue and saturation kept, that reads on the paper. */
function readableOn(
  paper: string,
  colour: string,
  { towards, least = LEAST_CONTRAST }: { readonly towards: 1 | -1; readonly least?: number },
): string {
  const [hue, saturation, lightness] = toHsl(colour);
  for (let step = 0; step <= 100; step++) {
    const candidate = fromHsl(
      hue,
      saturation,
      Math.min(1, Math.max(0, lightness + (towards * step) / 100)),
    );
    if (contrastOf(candidate, paper) >= least) return candidate;
  }
  return towards === 1 ? "#FFFFFF" : "#000000";
}

/** WCAG contrast ratio of two #RRGGBB colours, 1 to 21. */
export function contrastOf(a: string, b: string): number {
  const [light = 1, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** WCAG 2.2 relative luminance. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
}

function toHsl(colour: string): [number, number, number] {
  const [red = 0, green = 0, blue = 0] = channels(colour);
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  const lightness = (most + least) / 2;
  const chroma = most - least;
  if (chroma === 0) return [0, 0, lightness];
  const saturation = chroma / (1 - Math.abs(2 * lightness - 1));
  return [hueOf(red, green, blue, most, chroma), saturation, lightness];
}

function hueOf(red: number, green: number, blue: number, most: number, chroma: number): number {
  if (most === red) return (((green - blue) / chroma) % 6) / 6;
  return most === green ? ((blue - red) / chroma + 2) / 6 : ((red - green) / chroma + 4) / 6;
}

function fromHsl(hue: number, saturation: number, lightness: number): string {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): string => {
    const at = (offset + (((hue % 1) + 1) % 1) * 12) % 12;
    const value = lightness - reach * Math.max(-1, Math.min(at - 3, 9 - at, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, "0")
      .toUpperCase();
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
