import type { Article } from "../../../article/article.ts";
import { BroadsheetError, errorAt } from "../../../errors.ts";
import { fileStamp, type Kept } from "../../../platform/kept.ts";
import { type Trust, shownUrl } from "../../../platform/http/web-address.ts";
import type { Converter, Undecoded } from "./converter.ts";
import type { Grounds } from "../look-at-pixels.ts";
import type { PictureWeb } from "./fetch-pictures.ts";
import { preparePicture, type Prepared } from "./prepare-picture.ts";
import { realpath } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileError } from "../../../platform/file-error.ts";
import { isInside, readLocalFile } from "../../../platform/files/local-file.ts";

/** A picture that can be placed in an issue, or the reason why it can't. */
export type Loaded =
  /** `origin`: a file or a web address. Two stories may show the same one. */
  (Prepared & { readonly origin: string }) | { readonly error: BroadsheetError };

/** Loads a picture of an article. Each file and address is read only once. */
export type LoadPicture = (src: string, article: Shower) => Promise<Loaded>;

/** An article, or another thing that shows a picture. */
export type Shower = Pick<Article, "source">;

export interface LoaderOptions {
  /** The folder that holds the project. */
  readonly root: string;
  readonly converter: Converter;
  /** The background colours for transparent pictures. Without them a picture is not analysed, and stays transparent. */
  readonly grounds?: Grounds | undefined;
  /** Fetches pictures from the web; absent if none may be fetched. */
  readonly web?: PictureWeb | undefined;
  /** Returns the internal addresses from which an article may show pictures; none by default. */
  readonly trustFor?: ((article: Shower) => Trust) | undefined;
  /** The results of earlier builds for unchanged files. */
  readonly kept?: Kept<Loaded> | undefined;
}

export function pictureLoader(options: LoaderOptions): LoadPicture {
  const loaded = new Map<string, Promise<Loaded>>();
  const once: Once = async (origin, load) => {
    // A load that was given up for one article is tried again for the next one.
    const found = loaded.get(origin)?.catch(load) ?? load();
    loaded.set(origin, found);
    return found;
  };
  return async (src, article) => {
    const name = shownPicture(src);
    const source = URL.parse(article.source)?.hostname || article.source;
    const asked = { src, article, named: { name, source } };
    const { web } = options;
    try {
      return await (web && isOnTheWeb(src)
        ? fromWeb(asked, { ...options, web }, once)
        : fromFile(asked, options, once));
    } catch (error) {
      // A broken picture does not remove its story, and a story does not prevent the issue.
      return { error: errorAt(`the picture ${name}`, error) };
    }
  };
}

/** Runs a load for a file or address unless it has already run. */
type Once = (origin: string, load: () => Promise<Loaded>) => Promise<Loaded>;

interface Asked {
  readonly src: string;
  readonly article: Shower;
  readonly named: Pick<Undecoded, "name" | "source">;
}

async function fromWeb(
  { src, article, named }: Asked,
  { web, trustFor, converter, grounds }: LoaderOptions & { readonly web: PictureWeb },
  once: Once,
): Promise<Loaded> {
  const trust = trustFor?.(article);
  const url = URL.parse(src);
  // A picture fetched for a trusted article is not shown by other articles.
  const key = trust && url && trust(url) ? `trusted ${src}` : src;
  return once(key, async () => {
    const outcome = await web.fetch(src, trust);
    if ("error" in outcome) return outcome;
    return prepared({ content: outcome.content, ...named }, src, { converter, grounds });
  });
}

async function fromFile(
  { src, article, named }: Asked,
  { root, kept, converter, grounds }: LoaderOptions,
  once: Once,
): Promise<Loaded> {
  const folders = [root, dirname(article.source)] as const;
  const file = await findPicture(src, folders);
  return once(file, async () => {
    const load = async () =>
      prepared({ content: await readPicture(file, src, folders), ...named }, file, {
        converter,
        grounds,
      });
    const stamp = await fileStamp(file);
    if (!kept || stamp === undefined) return load();
    return kept.get(file, `${stamp} ${JSON.stringify(grounds)}`, load);
  });
}

/** Whether a picture has a web address, instead of a file beside its article. */
export function isOnTheWeb(src: string): boolean {
  return /^(?:https?|cid|data):/i.test(src);
}

/** The name of a picture in messages, without the query of its address. */
export function shownPicture(src: string): string {
  return isOnTheWeb(src) && URL.canParse(src) ? shownUrl(new URL(src)) : src;
}

/** @throws BroadsheetError if the picture was given up. That is not remembered for other articles and builds. */
async function prepared(
  picture: Omit<Undecoded, "type">,
  origin: string,
  { converter, grounds }: Pick<LoaderOptions, "converter" | "grounds">,
): Promise<Loaded> {
  const result = await preparePicture(picture, converter, grounds);
  if ("picture" in result) return { origin, ...result };
  const { code, why, fix, isGivenUp } = result;
  const error = new BroadsheetError(code, `the picture ${picture.name} ${why}`, { fix });
  if (isGivenUp) throw error;
  return { error };
}

/** No camera writes larger files. */
const MAX_FILE_BYTES = 60 * 1024 * 1024;

/**
 * Resolves a picture's path, which is relative to its article, including links.
 * @throws BroadsheetError INPUT_MISSING; CONTENT_UNSUPPORTED if it is outside both the project and the article's folder.
 */
async function findPicture(src: string, folders: readonly [string, string]): Promise<string> {
  const found = await realpath(resolve(folders[1], src)).catch(() => undefined);
  if (found === undefined) {
    throw new BroadsheetError("INPUT_MISSING", `the picture ${src} is not there`, {
      fix: "put it beside the article, or take it out of the article",
    });
  }
  if (await isInside(found, folders)) return found;
  throw new BroadsheetError("CONTENT_UNSUPPORTED", `the picture ${src} lies outside the project`, {
    fix: "copy it into the project's folder",
  });
}

/**
 * Reads the bytes of such a file.
 * @throws BroadsheetError INPUT_UNREADABLE; CONTENT_TOO_LARGE over 60 MB, before reading it.
 */
async function readPicture(file: string, src: string, within: readonly string[]): Promise<Buffer> {
  const shown = `the picture ${src}`;
  const bounds = { within, shown, mostBytes: MAX_FILE_BYTES };
  return readLocalFile(file, bounds).catch((cause: unknown) => {
    if (cause instanceof BroadsheetError) throw cause;
    const fix = "check that it is a file you may read";
    throw fileError(cause, "INPUT_UNREADABLE", `${shown} can't be read`, { fix });
  });
}
