import { createHash } from "node:crypto";
import path from "node:path";
import type { Image, ImageFile } from "../../../article/article.ts";
import { lookOf, type PicturePlace, sizeOf } from "../../../digest/arrange/picture-places.ts";
import { arrangedDigest } from "../../../digest/arrange/weights.ts";
import type { Slots } from "../../../digest/copy/slots.ts";
import {
  type Digest,
  flatEntries,
  idOf,
  LEFT_FOR_WEIGHT,
  withEntries,
} from "../../../digest/digest.ts";
import {
  PICTURE_TYPES,
  type Picture,
  pictureTypeOf,
  placedName,
} from "../../../platform/picture.ts";
import { remembering } from "../../../platform/remembering.ts";
import type { Grounds } from "../look-at-pixels.ts";
import type { Crop, Fit } from "./convert-picture.ts";
import { type Conversion, Converter } from "./converter.ts";
import { pictureFacts } from "./picture-facts.ts";
import { lookFrom } from "./prepare-picture.ts";

type Sizes = Readonly<
  Record<PicturePlace, { readonly widthPx: number; readonly heightPx: number }>
>;

/** Twice the size on the page, for high-resolution screens. */
const SIZES: Sizes = {
  lead: { widthPx: 1200, heightPx: 675 },
  pair: { widthPx: 670, heightPx: 419 },
  row: { widthPx: 272, heightPx: 272 },
};

/** Smaller sizes, tried in this order if the pictures of a message are too large together. */
const SMALLER: readonly Sizes[] = [
  { ...SIZES, lead: { widthPx: 1040, heightPx: 585 }, pair: { widthPx: 480, heightPx: 300 } },
  {
    lead: { widthPx: 800, heightPx: 450 },
    pair: { widthPx: 480, heightPx: 300 },
    row: { widthPx: 200, heightPx: 200 },
  },
];

/** The maximum size of all pictures in a message together. Readers on phones pay for their data. */
const MOST_BYTES = 200_000;

export interface Illustrated {
  readonly digest: Digest;
  readonly pictures: readonly Picture[];
}

/**
 * Crops the pictures of a digest's stories for their places, and keeps the originals. Existing crops are kept. Animations,
 * and all pictures if sharp is missing, are shown complete. A picture added by an editor is analysed first.
 */
export async function cropPictures(issue: Illustrated, page: Page): Promise<Illustrated> {
  using converter = new Converter();
  const tools = { ...page, converter };
  return await cutPictures(await withLooks(issue, tools), SIZES, tools);
}

/**
 * Crops the pictures of an issue that has them in its message. If they are too large together, they are cropped smaller. If
 * that is not enough, the last stories lose their pictures.
 */
export async function fitMessage(issue: Illustrated, page: Page): Promise<Illustrated> {
  using converter = new Converter();
  const tools = { ...page, converter };
  let fitting = await cutPictures(issue, SIZES, tools);
  for (const sizes of SMALLER) {
    if (bytesOf(fitting, page) <= MOST_BYTES) return fitting;
    fitting = await cutPictures(issue, sizes, tools);
  }
  return withoutLast(fitting, page);
}

/** The properties of a page that decide the places of pictures, and the background colours for transparent ones. */
interface Page {
  readonly slots: Slots;
  readonly grounds: Grounds;
}

interface Tools extends Page {
  readonly converter: Converter;
}

/** A picture that the page shows. */
interface Shown {
  readonly image: Image;
  readonly picture: Picture;
  /** The place of the picture; undefined if it is shown complete, as in a brief. */
  readonly place: PicturePlace | undefined;
}

function shownPictures({ digest, pictures }: Illustrated, { slots }: Page): Shown[] {
  const entries = arrangedDigest(digest, slots).sections.flatMap((section) => section.entries);
  return entries.flatMap(({ article: { images }, weight, picturePlaces }): Shown[] => {
    const [image] = images;
    const picture = pictures.find(({ name }) => name === placedName(image?.src));
    if (!image || !picture || weight === "line" || picturePlaces.length === 0) return [];
    // A letter shows its stories beside its prose, each as a row.
    const place = digest.template === "letter" ? "row" : weight;
    if (picturePlaces.includes(place)) return [{ image, picture, place }];
    return entries.length === 1 ? [{ image, picture, place: undefined }] : [];
  });
}

