import { contrastOf } from "../../email/colour.ts";
import { hexOf, over } from "../css/colour.ts";
import {
  type Computed,
  type ComputedStyles,
  computedInDark,
  computedInLight,
} from "../css/computed.ts";
import { stylesOf } from "../css/document-styles.ts";
import { asksForDark } from "../css/media.ts";
import type { HtmlDocument, MailElement } from "../html/mail-element.ts";
import { shownTexts } from "../content/shown-text.ts";
import { type Fault, faultAt, htmlRule, NothingToCheck, type Rule } from "../rule.ts";

/** WCAG 2.2 §1.4.3: for text, and for text of 24 px, or 18.66 px and bold. */
const LEAST = 4.5;
const LEAST_LARGE = 3;

export const COLOUR_RULES: readonly Rule[] = [
  htmlRule({
    id: "declared-contrast",
    severity: "error",
    what: "Text stands out from its ground by 4.5 to 1 in the light, large text by 3 to 1, as far as its colours are written",
    source: "WCAG 2.2 §1.4.3",
    fix: "make the text darker, or its ground lighter",
    run: (html) => faultOf(faintTexts(html, computedInLight(html)), ""),
  }),
  htmlRule({
    id: "declared-contrast-dark",
    severity: "error",
    what: "So it does in the dark colours that the email gives itself",
    source: "WCAG 2.2 §1.4.3",
    fix: "give the text a lighter colour, or its ground a darker one, under prefers-color-scheme: dark",
    run: (html) => {
      if (!hasDarkStyles(html))
        return new NothingToCheck("the email has no dark colours of its own");
      const inLight = new Set(faintTexts(html, computedInLight(html)).map(pairOf));
      const dark = faintTexts(html, computedInDark(html));
      return faultOf(
        dark.filter((faint) => !inLight.has(pairOf(faint))),
        " in the dark",
      );
    },
  }),
];

export function hasDarkStyles(html: HtmlDocument): boolean {
  return stylesOf(html).sheets.some(({ sheet }) =>
    sheet.rules.some(({ within }) => within.some(asksForDark)),
  );
}

/** A text whose colour is too near to what is behind it. */
interface Faint {
  readonly element: MailElement;
  readonly text: string;
  readonly ground: string;
  readonly contrast: number;
  readonly needed: number;
}

/** As many pairs of colours as an editor would mend in one go. */
const MOST_PAIRS = 3;

/** The faintest first. */
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

function faultOf(faint: readonly Faint[], when: string): Fault[] {
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
  const needed = fontSizePx >= 24 || (isBold && fontSizePx >= 18.66) ? LEAST_LARGE : LEAST;
  const contrast = contrastOf(text, hexOf(ground));
  // Rounded as it is shown: 4.499 is told as 4.50, which nobody would understand.
  return contrast < needed - 0.005 ? { text, ground: hexOf(ground), contrast, needed } : undefined;
}
