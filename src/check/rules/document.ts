import {
  attribute,
  type HtmlDocument,
  inside,
  type MailElement,
  MUTE,
  named,
  ownText,
  textOf,
  outwards,
  memo,
  parseHtml,
} from "../html-document.ts";
import { quoted, faultAt, plural, htmlRule, type Rule } from "../rule.ts";
import { visibleText, isShown, shownTexts } from "../content.ts";
import { folded } from "../../platform/text.ts";
import { attempt } from "../../platform/attempt.ts";

/** Rules for the document around an email's words: language, direction, name, encoding, viewport. */
export const DOCUMENT_RULES: readonly Rule[] = [
  htmlRule({
    id: "language",
    severity: "error",
    what: "The email has its language on `html`, and again inside `body`, because webmail keeps only that",
    source: "WCAG 2.2 §3.1.1",
    fix: 'write lang="en", or whatever it is, on <html> and on the outermost element in <body>',
    run: (html) => {
      const lang = languageOf(html.root);
      if (lang === "") return faultAt([html.root], "The language of the email is not declared");
      if (!isLanguage(lang)) return faultAt([html.root], `lang="${lang}" is not a language`);
      const wrapper = wrapperOf(html);
      if (!wrapper || wholeThat(html, (element) => isLanguage(languageOf(element)))) return [];
      return faultAt([wrapper], "The language is declared only on <html>, which webmail removes", {
        severity: "warning",
      });
    },
  }),
  htmlRule({
    id: "direction",
    severity: "warning",
    what: "The email has its direction on `html` and inside `body`: from right to left for Arabic and Hebrew",
    source: "WCAG 2.2 §1.3.2",
    fix: 'write dir="ltr" or dir="rtl" on <html> and on the outermost element in <body>',
    run: (html) => {
      const wrapper =
        wholeThat(html, (element) => directionOf(element) !== "") ?? wrapperOf(html) ?? html.root;
      const wanted = isWrittenFromTheRight(visibleText(html)) ? "rtl" : "ltr";
      const wrong = [html.root, wrapper].filter((element) => directionOf(element) !== wanted);
      if (wanted === "rtl")
        return faultAt(wrong, "The text is written from right to left, but that is not declared", {
          severity: "error",
        });
      // Every client assumes left to right, unless the markup says otherwise.
      const turned = wrong.filter((element) => directionOf(element) === "rtl");
      if (turned.length > 0)
        return faultAt(turned, 'dir="rtl", but the text is written from left to right');
      return faultAt(wrong, "The direction of the email is not declared", { severity: "info" });
    },
  }),
  htmlRule({
    id: "title",
    severity: "warning",
    what: "`title` is the subject: screen readers and browser tabs name the email by it",
    source: "WCAG 2.2 §2.4.2",
    fix: "write the subject into <title>",
    run: (html, { subject }) => {
      const title = named(html, "title").find(({ parent }) => parent?.name !== "svg");
      const text = title ? ownText(title).trim() : "";
      if (text === "") return faultAt([title ?? html.root], "The email has no <title>");
      if (subject === undefined || folded(text) === folded(subject)) return [];
      const message = `<title> says ${quoted(text)}, and the subject ${quoted(subject)}`;
      return faultAt(title ? [title] : [], message);
    },
  }),
  htmlRule({
    id: "article-role",
    severity: "warning",
    what: "An element around everything has role=article and a name, so that screen readers announce the beginning of the email",
    source: "WAI-ARIA 1.2 §5.4 article; Email Markup Consortium",
    fix: 'write role="article" aria-roledescription="email" aria-label="the subject" on the outermost element in <body>',
    run: (html) => {
      const article = html.elements.find((element) => attribute(element, "role") === "article");
      if (!article) return faultAt([wrapperOf(html) ?? html.root], "No element has role=article");
      const missing = ["aria-roledescription", "aria-label"].filter(
        (name) => attribute(article, name) === "" && attribute(article, `${name}ledby`) === "",
      );
      return missing.length === 0
        ? []
        : faultAt([article], `The element with role=article has no ${missing.join(" and no ")}`);
    },
  }),
  htmlRule({
    id: "viewport",
    severity: "warning",
    what: "The viewport is the width of the phone, and readers may zoom",
    source: "WCAG 2.2 §1.4.4",
    fix: '<meta name="viewport" content="width=device-width, initial-scale=1">',
    run: (html) => {
      const viewport = metaOf(html, "viewport");
      if (!viewport)
        return faultAt(
          [html.root],
          "There is no viewport: some phones show the email small, as on a desktop",
        );
      const content = attribute(viewport, "content").toLowerCase().replace(/\s/g, "");
      const most = Number(/maximum-scale=([\d.]+)/.exec(content)?.[1] ?? 5);
      const isFixed = /user-scalable=(?:no|0)\b/.test(content) || most < 2;
      return isFixed ? faultAt([viewport], "The viewport prevents readers from zooming") : [];
    },
  }),
  htmlRule({
    id: "encoding",
    severity: "warning",
    what: "The email is declared as HTML5 and UTF-8",
    source: "HTML §13.1.1, §4.2.5.4",
    fix: '<!doctype html> at the top, and <meta charset="utf-8"> in <head>',
    run: (html) => {
      const charset = charsetOf(html);
      const wrong = [
        html.doctype === undefined ? "has no doctype, so browsers use the layout of 1998" : "",
        charset === undefined ? "does not declare its encoding" : "",
        charset !== undefined && !/^utf-?8$/i.test(charset) ? `declares ${charset}` : "",
      ].filter(Boolean);
      return wrong.length === 0 ? [] : faultAt([html.root], `The HTML ${wrong.join(", and ")}`);
    },
  }),
  htmlRule({
    id: "apple-mail",
    severity: "info",
    what: "iPhones do not turn dates and addresses into links, and do not shrink the layout",
    source: "Apple, Safari HTML Reference: format-detection",
    fix: 'add <meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no"> and <meta name="x-apple-disable-message-reformatting">',
    run: (html) => {
      const missing = ["format-detection", "x-apple-disable-message-reformatting"].filter(
        (name) => !metaOf(html, name),
      );
      return missing.length === 0 ? [] : faultAt([html.root], `No meta ${missing.join(", ")}`);
    },
  }),
  htmlRule({
    id: "nesting-depth",
    severity: "error",
    what: "Nothing is nested deeper than browsers allow",
    source: "Chromium, HTMLConstructionSite: 512 elements",
    fix: "close all elements: a loop in a template may lack its end tag",
    run: ({ cutAtLine: line }) =>
      line === undefined
        ? []
        : faultAt(
            [{ line }],
            `From line ${line} on it is nested too deep: the rest is not checked`,
          ),
  }),
];

