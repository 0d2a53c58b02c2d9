import {
  attribute,
  type MailElement,
  named,
  outwards,
  type HtmlDocument,
} from "../html-document.ts";
import { isShown, visibleText, linkFaultOf } from "../content.ts";
import { quoted, faultAt, plural, htmlRule, NothingToCheck, type Rule } from "../rule.ts";
import { leavesOf } from "../mail-message.ts";
import { lengthPx } from "../../platform/css/values.ts";
import { computedInLight } from "../css/computed.ts";

/** With fewer letters, the message consists mainly of its pictures. */
const LEAST_LETTERS = 200;

/** Rules for an email without pictures, and for the pictures themselves. */
export const IMAGE_RULES: readonly Rule[] = [
  htmlRule({
    id: "image-alt",
    severity: "error",
    what: "Every picture has an `alt`: a description, or an empty text if it is decorative",
    source: "WCAG 2.2 §1.1.1",
    fix: 'describe the picture in alt, or write alt="" if it is decorative',
    run: (html) =>
      faultAt(
        named(html, "img").filter(
          (image) => !image.attributes.has("alt") && isShown(image, html) && !isMute(image),
        ),
        (count) => `${plural(count, "picture has", "pictures have")} no alt text`,
      ),
  }),
  htmlRule({
    id: "image-alt-text",
    severity: "warning",
    what: "No `alt` is a file name, or only the word picture",
    source: "WCAG 2.2 §1.1.1, failure F30",
    fix: "say what the picture shows",
    run: (html) => {
      const poor = picturesOf(html).filter((image) => isPoor(attribute(image, "alt")));
      const [first] = poor;
      const says = quoted(first ? attribute(first, "alt") : "");
      return faultAt(
        poor,
        `${plural(poor.length, "alt text says", "alt texts say")} nothing of the picture: ${says}`,
      );
    },
  }),
  htmlRule({
    id: "image-only",
    severity: "error",
    what: "No text is only inside a picture",
    source: "WCAG 2.2 §1.4.5",
    fix: "put the words beside or below the picture as text",
    run: (html) => {
      const pictures = picturesOf(html);
      const letters = visibleText(html).match(/[\p{L}\p{N}]/gu)?.length ?? 0;
      if (pictures.length === 0 || letters >= LEAST_LETTERS) return [];
      return faultAt(
        pictures,
        `There are ${letters} letters beside ${plural(pictures.length, "picture", "pictures")}: without pictures the email has no content`,
      );
    },
  }),
  htmlRule({
    id: "image-source",
    severity: "error",
    what: "Readers can load every picture over https",
    source: "URL §4.4; https://www.caniemail.com/features/image-base64/",
    fix: "give the picture's https address, or send it with the message",
    run: (html, { message, pictureWidthsPx }) => {
      const contentIds =
        message && new Set(leavesOf(message.root).map(({ contentId }) => contentId));
      const wrong = named(html, "img")
        .map((image) => ({
          image,
          fault: sourceFault(attribute(image, "src"), contentIds, pictureWidthsPx),
        }))
        .filter(({ fault }) => fault !== undefined);
      const kinds = Map.groupBy(wrong, ({ fault }) => fault ?? "");
      return [...kinds].flatMap(([fault, group]) =>
        faultAt(
          group.map(({ image }) => image),
          (count) => `${plural(count, "picture", "pictures")} ${fault}`,
          fault === INSECURE ? { severity: "warning" } : {},
        ),
      );
    },
  }),
];

/** Screen readers skip tracking pixels and hidden pictures. */
function isMute(image: MailElement): boolean {
  const role = attribute(image, "role").toLowerCase();
  return (
    role === "presentation" ||
    role === "none" ||
    [...outwards(image)].some((element) => attribute(element, "aria-hidden") === "true")
  );
}

function isPoor(alt: string): boolean {
  return (
    /\.(?:png|jpe?g|gif|svg|webp|avif|bmp|tiff?)$/i.test(alt) ||
    /^(?:image|img|picture|photo|pic|graphic|banner|spacer|icon|untitled|placeholder|alt ?text|logo image|bild|foto|grafik|photo \d+|image \d+|dsc_?\d+|img_?\d+)$/i.test(
      alt,
    )
  );
}

const INSECURE = "with an http address";

function sourceFault(
  source: string,
  contentIds: ReadonlySet<string> | undefined,
  inFolder: ReadonlyMap<string, unknown> | undefined,
): string | undefined {
  if (source === "") return "without an address";
  if (/^cid:/i.test(source))
    return contentIds && !contentIds.has(source.slice(4)) ? "that isn't in the message" : undefined;
  if (/^data:/i.test(source) || inFolder?.has(source)) return undefined;
  const fault = linkFaultOf(source);
  if (fault === "insecure") return INSECURE;
  if (fault === "local" || fault === "reserved") return "at an address that readers can't reach";
  if (fault === "credentials") return "with a password in the address";
  return fault === undefined ? undefined : "with an incomplete address: readers can't load it";
}

/** Mail programs show a message in a pane. A width of 600 px fits nearly all of them, and some are slightly wider. */
const WIDEST_PX = 640;

/** The width of the narrowest phone. Narrower content always fits. */
const NARROWEST_PX = 280;

export const LAYOUT_RULES: readonly Rule[] = [
  htmlRule({
    id: "content-width",
    severity: "warning",
    what: "Nothing is wider than about 600 px",
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
    fix: 'write the displayed width in pixels: width="520"',
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
    what: "Pictures have twice their displayed pixels, for high-resolution screens",
    source: "HTML §4.8.4.2.1: device pixel ratio",
    fix: "use a larger picture",
    run: (html, { pictureWidthsPx: known }) => {
      if (!known) return new NothingToCheck("only the pictures in an issue's folder are checked");
      const soft = picturesOf(html).filter((image) => {
        const natural = known.get(attribute(image, "src"));
        const shown = Number.parseInt(attribute(image, "width"), 10);
        return natural !== undefined && natural < shown * 1.5;
      });
      return faultAt(
        soft,
        (count) =>
          `${plural(count, "picture is", "pictures are")} blurred on high-resolution screens`,
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

/** The visible pictures. One of a pixel or two is a spacer or a tracking pixel. */
function picturesOf(html: HtmlDocument): MailElement[] {
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

/** Whether the picture becomes narrower on a phone. A media query is sufficient, because most clients keep the style sheet. */
function isFluid(image: MailElement, html: HtmlDocument): boolean {
  const { declared } = computedInLight(html).get(image) ?? {};
  const isShare = (property: string) => /(?:%|vw)$/.test(declared?.get(property) ?? "");
  return isShare("max-width") || isShare("width");
}
