import { createRequire } from "node:module";
import { readHtml } from "../../src/article/page.ts";
import { type Article, isDoubtful } from "../../src/article/article.ts";
import { blocksIn } from "../../src/article/page/blocks.ts";
import type { PageDocument } from "../../src/article/page/page-dom.ts";
import type { Sample } from "./corpus.ts";
import type { Answers } from "./scorers.ts";

/** The result of reading a page with any program. */
export interface Found {
  readonly text: string;
  readonly title?: string | null | undefined;
  readonly authors?: readonly string[];
  readonly publishedAt?: string | null | undefined;
  readonly images?: Article["images"];
  /** Whether the reader doubts it. */
  readonly isDoubted?: boolean;
}

export type Read = (sample: Sample) => Found | Promise<Found>;

export async function answersOf(samples: readonly Sample[], read: Read): Promise<Answers> {
  const answers = new Map<string, Found>();
  for (const sample of samples) answers.set(sample.id, await read(sample));
  return answers;
}

/** Reads a page with a reader. A refused page gives an empty and doubted text. */
export function readWith(reader: typeof readHtml, { id, html }: Sample): Found {
  try {
    const article = reader({ format: "html", location: `${id}.html`, body: html });
    const { text, title, authors, publishedAt, images, reading } = article;
    return { text, title, authors, publishedAt, images, isDoubted: isDoubtful(reading) };
  } catch (error) {
    // A copy of the reader (see `loadWithout`) has its own class of errors.
    if (!(error instanceof Error && error.name === "BroadsheetError")) throw error;
    return { text: "", isDoubted: true };
  }
}

/**
 * The reader as released. Its story trees were trained on `en`, `multilingual` and `vetted`, its field trees on
 * `fields`, `multilingual` and `vetted`.
 */
export function readOurs(sample: Sample): Found {
  return readWith(readHtml, sample);
}

export interface Readability {
  readonly Readability: new (document: PageDocument) => {
    parse(): { content?: string; title?: string; byline?: string; publishedTime?: string } | null;
  };
}

const linkedom: { parseHTML(html: string): { readonly document: PageDocument } } = createRequire(
  import.meta.url,
)("linkedom");

/** Parses unchanged markup with linkedom, the DOM that scripts commonly use with Readability. */
export function parsePlainly(html: string): PageDocument {
  return linkedom.parseHTML(html).document;
}

/** The baseline: the unchanged page, read by Readability alone. */
export function readPlainly({ html }: Sample): Found {
  const { Readability }: Readability = createRequire(import.meta.url)("@mozilla/readability");
  const found = new Readability(parsePlainly(html)).parse();
  const { content = "", title, byline, publishedTime } = found ?? {};
  return {
    text: textOf(content),
    title,
    authors: byline ? [byline] : [],
    publishedAt: publishedTime,
  };
}

/** Rivals are measured only if they are installed: `npm install --no-save` and their names. */
export const RIVALS: ReadonlyMap<
  string,
  (rival: Rival, html: string) => Promise<Content> | undefined
> = new Map([
  ["defuddle/node", ({ Defuddle }, html) => Defuddle?.(parsePlainly(html))],
  ["@extractus/article-extractor", ({ extractFromHtml }, html) => extractFromHtml?.(html, ADDRESS)],
]);

const ADDRESS = "https://paper.example/story";

type Content = { readonly content?: string } | null | undefined;

interface Rival {
  readonly Defuddle?: (page: PageDocument) => Promise<Content>;
  readonly extractFromHtml?: (html: string, url: string) => Promise<Content>;
}

/** The reader of a rival; undefined if it is not installed. */
export async function loadRival(name: string): Promise<Read | undefined> {
  try {
    const rival: Rival = await import(name);
    const extract = RIVALS.get(name);
    return (
      extract &&
      (async ({ html }) => ({ text: textOf((await extract(rival, html))?.content ?? "") }))
    );
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")
      return undefined;
    throw error;
  }
}

// The same text extraction for all of them, because `textContent` would join words of two paragraphs.
function textOf(html: string): string {
  const { body } = parsePlainly(`<!DOCTYPE html><html><body>${html}</body></html>`);
  return blocksIn(body)
    .blocks.map(({ text }) => text)
    .join("\n\n");
}
