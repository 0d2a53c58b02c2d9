import { createHash } from "node:crypto";
import path from "node:path";
import type { Image, ImageFile, Article } from "../../../article/article.ts";
import { pictureTypeOf, PICTURE_TYPES, type Picture } from "../../../platform/picture.ts";
import {
  isCover,
  pictureFor,
  type Weight,
  arrangedDigest,
} from "../../../digest/arrange/weights.ts";
import type { Slots } from "../../../digest/copy/slots.ts";
import { type Digest, LEFT_FOR_WEIGHT, withEntries } from "../../../digest/digest.ts";
import type { Converted, Crop } from "./convert-picture.ts";
import { remembering } from "../../../platform/remembering.ts";
import { Converter } from "./converter.ts";
import { pictureFacts } from "./picture-facts.ts";

/** Twice the size shown, for screens that show two pixels where others show one. */
const CROPS = {
  lead: { widthPx: 1200, heightPx: 675 },
  pair: { widthPx: 670, heightPx: 419 },
  row: { widthPx: 272, heightPx: 272 },
} as const satisfies Partial<Record<Weight, Crop>>;

type Cropped = keyof typeof CROPS;

interface Illustrated {
  readonly digest: Digest;
  readonly pictures: readonly Picture[];
}

/**
 * A digest whose stories have their pictures cut for the place where each stands, and those pictures beside the whole
 * ones. What was cut before is kept; an animation, and all where sharp isn't there, are shown whole.
 */
export async function cropPictures(
  { digest, pictures }: Illustrated,
  slots: Slots,
): Promise<Illustrated> {
  const wanted = wantedCrops(digest, pictures, slots);
  if (wanted.length === 0) return { digest, pictures };
  const converter = new Converter();
  try {
    const crops = new Map<string, ImageFile>();
    const made: Picture[] = [];
    for (const { picture, weight } of wanted) {
      const cut = await cropOf(picture, weight, converter);
      if (!cut) continue;
      crops.set(keyOf(picture.name, weight), cut.file);
      made.push(cut.picture);
    }
    return { digest: withCrops(digest, crops), pictures: [...pictures, ...made] };
  } finally {
    converter.close();
  }
}

interface Wanted {
  readonly picture: Picture;
  readonly weight: Cropped;
}

/** Each once: stories may share a picture. */
function wantedCrops(digest: Digest, pictures: readonly Picture[], slots: Slots): Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const { article, weight } of arrangedDigest(digest, slots).sections.flatMap(
    ({ entries }) => entries,
  )) {
    // A letter has its stories beside its prose, each as a row.
    const place = digest.template === "letter" && weight !== "line" ? "row" : weight;
    const image = pictureFor(article, place);
    const picture = image && pictures.find(({ name }) => `images/${name}` === image.src);
    if (!picture || place === "line" || !isOutOfShape(image, place)) continue;
    // A small picture, or a tower, leads a story as it is.
    if (place === "lead" && !isCover(article)) continue;
    if (isCutFrom(image, place) && pictures.some(({ name }) => isCrop(name, image, place)))
      continue;
    wanted.set(keyOf(picture.name, place), { picture, weight: place });
  }
  return [...wanted.values()];
}

function isCrop(name: string, { crops }: Image, weight: Cropped): boolean {
  return `images/${name}` === crops?.[weight]?.src;
}

/** A picture that has the shape of its place, and not many more pixels, is shown as it is. */
function isOutOfShape({ widthPx, heightPx }: Image, weight: Cropped): boolean {
  if (widthPx === undefined || heightPx === undefined) return false;
  const place = CROPS[weight];
  const stretch = widthPx / heightPx / (place.widthPx / place.heightPx);
  return Math.abs(Math.log(stretch)) > 0.02 || widthPx > place.widthPx * 1.2;
}

/** Whether the crop is of the picture that the story has now: an editor may have put another in its place. */
function isCutFrom({ src, crops }: Image, weight: Cropped): boolean {
  return crops?.[weight]?.src.startsWith(`${stemOf(src)}-${weight}.`) ?? false;
}

/** More than an issue shows. */
const REMEMBERED = 50;

/** What was cut of a picture for a place. After its story was moved, each edit asks for it again. */
const cutBefore = remembering(
  REMEMBERED,
  (content: Buffer, weight: Cropped) =>
    `${weight} ${createHash("sha256").update(content).digest("base64")}`,
  (): { cut?: Converted } => ({}),
);

async function cropOf({ name, content }: Picture, weight: Cropped, converter: Converter) {
  const type = pictureTypeOf(content);
  if (!type || pictureFacts(content, type)?.isAnimated) return undefined;
  const before = cutBefore(content, weight);
  const cut =
    before.cut ??
    (await converter.convert(
      { content, type: type.name, name, source: name },
      { crop: CROPS[weight] },
    ));
  if (cut.kind !== "converted") return undefined;
  before.cut = cut;
  const { ending, contentType } = PICTURE_TYPES[cut.type];
  const cropName = `${stemOf(name)}-${weight}${ending}`;
  const { widthPx, heightPx } = cut;
  return {
    file: { src: `images/${cropName}`, widthPx, heightPx },
    picture: { name: cropName, contentType, content: cut.content },
  };
}

