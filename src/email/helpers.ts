import type * as HandlebarsModule from "handlebars";
import { TEXT_COLUMNS } from "./typography.ts";
import { measureOf, scriptOf, type TextStyle, type Theme, token } from "./theme.ts";

type Handlebars = typeof HandlebarsModule;

/** The helpers for templates, each with a description of its result. */
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

/** Registers the helpers for one theme. An unknown token throws RangeError with its name. */
export function registerHelpers(hbs: Handlebars, theme: Theme, page: Page): void {
  const safe = (html: string) => new hbs.SafeString(html);
  hbs.registerHelper({
    type: (name: string, { hash }: HandlebarsModule.HelperOptions) =>
      safe(textAttributes(theme, name, textsIn(hash))),
    inkOf: (name: string, { hash }: HandlebarsModule.HelperOptions) =>
      safe(inkAttributes(theme, name, textsIn(hash)["css"])),
    colour: (name: string) => token(theme.colours, name).light,
    font: (name: string) => safe(token(theme.fonts, name)),
    px: (name: string) => `${token(theme.space, name)[0]}px`,
    measure: (name: string) => measureOf(theme, name),
    styleSheet: () => safe(styleSheet(theme, page)),
    outlookStyleSheet: () => safe(outlookStyleSheet(theme, page.direction)),
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

/** The values of a helper call that are texts. */
type Texts = Readonly<Record<string, string | undefined>>;

function textsIn(hash: object): Texts {
  return Object.fromEntries(Object.entries(hash).filter(([, value]) => typeof value === "string"));
}

/**
 * Returns the attributes of a tag in a text style. The sizes for phones are inline, so that a client that removes `<style>`
 * (Gmail with accounts of other providers) shows the phone layout at any width. Classes allow `styleSheet` to enlarge text
 * on wide screens and to change colours in dark mode.
 */
function textAttributes(
  theme: Theme,
  name: string,
  { space, css = "", class: own, ground }: Texts,
): string {
  const style = token(theme.text, name);
  const gap = space === undefined ? undefined : token(theme.space, space);
  const paper = ground === undefined ? "" : `background:${theme.colours[ground]?.light};`;
  const classes = [`t-${name}`, `c-${style.colour}`, gap && `s-${space}`, own].filter(Boolean);
  const margin = `margin:${gap ? `${gap[0]}px 0 0` : 0};`;
  return `class="${classes.join(" ")}" style="${margin}${inlineFont(theme, style)}${paper}${css}"`;
}

/**
 * Returns the attributes that give a link the colour of a text style. Mail clients use a colour of their own, also in dark
 * mode, unless the link itself sets one.
 */
function inkAttributes(theme: Theme, name: string, css?: string): string {
  const style = token(theme.text, name);
  const colour = `color:${theme.colours[style.colour]?.light}`;
  return `class="c-${style.colour}" style="${css === undefined ? colour : `${colour};${css}`}"`;
}

function inlineFont(theme: Theme, style: TextStyle): string {
  const [size, line, tracking] = style.phone;
  // One `font` declaration also resets all properties that it does not name. It is shorter, and an issue contains it sixty
  // times.
  const face = [
    ...(style.italic ? ["italic"] : []),
    ...(style.weight === 400 ? [] : [style.weight]),
    `${size}px/${line}px`,
    theme.fonts[style.font],
  ];
  const css = [
    `font:${face.join(" ")}`,
    ...(tracking === undefined ? [] : [`letter-spacing:${tracking}px`]),
    `color:${theme.colours[style.colour]?.light}`,
  ];
  return `${css.join(";")};`;
}

/** Printers omit backgrounds, so text in the paper's colour would be invisible. */
function printRules(theme: Theme): string {
  const ink = theme.colours["ink"]?.light;
  return `.page,.page>div,.paper{background:#fff!important}.solid{background:none!important;color:${ink}!important;border:1px solid ${ink}!important}`;
}

/**
 * The last words of a headline are joined only in scripts with known widths. For other scripts, browsers that can do so
 * balance the lines, so that no single word or character is left on a line. Japanese lines break between phrases, unless a
 * phrase is wider than the page. No small kana begins a line (JIS X 4051).
 */
function balanceRules(language: string): string[] {
  if (!scriptOf(language).isUpright) return [];
  if (new Intl.Locale(language).language !== "ja")
    return ["h1,h2,h3{text-wrap:balance}p{text-wrap-style:pretty}"];
  return [
    ".page{line-break:strict}h1,h2,h3{text-wrap:balance}h1,h2,h3,.t-toc{word-break:auto-phrase;overflow-wrap:anywhere}p{text-wrap-style:pretty}",
  ];
}

/** Languages with long compounds, which may be wider than a line of a headline. */
const COMPOUNDING = new Set("af da de et fi fo hu is nb nl nn no sv".split(" "));

/** Clients that can do so hyphenate long words, at least six letters from either end. */
function hyphenRules(language: string): string[] {
  if (!COMPOUNDING.has(new Intl.Locale(language).language)) return [];
  return [
    "h1,h2,h3,p{-webkit-hyphens:auto;hyphens:auto;hyphenate-limit-chars:14 6 6;-webkit-hyphenate-limit-before:6;-webkit-hyphenate-limit-after:6}",
  ];
}

/** The properties of an issue, beside the theme, that its style sheet depends on. */
export interface Page {
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly hasLogo: boolean;
}

/** Returns the `<style>` of an issue: wide screens, dark mode and its copies for Outlook.com. */
function styleSheet(theme: Theme, { language, direction, hasLogo }: Page): string {
  const dark = (text: string, ground: string) =>
    darkRules(theme, text, ground) + (hasLogo ? darkLogoRules(theme, ground) : "");
  return [
    ":root{color-scheme:light dark;supported-color-schemes:light dark}",
    // iOS Mail and Gmail turn addresses and dates into blue links of their own.
    "a[x-apple-data-detectors],u+#body a{color:inherit!important;text-decoration:none!important}",
    // One rule for all links: an issue of thirty stories has sixty.
    `a{text-underline-offset:4px}.red{text-decoration-color:${theme.colours["accent"]?.light}!important}`,
    BOX,
    ...balanceRules(language),
    ...hyphenRules(language),
    `@media (min-width:${theme.breakpoint}px){${wideRules(theme, direction)}}`,
    `@media (prefers-color-scheme:dark){${dark("", "")}}`,
    // Outlook.com and the Outlook apps rewrite colours and mark the changed elements: ogsc for text, ogsb for backgrounds.
    dark("[data-ogsc] ", "[data-ogsb] "),
    `@media print{${printRules(theme)}}`,
  ].join("\n");
}

/**
 * A picture that is not shown leaves its alt text in a hairline box. A visible picture covers the inner shadow. The grey
 * fits light and dark paper.
 */
const BOX = "img.c-ink2{box-shadow:inset 0 0 0 1px #8885;text-align:center}";

function wideRules(theme: Theme, direction: "ltr" | "rtl"): string {
  const end = direction === "rtl" ? "left" : "right";
  const gutter = theme.space["gutter"]?.[1] ?? 0;
  const text = raisedStyles(theme).map(([name, { desktop }]) => `.t-${name}{${sized(desktop)}}`);
  return [
    ...text,
    ...spaceRules(theme, "s", "margin-top"),
    `.g{padding-left:${gutter}px!important;padding-right:${gutter}px!important}`,
    ".row{display:table!important;width:100%!important;table-layout:fixed!important}",
    `.lab,.con{display:table-cell!important;vertical-align:baseline!important}`,
    `.lab{width:${theme.label}px!important;padding-${end}:16px!important;box-sizing:border-box!important}`,
    ".con{padding-top:0!important;margin-top:0!important}.s-label{margin-top:0!important}",
    // A story without a kicker has no label between its headline and the hairline.
    ".drop{padding-top:16px!important}",
    `.when{width:124px!important}`,
    ...frontRules(theme, end),
    ".fo,.fo-dot{display:inline!important}",
    ".beside{display:table-cell!important}",
    BESIDE,
    `.btn{width:auto!important;display:inline-block!important}`,
    insetRule(theme),
  ].join("");
}

function spaceRules({ space }: Theme, letter: string, property: string): string[] {
  return Object.entries(space)
    .filter(([name, [phone, desktop]]) => name !== "gutter" && phone !== desktop)
    .map(([name, [, desktop]]) => `.${letter}-${name}{${property}:${desktop}px!important}`);
}

/** The columns of a front page: cells that are stacked on phones, and pictures that grow. */
function frontRules(theme: Theme, end: "left" | "right"): string[] {
  const start = end === "left" ? "right" : "left";
  return [
    ...spaceRules(theme, "p", "padding-top"),
    ".half,.cell{display:table-cell!important;vertical-align:top!important}",
    ...columnRules(theme, start, end),
    ".half{width:50%!important;padding-top:0!important}",
    `.one{border-${end}-width:1px!important}`,
    `.person{display:inline-block!important;vertical-align:top!important;width:48%!important;padding-${end}:2%!important;box-sizing:border-box!important}`,
    `.from{padding-${start}:16px!important;width:30%!important}`,
    ".tap-line{padding:10px 0!important}",
    `.minutes{float:${end}!important;line-height:28px!important}`,
    // Titles leave space for the minutes, which have a column of their own.
    `.tap{padding-${end}:56px!important}.tap .minutes{margin-${end}:-56px!important}`,
    ".answers{width:auto!important}.outlined{width:159px!important}",
    ".what{vertical-align:middle!important}",
  ];
}

/** The columns of a front page on wide screens and in Word. */
function columnRules(theme: Theme, start: string, end: string): string[] {
  const hair = theme.colours["hair"]?.light;
  return [
    edgeRule(theme),
    `.one{padding-${end}:23px!important}.two{padding-${start}:24px!important}`,
    ".th{width:136px!important}",
    `.num{width:1%!important;padding-${end}:24px!important}.what{padding-top:0!important}`,
    ".brief-name,.brief-what{padding:20px 0 12px!important;vertical-align:baseline!important}",
    `.brief-what{text-align:${end}!important}`,
    `.from{border-top:1px solid ${hair}!important;padding:12px 0 10px!important;text-align:${end}!important}`,
    ".tap{display:block!important;height:auto!important;padding-top:2px!important;padding-bottom:2px!important}",
  ];
}

/** A date that is below the name on phones is beside it elsewhere, on a line of its own. */
const BESIDE =
  ".beside{padding-top:20px!important;padding-bottom:12px!important}.day{width:176px!important}";

function sized([size, line, tracking]: readonly number[]): string {
  const spacing = tracking === undefined ? "" : `letter-spacing:${tracking}px!important;`;
  return `font-size:${size}px!important;line-height:${line}px!important;${spacing}`;
}

function darkRules(theme: Theme, text: string, ground: string): string {
  const dark = (name: string) => theme.colours[name]?.dark;
  const colours = Object.keys(theme.colours)
    .filter((name) => name !== "page" && name !== "rule" && name !== "hair")
    .map((name) => `${text}.c-${name}{color:${dark(name)}!important}`);
  return [
    `${ground}.page,${ground}.page>div,${ground}.paper{background:${dark("page")}!important}`,
    ...colours,
    `${text}.c-page{color:${dark("page")}!important}`,
    `${ground}.solid{background:${dark("ink")}!important}`,
    `${text}.rule{border-color:${dark("rule")}!important}`,
    `${text}.hair{border-color:${dark("hair")}!important}`,
    `${text}.note{border-color:${dark("accent")}!important}`,
    `${text}.edge{border-color:${dark("muted")}!important}`,
    `${text}.outlined{border-color:${dark("ink")}!important}`,
    `${text}.red{text-decoration-color:${dark("accent")}!important}`,
  ].join("");
}

/** The dark logo instead of the light one, or light paper behind a logo with a transparent background. */
function darkLogoRules(theme: Theme, ground: string): string {
  return [
    `${ground}.logo-light{display:none!important}`,
    `${ground}.logo-dark{display:block!important;max-height:none!important}`,
    `${ground}.plate{background:${theme.colours["page"]?.light}!important;padding:8px 12px!important;box-sizing:border-box!important}`,
  ].join("");
}

/**
 * Word-based Outlook supports neither media queries nor table-cell, but it reads classes in a style element of its own.
 * There it gets the sizes for desktops, and the columns come from conditional tables.
 */
function outlookStyleSheet(theme: Theme, direction: "ltr" | "rtl"): string {
  const [start, end] = direction === "rtl" ? ["right", "left"] : ["left", "right"];
  const gutter = theme.space["gutter"]?.[1] ?? 0;
  const text = raisedStyles(theme).map(([name, { desktop }]) => `.t-${name}{${sized(desktop)}}`);
  return [
    "p,h1,h2,h3{mso-line-height-rule:exactly}",
    ...text,
    wordFontRule(theme),
    `.g{padding-left:${gutter}px!important;padding-right:${gutter}px!important}`,
    BESIDE,
    insetRule(theme),
    // Word cannot stack cells, so it shows the columns of the desktop.
    ".half{width:260px!important;padding-top:0!important}",
    `.one{border-${end}:1px solid ${theme.colours["hair"]?.light}!important}`,
    ...columnRules(theme, start, end),
    // Word ignores the padding of a link.
    ".lk{margin:10px 0!important}.line{padding:10px 0!important}",
    ".answers{width:332px!important}.outlined{padding:13px 8px!important}",
  ].join("");
}

/** Word does not know the names of system fonts and uses Times New Roman instead. */
function wordFontRule({ fonts, text }: Theme): string {
  if (!/^(?:-apple-system|system-ui)/.test(fonts["sans"] ?? "")) return "";
  const styles = Object.entries(text).filter(([, { font }]) => font === "sans");
  const selectors = styles.map(([name]) => `.t-${name}`).join(",");
  return `${selectors}{font-family:'Segoe UI',Arial,sans-serif!important}`;
}

/** A picture that reaches both edges of a phone is as wide as the text elsewhere. */
function edgeRule(theme: Theme): string {
  const [, gutter = 0] = theme.space["gutter"] ?? [];
  const [, above = 0] = theme.space["picture"] ?? [];
  return `.edge-to-edge{padding:${above}px ${gutter}px 0!important}`;
}

/** A letter is narrower than the page, with gutters twice as wide and smaller pictures. */
function insetRule(theme: Theme): string {
  const gutter = (theme.space["gutter"]?.[1] ?? 0) * 2;
  return `.inset{padding-left:${gutter}px!important;padding-right:${gutter}px!important}.inset .th{width:112px!important}`;
}

/** Returns the text styles that are larger on wide screens. */
function raisedStyles(theme: Theme): [string, TextStyle][] {
  return Object.entries(theme.text).filter(
    ([, style]) => String(style.phone) !== String(style.desktop),
  );
}