async function cutPictures(issue: Illustrated, sizes: Sizes, tools: Tools): Promise<Illustrated> {
  const crops = new Map<string, ImageFile>();
  const made: Picture[] = [];
  for (const { image, picture, place } of shownPictures(issue, tools)) {
    if (!place || !isOutOfShape(image, place, sizes[place])) continue;
    const stem = cropStem(image, place);
    const before = image.crops?.[place]?.src ?? "";
    const isCut =
      before.startsWith(`${stem}.`) &&
      issue.pictures.some(({ name }) => `images/${name}` === before);
    if (isCut || crops.has(stem)) continue;
    const cut = await cropOf({ image, picture, place, size: sizes[place] }, tools);
    if (!cut) continue;
    crops.set(stem, cut.file);
    made.push(cut.picture);
  }
  return {
    digest: withCrops(issue.digest, crops),
    pictures: [...issue.pictures, ...made],
  };
}

/** A picture that has the aspect ratio of its place, and not many more pixels, is shown unchanged. A drawing may be wider. */
function isOutOfShape(image: Image, place: PicturePlace, size: Sizes[PicturePlace]): boolean {
  const { widthPx, heightPx } = sizeOf(image);
  if (widthPx === undefined || heightPx === undefined) return false;
  const stretch = Math.log(widthPx / heightPx / (size.widthPx / size.heightPx));
  const mayBeWider = isWhole(image) && place !== "pair";
  const isOut = Math.abs(stretch) > 0.005 && !(mayBeWider && stretch > 0);
  return isOut || widthPx > size.widthPx * 1.2;
}

/** Whether nothing of a picture is cut off; undefined if it was not analysed. */
function isWhole(image: Image): boolean | undefined {
  const look = lookOf(image);
  return look && look.kind !== "photograph";
}

/** The name of a crop depends on its picture, its place and its focal point, each of which an editor may change. */
function cropStem({ src, focus }: Image, place: PicturePlace): string {
  const point = focus?.map((share) => `-${Math.round(share * 100)}`).join("") ?? "";
  return `${src.slice(0, src.length - path.extname(src).length)}-${place}${point}`;
}

/** No issue shows more pictures. */
const PICTURES_CACHED = 100;

/** Cached results. After a story was moved, each edit needs its picture again. */
const madeBefore = remembering(
  PICTURES_CACHED,
  (content: Buffer, fit: Fit) =>
    `${JSON.stringify(fit)} ${createHash("sha256").update(content).digest("base64")}`,
  (): { made?: Conversion } => ({}),
);

async function convertOnce(
  { name, content }: Picture,
  fit: Fit,
  converter: Converter,
): Promise<Conversion | undefined> {
  const type = pictureTypeOf(content);
  if (!type) return undefined;
  const before = madeBefore(content, fit);
  const made =
    before.made ?? (await converter.convert({ content, type: type.name, name, source: name }, fit));
  if (made.kind === "converted" || made.kind === "seen") before.made = made;
  return made;
}

async function cropOf(
  { image, picture, place, size }: Shown & { place: PicturePlace; size: Sizes[PicturePlace] },
  { converter, grounds }: Tools,
) {
  const type = pictureTypeOf(picture.content);
  if (!type || pictureFacts(picture.content, type)?.isAnimated) return undefined;
  const crop: Crop = {
    ...size,
    focus: image.focus,
    isWhole: isWhole(image),
    isExact: place === "pair",
  };
  const cut = await convertOnce(picture, { grounds, crop }, converter);
  if (cut?.kind !== "converted") return undefined;
  const { ending, contentType } = PICTURE_TYPES[cut.type];
  const src = `${cropStem(image, place)}${ending}`;
  const { widthPx, heightPx, content } = cut;
  return {
    file: { src, widthPx, heightPx },
    picture: { name: path.basename(src), contentType, content },
  };
}

