import { writtenDay } from "../platform/locale.ts";
import type { Theme } from "../email/theme.ts";
import { directionOf } from "../platform/text.ts";
import { escapeHtml } from "../platform/references.ts";

/** A page of the newsletter's site. */
export interface SitePage {
  /** A language tag by BCP 47. */
  readonly language: string;
  /** The theme for that language: see `themeFor`. */
  readonly theme: Theme;
  /** The theme's text styles that the page uses. */
  readonly styles: readonly string[];
  readonly css: string;
  /** HTML for the head. */
  readonly head: string;
  /** HTML for the body. */
  readonly body: string;
}

/**
 * The page runs no script and sends no form. It loads nothing from other servers except pictures, which an issue may have on
 * the server of `images.baseUrl`.
 */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; img-src 'self' data: https:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export function sitePage({ language, theme, styles, css, head, body }: SitePage): string {
  return `<!doctype html>
<html lang="${escapeHtml(language)}" dir="${directionOf(language)}">
<head>
<meta name="viewport" content="width=device-width, initial-scale=1">
${head}
<style>
${BASE_CSS}
${themeCss(theme, styles)}
${css}
</style>
</head>
<body>
${body}
</body>
</html>
`;
}

const BASE_CSS = `*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);-webkit-text-size-adjust:100%}
a{color:inherit;text-underline-offset:4px}
a:focus-visible{outline:2px solid var(--ink);outline-offset:2px}`;

/**
 * The colours and fonts of the theme, and a class for each text style, such as `w-meta`. Sizes follow the text size that the
 * reader has set.
 */
export function themeCss(theme: Theme, styles: readonly string[]): string {
  const colours = (ground: "light" | "dark") =>
    Object.entries(theme.colours).map(([name, colour]) => `--${name}:${colour[ground]};`);
  const fonts = Object.entries(theme.fonts).map(([name, stack]) => `--${name}:${stack};`);
  const rules = styles.flatMap((name) => {
    const style = theme.text[name];
    if (!style) return [];
    const face = ([size, line, tracking = 0]: readonly [number, number, ...number[]]) =>
      `font:${style.italic ? "italic " : ""}${style.weight} ${size / 16}rem/${(line / size).toFixed(3)} var(--${style.font});letter-spacing:${tracking}px`;
    const wide = `@media (min-width:${theme.breakpoint}px){.w-${name}{${face(style.desktop)}}}`;
    return [`.w-${name}{margin:0;color:var(--${style.colour});${face(style.phone)}}`, wide];
  });
  return `:root{color-scheme:light dark;${[...colours("light"), ...fonts].join("")}}
@media (prefers-color-scheme:dark){:root{${colours("dark").join("")}}}
${rules.join("\n")}`;
}

/** A day, YYYY-MM-DD, as "12 December 2030" in a language. */
export function dateIn(language: string, day: string): string {
  return writtenDay(language, new Date(`${day}T12:00:00Z`));
}

/** The year of a day, YYYY-MM-DD, in a language. */
export function yearIn(language: string, day: string): string {
  return writtenDay(language, new Date(`${day}T12:00:00Z`), { year: "numeric" });
}
