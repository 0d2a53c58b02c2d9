import * as z from "zod";
import { BroadsheetError } from "../errors.ts";

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

/** What a publication changes of a theme. */
interface Wear {
  readonly accent?: { readonly light: string; readonly dark: string } | undefined;
  readonly fonts?: { readonly serif?: string | undefined; readonly sans?: string | undefined };
}

/**
 * The theme as one issue wears it: the publication's accent and fonts, and else the fonts of the
 * language's script, with its sizes (Arabic and Japanese lines stand taller, and neither has italics).
 */
export function themeFor(theme: Theme, language: string, { accent, fonts = {} }: Wear = {}): Theme {
  const { sizes, fonts: own, isUpright } = scriptOf(language);
  const changes = new Map(Object.entries(theme.scripts[sizes] ?? {}));
  const text = Object.entries(theme.text).map(
    ([name, style]) => [name, inScript(style, changes.get(name), isUpright)] as const,
  );
  return {
    ...theme,
    colours: accent ? { ...theme.colours, accent } : theme.colours,
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
