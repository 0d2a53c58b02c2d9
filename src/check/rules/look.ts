import {
  type Computed,
  computedInLight,
  type ComputedStyles,
  computedInDark,
} from "../css/computed.ts";
import { stylesOf, asksForDark, type SelectorRule } from "../css/document-styles.ts";
import { attribute, type HtmlDocument, type MailElement, named, textOf } from "../html-document.ts";
import { shownTexts } from "../content.ts";
import { quoted, faultAt, type Fault, htmlRule, type Rule, NothingToCheck } from "../rule.ts";
import { capitalised, folded } from "../../platform/text.ts";
import { contrastOf, hexOf, over } from "../../platform/css/values.ts";
import { compoundsOf, type Selector, SelectorType } from "../../platform/css/selectors.ts";
import { metaOf } from "./document.ts";

/** Smaller text is hard to read, and iPhones enlarge it, which breaks the layout. */
const LEAST_PX = 13;
const LEAST_BODY_PX = 16;
/** The least line height, as a multiple of the font size. Larger text needs less. */
const LEAST_LINE_HEIGHT = 1.5;
const LEAST_LINE_HEIGHT_LARGE = 1.4;
const LARGE_PX = 18.5;

/** A text with fewer letters counts as a label. */
const BODY_LETTERS = 120;

export const TYPE_RULES: readonly Rule[] = [
  htmlRule({
    id: "text-size",
    severity: "warning",
    what: "No text is smaller than 13 px, and paragraphs have 16 px or more",
    source: "Apple, Human Interface Guidelines: Typography; iOS enlarges text under 13 px",
    fix: "use 13 px or more for small print, and 16 px or more for paragraphs",
    run: (html, { content }) => {
      // A caption is small print at any length.
      const captions = (content?.captions ?? []).map(folded);
      const sized = texts(html, ({ fontSizePx }) => fontSizePx !== undefined && fontSizePx > 2);
      const size = (element: MailElement) => styleOf(element, html)?.fontSizePx ?? 0;
      const small = sized.filter((element) => size(element) < LEAST_PX);
      const body = sized.filter(
        (element) =>
          isBody(element) &&
          size(element) < LEAST_BODY_PX &&
          size(element) >= LEAST_PX &&
          !captions.some((caption) => folded(textOf(element)).startsWith(caption)),
      );
      const says = [
        small.length > 0 ? `there is text of ${least(small.map(size))} px` : "",
        body.length > 0 ? `there are paragraphs of ${least(body.map(size))} px` : "",
      ].filter(Boolean);
      return faultAt([...small, ...body], capitalised(says.join(", and ")));
    },
  }),
  htmlRule({
    id: "line-height",
    severity: "info",
    what: "The line height of paragraphs is 1.5 times the font size, or 1.4 times for large text",
    source: "WCAG 2.2 §1.4.12, §1.4.8",
    fix: "set line-height to 1.5 times the font size",
    run: (html) => {
      const tight = shownTexts(html).filter((element) => {
        const style = styleOf(element, html);
        const height = timesOf(style) ?? Infinity;
        const isLarge = (style?.fontSizePx ?? 0) >= LARGE_PX;
        const least = isLarge ? LEAST_LINE_HEIGHT_LARGE : LEAST_LINE_HEIGHT;
        return isBody(element) && height < least - 0.005;
      });
      const least = Math.min(...tight.map((element) => timesOf(styleOf(element, html)) ?? 9));
      return faultAt(
        tight,
        `Paragraphs have a line height of only ${least.toFixed(2)} times their font size`,
      );
    },
  }),
  htmlRule({
    id: "web-fonts",
    severity: "warning",
    what: "No font is downloaded: a download reveals readers to a server, and most mail programs ignore it",
    source: "https://www.caniemail.com/features/css-at-font-face/",
    fix: "name installed fonts: Georgia, Helvetica, Arial",
    run: (html) => {
      const sheets = stylesOf(html).sheets.flatMap(({ sheet }) => sheet.atRules);
      const faces = sheets.filter(({ name, prelude }) => {
        return name === "font-face" || (name === "import" && /fonts?\b/i.test(prelude));
      });
      const links = named(html, "link").filter((link) =>
        /\bfonts?\b/i.test(attribute(link, "href")),
      );
      const at = [...links, ...faces];
      return faultAt(at, "Fonts are fetched from the web");
    },
  }),
  htmlRule({
    id: "font-fallback",
    severity: "info",
    what: "Every list of fonts contains a family that exists on every system",
    source: "CSS Fonts 4 §2.1.3: Outlook falls back on Times New Roman",
    fix: "end the list with serif or sans-serif",
    run: (html) => {
      const bare = texts(html, ({ fontFamily }) => fontFamily !== "" && !hasFallback(fontFamily));
      const [first] = bare;
      const family = first && styleOf(first, html)?.fontFamily;
      return faultAt(bare, `The font ${family} has no fallback`);
    },
  }),
];

