import type { Article, Image } from "../../../article/article.ts";
import { LEFT_AS_BROKEN } from "../../../digest/digest.ts";
import { BroadsheetError } from "../../../errors.ts";
import type { Picture } from "../../../platform/picture.ts";
import { Converter } from "./converter.ts";
import {
  isOnTheWeb,
  type Loaded,
  type LoaderOptions,
  type LoadPicture,
  pictureLoader,
  shownPicture,
} from "./load-pictures.ts";
import type { MailPicture } from "./prepare-picture.ts";
import { createHash } from "node:crypto";
import { basename, extname } from "node:path";

/** A note on a picture for the author of its article. */
export type PictureRemark =
  | {
      readonly became: "leftOut";
      readonly source: string;
      readonly error: BroadsheetError;
    }
  /** It is sent unchanged because sharp is missing. */
  | ({ readonly became: "original" } & PictureNote)
  /** Only the first frame of its animation is sent. */
  | ({ readonly became: "still" } & PictureNote)
  /** It is shown, and has no alt text. */
  | ({ readonly became: "mute" } & Omit<PictureNote, "why">);

interface PictureNote {
  /** The article's source. */
  readonly source: string;
  readonly src: string;
  /** Continues "the picture horn.png …". */
  readonly why: string;
}

type ReadOptions = Pick<LoaderOptions, "web" | "trustFor" | "kept" | "grounds">;

export interface ReadPictures {
  readonly articles: readonly Article[];
  readonly pictures: readonly Picture[];
  readonly remarks: readonly PictureRemark[];
}

/** A story's picture and the loading result; empty if it stays a link. */
interface Settled {
  readonly image: Image;
  readonly loaded?: Loaded;
}

/** The number of articles whose pictures are in memory at once. */
const ARTICLES_AT_ONCE = 6;
/** A story shows one picture. A page may name a hundred, all of which may be gone. */
const MOST_TRIES = 3;

/**
 * Prepares the pictures of some articles for mail, and returns the articles with the future name of each picture in the issue
 * (`images/…`) and its size. With a `web`, the first picture of each story is copied from the web; the others stay links. A
 * picture that can't be loaded or shown is removed and reported, so that no reader loads it from its publisher.
 *
 * `root` is the folder of the project: no picture is read from outside it.
 */
export async function readPictures(
  articles: readonly Article[],
  root: string,
  { web, ...options }: ReadOptions = {},
): Promise<ReadPictures> {
  using converter = new Converter();
  const load = pictureLoader({ root, converter, web, ...options });
  const settled = await inParallel(articles, async (article) =>
    settle(article, load, web !== undefined),
  );
  const shelf = new PictureShelf();
  // Pictures are placed in the order of the articles, so that their names do not depend on loading times.
  const placed = articles.map((article, at) => placeAll(article, settled[at] ?? [], shelf));
  return {
    articles: placed.map(({ article }) => article),
    pictures: shelf.pictures,
    remarks: placed.flatMap(({ remarks }) => remarks),
  };
}

async function settle(article: Article, load: LoadPicture, isCopying: boolean): Promise<Settled[]> {
  const settled: Settled[] = [];
  let hasPicture = false;
  let tries = 0;
  for (const image of article.images) {
    const isRemote = isOnTheWeb(image.src);
    const isTried: boolean = isRemote && isCopying && !hasPicture;
    if (isTried && ++tries > MOST_TRIES) continue;
    const loaded: Loaded | undefined =
      isTried || !isRemote ? await load(image.src, article) : undefined;
    hasPicture ||= !loaded || (!("error" in loaded) && !isLogo(loaded));
    settled.push({ image, ...(loaded && { loaded }) });
  }
  // A story shows its first picture.
  return settled.toSorted((a, b) => Number(isLogo(a.loaded)) - Number(isLogo(b.loaded)));
}

function isLogo(loaded: Loaded | undefined): boolean {
  return loaded !== undefined && "picture" in loaded && loaded.picture.look?.kind === "logo";
}

