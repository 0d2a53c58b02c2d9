import type { Digest } from "../../digest/digest.ts";
import { hostOf } from "../../digest/stories/source-name.ts";
import { toldArticles } from "../content/stories.ts";
import { attribute, type MailElement, named, outwards } from "../html/mail-element.ts";
import { isShown, quoted, visibleText } from "../content/shown-text.ts";
import { linkFaultOf } from "../content/link-faults.ts";
import { leavesOf } from "../message/mail-message.ts";
import { faultAt, htmlRule, NothingToCheck, plural, type Rule } from "../rule.ts";
import { picturesOf } from "./layout.ts";

/** With fewer letters beside a picture, the picture is the message. */
const LEAST_LETTERS = 200;

/** What is left of an email where pictures aren't shown. */
export const IMAGE_RULES: readonly Rule[] = [
  htmlRule({
    id: "image-alt",
    severity: "error",
    what: "Every picture has an `alt`: what it shows, or nothing where it only decorates",
    source: "WCAG 2.2 §1.1.1",
    fix: 'say in alt what the picture shows, or write alt="" where it only decorates',
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
    what: "No `alt` is the name of a file, or only says that there is a picture",
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
    what: "Nothing is told by a picture alone",
    source: "WCAG 2.2 §1.4.5",
    fix: "set the words as text beside or below the picture",
    run: (html) => {
      const pictures = picturesOf(html);
      const letters = visibleText(html).match(/[\p{L}\p{N}]/gu)?.length ?? 0;
      if (pictures.length === 0 || letters >= LEAST_LETTERS) return [];
      return faultAt(
        pictures,
        `There are ${letters} letters beside ${plural(pictures.length, "picture", "pictures")}: with pictures off nothing is said`,
      );
    },
  }),
  htmlRule({
    id: "image-source",
    severity: "error",
    what: "Every picture can be fetched by its readers, over https",
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
  htmlRule({
    id: "image-hotlink",
    severity: "warning",
    what: "No picture of a story is fetched from its publisher, who may change it or take it away, and sees who reads",
    source: "RFC 2557 §1: a message can carry what it shows",
    fix: "set images: { copy: true } in the config, and build it again",
    run: (html, { digest }) => {
      if (!digest)
        return new NothingToCheck("it takes an issue: only there is it known whose a picture is");
      const theirs = hotlinked(digest);
      return faultAt(
        named(html, "img").filter((image) => theirs.has(attribute(image, "src"))),
        (count) => `${plural(count, "picture is", "pictures are")} fetched from the publisher`,
      );
    },
  }),
];

/** The pictures of an issue that stand on a server, but not on the newsletter's own. */
function hotlinked(digest: Digest): ReadonlySet<string> {
  const own = hostOf(digest.webUrl);
  return new Set(
    toldArticles(digest)
      .flatMap(({ images }) => images.map(({ src }) => src))
      .filter((src) => /^https?:/i.test(src) && (own === undefined || hostOf(src) !== own)),
  );
}

/** A pixel that counts readers, and what is hidden from screen readers, is heard by nobody. */
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
  if (fault === "local") return "at an address that readers can't reach";
  if (fault === "credentials") return "with a password in the address";
  return fault === undefined ? undefined : "without a whole address: readers can't fetch it";
}
