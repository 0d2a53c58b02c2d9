import { type Computed, computedInLight } from "../css/computed.ts";
import { stylesOf } from "../css/document-styles.ts";
import {
  attribute,
  type HtmlDocument,
  type MailElement,
  named,
  textOf,
} from "../html/mail-element.ts";
import { shownTexts } from "../content/shown-text.ts";
import { folded } from "../../email/typography.ts";
import { shownArticles } from "../content/stories.ts";
import type { Digest } from "../../digest/digest.ts";
import { faultAt, htmlRule, type Rule } from "../rule.ts";

/** Too small to read with ease: iPhones enlarge anything smaller, and break the layout by it. */
const LEAST_PX = 13;
const LEAST_BODY_PX = 16;
/** Lines of larger text need less between them. */
const LEAST_LINE_HEIGHT = 1.5;
const LEAST_LINE_HEIGHT_LARGE = 1.4;
const LARGE_PX = 18.5;

/** From so many letters on a text is one to be read, and not a label. */
const BODY_LETTERS = 120;

export const TYPE_RULES: readonly Rule[] = [
  htmlRule({
    id: "text-size",
    severity: "warning",
    what: "No text is smaller than 13 px, and text to be read is 16 px or more",
    source: "Apple, Human Interface Guidelines: Typography; iOS enlarges text under 13 px",
    fix: "set the small print in 13 px or more, and paragraphs in 16 px or more",
    run: (html, { digest }) => {
      const captions = captionsOf(digest);
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
        small.length > 0 ? `text is set in ${least(small.map(size))} px` : "",
        body.length > 0 ? `paragraphs are set in ${least(body.map(size))} px` : "",
      ].filter(Boolean);
      return faultAt([...small, ...body], sentence(says.join(", and ")));
    },
  }),
  htmlRule({
    id: "line-height",
    severity: "info",
    what: "Text to be read has lines 1.5 times its size apart, or 1.4 times where it is large",
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
        `Paragraphs have lines only ${least.toFixed(2)} times their size apart`,
      );
    },
  }),
  htmlRule({
    id: "web-fonts",
    severity: "warning",
    what: "No font is fetched: it tells a server who reads, and most clients don't do it",
    source: "https://www.caniemail.com/features/css-at-font-face/",
    fix: "name fonts that are there: Georgia, Helvetica, Arial",
    run: (html) => {
      const sheets = stylesOf(html).sheets.flatMap(({ sheet }) => sheet.atRules);
      const faces = sheets.filter(({ name, prelude }) => {
        return name === "font-face" || (name === "import" && /fonts?\b/i.test(prelude));
      });
      const links = named(html, "link").filter((link) =>
        /\bfonts?\b/i.test(attribute(link, "href")),
      );
      const at = [...links, ...faces.map(({ line }) => ({ line }))];
      return faultAt(at, "Fonts are fetched from the web");
    },
  }),
  htmlRule({
    id: "font-fallback",
    severity: "info",
    what: "Every list of fonts has a family in it that every system has",
    source: "CSS Fonts 4 §2.1.3: Outlook falls back on Times New Roman",
    fix: "end the list with serif or sans-serif",
    run: (html) => {
      const bare = texts(html, ({ fontFamily }) => fontFamily !== "" && !hasFallback(fontFamily));
      const [first] = bare;
      const family = first && styleOf(first, html)?.fontFamily;
      return faultAt(bare, `The font ${family} has nothing to fall back on`);
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

/** Ideographs say in one sign what takes others several letters. */
/** What stands below the pictures of an issue: small print, however long. */
function captionsOf(digest: Digest | undefined): string[] {
  const images = digest ? shownArticles(digest).flatMap((article) => article.images) : [];
  return images.flatMap(({ caption }) => (caption ? [folded(caption)] : []));
}

function isBody(element: MailElement): boolean {
  const text = textOf(element);
  const dense = text.match(/[\p{Script=Han}\p{Script=Kana}\p{Script=Hangul}]/gu)?.length ?? 0;
  return text.length + dense * 2 >= BODY_LETTERS && !/^(?:table|tr|tbody|body)$/.test(element.name);
}

function least(sizes: readonly number[]): string {
  return String(Math.round(Math.min(...sizes) * 10) / 10);
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
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