function languageOf(element: MailElement): string {
  return attribute(element, "lang") || attribute(element, "xml:lang");
}

/** BCP 47. `und` stands for an unknown language, which does not help a screen reader. */
function isLanguage(lang: string): boolean {
  const tags = attempt(() => Intl.getCanonicalLocales(lang));
  return tags?.length === 1 && !/^(?:und|mul|zxx|mis)\b/i.test(lang);
}

/** The first element in `body` that contains nearly all of its text and meets a condition. */
function wholeThat(
  html: HtmlDocument,
  isWanted: (element: MailElement) => boolean,
): MailElement | undefined {
  const [body] = named(html, "body");
  if (!body) return undefined;
  const most = textOf(body).length * 0.8;
  return inside(html, body).find((element) => isWanted(element) && textOf(element).length >= most);
}

/** The outermost element in `body` that contains nearly all of its text. */
function wrapperOf(html: HtmlDocument): MailElement | undefined {
  return wholeThat(html, ({ name }) => !MUTE.has(name));
}

function directionOf(element: MailElement): string {
  return attribute(element, "dir").toLowerCase();
}

/** Whether most letters belong to a script that is written from right to left (Unicode's bidirectional class R, AL). */
function isWrittenFromTheRight(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const fromRight = text.match(RIGHT)?.length ?? 0;
  return letters > 0 && fromRight * 2 > letters;
}

const RIGHT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/gu;

export function metaOf(html: HtmlDocument, name: string): MailElement | undefined {
  return named(html, "meta").find((meta) => attribute(meta, "name").toLowerCase() === name);
}

