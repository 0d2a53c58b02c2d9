import { PX_IN } from "../../platform/css/absolute-units.ts";
import { type HtmlDocument, type MailElement, memo } from "../html/mail-element.ts";
import { type Declared, declaredFor, UNKNOWN } from "./cascade.ts";
import { BLACK, CLEAR, type Colour, over, parseColour, WHITE } from "../../platform/css/colour.ts";
import type { Scheme } from "./document-styles.ts";

/** How an element's own text is set. What the source alone does not show is undefined. */
export interface Computed {
  readonly colour: Colour | undefined;
  /** What is behind its text. */
  readonly ground: Colour | undefined;
  readonly fontSizePx: number | undefined;
  readonly lineHeight: LineHeight;
  readonly fontFamily: string;
  readonly isBold: boolean;
  readonly isUnderlined: boolean;
  /** Whether no reader sees it. */
  readonly isHidden: boolean;
  readonly declared: Declared;
}

export type ComputedStyles = ReadonlyMap<MailElement, Computed>;

/** Every element's style in the light, where nothing is known of the screen's width. */
export const computedInLight = memo((html: HtmlDocument) => computedStyles(html, "light"));

/** The same in the dark, as far as the email's own dark styles say. */
export const computedInDark = memo((html: HtmlDocument) => computedStyles(html, "dark"));

/** Where nothing is declared: HTML §15.3. The colours of a dark page are each client's own. */
function initial(scheme: Scheme): Computed {
  return {
    colour: scheme === "light" ? BLACK : undefined,
    ground: scheme === "light" ? WHITE : undefined,
    fontSizePx: 16,
    lineHeight: {},
    fontFamily: "",
    isBold: false,
    isUnderlined: false,
    isHidden: false,
    declared: new Map(),
  };
}

function computedStyles(html: HtmlDocument, scheme: Scheme): ComputedStyles {
  const declared = declaredFor(html, scheme);
  const computed = new Map<MailElement, Computed>();
  for (const [element, own] of declared) {
    const parent = element.parent && computed.get(element.parent);
    computed.set(element, computedOf(element, own, parent ?? initial(scheme)));
  }
  return computed;
}

function computedOf(element: MailElement, own: Declared, parent: Computed): Computed {
  const declared = new Map([...hintsOf(element), ...own]);
  const fontSizePx = sizeOf(declared.get("font-size"), element, parent);
  const family = declared.get("font-family");
  const height = declared.get("line-height");
  return {
    colour: colourOf(declared, parent),
    ground: groundOf(declared, parent),
    fontSizePx,
    lineHeight: isInherited(height) ? parent.lineHeight : lineHeightOf(height, fontSizePx),
    fontFamily: isInherited(family) ? parent.fontFamily : family,
    isBold: isBold(declared.get("font-weight"), element, parent),
    isUnderlined: isUnderlined(declared, element, parent),
    isHidden: parent.isHidden || isHidden(element, declared),
    declared,
  };
}

function isInherited(value: string | undefined): value is undefined {
  return value === undefined || /^(?:inherit|unset)$/i.test(value);
}

/** What attributes say of the look, weaker than any style (HTML §15.2). */
function hintsOf({ name, attributes }: MailElement): [string, string][] {
  const hints: [string, string | undefined][] = [
    ["background-color", attributes.get("bgcolor")],
    ["background-image", attributes.has("background") ? "image" : undefined],
    ["color", name === "font" ? attributes.get("color") : undefined],
    ["color", name === "body" ? attributes.get("text") : undefined],
    ["color", name === "a" && attributes.has("href") ? LINK : undefined],
  ];
  return hints.flatMap(([property, value]) => (value === undefined ? [] : [[property, value]]));
}

/** HTML §15.3.10: `:link`. */
const LINK = "#0000EE";

function colourOf(declared: Declared, parent: Computed): Colour | undefined {
  const value = declared.get("color");
  return isInherited(value) ? parent.colour : parseColour(value);
}