function withCrops(digest: Digest, crops: ReadonlyMap<string, ImageFile>): Digest {
  const cropped = (image: Image): Image => {
    const name = image.src.replace(/^images\//, "");
    const own = (["lead", "pair", "row"] as const).flatMap((weight) => {
      const crop =
        crops.get(keyOf(name, weight)) ??
        (isCutFrom(image, weight) ? image.crops?.[weight] : undefined);
      return crop ? [[weight, crop] as const] : [];
    });
    const { crops: _before, ...whole } = image;
    return own.length === 0 ? whole : { ...whole, crops: Object.fromEntries(own) };
  };
  return withEntries(digest, (entry) => ({
    ...entry,
    article: { ...entry.article, images: entry.article.images.map(cropped) },
  }));
}

function keyOf(name: string, weight: Cropped): string {
  return `${weight} ${name}`;
}

function stemOf(file: string): string {
  return file.slice(0, file.length - path.extname(file).length);
}

/** What all pictures that travel in a message may weigh: each reader on a phone pays for them. */
const MOST_BYTES = 200_000;

/** The widths that are tried one after the other: twice what is shown, of the first picture and of the others. */
const STEPS = [
  { first: 1040, other: 480 },
  { first: 800, other: 272 },
] as const;

interface IllustratedArticles {
  readonly articles: readonly Article[];
  readonly pictures: readonly Picture[];
}

/**
 * Pictures that a message can carry: where they weigh too much together they are made smaller, and where that isn't
 * enough the last stories go without theirs. What moves is not made to stand still.
 */
export async function fitMessage(
  issue: IllustratedArticles,
  converter: Converter,
): Promise<IllustratedArticles> {
  let fitting = issue;
  for (const { first, other } of STEPS) {
    if (bytesOf(fitting) <= MOST_BYTES) return fitting;
    fitting = await narrowed(fitting, converter, { first, other });
  }
  return withoutLast(fitting);
}

function bytesOf({ articles, pictures }: IllustratedArticles): number {
  const shown = new Set(articles.map(shownSource));
  return pictures
    .filter(({ name }) => shown.has(`images/${name}`))
    .reduce((sum, { content }) => sum + content.length, 0);
}

/** A story shows the first of its pictures. */
function shownSource({ images }: Article): string | undefined {
  return images[0]?.src;
}

interface Widths {
  readonly first: number;
  readonly other: number;
}

async function narrowed(
  { articles, pictures }: IllustratedArticles,
  converter: Converter,
  { first, other }: Widths,
): Promise<IllustratedArticles> {
  const lead = articles.map(shownSource).find((src) => src !== undefined);
  const made = new Map<string, Pick<Image, "src" | "widthPx" | "heightPx">>();
  const files: Picture[] = [];
  for (const picture of pictures) {
    const src = `images/${picture.name}`;
    const isShown = articles.some((article) => shownSource(article) === src);
    const smaller = isShown && (await smallerOf(picture, converter, src === lead ? first : other));
    files.push(smaller ? smaller.file : picture);
    if (smaller) made.set(src, { src: `images/${smaller.file.name}`, ...smaller.size });
  }
  return {
    articles: articles.map((article) => ({
      ...article,
      images: article.images.map((image) => ({ ...image, ...made.get(image.src) })),
    })),
    pictures: files,
  };
}

async function smallerOf({ name, content }: Picture, converter: Converter, widthPx: number) {
  const type = pictureTypeOf(content);
  if (!type || type.name === "gif") return undefined;
  const result = await converter.convert(
    { content, type: type.name, name, source: name },
    { widthPx },
  );
  if (result.kind !== "converted" || result.content.length >= content.length) return undefined;
  const { ending, contentType } = PICTURE_TYPES[result.type];
  const file = { name: name.replace(/\.\w+$/, ending), contentType, content: result.content };
  return { file, size: { widthPx: result.widthPx, heightPx: result.heightPx } };
}

/** The first picture stays, however heavy: an issue without any is another issue. */
function withoutLast({ articles, pictures }: IllustratedArticles): IllustratedArticles {
  const left = [...articles];
  const lead = left.findIndex(({ images }) => images.length > 0);
  for (let at = left.length - 1; at > lead; at--) {
    const article = left[at];
    if (!article || bytesOf({ articles: left, pictures }) <= MOST_BYTES) break;
    const dropped = article.images.map(({ src }) => ({ text: src, reason: LEFT_FOR_WEIGHT }));
    left[at] = { ...article, images: [], dropped: [...dropped, ...article.dropped] };
  }
  const kept = new Set(left.flatMap(({ images }) => images.map(({ src }) => src)));
  return { articles: left, pictures: pictures.filter(({ name }) => kept.has(`images/${name}`)) };
}