/** The digest with these crops by name. Crops of another picture, or with another focal point, are removed. */
function withCrops(digest: Digest, crops: ReadonlyMap<string, ImageFile>): Digest {
  return withImages(digest, (image) => {
    const own = (["lead", "pair", "row"] as const).flatMap((place) => {
      const stem = cropStem(image, place);
      const before = image.crops?.[place];
      const crop = crops.get(stem) ?? (before?.src.startsWith(`${stem}.`) ? before : undefined);
      return crop ? [[place, crop] as const] : [];
    });
    const { crops: _before, ...whole } = image;
    return own.length === 0 ? whole : { ...whole, crops: Object.fromEntries(own) };
  });
}

function withImages(digest: Digest, change: (image: Image) => Image): Digest {
  return withEntries(digest, (entry) => ({
    ...entry,
    article: { ...entry.article, images: entry.article.images.map(change) },
  }));
}

/** Analyses the first picture of each story if it was replaced or not analysed yet. */
async function withLooks(
  { digest, pictures }: Illustrated,
  { converter, grounds }: Tools,
): Promise<Illustrated> {
  const looks = new Map<string, Image["look"]>();
  for (const { article } of flatEntries(digest)) {
    const [image] = article.images;
    const picture = pictures.find(({ name }) => name === placedName(image?.src));
    if (!image || !picture || lookOf(image) || looks.has(image.src)) continue;
    const type = pictureTypeOf(picture.content);
    const made = await convertOnce(picture, { grounds, isFit: true }, converter);
    const facts = type && pictureFacts(picture.content, type);
    if (!made || !("seen" in made) || !made.seen || !facts) continue;
    const { widthPx, heightPx } = facts;
    looks.set(image.src, { src: image.src, widthPx, heightPx, ...lookFrom(made.seen, facts) });
  }
  if (looks.size === 0) return { digest, pictures };
  const looked = (image: Image): Image => {
    const look = looks.get(image.src);
    return look ? { ...image, look } : image;
  };
  return { digest: withImages(digest, looked), pictures };
}

/** The size of the shown pictures in bytes, each counted once, including pictures outside stories. */
function bytesOf(issue: Illustrated, page: Page): number {
  const shown = new Set(
    shownPictures(issue, page).map(({ image, place }) =>
      placedName((place && image.crops?.[place]?.src) ?? image.src),
    ),
  );
  const ofStories = namesIn(issue.digest);
  return issue.pictures
    .filter(({ name }) => shown.has(name) || !ofStories.has(name))
    .reduce((sum, { content }) => sum + content.length, 0);
}

/** Removes the last picture. The first one stays at any size, because an issue without pictures looks different. */
function withoutLast({ digest, pictures }: Illustrated, page: Page): Illustrated {
  let fitting = { digest, pictures };
  const ids = arrangedDigest(digest, page.slots)
    .sections.flatMap(({ entries }) => entries)
    .filter(({ picturePlaces }) => picturePlaces.length > 0)
    .map(idOf);
  for (const id of ids.slice(1).toReversed()) {
    if (bytesOf(fitting, page) <= MOST_BYTES) break;
    fitting = { digest: withoutImages(fitting.digest, id), pictures };
  }
  const [before, now] = [digest, fitting.digest].map(namesIn);
  return {
    ...fitting,
    pictures: pictures.filter(({ name }) => !before?.has(name) || now?.has(name)),
  };
}

/** The file names of the pictures of all stories, complete and cropped. */
function namesIn(digest: Digest): Set<string | undefined> {
  const images = flatEntries(digest).flatMap(({ article }) => article.images);
  return new Set(
    images.flatMap(({ src, crops = {} }) =>
      [src, ...Object.values(crops).map((crop) => crop?.src)].map(placedName),
    ),
  );
}

function withoutImages(digest: Digest, id: string): Digest {
  return withEntries(digest, (entry) => {
    if (idOf(entry) !== id) return entry;
    const { images, dropped } = entry.article;
    const left = images.map(({ src }) => ({ text: src, reason: LEFT_FOR_WEIGHT }));
    return { ...entry, article: { ...entry.article, images: [], dropped: [...left, ...dropped] } };
  });
}
