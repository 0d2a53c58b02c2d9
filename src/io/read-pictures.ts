import { readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, extname, relative, resolve } from "node:path";
import type { Article, Image } from "../article/article.ts";
import { BroadsheetError } from "../errors.ts";
import type { Picture } from "../pipeline.ts";

const MAX_PICTURE_BYTES = 5_000_000;

/**
 * The local pictures of some articles, and the articles with each picture named as it will stand in
 * the issue (`images/…`). Pictures on the web stay where they are.
 *
 * `root` is the folder that holds the project: no picture is read from outside it.
 * @throws BroadsheetError INPUT_MISSING for a picture that is not there, CONTENT_UNSUPPORTED for one
 * that mail programs do not show, CONTENT_TOO_LARGE over 5 MB.
 */
export async function readPictures(
  articles: readonly Article[],
  root: string,
): Promise<{ articles: Article[]; pictures: Picture[] }> {
  const byPath = new Map<string, Picture>();
  const read = async (article: Article, image: Image): Promise<Image> => {
    if (/^(?:https?:|cid:|data:)/i.test(image.src)) return image;
    const path = await pathInside(
      resolve(dirname(article.source), image.src),
      article,
      image,
      root,
    );
    const picture = byPath.get(path) ?? (await readPicture(path, article, image, byPath));
    byPath.set(path, picture);
    return { ...image, src: `images/${picture.name}` };
  };
  const placed: Article[] = [];
  for (const article of articles) {
    const images: Image[] = [];
    for (const image of article.images) images.push(await read(article, image));
    placed.push({ ...article, images });
  }
  return { articles: placed, pictures: [...byPath.values()] };
}

/**
 * The pictures that an issue already has, by the files of its folder.
 * @throws BroadsheetError CONTENT_UNSUPPORTED for a file that is no picture.
 */
export async function readPlacedPictures(
  folder: string,
  names: readonly string[],
): Promise<Picture[]> {
  return Promise.all(
    names.map(async (name) => {
      const content = await readFile(resolve(folder, "images", name));
      return { name, content, contentType: contentTypeOf(content, name) };
    }),
  );
}

async function pathInside(
  path: string,
  article: Article,
  image: Image,
  root: string,
): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  const where = { file: article.source };
  if (real === undefined) {
    throw new BroadsheetError("INPUT_MISSING", `the picture ${image.src} is not there`, {
      where,
      fix: "put it beside the article, or take the picture out of its front matter",
    });
  }
  const inside = [await realpath(root), await realpath(dirname(article.source))].some(
    (folder) => !relative(folder, real).startsWith(".."),
  );
  if (inside) return real;
  throw new BroadsheetError(
    "CONTENT_UNSUPPORTED",
    `the picture ${image.src} lies outside the project`,
    {
      where,
      fix: "copy it into the project's folder",
    },
  );
}

async function readPicture(
  path: string,
  article: Article,
  image: Image,
  others: ReadonlyMap<string, Picture>,
): Promise<Picture> {
  const { size } = await stat(path);
  if (size > MAX_PICTURE_BYTES) {
    throw new BroadsheetError(
      "CONTENT_TOO_LARGE",
      `the picture ${image.src} has ${(size / 1e6).toFixed(1)} MB; a mail carries 5 MB at most`,
      { where: { file: article.source }, fix: "save it 1040 px wide" },
    );
  }
  const content = await readFile(path);
  return {
    name: uniqueName(path, [...others.values()]),
    content,
    contentType: contentTypeOf(content, image.src, article.source),
  };
}

/** Plain letters, as the name becomes a URL, a Content-ID and a file on any system. */
function uniqueName(path: string, others: readonly Picture[]): string {
  const ending = extname(path).toLowerCase();
  const stem = basename(path, extname(path)).replace(/[^A-Za-z0-9_-]+/g, "-") || "picture";
  const taken = new Set(others.map(({ name }) => name));
  let name = `${stem}${ending}`;
  for (let count = 2; taken.has(name); count++) name = `${stem}-${count}${ending}`;
  return name;
}

const SIGNATURES: readonly (readonly [type: string, bytes: readonly number[]])[] = [
  ["image/png", [0x89, 0x50, 0x4e, 0x47]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/gif", [0x47, 0x49, 0x46, 0x38]],
];

function contentTypeOf(content: Buffer, name: string, file?: string): string {
  const found = SIGNATURES.find(([, bytes]) => bytes.every((byte, at) => content[at] === byte));
  if (found) return found[0];
  throw new BroadsheetError(
    "CONTENT_UNSUPPORTED",
    `the picture ${name} is not a PNG, JPEG or GIF, which are what every mail program shows`,
    { where: file === undefined ? undefined : { file }, fix: "save it as PNG or JPEG" },
  );
}
