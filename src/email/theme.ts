import type { Publication } from "../digest/digest.ts";
import { bindTail, type Face } from "../digest/copy/measure.ts";
import { bySlot, type Slot, SLOT_NAMES, type SlotName, type Slots } from "../digest/copy/slots.ts";
import { BroadsheetError, nearest } from "../errors.ts";
import { contrastOf, relit } from "../platform/css/values.ts";
import * as z from "zod";

const hex = z.string().regex(/^#[0-9A-Fa-f]{6}$/, "a colour is #RRGGBB");
const pair = z.tuple([z.number(), z.number()]).readonly();
const sizing = z.tuple([z.number(), z.number()], z.number()).readonly();

const textStyle = z
  .strictObject({
    font: z.enum(["serif", "sans", "mono"]),
    weight: z.int(),
    italic: z.boolean().optional(),
    colour: z.string(),
    phone: sizing,
    desktop: sizing,
  })
  .readonly();

/** The changes of a text style for another script: its size, on phones and desktops alike, or its weight. */
const scriptStyle = z.union([
  sizing,
  z.strictObject({ size: sizing.optional(), weight: z.int().optional() }).readonly(),
]);

/** One value for each of the screens of 320, 375 and 600 px. */
const screens = z
  .tuple(
    [z.int().positive(), z.int().positive(), z.int().positive()],
    "takes three numbers, one for each screen",
  )
  .readonly();

/** A slot for text: its text style, its width, and the maximum of lines and characters. */
const slot = z
  .strictObject({
    style: z.string(),
    width: screens,
    lines: screens,
    characters: z.int().positive(),
    /** The picture that the text flows around. */
    beside: z.strictObject({ width: screens, height: screens }).readonly().optional(),
  })
  .readonly();

const slotShape = bySlot(() => slot.optional());

/**
 * Every colour, font, size and distance of the emails (`theme.json`), so that templates contain none. Sizes are px: `[size,
 * line]` or `[size, line, tracking]`, and spaces are `[phone, desktop]`.
 */
const themeSchema = z
  .strictObject({
    colours: z.record(z.string(), z.strictObject({ light: hex, dark: hex }).readonly()).readonly(),
    fonts: z.record(z.string(), z.string()).readonly(),
    text: z.record(z.string(), textStyle).readonly(),
    scripts: z.record(z.string(), z.record(z.string(), scriptStyle)).readonly(),
    space: z.record(z.string(), pair).readonly(),
    slots: z.strictObject(slotShape).readonly().optional(),
    width: z.int().positive(),
    label: z.int().positive(),
    breakpoint: z.int().positive(),
    radius: z.int().nonnegative(),
  })
  .readonly();

type ThemeSlots = Readonly<Record<SlotName, z.output<typeof slot>>>;

export interface Theme extends Omit<z.output<typeof themeSchema>, "slots"> {
  readonly slots: ThemeSlots;
  /** The text styles of the slots, including those of the base theme, which an older theme lacks. */
  readonly slotStyles: z.output<typeof themeSchema>["text"];
}
export type TextStyle = Theme["text"][string];

/**
 * Parses a `theme.json`. Missing slots come from the base theme `before`.
 * @throws BroadsheetError TEMPLATE_INVALID, naming the file and the token.
 */
export function parseTheme(json: string, file: string, before?: Theme): Theme {
  const parsed = themeSchema.safeParse(readJson(json, file));
  if (!parsed.success) throw notATheme(parsed.error.issues[0], file);
  const slots = allSlots({ ...before?.slots, ...parsed.data.slots }, file);
  const slotStyles = { ...before?.slotStyles, ...parsed.data.text };
  // A theme of an older version lacks the text styles that were added since.
  const theme = { ...parsed.data, text: slotStyles, slots, slotStyles };
  requireColours(theme, file);
  requireStyles(theme, file);
  return theme;
}

function notATheme(issue: z.core.$ZodIssue | undefined, file: string): BroadsheetError {
  const [unknown] = issue?.code === "unrecognized_keys" ? issue.keys : [];
  const token = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].join(".");
  const near = unknown !== undefined && issue?.path[0] === "slots" && nearest(unknown, SLOT_NAMES);
  const what = unknown === undefined ? issue?.message : "there is no such token";
  return faulty(`${token}: ${what}`, file, near ? `did you mean slots.${near}?` : SEE);
}

const SEE = "see the theme.json that Broadsheet ships for the shape of every token";

function faulty(token: string, file: string, fix: string): BroadsheetError {
  return new BroadsheetError("TEMPLATE_INVALID", `theme token ${token}`, { where: { file }, fix });
}

function allSlots(slots: Partial<ThemeSlots>, file: string): ThemeSlots {
  return bySlot((name) => {
    const slot = slots[name];
    if (slot) return slot;
    throw faulty(`slots.${name} is missing`, file, SEE);
  });
}

function requireStyles(theme: Theme, file: string): void {
  for (const [name, { style }] of Object.entries(theme.slots)) {
    if (Object.hasOwn(theme.slotStyles, style)) continue;
    const near = nearest(style, Object.keys(theme.slotStyles));
    const fix = near
      ? `did you mean "${near}"?`
      : `use one of ${Object.keys(theme.text).join(", ")}`;
    throw faulty(`slots.${name}.style: there is no text style "${style}"`, file, fix);
  }
}

