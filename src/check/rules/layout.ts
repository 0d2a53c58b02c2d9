import { computedInLight } from "../css/computed.ts";
import { lengthPx } from "../css/lengths.ts";
import { attribute, type HtmlDocument, type MailElement, named } from "../html/mail-element.ts";
import { isShown } from "../content/shown-text.ts";
import { faultAt, htmlRule, NothingToCheck, plural, type Rule } from "../rule.ts";

/** Mail programs show a message in a pane; 600 px fit into nearly all of them, and some go on a little. */
const WIDEST_PX = 640;

/** A phone held upright: what is no wider always fits. */
const NARROWEST_PX = 280;

export const LAYOUT_RULES: readonly Rule[] = [
  htmlRule({
    id: "content-width",
    severity: "warning",
    what: "Nothing is set wider than about 600 px",
    source: "https://www.caniemail.com; Outlook's reading pane",
    fix: "make the content 600 px wide at most",
    run: (html) => {
      const wide = html.elements.filter((element) => (widthPx(element, html) ?? 0) > WIDEST_PX);
      const widest = Math.max(...wide.map((element) => widthPx(element, html) ?? 0));
      return faultAt(
        wide,
        `The content is ${Math.round(widest)} px wide, and many panes are narrower`,
      );
    },
  }),
  htmlRule({
    id: "image-width",
    severity: "warning",
    what: "Every picture has a width attribute: Outlook on Windows knows no other width",
    source: "https://www.caniemail.com/features/html-width/",
    fix: 'write the width in pixels that it is shown in: width="520"',
    run: (html) =>
      faultAt(
        picturesOf(html).filter((image) => !/^\d+(?:px|%)?$/.test(attribute(image, "width"))),
        (count) => `${plural(count, "picture has", "pictures have")} no width attribute`,
      ),
  }),
  htmlRule({
    id: "image-fits",
    severity: "warning",
    what: "A picture is never wider than the screen",
    source: "WCAG 2.2 §1.4.10",
    fix: "write max-width:100% and height:auto into its style",
    run: (html) =>
      faultAt(
        picturesOf(html).filter((image) => isWide(image) && !isFluid(image, html)),
        (count) =>
          `${plural(count, "picture is", "pictures are")} wider than a phone, and can't shrink`,
      ),
  }),
  htmlRule({
    id: "image-sharp",
    severity: "info",
    what: "Pictures have twice the pixels that they are shown in, for sharp screens",
    source: "HTML §4.8.4.2.1: device pixel ratio",
    fix: "use a larger picture",
    run: (html, { pictureWidthsPx: known }) => {
      if (!known) return new NothingToCheck("only the pictures in an issue's folder are looked at");
      const soft = picturesOf(html).filter((image) => {
        const natural = known.get(attribute(image, "src"));
        const shown = Number.parseInt(attribute(image, "width"), 10);
        return natural !== undefined && natural < shown * 1.5;
      });
      return faultAt(
        soft,
        (count) => `${plural(count, "picture is", "pictures are")} soft on sharp screens`,
      );
    },
  }),
];

function widthPx(element: MailElement, html: HtmlDocument): number | undefined {
  if (!WIDE.has(element.name) || !isShown(element, html)) return undefined;
  const { declared } = computedInLight(html).get(element) ?? {};
  const style = declared?.get("width");
  const most = lengthPx(declared?.get("max-width") ?? "none", undefined, undefined);
  const written = /^\d+(?:px)?$/.exec(attribute(element, "width"))?.[0];
  const width =
    style === undefined
      ? Number.parseInt(written ?? "", 10)
      : lengthPx(style, undefined, undefined);
  return width === undefined || Number.isNaN(width) ? undefined : Math.min(width, most ?? width);
}

const WIDE: ReadonlySet<string> = new Set(["table", "td", "th", "div", "center", "p", "img"]);

/** The pictures that are there to be seen; one of a pixel or two spaces or counts. */
export function picturesOf(html: HtmlDocument): MailElement[] {
  return named(html, "img").filter((image) => isShown(image, html) && !isDot(image));
}

function isDot(image: MailElement): boolean {
  return ["width", "height"].some((name) => /^[0-3](?:px)?$/.test(attribute(image, name)));
}

function isWide(image: MailElement): boolean {
  return (
    Number.parseInt(attribute(image, "width"), 10) > NARROWEST_PX &&
    !attribute(image, "width").endsWith("%")
  );
}

/** Also where only a media query says so: such a mail fits wherever its style sheet is kept. */
function isFluid(image: MailElement, html: HtmlDocument): boolean {
  const { declared } = computedInLight(html).get(image) ?? {};
  const isShare = (property: string) => /(?:%|vw)$/.test(declared?.get(property) ?? "");
  return isShare("max-width") || isShare("width");
}
