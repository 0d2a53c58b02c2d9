import path from "node:path";
import {
  type Article,
  type ListedFeed,
  type Source,
  type ReadItem,
  type ReadSource,
  isCut,
  onlyArticle,
  type ReadOptions,
} from "../article/article.ts";
import { hashId } from "../article/identity.ts";
import { refuseUnreadable } from "../article/decode-source.ts";
import { readText } from "../article/plain-text/read-text.ts";
import type { Source as SourceSetting } from "../config/sources.ts";
import { BroadsheetError, errorAt } from "../errors.ts";
import { countWords } from "../summary/language/segments.ts";
import { fileStamp, type Kept } from "../platform/kept.ts";
import {
  findArticles,
  type FoundFile,
  type Surroundings,
  isOnTheWeb,
  readSource,
} from "./io/read-sources.ts";
import { sameServer, type Trust } from "../platform/http/web-address.ts";
import type { Web } from "./io/read-web.ts";
import { version } from "../platform/own-files.ts";
import type { Progress, Reporter } from "../platform/reporter.ts";
import { readAhead } from "../platform/read-ahead.ts";

export interface WebFlags {
  readonly allowPrivate?: true;
}

/** The settings that decide how an article is read. */
export interface ReaderSettings {
  /** The folder of the config, absolute. */
  readonly folder: string;
  /** The language, by BCP 47, of articles that don't name theirs. */
  readonly language?: string | undefined;
  /** Whether the page of a feed's item is fetched if the feed has only a part of it. */
  readonly follow: boolean;
  /** The age in milliseconds from which articles are not read. */
  readonly window?: number | undefined;
  readonly sources: readonly SourceSetting[];
}

interface ReaderOptions extends Surroundings {
  readonly config: ReaderSettings;
  readonly flags: WebFlags;
  readonly memory?: ReadingMemory | undefined;
}

/** An article that was read, or the error why it could not be. */
export type ReadOutcome =
  | {
      readonly item: ReadItem;
      readonly name: string;
      /** Whether it came from a collection, such as a feed or an export, and was not named by itself. */
      readonly isCollected: boolean;
      /** The reason why it has only the text of its feed, and not of its page. */
      readonly incomplete?: BroadsheetError;
    }
  | { readonly error: BroadsheetError; readonly name: string };

/** A feed's item with only a part of its story, and the page with the whole story. */
export interface Unfinished {
  readonly item: ReadItem;
  readonly page: string;
  /** The name or address of its feed. */
  readonly from: string;
}

/** Earlier readings. They are used again while their sources are unchanged. */
export interface ReadingMemory {
  /** Readings by file or address. */
  readonly readings: Kept<(ReadOutcome | Unfinished)[]>;
  readonly pages: Kept<ReadOutcome>;
}

/** Reads files and addresses. All requests to the web are one session. The caller closes the reader. */
export class ArticleReader {
  readonly #options: ReaderOptions;
  #web: Promise<Web> | undefined;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /**
   * Reads a file or an address: articles, and items that their pages must complete. An unchanged file in the memory is not
   * read again, and an address is read once. Items of a feed from before `since` are only counted.
   */
  async read(file: FoundFile, since?: Date): Promise<readonly (ReadOutcome | Unfinished)[]> {
    const { memory, config, cwd } = this.#options;
    const { name } = file;
    const read = async () => this.#readFile(file, since);
    if (!memory) return read();
    const stamp = isOnTheWeb(name) ? "" : await fileStamp(path.resolve(cwd, name));
    if (stamp === undefined) return read();
    const { language, follow, window } = config;
    return memory.readings.get(name, `${stamp} ${language} ${follow} ${window}`, read);
  }

  /** The item with the text of its page. If the page can't be read, it keeps the text of its feed. */
  async complete(unfinished: Unfinished): Promise<ReadOutcome> {
    const { memory } = this.#options;
    const read = async () => this.#readPage(unfinished);
    const { page, item } = unfinished;
    return memory ? memory.pages.get(page, item.article.id, read) : read();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#web)?.close();
  }

