import type * as HandlebarsModule from "handlebars";
import {
  inkAttributes,
  outlookStyleSheet,
  styleSheet,
  textAttributes,
  type Page,
} from "./style-sheet.ts";
import { TEXT_COLUMNS } from "./text-part.ts";
import type { Theme } from "./theme.ts";

type Handlebars = typeof HandlebarsModule;

/** The helpers that templates may use, with what each yields; the documentation of the names. */
export const HELPERS = new Map([
  ["type", "the class and style of a text style: {{type 'headline' space='dek'}}"],
  ["inkOf", "the class and style of a text style's colour, for a link in it: {{inkOf 'story'}}"],
  ["colour", "a colour token for light paper: {{colour 'hair'}}"],
  ["font", "a font stack: {{font 'serif'}}"],
  ["px", "a phone distance: {{px 'gutter'}}"],
  ["measure", "a measure of the theme: {{measure 'width'}}"],
  ["styleSheet", "the style sheet of the theme"],
  ["outlookStyleSheet", "the style sheet for Word-based Outlook"],
  ["is", "whether two values are the same: {{#if (is kind 'quote')}}"],
  ["trusted", "HTML that the letter's own renderer wrote"],
  ["rule", "a line across the plain-text part: {{rule '='}}"],
  ["preheaderPad", "blank filler that keeps the body out of an inbox's preview line"],
]);

/** Registers the helpers for one theme. Unknown tokens throw RangeError with the token's name. */
export function registerHelpers(hbs: Handlebars, theme: Theme, page: Page): void {
  const safe = (html: string) => new hbs.SafeString(html);
  hbs.registerHelper({
    type: (name: string, { hash }: HandlebarsModule.HelperOptions) =>
      safe(
        textAttributes(theme, name, {
          space: optional(hash["space"]),
          css: optional(hash["css"]),
          class: optional(hash["class"]),
          ground: optional(hash["ground"]),
        }),
      ),
    inkOf: (name: string, { hash }: HandlebarsModule.HelperOptions) =>
      safe(inkAttributes(theme, name, optional(hash["css"]))),
    colour: (name: string) => token(theme.colours, name).light,
    font: (name: string) => safe(token(theme.fonts, name)),
    px: (name: string) => `${token(theme.space, name)[0]}px`,
    measure: (name: string) => measureOf(theme, name),
    styleSheet: () => safe(styleSheet(theme, page)),
    outlookStyleSheet: () => safe(outlookStyleSheet(theme)),
    is: (a: unknown, b: unknown) => a === b,
    trusted(block: unknown) {
      const isBlock = typeof block === "object" && block !== null && "html" in block;
      if (!isBlock)
        throw new TypeError("{{trusted}} takes a block of the letter, and nothing else");
      return safe(String(block.html));
    },
    rule: (mark: string) => mark.repeat(TEXT_COLUMNS),
    preheaderPad: () => safe("\u2007\u034F ".repeat(60)),
  });
}

function optional(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function token<T>(tokens: Readonly<Record<string, T>>, name: string): T {
  const value = Object.hasOwn(tokens, name) ? tokens[name] : undefined;
  if (value === undefined) throw new RangeError(name);
  return value;
}

/** A measure of the theme, px. */
export function measureOf(theme: Theme, name: string): number {
  const { width, label, radius } = theme;
  return token({ width, label, radius, text: width - 80, content: width - 80 - label }, name);
}
