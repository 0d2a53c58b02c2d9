import { Cascade, type Declared, UNKNOWN } from "../../platform/css/cascade.ts";
import { mediaHolds, type Scheme } from "../../platform/css/conditions.ts";
import {
  BLACK,
  CLEAR,
  type Colour,
  lengthPx,
  over,
  parseColour,
  WHITE,
} from "../../platform/css/values.ts";
import { remembering } from "../../platform/remembering.ts";
import {
  attribute,
  type HtmlDocument,
  type MailElement,
  memo,
  named,
  ownText,
} from "../html-document.ts";
import { stylesOf } from "./document-styles.ts";

/** The computed style of an element's text. A value is undefined if it depends on more than the source. */
export interface Computed {
  readonly colour: Colour | undefined;
  /** The background colour of its text. */
  readonly ground: Colour | undefined;
  readonly fontSizePx: number | undefined;
  readonly lineHeight: LineHeight;
  readonly fontFamily: string;
  readonly isBold: boolean;
  readonly isUnderlined: boolean;
  /** Whether it is hidden from every reader. */
  readonly isHidden: boolean;
  readonly declared: Declared;
}

export type ComputedStyles = ReadonlyMap<MailElement, Computed | undefined>;

/** The computed styles in light mode, for a screen of unknown width. */
export const computedInLight = memo((html: HtmlDocument) => computedStyles(html, "light"));

/** The computed styles in dark mode. Only the email's own dark styles are known, not the changes that a client makes. */
export const computedInDark = memo((html: HtmlDocument) => computedStyles(html, "dark"));

/** The styles of an element without declarations (HTML §15.3). The colours in dark mode differ between clients. */
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
  const styles = stylesInOrder(html, scheme);
  return new Map(html.elements.slice(0, styles.length).map((one, at) => [one, styles[at]]));
}

/**
 * Cached once for each colour scheme. An edit of a word changes no tag, so the next version of the email reuses the styles.
 */
const stylesInOrder = remembering(
  2,
  (html: HtmlDocument, scheme: Scheme) => scheme + tagsOf(html),
  (html, scheme) => [...computedAnew(html, scheme).values()],
);

/**
 * The cache key of computed styles: style sheets, tags and attributes. The values of `alt`, `title` and `aria-label` are left
 * out if no style sheet mentions the attribute.
 */
const tagsOf = memo((html: HtmlDocument) => {
  const css = named(html, "style").map(ownText).join("\n");
  const words = new Set(["aria-label", "alt", "title"].filter((name) => !css.includes(name)));
  const tags = html.elements
    .slice(0, MOST_ELEMENTS)
    .map(({ name, attributes, parent }) => [
      parent?.index,
      name,
      [...attributes].map(([key, value]) => (words.has(key) ? key : [key, value])),
    ]);
  return JSON.stringify([css, tags]);
});

function computedAnew(html: HtmlDocument, scheme: Scheme): ComputedStyles {
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

/** Returns the presentational attributes as declarations. Any style overrides them (HTML §15.2). */
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

/** The font sizes of headings and small print, as multiples of the parent's (HTML §15.3). */
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

/** A text decoration is also drawn on all descendants (CSS Text Decoration 3 §2.1). */
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

/** A line height: a length, or a multiple of the font size of each element that inherits it. */
interface LineHeight {
  readonly px?: number | undefined;
  readonly times?: number | undefined;
}

/** Reads a line height. Both fields are undefined for `normal`, which each font sets itself. */
function lineHeightOf(value: string, fontSizePx: number | undefined): LineHeight {
  if (/^(?:\d+\.?\d*|\.\d+)$/.test(value)) return { times: Number(value) };
  return { px: lengthPx(value, fontSizePx, fontSizePx) };
}

/** The maximum number of elements. No real mail has more. Further elements are checked only in a browser. */
const MOST_ELEMENTS = 20_000;

/** The declarations for each element in a colour scheme. Rules that need a certain width are left out. */
function declaredFor(html: HtmlDocument, scheme: Scheme): Map<MailElement, Declared> {
  const sheets = stylesOf(html).sheets.filter(({ element }) => {
    return mediaHolds(attribute(element, "media"), { scheme }) === true;
  });
  const cascade = new Cascade(sheets.map(({ sheet }) => sheet));
  const view = { scheme };
  const elements = html.elements.slice(0, MOST_ELEMENTS);
  return new Map(elements.map((element) => [element, cascade.declaredFor(element, view)]));
}
