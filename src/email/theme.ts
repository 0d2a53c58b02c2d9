import type { Publication } from "../digest/digest.ts";
import { BroadsheetError } from "../errors.ts";
import { contrastOf, relit } from "../platform/css/values.ts";
import * as z from "zod";

const hex = z.string().regex(/^#[0-9A-Fa-f]{6}$/, "a colour is #RRGGBB");
const pair = z.tuple([z.number(), z.number()]).readonly();
const sizing = z.tuple([z.number(), z.number()], z.number()).readonly();

const textStyle = z
  .strictObject({
    font: z.enum(["serif", "sans"]),
    weight: z.int(),
    italic: z.boolean().optional(),
    colour: z.string(),
    phone: sizing,
    desktop: sizing,
  })
  .readonly();

/** What another script changes of a text style: its size, on phones and desktops alike, or its weight. */
const scriptStyle = z.union([
  sizing,
  z.strictObject({ size: sizing.optional(), weight: z.int().optional() }).readonly(),
]);

/**
 * Every colour, font, size and distance of the emails (`theme.json`), so that templates hold none.
 * Sizes are px: `[size, line]` or `[size, line, tracking]`, and spaces `[phone, desktop]`.
 */
const themeSchema = z
  .strictObject({
    colours: z.record(z.string(), z.strictObject({ light: hex, dark: hex }).readonly()).readonly(),
    fonts: z.record(z.string(), z.string()).readonly(),
    text: z.record(z.string(), textStyle).readonly(),
    scripts: z.record(z.string(), z.record(z.string(), scriptStyle)).readonly(),
    space: z.record(z.string(), pair).readonly(),
    width: z.int().positive(),
    label: z.int().positive(),
    breakpoint: z.int().positive(),
    radius: z.int().nonnegative(),
  })
  .readonly();

export type Theme = z.output<typeof themeSchema>;
export type TextStyle = Theme["text"][string];

/**
 * A theme from the text of a `theme.json`.
 * @throws BroadsheetError TEMPLATE_INVALID, naming the file and the token.
 */
export function parseTheme(json: string, file: string): Theme {
  const parsed = themeSchema.safeParse(readJson(json, file));
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    const token = first?.path.join(".") ?? "";
    throw new BroadsheetError("TEMPLATE_INVALID", `theme token ${token}: ${first?.message}`, {
      where: { file },
      fix: "see the theme.json that Broadsheet ships for the shape of every token",
    });
  }
  requireColours(parsed.data, file);
  return parsed.data;
}

function requireColours(theme: Theme, file: string): void {
  for (const [name, style] of Object.entries(theme.text)) {
    if (Object.hasOwn(theme.colours, style.colour)) continue;
    throw new BroadsheetError(
      "TEMPLATE_INVALID",
      `theme token text.${name}.colour: there is no colour "${style.colour}"`,
      { where: { file }, fix: `use one of ${Object.keys(theme.colours).join(", ")}` },
    );
  }
}

function readJson(json: string, file: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new BroadsheetError("TEMPLATE_INVALID", `${file} is not JSON`, {
      where: { file },
      cause,
    });
  }
}

/**
 * The theme of one issue: with the publication's accent and fonts, and else with the fonts of the
 * language's script, in its sizes (Arabic and Japanese lines are taller, and neither has italics).
 * @throws BroadsheetError CONFIG_INVALID for an accent that can't be read on its own paper, naming
 * the nearest that can.
 */
export function themeFor(
  theme: Theme,
  language: string,
  { accent, accentDark, fonts = {} }: Partial<Publication> = {},
): Theme {
  const { sizes, fonts: own, isUpright } = scriptOf(language);
  const changes = new Map(Object.entries(theme.scripts[sizes] ?? {}));
  const text = Object.entries(theme.text).map(
    ([name, style]) => [name, inScript(style, changes.get(name), isUpright)] as const,
  );
  return {
    ...theme,
    colours: accent ? withAccent(theme.colours, accent, accentDark) : theme.colours,
    fonts: {
      serif: fonts.serif ?? theme.fonts[`serif:${own}`] ?? theme.fonts["serif"] ?? "serif",
      sans: fonts.sans ?? theme.fonts[`sans:${own}`] ?? theme.fonts["sans"] ?? "sans-serif",
    },
    text: Object.fromEntries(text),
  };
}

type Change = Theme["scripts"][string][string];

function inScript(style: TextStyle, change: Change = {}, isUpright: boolean): TextStyle {
  const { size, weight = style.weight } = "length" in change ? { size: change } : change;
  const set = size ? { phone: size, desktop: size } : withoutTracking(style, isUpright);
  return { ...style, ...set, weight, italic: isUpright ? false : style.italic };
}

/** Tracking tears joined scripts and sets ideographs off their grid. */
function withoutTracking(
  style: TextStyle,
  isUpright: boolean,
): Pick<TextStyle, "phone" | "desktop"> {
  if (!isUpright) return style;
  const [size, line] = style.phone;
  const [desktopSize, desktopLine] = style.desktop;
  return { phone: [size, line], desktop: [desktopSize, desktopLine] };
}

/** Only these have italics; of others a browser makes some by slanting them. */
const SLANTED = new Set(["Latn", "Cyrl", "Grek"]);

/** A script's fonts and sizes, by their keys in the theme. */
const SCRIPTS: Readonly<Record<string, { readonly fonts: string; readonly sizes: string }>> = {
  Arab: { fonts: "ar", sizes: "ar" },
  Jpan: { fonts: "ja", sizes: "ja" },
  Hans: { fonts: "zh", sizes: "ja" },
  Hant: { fonts: "zh-Hant", sizes: "ja" },
  Kore: { fonts: "ko", sizes: "ja" },
};

function scriptOf(language: string) {
  const { script = "Latn" } = new Intl.Locale(language).maximize();
  const { fonts = script, sizes = script } = SCRIPTS[script] ?? {};
  return { fonts, sizes, isUpright: !SLANTED.has(script) };
}

/** WCAG 2.2 §1.4.3 (AA): the least contrast of text with its ground. */
const LEAST_CONTRAST = 4.5;
/** WCAG 2.2 §1.4.6 (AAA): what we derive ourselves is to read with ease, as our own accent does. */
const EASY_CONTRAST = 7;

/** A missing dark accent is the light one raised in lightness until it reads on the dark paper. */
function withAccent(
  colours: Theme["colours"],
  accent: string,
  accentDark: string | undefined,
): Theme["colours"] {
  const paper = colours["page"] ?? { light: "#FFFFFF", dark: "#000000" };
  refuseFaint("accent", accent, paper.light, -1);
  if (accentDark !== undefined) refuseFaint("accentDark", accentDark, paper.dark, 1);
  const dark = accentDark ?? readableOn(paper.dark, accent, { towards: 1, least: EASY_CONTRAST });
  return { ...colours, accent: { light: accent, dark } };
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
  for (let step = 0; step <= 100; step++) {
    const candidate = relit(colour, (towards * step) / 100);
    if (contrastOf(candidate, paper) >= least) return candidate;
  }
  return towards === 1 ? "#FFFFFF" : "#000000";
}