function styleOf(element: MailElement, html: HtmlDocument): Computed | undefined {
  return computedInLight(html).get(element);
}

function texts(html: HtmlDocument, has: (style: Computed) => boolean): MailElement[] {
  return shownTexts(html).filter((element) => {
    const style = styleOf(element, html);
    return style !== undefined && has(style);
  });
}

/** One ideograph corresponds to several letters. */
function isBody(element: MailElement): boolean {
  const text = textOf(element);
  const dense = text.match(/[\p{Script=Han}\p{Script=Kana}\p{Script=Hangul}]/gu)?.length ?? 0;
  return (
    text.length + dense * 2 >= BODY_LETTERS &&
    !/^(?:table|tr|tbody|body|code|pre)$/.test(element.name)
  );
}

function least(sizes: readonly number[]): string {
  return String(Math.round(Math.min(...sizes) * 10) / 10);
}

function timesOf(style: Computed | undefined): number | undefined {
  const { px, times } = style?.lineHeight ?? {};
  return times ?? (px !== undefined && style?.fontSizePx ? px / style.fontSizePx : undefined);
}

const GENERIC =
  /^(?:serif|sans-serif|monospace|cursive|fantasy|system-ui|ui-serif|ui-sans-serif|ui-monospace|ui-rounded|math|emoji|fangsong|inherit|initial|unset|arial|helvetica|georgia|verdana|tahoma|times new roman|times|courier new|courier|unknown)$/i;

