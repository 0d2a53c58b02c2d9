import type { Article } from "../article/article.ts";
import { readArticles, type ReadItem } from "../article/read-articles.ts";
import { readArticle } from "../article/read-article.ts";
import type { Config } from "../config.ts";
import { BroadsheetError } from "../errors.ts";
import { isOnTheWeb, readSource } from "../io/read-sources.ts";
import type { Web } from "../io/read-web.ts";
import { version } from "./version.ts";

export interface WebFlags {
  readonly allowPrivate?: true;
}

/** One thing that was read, or why it could not be. */
export type Reading =
  | { readonly item: ReadItem; readonly name: string }
  | { readonly error: BroadsheetError; readonly name: string };

/**
 * The articles behind files and addresses, one after another: a feed gives its items, each completed
 * by its page where the feed has only a part. What cannot be read is a reading too.
 */
export async function* readEach(
  names: readonly string[],
  {
    cwd,
    config,
    flags,
  }: { readonly cwd: string; readonly config: Config; readonly flags: WebFlags },
): AsyncGenerator<Reading> {
  let web: Web | undefined;
  const open = async () => (web ??= await openWebFor(config, flags));
  try {
    for (const name of names) yield* readName(name, cwd, config, open);
  } finally {
    await web?.close();
  }
}

async function openWebFor(config: Config, flags: WebFlags): Promise<Web> {
  // undici is loaded only where an address is given.
  const { openWeb } = await import("../io/read-web.ts");
  return openWeb({
    folder: config.folder,
    version: version(),
    allowPrivate: flags.allowPrivate === true,
  });
}

async function* readName(
  name: string,
  cwd: string,
  { language, follow }: Config,
  open: () => Promise<Web>,
): AsyncGenerator<Reading> {
  try {
    const source = isOnTheWeb(name) ? await (await open()).read(name) : await readSource(name, cwd);
    const { items, dropped } = readArticles(source, { language });
    for (const item of items) {
      if (item.complete || !item.link || !follow) yield { item, name };
      else yield await completed(item, item.link, language, open);
    }
    for (const { text, reason } of dropped) yield { error: noStory(name, text, reason), name };
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    yield { error, name };
  }
}

/** The item with its page's text; where the page cannot be read, why. */
async function completed(
  item: ReadItem,
  link: string,
  language: string | undefined,
  open: () => Promise<Web>,
): Promise<Reading> {
  try {
    const page = readArticle(await (await open()).read(link), { language });
    return { item: { ...item, article: merged(item.article, page), complete: true }, name: link };
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    return { error, name: link };
  }
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