  async #readFile(
    file: FoundFile,
    since?: Date,
    isListed = false,
  ): Promise<(ReadOutcome | Unfinished)[]> {
    const { language, follow } = this.#options.config;
    const { name } = file;
    try {
      const source = await this.#sourceOf(file, name);
      if (source.format === "opml" && !isListed) return await this.#readListed(source, since);
      const { items, dropped, broken } = await articlesIn(source, { language, since });
      const isCollected = COLLECTIONS.has(source.format);
      const found = items.map((item): ReadOutcome | Unfinished =>
        item.complete || !item.link || !follow
          ? { item, name, isCollected }
          : { item, page: item.link, from: name },
      );
      const errors = [
        ...dropped.map(({ text, reason }) => noStory(name, text, reason)),
        ...broken.map(({ text, error }) => errorAt(`${name}: ${shortened(text)}`, error)),
      ];
      return [...found, ...errors.map((error) => ({ error, name }))];
    } catch (error) {
      return [{ error: errorAt(name, error), name }];
    }
  }

  /** The articles of the feeds in an OPML file. The groups of a feed become tags. OPML inside OPML is not followed. */
  async #readListed(source: Source, since?: Date): Promise<(ReadOutcome | Unfinished)[]> {
    const { feedsIn } = await import("../article/read-articles.ts");
    const all: (ReadOutcome | Unfinished)[][] = [];
    const read = async (feed: ListedFeed) => {
      return { feed, found: await this.#readFile({ name: feed.url }, since, true) };
    };
    for await (const { feed, found } of readAhead(feedsIn(source), AT_ONCE, read))
      all.push(found.map((one) => ("error" in one ? one : withGroups(one, feed.groups))));
    return all.flat();
  }

  async #readPage({ item, page, from }: Unfinished): Promise<ReadOutcome> {
    const { language } = this.#options.config;
    try {
      const { readArticle } = await import("../article/read-articles.ts");
      const article = readArticle(await this.#sourceOf({ name: page }, from), { language });
      return {
        item: { ...item, article: merged(item.article, article), complete: true },
        name: page,
        isCollected: true,
      };
    } catch (thrown) {
      const error = errorAt(page, thrown);
      if (countWords(item.article.text) < FEWEST_WORDS) return { error, name: page };
      return { item, name: page, isCollected: true, incomplete: standsIn(error) };
    }
  }

  /** A trusted address, even in a private network, may lead to other pages of its own server, but not of other private servers. */
  async #sourceOf(file: FoundFile, named: string): Promise<Source> {
    const { config, flags, cwd, reporter } = this.#options;
    if (!isOnTheWeb(file.name)) return readSource(file, cwd);
    // undici is loaded only for an address.
    const web = await (this.#web ??= openWebFor(config, reporter));
    const isTrusted = flags.allowPrivate || privateSources(config).includes(named);
    return web.read(file.name, isTrusted ? trustIn([named]) : undefined);
  }
}

const COLLECTIONS: ReadonlySet<string> = new Set(["feed", "export", "archive"]);

function withGroups<One extends { readonly item: ReadItem }>(
  one: One,
  groups: readonly string[],
): One {
  const { article } = one.item;
  const tags = [...new Set([...groups, ...article.tags])];
  return { ...one, item: { ...one.item, article: { ...article, tags } } };
}

/** The sources of a config that may be inside a private network. */
export function privateSources({ sources }: Pick<ReaderSettings, "sources">): string[] {
  return sources.filter(({ allowPrivate }) => allowPrivate).map(({ from }) => from);
}

/** Trust in the servers of all names that are addresses. */
export function trustIn(names: readonly string[]): Trust {
  const servers = names.filter(isOnTheWeb).flatMap((name) => {
    const url = URL.parse(name);
    return url ? [sameServer(url)] : [];
  });
  return (url) => servers.some((isServer) => isServer(url));
}

async function openWebFor({ folder }: ReaderSettings, reporter: Reporter): Promise<Web> {
  const { openWeb } = await import("./io/read-web.ts");
  return openWeb({ folder, version: version(), note: (text) => reporter.note(text) });
}

export interface FoundSource {
  /** The address for the config. If the given page names a feed, it is the address of the feed. */
  readonly from: string;
  /** The latest stories, the newest first. */
  readonly stories: readonly Pick<Article, "title" | "publishedAt" | "url">[];
}

/** Short limits, because an editor waits. */
const SOON = { connectMs: 5_000, headersMs: 5_000, totalMs: 10_000, waitMs: 5_000 };
const LATEST_STORIES = 10;

/**
 * Finds the feed at an address, or the feed that its page names, and reads the latest stories. `isPrivate`: whether the
 * server may be in a private network.
 * @throws BroadsheetError as `Web.read` and `readArticles` do.
 */
export async function findSource(
  given: string,
  { folder, isPrivate }: { readonly folder: string; readonly isPrivate: boolean },
): Promise<FoundSource> {
  const address = isOnTheWeb(given) ? given : `https://${given}`;
  const { openWeb } = await import("./io/read-web.ts");
  const { feedNamedIn } = await import("../article/page.ts");
  const web = openWeb({ folder, version: version(), note: () => undefined, limits: SOON });
  const trust = isPrivate ? trustIn([address]) : undefined;
  try {
    const page = await web.read(address, trust);
    const feed = page.format === "html" ? feedNamedIn(page) : undefined;
    const source = feed === undefined ? page : await web.read(feed, trust);
    const { items } = await articlesIn(source, {});
    const stories = items
      .map(({ article: { title, publishedAt, url } }) => ({ title, publishedAt, url }))
      .sort((a, b) => timeOf(b) - timeOf(a))
      .slice(0, LATEST_STORIES);
    return { from: feed ?? address, stories };
  } finally {
    await web.close();
  }
}