function charsetOf(html: HtmlDocument): string | undefined {
  const metas = named(html, "meta");
  const declared = metas.map((meta) => attribute(meta, "charset")).find(Boolean);
  const type = metas.find((meta) => /^content-type$/i.test(attribute(meta, "http-equiv")));
  return declared ?? /charset=\s*["']?([\w-]+)/i.exec(type ? attribute(type, "content") : "")?.[1];
}

/** Rules for the structure of an email, for people who listen to it or navigate by headings. */
export const STRUCTURE_RULES: readonly Rule[] = [
  htmlRule({
    id: "headings",
    severity: "warning",
    what: "There is one h1, and no level below it is skipped",
    source: "WCAG 2.2 §1.3.1, §2.4.6",
    fix: "make the name or the main headline the only h1, what is below it h2, and below that h3",
    run: (html) => {
      const headings = headingsOf(html);
      if (headings.length === 0)
        return faultAt(
          [html.root],
          "There is no heading: screen readers can't go from story to story",
        );
      const first = headings.filter(({ name }) => name === "h1");
      const skipped = headings.filter((heading, at) => isSkip(headings[at - 1], heading));
      return [
        ...(first.length === 1
          ? []
          : faultAt(
              first.length > 1 ? first : headings.slice(0, 1),
              first.length === 0
                ? "No heading is an h1"
                : `${first.length} headings are an h1, where one is the main one`,
            )),
        ...faultAt(
          skipped,
          (count) => `${plural(count, "heading skips", "headings skip")} a level`,
        ),
      ];
    },
  }),
  htmlRule({
    id: "layout-tables",
    severity: "warning",
    what: "Layout tables have `role=presentation`. Otherwise screen readers announce their rows and columns",
    source: "WCAG 2.2 §1.3.1; Email Markup Consortium",
    fix: 'write role="presentation" on every table that holds no data',
    run: (html) =>
      faultAt(
        named(html, "table").filter((table) => !isPresentation(table) && !isData(table, html)),
        (count) => `${plural(count, "layout table is", "layout tables are")} not role=presentation`,
      ),
  }),
  htmlRule({
    id: "lists",
    severity: "warning",
    what: "Lists are `ul` or `ol`, not typed bullets",
    source: "WCAG 2.2 §1.3.1",
    fix: "make it a <ul>: screen readers then announce the number of points",
    run: (html) => {
      const typed = shownTexts(html).filter(
        (element) =>
          BULLET.test(ownText(element)) &&
          ![...outwards(element)].some(({ name }) => name === "li"),
      );
      return typed.length < 2 ? [] : faultAt(typed, "A list is typed with bullets");
    },
  }),
  htmlRule({
    id: "paragraphs",
    severity: "info",
    what: "Paragraphs are `p`, and not separated by empty lines",
    source: "WCAG 2.2 §1.3.1",
    fix: "put each paragraph into a <p>",
    run: (html) =>
      faultAt(
        html.elements.flatMap(doubleBreaks).filter((br) => isShown(br, html)),
        "Paragraphs are separated by <br><br>",
      ),
  }),
  htmlRule({
    id: "vml",
    severity: "warning",
    what: "Drawings for Outlook have an `alt` and contain no links, because a keyboard can't reach those",
    source: "Microsoft, VML Reference: alt",
    fix: 'write alt="" on a decorative <v:…>, or its text; put links into HTML',
    run: (html) => {
      const shapes = vmlOf(html);
      const links = shapes.filter(({ element }) => attribute(element, "href") !== "");
      const bare = shapes.filter(
        ({ element }) => hasPicture(element) && !element.attributes.has("alt"),
      );
      return [
        ...faultAt(
          bare,
          (count) => `${plural(count, "drawing", "drawings")} for Outlook without alt`,
        ),
        ...faultAt(
          links,
          (count) => `${plural(count, "drawing", "drawings")} for Outlook with a link in it`,
          { severity: "info" },
        ),
      ];
    },
  }),
];

function headingsOf(html: HtmlDocument): MailElement[] {
  const headings = named(html, "h1", "h2", "h3", "h4", "h5", "h6");
  return headings.filter((heading) => isShown(heading, html));
}

function isSkip(before: MailElement | undefined, heading: MailElement): boolean {
  return before !== undefined && levelOf(heading) > levelOf(before) + 1;
}

function levelOf({ name }: MailElement): number {
  return Number(name.slice(1));
}

function isPresentation(table: MailElement): boolean {
  return /^(?:presentation|none)$/i.test(attribute(table, "role"));
}

/** A table with headings for its rows or columns contains data. */
function isData(table: MailElement, html: HtmlDocument): boolean {
  return inside(html, table).some(({ name, attributes }) => {
    return name === "th" || name === "caption" || attributes.has("scope");
  });
}

const BULLET = /^\s*[•●▪◦‣∙]\s*\S/u;

/** The line breaks that follow another one, with only white space between. */
function doubleBreaks({ children }: MailElement): MailElement[] {
  const shown = children.filter((child) => typeof child !== "string" || child.trim() !== "");
  return shown.filter((child, at) => isBreak(shown[at - 1]) && isBreak(child)).filter(isBreak);
}

function isBreak(child: MailElement | string | undefined): child is MailElement {
  return typeof child === "object" && child.name === "br";
}

function hasPicture(shape: MailElement): boolean {
  const own = attribute(shape, "src") !== "" || shape.name === "v:image";
  return (
    own ||
    shape.children.some((child) => typeof child !== "string" && attribute(child, "src") !== "")
  );
}

/** A drawing that only Outlook with Word's engine shows, and its line. */
interface VmlShape {
  readonly element: MailElement;
  readonly line: number;
}

/** The drawings of an email. Most are inside comments. */
const vmlOf = memo((html: HtmlDocument): VmlShape[] => {
  const written = html.comments
    .filter(({ text }) => /<v:/i.test(text))
    .flatMap(({ text, line }) => {
      const inner = parseHtml(text.replace(/^\[if[^\]]*\]>|<!\[endif\]$/gi, ""));
      return shapesIn(inner).map((element) => ({ element, line: line + (element.line ?? 1) - 1 }));
    });
  const open = shapesIn(html).map((element) => ({ element, line: element.line ?? 1 }));
  return [...written, ...open];
});

function shapesIn({ elements }: HtmlDocument): MailElement[] {
  return elements.filter(({ name }) => SHAPE.test(name));
}

/** The elements of VML, without those that only describe the fill or stroke of another. */
const SHAPE = /^v:(?:arc|curve|group|image|line|oval|polyline|rect|roundrect|shape)$/;
