import type { Article } from "../article/article.ts";
import { readArticle } from "../article/read-article.ts";
import { BroadsheetError } from "../errors.ts";
import { readSource } from "../io/read-sources.ts";
import { findArticles } from "./find-articles.ts";
import type { ConfigFlag } from "./flags.ts";
import { openProject } from "./project.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Shows each article behind some names in turn. One that can't be read is reported, and the next are
 * still shown. What isn't an error of ours ends it all.
 */
export async function eachArticle(
  names: readonly string[],
  flags: ConfigFlag,
  terminal: Terminal,
  show: (article: Article, isFirst: boolean) => void,
): Promise<void> {
  const { language } = await openProject(flags, terminal);
  const goOn = (error: unknown) => {
    if (!(error instanceof BroadsheetError)) throw error;
    terminal.report(error);
    return undefined;
  };
  let isFirst = true;
  for (const name of names) {
    const files = (await findArticles(name, terminal).catch(goOn)) ?? [];
    for (const file of files) {
      const source = await readSource(file, terminal.cwd).catch(goOn);
      if (!source) continue;
      try {
        show(readArticle(source, { language }), isFirst);
        isFirst = false;
      } catch (error) {
        goOn(error);
      }
    }
  }
}