function placeAll(
  article: Article,
  settled: readonly Settled[],
  shelf: PictureShelf,
): { article: Article; remarks: PictureRemark[] } {
  const remarks = settled.flatMap(({ image, loaded }) => remarkOn(image, loaded, article));
  const images = settled.flatMap(({ image, loaded }) => {
    if (!loaded) return withAlt(image);
    return "error" in loaded ? [] : placeOne(withAlt(image), loaded, shelf);
  });
  const dropped = settled
    .filter(({ loaded }) => loaded && "error" in loaded)
    .map(({ image }) => ({ text: shownPicture(image.src), reason: LEFT_AS_BROKEN }));
  return { article: { ...article, images, dropped: [...dropped, ...article.dropped] }, remarks };
}

/** The caption is the alt text if there is no other. A file name is no description. */
function withAlt(image: Image): Image {
  const { alt, caption = "" } = image;
  const isName = /^\S+\.(?:jpe?g|png|gif|webp|avif|svg)$/i.test(caption);
  return alt !== "" || caption === "" || isName ? image : { ...image, alt: caption };
}

function placeOne(
  { widthPx: _width, heightPx: _height, ...image }: Image,
  { origin, picture }: Exclude<Loaded, { error: unknown }>,
  shelf: PictureShelf,
): Image {
  const { size, look } = picture;
  const src = `images/${shelf.place(origin, picture)}`;
  return { ...image, src, ...size, ...(size && look && { look: { src, ...size, ...look } }) };
}

function remarkOn(image: Image, loaded: Loaded | undefined, { source }: Article): PictureRemark[] {
  const shown = { source, src: shownPicture(image.src) };
  const mute = withAlt(image).alt.trim() === "" ? [{ became: "mute", ...shown } as const] : [];
  if (!loaded) return mute;
  if ("error" in loaded) {
    const { code, message, fix, cause } = loaded.error;
    const error = new BroadsheetError(code, message, { where: { file: source }, fix, cause });
    return [{ became: "leftOut", source, error }];
  }
  const { unconverted, note } = loaded;
  if (unconverted !== undefined)
    return [{ became: "original", ...shown, why: unconverted }, ...mute];
  return note === undefined ? mute : [{ became: "still", ...shown, why: note }, ...mute];
}

/** Runs a task for each input in parallel, and returns the results in order. */
async function inParallel<Input, Output>(
  inputs: readonly Input[],
  task: (input: Input) => Promise<Output>,
): Promise<Output[]> {
  const outputs: Output[] = [];
  const queue = inputs.entries();
  const work = async (): Promise<void> => {
    for (const [at, input] of queue) outputs[at] = await task(input);
  };
  await Promise.all(Array.from({ length: ARTICLES_AT_ONCE }, work));
  return outputs;
}

/** The pictures of an issue by name, without duplicates. */
class PictureShelf {
  readonly #byName = new Map<string, Picture>();
  readonly #names = new Map<string, string>();

  get pictures(): Picture[] {
    return [...this.#byName.values()];
  }

  /** Adds a picture from a file or an address, and returns its name. */
  place(origin: string, { type, content }: MailPicture): string {
    const found = this.#names.get(origin);
    if (found !== undefined) return found;
    const name = isOnTheWeb(origin)
      ? `${createHash("sha256").update(content).digest("hex").slice(0, 16)}${type.ending}`
      : this.#freeName(origin, type.ending);
    this.#names.set(origin, name);
    this.#byName.set(name, { name, contentType: type.contentType, content });
    return name;
  }

  /** Only plain letters, because the name becomes a URL, a Content-ID and a file on any system. */
  #freeName(file: string, ending: string): string {
    const stem = basename(file, extname(file)).replace(/[^A-Za-z0-9_-]+/g, "-") || "picture";
    const taken = new Set([...this.#byName.keys()].map((name) => name.toLowerCase()));
    let name = `${stem}${ending}`;
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${stem}-${count}${ending}`;
    return name;
  }
}
