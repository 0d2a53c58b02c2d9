import { inside, named, outwards, ownText } from "../html/mail-element.ts";
import { isShown, quoted, shownTexts } from "../content/shown-text.ts";
import { folded, headlinesOf, storyHeadings } from "../content/stories.ts";
import { vmlOf } from "../html/vml.ts";
import { attribute, type HtmlDocument, type MailElement } from "../html/mail-element.ts";
import { faultAt, htmlRule, NothingToCheck, plural, type Rule } from "../rule.ts";

/** How an email is built, for those who hear it or move through it by its headings. */
export const STRUCTURE_RULES: readonly Rule[] = [
  htmlRule({
    id: "headings",
    severity: "warning",
    what: "There is one h1, and no level is left out below it",
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
          : faultAt(first.length > 1 ? first : headings.slice(0, 1), oneFirst(first.length))),
        ...faultAt(
          skipped,
          (count) => `${plural(count, "heading skips", "headings skip")} a level`,
        ),
      ];
    },
  }),
  htmlRule({
    id: "story-headings",
    severity: "error",
    what: "Every story's headline is a heading",
    source: "WCAG 2.2 §1.3.1",
    fix: "put the headline into an h2 or h3 in the template",
    run: (html, { digest }) => {
      if (!digest) return new NothingToCheck("only an issue's stories are known");
      const found = new Set(storyHeadings(html, digest).map(({ headline }) => folded(headline)));
      const missing = headlinesOf(digest).filter((headline) => !found.has(folded(headline)));
      return missing.map((headline) => ({
        message: `The headline ${quoted(headline)} is not a heading`,
        at: [{ story: headline }],
      }));
    },
  }),
  htmlRule({
    id: "layout-tables",
    severity: "warning",
    what: "Tables that only lay out are `role=presentation`, or screen readers count their rows and columns aloud",
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
    what: "Lists are `ul` or `ol`, and not typed with bullets",
    source: "WCAG 2.2 §1.3.1",
    fix: "make it a <ul>: screen readers then say how many points there are",
    run: (html) => {
      const typed = shownTexts(html).filter(
        (element) => BULLET.test(ownText(element)) && !isInList(element),
      );
      return typed.length < 2 ? [] : faultAt(typed, "A list is typed with bullets");
    },
  }),
  htmlRule({
    id: "paragraphs",
    severity: "info",
    what: "Paragraphs are `p`, and not parted by empty lines",
    source: "WCAG 2.2 §1.3.1",
    fix: "put each paragraph into a <p>",
    run: (html) =>
      faultAt(
        html.elements.flatMap(doubleBreaks).filter((br) => isShown(br, html)),
        "Paragraphs are parted by <br><br>",
      ),
  }),
  htmlRule({
    id: "vml",
    severity: "warning",
    what: "Outlook's drawings have an `alt` and hold no links, which no keyboard reaches there",
    source: "Microsoft, VML Reference: alt",
    fix: 'write alt="" on a <v:…> that decorates, or what it says; put links into HTML',
    run: (html) => {
      const shapes = vmlOf(html);
      const links = shapes.filter(({ element }) => attribute(element, "href") !== "");
      const bare = shapes.filter(
        ({ element }) => hasPicture(element) && !element.attributes.has("alt"),
      );
      return [
        ...faultAt(
          bare.map(placeOf),
          (count) => `${plural(count, "drawing", "drawings")} for Outlook without alt`,
        ),
        ...faultAt(
          links.map(placeOf),
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

function oneFirst(count: number): string {
  return count === 0
    ? "No heading is an h1"
    : `${count} headings are an h1, where one is the main one`;
}

function isPresentation(table: MailElement): boolean {
  return /^(?:presentation|none)$/i.test(attribute(table, "role"));
}

/** A table that names its rows or columns holds data. */
function isData(table: MailElement, html: HtmlDocument): boolean {
  return inside(html, table).some(({ name, attributes }) => {
    return name === "th" || name === "caption" || attributes.has("scope");
  });
}

const BULLET = /^\s*[•●▪◦‣∙]\s*\S/u;

function isInList(element: MailElement): boolean {
  return [...outwards(element)].some(({ name }) => name === "li");
}

/** The line breaks that follow another one with nothing but white space between. */
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

function placeOf({ line }: { readonly line: number }) {
  return { line };
}
