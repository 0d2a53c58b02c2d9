import type { Article, Image } from "../../../article/article.ts";
import { PICTURE_TYPES, pictureTypeOf } from "../../../article/picture-type.ts";
import { LEFT_FOR_WEIGHT } from "../../../digest/digest.ts";
import type { Picture } from "../../../email/email.ts";
import type { Converter } from "./converter.ts";

/** What all pictures that travel in a message may weigh: each reader on a phone pays for them. */
const MOST_BYTES = 200_000;

/** The widths that are tried one after the other: twice what is shown, of the first picture and of the others. */
const STEPS = [
  { first: 1040, other: 480 },
  { first: 800, other: 272 },
] as const;

interface Illustrated {
  readonly articles: readonly Article[];
  readonly pictures: readonly Picture[];
}

/**
 * Pictures that a message can carry: where they weigh too much together they are made smaller, and where that isn't
 * enough the last stories go without theirs. What moves is not made to stand still.
 */
export async function fitMessage(issue: Illustrated, converter: Converter): Promise<Illustrated> {
  let fitting = issue;
  for (const { first, other } of STEPS) {
    if (weightOf(fitting) <= MOST_BYTES) return fitting;
    fitting = await narrowed(fitting, converter, { first, other });
  }
  return withoutLast(fitting);
}

function weightOf({ articles, pictures }: Illustrated): number {
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
  { articles, pictures }: Illustrated,
  converter: Converter,
  { first, other }: Widths,
): Promise<Illustrated> {
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
  const result = await converter.convert(content, type.name, { widthPx });
  if (result.kind !== "converted" || result.content.length >= content.length) return undefined;
  const { ending, contentType } = PICTURE_TYPES[result.type];
  const file = { name: name.replace(/\.\w+$/, ending), contentType, content: result.content };
  return { file, size: { widthPx: result.widthPx, heightPx: result.heightPx } };
}

/** The first picture stays, however heavy: an issue without any is another issue. */
function withoutLast({ articles, pictures }: Illustrated): Illustrated {
  const left = [...articles];
  const lead = left.findIndex(({ images }) => images.length > 0);
  for (let at = left.length - 1; at > lead; at--) {
    const article = left[at];
    if (!article || weightOf({ articles: left, pictures }) <= MOST_BYTES) break;
    const dropped = article.images.map(({ src }) => ({ text: src, reason: LEFT_FOR_WEIGHT }));
    left[at] = { ...article, images: [], dropped: [...dropped, ...article.dropped] };
  }
  const kept = new Set(left.flatMap(({ images }) => images.map(({ src }) => src)));
  return { articles: left, pictures: pictures.filter(({ name }) => kept.has(`images/${name}`)) };
}
