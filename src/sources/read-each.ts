import {
  ArticleReader,
  type ReaderOptions,
  type Reading,
  type Unfinished,
} from "./article-reader.ts";
import type { Progress } from "../platform/reporter.ts";
import { readAhead } from "../platform/read-ahead.ts";

/** So many names, and pages of one feed, are read at a time; a host is asked for one page after another. */
const AT_ONCE = 12;

/**
 * The articles behind files and addresses, in their order: a feed gives its items, each completed by its
 * page where the feed has only a part. What cannot be read is a reading too.
 */
export async function* readEach(
  names: readonly string[],
  { progress, ...options }: ReaderOptions & { readonly progress?: Progress },
): AsyncGenerator<Reading> {
  const reader = new ArticleReader(options);
  const read = async (name: string) => {
    const found = await reader.read(name);
    progress?.expect(found.filter((next) => "page" in next).length);
    progress?.step();
    return found;
  };
  const complete = async (next: Reading | Unfinished) => {
    if (!("page" in next)) return next;
    const reading = await reader.complete(next);
    progress?.step();
    return reading;
  };
  try {
    for await (const found of readAhead(names, AT_ONCE, read))
      yield* readAhead(found, AT_ONCE, complete);
  } finally {
    await reader.close();
  }
}
