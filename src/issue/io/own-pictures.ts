import { createHash } from "node:crypto";
import type { Image } from "../../article/article.ts";
import type { Config } from "../../config/config.ts";
import type { Digest, Entry } from "../../digest/digest.ts";
import { BroadsheetError, type ErrorCode } from "../../errors.ts";
import { type Picture, pictureTypeOf, placedName } from "../../platform/picture.ts";
import { SILENT } from "../../platform/reporter.ts";
import { themeOf } from "../compose.ts";
import type { BuildFlags } from "../open-build.ts";
import { groundsOf } from "../pictures/look-at-pixels.ts";
import { readPlacedPictures } from "./outbox.ts";

/** A picture that an editor may choose for a story: its entry in the digest, and its file. */
export interface OwnPicture {
  readonly image: Image;
  readonly picture: Picture;
}

/** More pixels than the camera of a very good phone gives. Larger pictures are decoded only if an article shows them. */
const MOST_PIXELS = 50_000_000;

/**
 * Prepares an uploaded picture for mail. Its name is a hash of its content.
 * @throws BroadsheetError CONTENT_UNSUPPORTED for SVG and for a file that is not a picture; CONTENT_TOO_LARGE over 50 million
 * pixels.
 */
export async function uploadedPicture(
  content: Buffer,
  name: string,
  digest: Digest,
  config: Config,
): Promise<OwnPicture> {
  const { pictureFacts } = await import("../pictures/io/picture-facts.ts");
  const type = pictureTypeOf(content);
  const { widthPx = 0, heightPx = 0 } = (type && pictureFacts(content, type)) ?? {};
  if (type?.name === "svg") throw refused(name, "is an SVG, which mail programs do not show");
  if (widthPx * heightPx > MOST_PIXELS) {
    const pixels = `${Math.round((widthPx * heightPx) / 1e6)} million pixels`;
    const why = `has ${pixels}, and ${MOST_PIXELS / 1e6} million are the most`;
    throw refused(name, why, "CONTENT_TOO_LARGE", "save it 1200 px wide");
  }
  const { Converter } = await import("../pictures/io/converter.ts");
  const { preparePicture } = await import("../pictures/io/prepare-picture.ts");
  const grounds = groundsOf(await themeOf(digest, config));
  using converter = new Converter();
  const made = await preparePicture({ content, name, source: name }, converter, grounds);
  if ("fix" in made) throw refused(name, made.why, made.code, made.fix);
  const { picture: fit } = made;
  const hash = createHash("sha256").update(fit.content).digest("hex").slice(0, 16);
  const file = `${hash}${fit.type.ending}`;
  const picture = { contentType: fit.type.contentType, name: file, content: fit.content };
  const src = `images/${file}`;
  const seen = fit.size && fit.look && { look: { src, ...fit.size, ...fit.look } };
  return { image: { src, alt: "", ...fit.size, ...seen }, picture };
}

function refused(
  name: string,
  why: string,
  code: ErrorCode = "CONTENT_UNSUPPORTED",
  fix = "save it as PNG or JPEG",
): BroadsheetError {
  return new BroadsheetError(code, `${name} ${why}`, { fix });
}

/** The maximum number of an article's pictures that are offered. */
const MOST_SHOWN = 8;

interface Shown {
  /** The story as built, and its current picture. */
  readonly entry: Entry;
  readonly now: Image | undefined;
  /** The folder of the issue. */
  readonly dir: string;
}

/** The pictures of an article, and the picture that its story shows now. Pictures that can't be loaded are left out. */
export async function picturesOfStory(
  { entry, now, dir }: Shown,
  digest: Digest,
  { config, flags }: { readonly config: Config; readonly flags: BuildFlags },
): Promise<OwnPicture[]> {
  const { images } = entry.article;
  const isOther = now && !images.some(({ src }) => src === now.src);
  const all = [...(isOther ? [now] : []), ...images].slice(0, MOST_SHOWN);
  const far = all.filter(({ src }) => placedName(src) === undefined);
  const { placePictures } = await import("../pictures/place-pictures.ts");
  const parts = far.map((image) => ({
    article: { ...entry.article, images: [image] },
    isCollected: true,
  }));
  const settings = { ...config, logo: undefined, images: { ...config.images, copy: true } };
  const grounds = groundsOf(await themeOf(digest, config));
  const names = config.sources.map(({ from }) => from);
  const fetched = await placePictures(parts, settings, { names, flags, reporter: SILENT, grounds });
  const placed = all.map((image) => fetched.articles[far.indexOf(image)]?.images[0] ?? image);
  const found = placed.map(async (image): Promise<OwnPicture[]> => {
    const name = placedName(image.src);
    const known = fetched.pictures.find((one) => one.name === name);
    const read = known || name === undefined ? [] : readPlacedPictures(dir, [name]);
    const [picture = known] = await Promise.resolve(read).catch(() => []);
    return picture ? [{ image, picture }] : [];
  });
  return (await Promise.all(found)).flat();
}