function hasFallback(family: string): boolean {
  const names = family.split(",").map((name) => name.trim().replace(/^["']|["']$/g, ""));
  return names.some((name) => GENERIC.test(name)) || /var\(/i.test(family);
}

/** WCAG 2.2 §1.4.3: for normal text, and for text of 24 px, or of 18.66 px in bold. */
const LEAST_CONTRAST = 4.5;
const LEAST_CONTRAST_LARGE = 3;

export const COLOUR_RULES: readonly Rule[] = [
  htmlRule({
    id: "declared-contrast",
    severity: "error",
    what: "Text has a contrast of 4.5 to 1 in the light colours, large text of 3 to 1, where its colours are declared",
    source: "WCAG 2.2 §1.4.3",
    fix: "make the text darker, or its background lighter",
    run: (html) => contrastFault(faintTexts(html, computedInLight(html)), ""),
  }),
  htmlRule({
    id: "declared-contrast-dark",
    severity: "error",
    what: "Text has a contrast of 4.5 to 1 in the dark colours, large text of 3 to 1, where its colours are declared",
    source: "WCAG 2.2 §1.4.3",
    fix: "make the text lighter, or its background darker, under prefers-color-scheme: dark",
    run: (html) => {
      if (!hasDarkStyles(html))
        return new NothingToCheck("the email has no dark colours of its own");
      const inLight = new Set(faintTexts(html, computedInLight(html)).map(pairOf));
      const dark = faintTexts(html, computedInDark(html));
      return contrastFault(
        dark.filter((faint) => !inLight.has(pairOf(faint))),
        " in dark mode",
      );
    },
  }),
];

function hasDarkStyles(html: HtmlDocument): boolean {
  return rulesOf(html).some(({ within }) => within.some(asksForDark));
}

/** A text with too little contrast to its background. */
interface Faint {
  readonly element: MailElement;
  readonly text: string;
  readonly ground: string;
  readonly contrast: number;
  readonly needed: number;
}

/** The maximum number of colour pairs named at once. */
const MOST_PAIRS = 3;

/** Returns the texts with too little contrast, the lowest first. */
function faintTexts(html: HtmlDocument, styles: ComputedStyles): Faint[] {
  return shownTexts(html)
    .flatMap((element) => {
      const style = styles.get(element);
      const found = style && faint(style);
      return found ? [{ element, ...found }] : [];
    })
    .sort((a, b) => a.contrast / a.needed - b.contrast / b.needed);
}

function pairOf({ text, ground }: Faint): string {
  return `${text} on ${ground}`;
}

function contrastFault(faint: readonly Faint[], when: string): Fault[] {
  const pairs = [...Map.groupBy(faint, pairOf)].map(([pair, [first]]) => {
    return `${pair} has ${first?.contrast.toFixed(2)} of ${first?.needed}`;
  });
  const rest = pairs.length - MOST_PAIRS;
  const shown = rest > 1 ? [...pairs.slice(0, MOST_PAIRS), `${rest} more pairs`] : pairs;
  const at = faint.map(({ element }) => element);
  return faultAt(at, `Text has too little contrast${when}: ${shown.join(", ")}`);
}

function faint({
  colour,
  ground,
  fontSizePx,
  isBold,
  isHidden,
}: Computed): Omit<Faint, "element"> | undefined {
  if (!colour || !ground || isHidden || fontSizePx === undefined || fontSizePx < 3)
    return undefined;
  const text = hexOf(over(colour, ground));
  const needed =
    fontSizePx >= 24 || (isBold && fontSizePx >= 18.66) ? LEAST_CONTRAST_LARGE : LEAST_CONTRAST;
  const contrast = contrastOf(text, hexOf(ground));
  // Rounded like the displayed value: 4.499 would be shown as 4.50, which passes.
  return contrast < needed - 0.005 ? { text, ground: hexOf(ground), contrast, needed } : undefined;
}

export const DARK_RULES: readonly Rule[] = [
  htmlRule({
    id: "dark-mode",
    severity: "warning",
    what: "The email has its own dark colours, and declares them in every way that mail programs need",
    source:
      "Media Queries 5 §12.5, CSS Color Adjust 1 §2; https://www.caniemail.com/features/html-meta-color-scheme/",
    fix: 'metas color-scheme and supported-color-schemes with "light dark", the same in :root, and @media (prefers-color-scheme: dark)',
    run: (html) => {
      const missing = WAYS.filter(([, isThere]) => !isThere(html)).map(([way]) => way);
      if (missing.length === 0) return [];
      if (missing.length === WAYS.length)
        return {
          message:
            "There are no dark colours: each mail program changes the colours in its own way",
          severity: "info",
        };
      return `The dark colours are not declared completely. Missing: ${missing.join(", ")}`;
    },
  }),
  htmlRule({
    id: "dark-outlook",
    severity: "warning",
    what: "Outlook.com, which supports no media query for dark mode, finds the same colours under [data-ogsc] and [data-ogsb]",
    source: "https://www.caniemail.com/features/css-at-media-prefers-color-scheme/",
    fix: "repeat each dark rule with [data-ogsc] before it for text, and [data-ogsb] for backgrounds",
    run: (html) => {
      if (!hasDarkStyles(html))
        return new NothingToCheck("the email has no dark colours of its own");
      const missing = unmirrored(html);
      const shown = missing
        .slice(0, 3)
        .map(({ prelude }) => quoted(prelude))
        .join(", ");
      return faultAt(missing, `Outlook.com doesn't get the dark colours of ${shown}`);
    },
  }),
];

const WAYS: readonly (readonly [way: string, isThere: (html: HtmlDocument) => boolean])[] = [
  ["the meta color-scheme", (html) => saysDark(html, "color-scheme")],
  ["the meta supported-color-schemes", (html) => saysDark(html, "supported-color-schemes")],
  [":root { color-scheme }", (html) => rulesOf(html).some(isRootScheme)],
  ["@media (prefers-color-scheme: dark)", hasDarkStyles],
];

function saysDark(html: HtmlDocument, name: string): boolean {
  const meta = metaOf(html, name);
  return meta !== undefined && /\bdark\b/i.test(attribute(meta, "content"));
}

function rulesOf(html: HtmlDocument): SelectorRule[] {
  return stylesOf(html).sheets.flatMap(({ sheet }) => sheet.rules);
}

function isRootScheme({ prelude, declarations }: SelectorRule): boolean {
  const says = declarations.some(
    ({ property, value }) => property === "color-scheme" && /dark/i.test(value),
  );
  return says && /:root|\bhtml\b/i.test(prelude);
}

/** The dark rules for colours that are not repeated with Outlook.com's attribute. */
function unmirrored(html: HtmlDocument): SelectorRule[] {
  const rules = rulesOf(html);
  const mirrored = new Set(rules.flatMap(mirroredBy));
  return rules
    .filter(({ within }) => within.some(asksForDark))
    .filter((rule) => {
      const sets = rule.declarations.filter(({ property }) => COLOURS.test(property));
      return sets.some(({ property }) =>
        rule.selectors.some((selector) => !mirrored.has(`${property} ${keyOf(selector)}`)),
      );
    });
}

const COLOURS = /^(?:color|background|background-color|border-color)$/;

function mirroredBy({ selectors, declarations, within }: SelectorRule): string[] {
  if (within.length > 0) return [];
  return selectors
    .filter((selector) => selector.some(isOutlookCom))
    .flatMap((selector) => {
      const key = keyOf(selector);
      return declarations.flatMap(({ property }) => [
        `${property} ${key}`,
        ...alike(property, key),
      ]);
    });
}

/** The names of a property that can set the same colour: shorthand and longhand. */
function alike(property: string, key: string): string[] {
  if (property === "background") return [`background-color ${key}`];
  return property === "background-color" ? [`background ${key}`] : [];
}

function isOutlookCom(part: Selector[number]): boolean {
  return (
    part.type === SelectorType.Attribute && (part.name === "data-ogsc" || part.name === "data-ogsb")
  );
}

function keyOf(selector: Selector): string {
  const subject = compoundsOf(selector).at(-1) ?? [];
  return JSON.stringify(subject.filter((part) => !isOutlookCom(part)));
}
