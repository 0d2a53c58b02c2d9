import { createHash } from "node:crypto";
import { BroadsheetError } from "../errors.ts";
import type { Article, Broken, Caption, Dropped, Image, Source } from "./article.ts";
import { boundArticle } from "./bound-article.ts";
import type { Declared } from "./declared.ts";
import { detectLanguage } from "./detect-language.ts";

/** One article of a source, and of an item of a feed also where it came from. */
export interface ReadItem {
  readonly article: Article;
  readonly feed?: { readonly title: string; readonly url?: string };
  /** Whether the source has the whole story; where not, the page at `link` has to be fetched. */
  readonly complete: boolean;
  readonly link?: string;
}

/** What a source holds: the articles in its order, and posts of an export that hold no story. */
export interface ReadSource {
  readonly items: readonly ReadItem[];
  readonly dropped: readonly Dropped[];
  /** Items and posts at which reading broke; the others are read all the same. */
  readonly broken: readonly Broken[];
}

/** What a source holds that is one article. */
export function onlyArticle(article: Article): ReadSource {
  return { items: [{ article, complete: true }], dropped: [], broken: [] };
}

export interface ReadOptions {
  /** The newsletter's language (BCP 47), for texts that neither declare theirs nor let it be told. */
  readonly language?: string | undefined;
  /** Hears of each article among several at which reading broke. Without it the first such one ends the reading. */
  readonly onBroken?: ((broken: Broken) => void) | undefined;
}

/** What reading one article of several gives; undefined where it broke, and somebody hears of that. */
export function unlessBroken<Read>(
  title: string,
  { onBroken }: ReadOptions,
  read: () => Read,
): Read | undefined {
  if (!onBroken) return read();
  try {
    return read();
  } catch (error) {
    onBroken({ text: title, error });
    return undefined;
  }
}

/** What a reader found in the body of a source. */
export interface Body {
  readonly title: string;
  readonly authors: readonly string[];
  readonly publishedAt?: string | undefined;
  readonly text: string;
  readonly html: string;
  readonly images: readonly Image[];
  readonly captions: readonly Caption[];
  readonly dropped: readonly Dropped[];
}

/**
 * An Article of what a source declares and what its body says; what is declared wins.
 * @throws BroadsheetError CONTENT_NO_STORY where no text is left
 */
export function composeArticle(
  source: Source,
  declared: Declared,
  body: Body,
  options: ReadOptions,
): Article {
  const title = declared.title ?? body.title;
  const publishedAt = declared.publishedAt ?? body.publishedAt;
  const { url, site, description, kicker } = declared;
  const article = boundArticle<Article>({
    id: hashId(url ?? `${title}\n\n${body.text}`),
    title,
    ...(url === undefined ? {} : { url }),
    ...(site === undefined ? {} : { site }),
    authors: declared.authors.length > 0 ? declared.authors : body.authors,
    ...(publishedAt === undefined ? {} : { publishedAt }),
    language: declared.language ?? detectLanguage(body.text, options.language),
    tags: declared.tags,
    ...(kicker === undefined ? {} : { kicker }),
    ...(description === undefined ? {} : { description }),
    kind: declared.kind,
    ...(declared.isDraft ? { draft: true } : {}),
    html: body.html,
    text: body.text,
    images: [...declared.images, ...body.images],
    captions: body.captions,
    dropped: mergeRuns([...declared.dropped, ...body.dropped]),
    source: source.location,
  });
  if (article.text === "") throw noStory(source.location);
  return article;
}

/** What is said of a source that has captions, menus or code, but no story. */
function noStory(location: string): BroadsheetError {
  return new BroadsheetError("CONTENT_NO_STORY", `${location} has no story in it`, {
    where: { file: location },
    fix: "add the story's own paragraphs, or leave the file out",
  });
}

/** An article's id: 64 bits keep any archive free of clashes, and the id short enough to read. */
export function hashId(identity: string): string {
  return createHash("sha256").update(identity).digest("hex").slice(0, 16);
}

// A page's menu has hundreds of lines; they are one thing that was left out.
function mergeRuns(dropped: readonly Dropped[]): Dropped[] {
  const merged: { lines: string[]; reason: string }[] = [];
  for (const { text, reason } of dropped) {
    const run = merged.at(-1);
    if (run?.reason === reason) run.lines.push(text);
    else merged.push({ lines: [text], reason });
  }
  return merged.map(({ lines, reason }) => ({ text: lines.join("\n"), reason }));
}