function groundOf(declared: Declared, parent: Computed): Colour | undefined {
  const image = declared.get("background-image") ?? "none";
  if (!/^(?:none|initial|unset)$/i.test(image)) return undefined;
  const value = declared.get("background-color")?.toLowerCase() ?? "transparent";
  const own = /^(?:initial|unset)$/.test(value) ? CLEAR : parseColour(value);
  if (own?.alpha === 1) return own;
  return own && (own.alpha === 0 ? parent.ground : parent.ground && over(own, parent.ground));
}

/** HTML §15.3: what browsers give headings and small print. */
const SIZES: ReadonlyMap<string, number> = new Map([
  ["h1", 2],
  ["h2", 1.5],
  ["h3", 1.17],
  ["h5", 0.83],
  ["h6", 0.67],
  ["small", 0.83],
  ["sub", 0.83],
  ["sup", 0.83],
]);

function sizeOf(
  value: string | undefined,
  { name, attributes }: MailElement,
  { fontSizePx }: Computed,
): number | undefined {
  if (value !== undefined) return lengthPx(value, fontSizePx, fontSizePx);
  if (name === "font" && attributes.has("size"))
    return [10, 13, 16, 18, 24, 32, 48][Number(attributes.get("size")) - 1];
  return fontSizePx && fontSizePx * (SIZES.get(name) ?? 1);
}

const BOLD: ReadonlySet<string> = new Set("b strong th h1 h2 h3 h4 h5 h6".split(" "));

function isBold(value: string | undefined, { name }: MailElement, parent: Computed): boolean {
  if (isInherited(value)) return parent.isBold || BOLD.has(name);
  return /^(?:bold|bolder|[6-9]\d\d)$/i.test(value);
}

/** It is drawn through all that an element holds (CSS Text Decoration 3 §2.1). */
function isUnderlined(declared: Declared, { name, attributes }: MailElement, parent: Computed) {
  const value = declared.get("text-decoration-line");
  if (isInherited(value))
    return parent.isUnderlined || name === "u" || (name === "a" && attributes.has("href"));
  return parent.isUnderlined || /underline/i.test(value) || value === UNKNOWN;
}

function isHidden({ name, attributes }: MailElement, declared: Declared): boolean {
  const is = (property: string, pattern: RegExp) => pattern.test(declared.get(property) ?? "");
  return (
    UNSEEN.has(name) ||
    attributes.has("hidden") ||
    is("display", /^none$/i) ||
    is("visibility", /^(?:hidden|collapse)$/i) ||
    is("opacity", /^0(?:\.0+)?%?$/) ||
    (is("max-height", /^0(?:px)?$/i) && is("overflow", /^hidden$/i)) ||
    is("mso-hide", /^all$/i)
  );
}

const UNSEEN: ReadonlySet<string> = new Set(["head", "script", "style", "template", "title"]);

/** CSS Fonts 4 §2.5: what the words for sizes are where the medium one is 16 px. */
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

/**
 * A length in CSS pixels; undefined where it cannot be told. An `em` is `emPx` long, and a percentage is
 * of `wholePx`; words such as `smaller` are of that too.
 */
export function lengthPx(
  value: string,
  emPx: number | undefined,
  wholePx: number | undefined,
): number | undefined {
  const text = value.trim().toLowerCase();
  if (text === "0") return 0;
  if (text === "inherit" || text === "unset" || text === "100%") return wholePx;
  if (text === "smaller") return wholePx && wholePx / 1.2;
  if (text === "larger") return wholePx && wholePx * 1.2;
  const [, number = "", unit = ""] = /^([+-]?(?:\d+\.?\d*|\.\d+))([a-z%]+)$/.exec(text) ?? [];
  if (unit === "") return WORDS.get(text);
  const factor = unit === "em" ? emPx : unit === "%" ? wholePx && wholePx / 100 : UNITS.get(unit);
  return factor === undefined ? undefined : Number(number) * factor;
}

/** How far apart lines are: a length, or a multiple of each inheriting element's own font size. */
interface LineHeight {
  readonly px?: number | undefined;
  readonly times?: number | undefined;
}

/** Undefined inside for `normal`, which is as each font has it. */
function lineHeightOf(value: string, fontSizePx: number | undefined): LineHeight {
  if (/^(?:\d+\.?\d*|\.\d+)$/.test(value)) return { times: Number(value) };
  return { px: lengthPx(value, fontSizePx, fontSizePx) };
}
