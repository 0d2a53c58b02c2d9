import type { Article } from "../../article/article.ts";
import { unbroken } from "../../errors.ts";
import type { Reading } from "../../digest/stories/story.ts";
import type { PictureRemark, ReadPictures } from "./io/read-pictures.ts";
import type { Picture } from "../../platform/picture.ts";
import type { Kept } from "../../platform/kept.ts";
import type { Loaded, Shower } from "./io/load-pictures.ts";
import type { Grounds } from "./look-at-pixels.ts";
import type { LogoFiles, LogoSettings } from "./io/read-logo.ts";
import type { Trust } from "../../platform/http/web-address.ts";
import { isOnTheWeb } from "../../sources/io/read-sources.ts";
import {
  privateSources,
  type ReaderSettings,
  trustIn,
  type WebFlags,
} from "../../sources/article-reader.ts";
import type { Reporter } from "../../platform/reporter.ts";
import { version } from "../../platform/own-files.ts";
import type { Logo } from "../../digest/digest.ts";

const MOST_NAMED = 5;

export interface PictureSettings extends LogoSettings {
  readonly logo?: LogoFiles | undefined;
  readonly images: {
    /** Whether pictures of the web are copied into the issue. */
    readonly copy: boolean;
    /** The newsletter's own server for pictures. Without it the message contains them. */
    readonly baseUrl?: string | undefined;
  };
  readonly sources: ReaderSettings["sources"];
}

interface PlaceOptions {
  /** The names of the articles, from the command line or the config. */
  readonly names: readonly string[];
  readonly flags: WebFlags & { readonly strict?: true };
  readonly reporter: Reporter;
  /** The background colours for transparent pictures. */
  readonly grounds: Grounds;
  /** The pictures read by earlier builds. */
  readonly memory?: { readonly pictures: Kept<Loaded> } | undefined;
}

/** An article of an issue, a letter or a story. */
type Part = Pick<Reading, "article" | "isCollected">;

export interface PlacedPictures {
  /** The articles in their original order. */
  readonly articles: readonly Article[];
  /** Includes the pictures of the logo. */
  readonly pictures: readonly Picture[];
  readonly logo: Logo | undefined;
  /** The number of addresses requested for them. */
  readonly fetched: number;
}

/**
 * Loads the pictures of an issue and its logo, and returns its articles with the names of their pictures in the issue. A
 * picture that can't be loaded is reported, and its story is sent without it; with `--strict` it is an error.
 */
export async function placePictures(
  parts: readonly Part[],
  config: PictureSettings,
  options: PlaceOptions,
): Promise<PlacedPictures> {
  const illustrated = await placeImages(parts, config, options);
  const { logo, pictures } = await placeLogo(config, options);
  return { ...illustrated, logo, pictures: [...pictures, ...illustrated.pictures] };
}

async function placeImages(
  parts: readonly Part[],
  config: PictureSettings,
  options: PlaceOptions,
): Promise<Omit<PlacedPictures, "logo">> {
  const { flags, reporter } = options;
  const articles = parts.map(({ article }) => article);
  if (articles.every(({ images }) => images.length === 0))
    return { articles, pictures: [], fetched: 0 };
  const placed = await readAll(parts, config, options);
  const first = placed.remarks.find((remark) => "error" in remark);
  if (first && flags.strict) throw first.error;
  for (const line of remarkLines(placed.remarks)) reporter.note(line);
  for (const remark of placed.remarks)
    if ("error" in remark && isBug(remark))
      reporter.unread([{ name: remark.source, error: remark.error }]);
  return placed;
}

async function readAll(
  parts: readonly Part[],
  config: PictureSettings,
  options: PlaceOptions,
): Promise<ReadPictures & { fetched: number }> {
  const { flags, memory } = options;
  const { readPictures } = await import("./io/read-pictures.ts");
  const trusted = flags.allowPrivate ? options.names : privateSources(config);
  const articles = parts.map(({ article }) => article);
  const isRemote = articles.some(({ images }) => images.some(({ src }) => isOnTheWeb(src)));
  const isFetching = config.images.copy && isRemote;
  // undici is loaded only if needed.
  const fetching = isFetching ? await import("./io/fetch-pictures.ts") : undefined;
  const note = (text: string) => options.reporter.note(text);
  const web = fetching?.openPictureWeb({ folder: config.folder, version: version(), note });
  try {
    const collected = parts.filter(({ isCollected }) => isCollected);
    const collectedFrom = new Set(collected.map(({ article }) => article.source));
    const read = await readPictures(articles, config.folder, {
      web,
      trustFor: trusted.length > 0 ? trustFor({ flags, names: trusted, collectedFrom }) : undefined,
      kept: memory?.pictures,
      grounds: options.grounds,
    });
    return { ...read, fetched: web?.fetched ?? 0 };
  } finally {
    await web?.close();
  }
}

interface TrustOptions extends Pick<PlaceOptions, "names" | "flags"> {
  /** The files with articles of other authors: exports and saved feeds. */
  readonly collectedFrom: ReadonlySet<string>;
}

/**
 * A file of the editor's own may show pictures from the internal network, because the editor wrote it. An article from the
 * web may show pictures of its own internal server, if that server was named.
 */
function trustFor({ names, collectedFrom, flags }: TrustOptions) {
  const isNamed = trustIn(names);
  return ({ source }: Shower): Trust => {
    if (!isOnTheWeb(source)) return () => flags.allowPrivate === true && !collectedFrom.has(source);
    const isOwn = trustIn([source]);
    return (url) => isNamed(url) && isOwn(url);
  };
}

function remarkLines(remarks: readonly PictureRemark[]): string[] {
  const originals = remarks.filter((remark) => remark.became === "original");
  return [...remarks.flatMap(lineOf), ...(originals.length > 0 ? [withoutSharp(originals)] : [])];
}

function lineOf(remark: PictureRemark): string[] {
  switch (remark.became) {
    case "leftOut":
      if (isBug(remark)) return [];
      return [`No picture in ${remark.source}: ${unbroken(remark.error)}`];
    case "still":
      return [`Stands still in ${remark.source}: the picture ${remark.src} ${remark.why}`];
    case "mute":
      return [
        `No alt text in ${remark.source}: ${remark.src} says nothing to those who can't see it`,
      ];
    default:
      return [];
  }
}

function isBug({ error }: Extract<PictureRemark, { error: unknown }>): boolean {
  return error.code === "INTERNAL";
}

/** One line names all of them, because one command fixes them all. */
function withoutSharp(originals: readonly { src: string; source: string; why: string }[]): string {
  const named = originals
    .slice(0, MOST_NAMED)
    .map(({ src, source, why }) => `${src} in ${source} ${why}`);
  const left = originals.length - named.length;
  const list = [...named, ...(left > 0 ? [`and ${left} more`] : [])].join("; ");
  return `Not converted, as sharp is not installed: ${list}. Mend it with: npm install sharp`;
}

/** Reads the newsletter's logo and prepares it for an issue. Throws if the file is missing. */
async function placeLogo(
  config: PictureSettings,
  { reporter, memory }: Pick<PlaceOptions, "reporter" | "memory">,
): Promise<Pick<PlacedPictures, "logo" | "pictures">> {
  if (!config.logo) return { logo: undefined, pictures: [] };
  const { readLogo } = await import("./io/read-logo.ts");
  const { logo, pictures, remarks } = await readLogo(config.logo, config, memory?.pictures);
  for (const remark of remarks) reporter.note(remark);
  return { logo, pictures };
}
