import type { Article } from "../../article/article.ts";
import { explain } from "../../summary/explanation/explain.ts";
import type { Summary } from "../../summary/summary.ts";
import type { Terminal } from "../terminal.ts";
import { type PageFlag, writePageTo } from "../write-page-to.ts";
import { EXPLAIN_PAGE, explainPage, type Explained } from "./explain-page.ts";

/** What the terminal and the page show of one article. */
export function explained(article: Article, summary: Summary): Explained {
  return { article, summary, explanation: explain(article, summary) };
}

/**
 * The page of what was explained, into a file or to stdout; none where nothing could be read.
 * @throws BroadsheetError FILE_EXISTS, OUTPUT_UNWRITABLE.
 */
export async function writeExplained(
  all: readonly Explained[],
  to: PageFlag,
  terminal: Terminal,
): Promise<void> {
  if (all.length === 0) return;
  await writePageTo(to, { html: explainPage(all), mark: EXPLAIN_PAGE }, terminal);
}