function timeOf({ publishedAt = "" }: { readonly publishedAt?: string | undefined }): number {
  return Date.parse(publishedAt) || 0;
}

// Most issues are made of plain texts. The code for other formats is loaded with the first article that needs it.
async function articlesIn(
  source: Source,
  options: ReadOptions & { readonly since?: Date | undefined },
): Promise<ReadSource> {
  if (source.format === "text") {
    refuseUnreadable(source);
    return onlyArticle(readText(source, options));
  }
  if (source.format === "document") {
    refuseUnreadable(source);
    const { readDocument } = await import("../article/documents/read-document.ts");
    return onlyArticle(readDocument(source, options));
  }
  const { readArticles } = await import("../article/read-articles.ts");
  return readArticles(source, options);
}

/** The fewest words of a teaser. "Read more" and "Comments" are not teasers. */
const FEWEST_WORDS = 8;

function standsIn({ code, message, fix = "try again later", cause }: BroadsheetError) {
  return new BroadsheetError(code, message, {
    fix: `${fix}; until then the text of its feed is used`,
    cause,
  });
}

/** The story of the page with the identity of the feed's item. A feed knows date and author better than a page. */
function merged(item: Article, page: Article): Article {
  const { id, url, publishedAt, authors, tags, title } = item;
  return {
    ...page,
    dropped: [...item.dropped.filter(isCut), ...page.dropped],
    id,
    title: title || page.title,
    url: url ?? page.url,
    publishedAt: publishedAt ?? page.publishedAt,
    authors: authors.length > 0 ? authors : page.authors,
    tags: tags.length > 0 ? tags : page.tags,
  };
}

/** The title of an item, on one line and not too long. */
function shortened(title: string): string {
  const line = title
    .slice(0, LONGEST_NAME + 1)
    .replace(/\s+/g, " ")
    .trim();
  if (line === "") return "an item without a title";
  return line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME).toWellFormed()}…` : line;
}

const LONGEST_NAME = 80;

function noStory(name: string, text: string, reason: string): BroadsheetError {
  return new BroadsheetError("CONTENT_NO_STORY", `${name}: ${text}: ${reason}`, {
    fix: "leave it out, or give it a text of its own",
  });
}

/** The number of names, and of pages of a feed, that are read at a time. Each host is asked for one page at a time. */
const AT_ONCE = 12;

/** The articles behind names, in order. A folder is read file by file. A name without articles gives an outcome with an error. */
export async function* readNamed(
  names: readonly string[],
  options: ReaderOptions,
): AsyncGenerator<ReadOutcome> {
  for (const name of names) {
    const found = await findArticles(name, options).catch((error: unknown) => {
      if (error instanceof BroadsheetError) return error;
      throw error;
    });
    if (found instanceof BroadsheetError) yield { name, error: found };
    else yield* readEach(found, options);
  }
}

/**
 * The articles behind files and addresses, in order. A feed gives its items, and an incomplete item is completed by its page.
 * A file or page that can't be read gives an outcome with an error.
 */
export async function* readEach(
  files: readonly FoundFile[],
  { progress, ...options }: ReaderOptions & { readonly progress?: Progress },
): AsyncGenerator<ReadOutcome> {
  await using reader = new ArticleReader(options);
  const read = async (file: FoundFile) => {
    const found = await reader.read(file);
    progress?.expect(found.filter((next) => "page" in next).length);
    progress?.step();
    return found;
  };
  const complete = async (next: ReadOutcome | Unfinished) => {
    if (!("page" in next)) return next;
    const reading = await reader.complete(next);
    progress?.step();
    return reading;
  };
  for await (const found of readAhead(files, AT_ONCE, read))
    yield* readAhead(found, AT_ONCE, complete);
}

/**
 * The id of a reading. It depends on the article's guid in a feed, its address, or its file in the project. It stays the same
 * when the text of the article changes.
 */
export function readingId(article: Pick<Article, "id">, file?: string): string {
  return file === undefined ? article.id : hashId(file);
}

/** Makes the ids of readings unique. The second reading with an id gets "-2". */
export function numbered<R extends { readonly id: string }>(readings: readonly R[]): readonly R[] {
  const counts = new Map<string, number>();
  return readings.map((reading) => {
    const count = (counts.get(reading.id) ?? 0) + 1;
    counts.set(reading.id, count);
    return count === 1 ? reading : { ...reading, id: `${reading.id}-${count}` };
  });
}