export function slotsOf({ slots, text, slotStyles }: Theme): Slots {
  return bySlot((name) => measuredSlot(slots[name], { ...slotStyles, ...text }));
}

function measuredSlot(
  { style, width, lines, characters, beside }: ThemeSlots[SlotName],
  text: Theme["text"],
): Slot {
  const { phone = [], desktop = [] } = text[style] ?? {};
  const screens = [phone, phone, desktop].map(([sizePx = 0, linePx = 0, trackingPx = 0], at) => ({
    widthPx: width[at] ?? 0,
    sizePx,
    linePx,
    trackingPx,
    lines: lines[at] ?? 0,
    beside: beside && { widthPx: beside.width[at] ?? 0, heightPx: beside.height[at] ?? 0 },
  }));
  return { face: faceOf(text[style]), screens, characters };
}

/** Returns a value of the theme by its name. An unknown name throws RangeError. */
export function token<T>(tokens: Readonly<Record<string, T>>, name: string): T {
  const value = Object.hasOwn(tokens, name) ? tokens[name] : undefined;
  if (value === undefined) throw new RangeError(name);
  return value;
}

/** Returns a measure of the theme, px. */
export function measureOf(theme: Theme, name: string): number {
  const { width, label, radius } = theme;
  return token({ width, label, radius, text: width - 80, content: width - 80 - label }, name);
}

/**
 * Joins the last words of a text in a text style across the page, if the last one would be alone on a line. `indentPx` is
 * the width before the text, such as that of a numeral.
 */
export function boundIn(theme: Theme, name: string, text: string, indentPx = 0): string {
  const style = theme.text[name];
  const { phone = [], desktop = [] } = style ?? {};
  const places = [
    [280, phone],
    [335, phone],
    [measureOf(theme, "text"), desktop],
  ] as const;
  const measures = places.map(([widthPx, [sizePx = 0, , trackingPx = 0]]) => {
    return { widthPx: widthPx - indentPx, sizePx, trackingPx };
  });
  return bindTail(text, measures, faceOf(style));
}

/** Returns the font face whose widths are used for a text style. */
function faceOf(style: TextStyle | undefined): Face {
  const isBold = (style?.weight ?? 400) >= 600;
  if (style?.font === "sans") return isBold ? "sansBold" : "sans";
  if (style?.italic === true) return "italic";
  return isBold ? "bold" : "serif";
}

function requireColours(theme: Theme, file: string): void {
  for (const [name, style] of Object.entries(theme.text)) {
    if (Object.hasOwn(theme.colours, style.colour)) continue;
    const fix = `use one of ${Object.keys(theme.colours).join(", ")}`;
    throw faulty(`text.${name}.colour: there is no colour "${style.colour}"`, file, fix);
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
 * Returns the theme of one issue: with the publication's accent and fonts, or with the fonts and sizes for the language's
 * script (Arabic and Japanese lines are taller, and neither script has italics).
 * @throws BroadsheetError CONFIG_INVALID for an accent that cannot be read on its paper, with the nearest one that can.
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
      mono: theme.fonts["mono"] ?? "monospace",
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

/** Tracking tears joined scripts apart, and moves ideographs off their grid. */
function withoutTracking(
  style: TextStyle,
  isUpright: boolean,
): Pick<TextStyle, "phone" | "desktop"> {
  if (!isUpright) return style;
  const [size, line] = style.phone;
  const [desktopSize, desktopLine] = style.desktop;
  return { phone: [size, line], desktop: [desktopSize, desktopLine] };
}

/** Only these scripts have italics. For others, browsers slant the letters. */
const SLANTED = new Set(["Latn", "Cyrl", "Grek"]);

/** The keys of a script's fonts and sizes in the theme. */
const SCRIPTS: Readonly<Record<string, { readonly fonts: string; readonly sizes: string }>> = {
  Arab: { fonts: "ar", sizes: "ar" },
  Jpan: { fonts: "ja", sizes: "ja" },
  Hans: { fonts: "zh", sizes: "ja" },
  Hant: { fonts: "zh-Hant", sizes: "ja" },
  Kore: { fonts: "ko", sizes: "ja" },
};

/** Returns the keys of the fonts and sizes for a language's script, and whether it has no italics. */
export function scriptOf(language: string) {
  const { script = "Latn" } = new Intl.Locale(language).maximize();
  const { fonts = script, sizes = script } = SCRIPTS[script] ?? {};
  return { fonts, sizes, isUpright: !SLANTED.has(script) };
}

/** WCAG 2.2 §1.4.3 (AA): the least contrast of text with its background. */
const LEAST_CONTRAST = 4.5;
/** WCAG 2.2 §1.4.6 (AAA): the contrast of derived colours, as good as that of our own accent. */
const EASY_CONTRAST = 7;

/** A missing dark accent is the light one, made lighter until it can be read on dark paper. */
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

/** Returns the nearest lightness that can be read on the paper, with the same hue and saturation. */
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
