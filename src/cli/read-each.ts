import path from "node:path";
import type { Article, Source } from "../article/article.ts";
import { readArticles, type ReadItem } from "../article/read-articles.ts";
import { readArticle } from "../article/read-article.ts";
import type { Config } from "../config.ts";
import { BroadsheetError } from "../errors.ts";
import { countWords } from "../summary/language/reading-time.ts";
import { fileStamp } from "../io/kept.ts";
import { isOnTheWeb, readSource } from "../io/read-sources.ts";
import type { Web } from "../io/read-web.ts";
import type { Memory } from "./memory.ts";
import type { Progress } from "./progress.ts";
import { readAhead } from "./read-ahead.ts";
import { version } from "./version.ts";

export interface WebFlags {
  readonly allowPrivate?: true;
}

export interface ReadOptions {
  readonly cwd: string;
  readonly config: Config;
  readonly flags: WebFlags;
  readonly progress?: Progress;
  readonly memory?: Memory | undefined;
}

/** One thing that was read, or why it could not be. */
export type Reading =
  | {
      readonly item: ReadItem;
      readonly name: string;
      /** Whether it came with others, of a feed or an export, and nobody named it by itself. */
      readonly isCollected: boolean;
      /** Why it is only what its feed says, and not its page. */
      readonly incomplete?: BroadsheetError;
    }
  | { readonly error: BroadsheetError; readonly name: string };

/** A feed's item that has only a part of its story, and the page with the whole. */
export interface Unfinished {
  readonly item: ReadItem;
  readonly page: string;
}

/** What reading needs, whatever is read. */
interface Reader extends Omit<ReadOptions, "flags" | "progress"> {
  readonly progress: Progress | undefined;
  /** undici is loaded only where an address is given. */
  web(): Promise<Web>;
}

/** So many names, and pages of one feed, are read at a time; a host is asked for one page after another. */
const AT_ONCE = 12;

/**
 * The articles behind files and addresses, in their order: a feed gives its items, each completed by its
 * page where the feed has only a part. What cannot be read is a reading too.
 */
export async function* readEach(
  names: readonly string[],
  { cwd, config, flags, progress, memory }: ReadOptions,
): AsyncGenerator<Reading> {
  let web: Promise<Web> | undefined;
  const reader: Reader = {
    cwd,
    config,
    progress,
    memory,
    web: async () => (web ??= openWebFor(config, flags)),
  };
  try {
    for await (const found of readAhead(names, AT_ONCE, async (name) => recallName(name, reader)))
      yield* readAhead(found, AT_ONCE, async (next) =>
        "page" in next ? recallPage(next, reader) : next,
      );
  } finally {
    await (await web)?.close();
  }
}

async function openWebFor(config: Config, flags: WebFlags): Promise<Web> {
  const { openWeb } = await import("../io/read-web.ts");
  return openWeb({
    folder: config.folder,
    version: version(),
    allowPrivate: flags.allowPrivate === true,
  });
}

/** What a name stood for before, where the file is as it was; what is on the web is read once. */
async function recallName(name: string, reader: Reader): Promise<(Reading | Unfinished)[]> {
  const { memory, config, cwd } = reader;
  const read = async () => readName(name, reader);
  const stamp = isOnTheWeb(name) ? "" : await fileStamp(path.resolve(cwd, name));
  if (!memory || stamp === undefined) return read();
  return memory.readings.get(name, `${stamp} ${config.language} ${config.follow}`, read);
}

async function recallPage(unfinished: Unfinished, reader: Reader): Promise<Reading> {
  const read = async () => complete(unfinished, reader);
  const { page, item } = unfinished;
  return reader.memory ? reader.memory.pages.get(page, item.article.id, read) : read();
}

/** What a name stands for: readings, and items that their pages complete. */
async function readName(name: string, reader: Reader): Promise<(Reading | Unfinished)[]> {
  const { language, follow } = reader.config;
  try {
    const source = await sourceOf(name, reader);
    const { items, dropped } = readArticles(source, { language });
    const isCollected = source.format === "feed" || source.format === "export";
    const found = items.map((item): Reading | Unfinished =>
      item.complete || !item.link || !follow
        ? { item, name, isCollected }
        : { item, page: item.link },
    );
    reader.progress?.expect(found.filter((next) => "page" in next).length);
    const errors = dropped.map(({ text, reason }) => ({
      error: noStory(name, text, reason),
      name,
    }));
    return [...found, ...errors];
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    return [{ error, name }];
  } finally {
    reader.progress?.step();
  }
}

async function sourceOf(name: string, reader: Reader): Promise<Source> {
  return isOnTheWeb(name) ? (await reader.web()).read(name) : readSource(name, reader.cwd);
}

/**
 * The item with its page's text. Where the page cannot be read, the item as its feed has it, if that
 * says something, and why.
 */
async function complete({ item, page }: Unfinished, reader: Reader): Promise<Reading> {
  try {
    const { language } = reader.config;
    const article = readArticle(await sourceOf(page, reader), { language });
    return {
      item: { ...item, article: merged(item.article, article), complete: true },
      name: page,
      isCollected: true,
    };
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    if (countWords(item.article.text) < FEWEST_WORDS) return { error, name: page };
    return { item, name: page, isCollected: true, incomplete: standsIn(error) };
  } finally {
    reader.progress?.step();
  }
}

/** A teaser has a sentence; "Read more" and "Comments" have none. */
const FEWEST_WORDS = 8;

function standsIn({ code, message, fix = "try again later", cause }: BroadsheetError) {
  return new BroadsheetError(code, message, {
    fix: `${fix}; until then its feed's own words stand in for it`,
    cause,
  });
}

/** The page's story under the feed's identity: a feed knows the date and the author better than a page. */
function merged(item: Article, page: Article): Article {
  const { id, url, publishedAt, authors, tags, title } = item;
  return {
    ...page,
    id,
    title: title || page.title,
    url: url ?? page.url,
    publishedAt: publishedAt ?? page.publishedAt,
    authors: authors.length > 0 ? authors : page.authors,
    tags: tags.length > 0 ? tags : page.tags,
  };
}

function noStory(name: string, text: string, reason: string): BroadsheetError {
  return new BroadsheetError("CONTENT_NO_STORY", `${name}: ${text}: ${reason}`, {
    fix: "leave it out, or give it a text of its own",
  });
}
