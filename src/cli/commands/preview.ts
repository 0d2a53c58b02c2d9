import type { Config } from "../../config/config.ts";
import type { Served } from "../../desk/serve.ts";
import { isOnTheWeb } from "../../sources/io/read-sources.ts";
import { type Configure, parseDate, parsePort, projectFlags, webFlags } from "../flags.ts";
import { type PreviewFlags, untilInterrupted } from "../watch.ts";
import { labelled } from "../table.ts";
import type { Terminal } from "../terminal.ts";

export const preview: Configure = (command, terminal) => {
  webFlags(projectFlags(command))
    .argument("[FILE|URL...]", "the articles of the issue (default: the sources of the config)")
    .option("--date <YYYY-MM-DD>", "the day of the issue (default: today)", parseDate)
    .option("--port <N>", "the port to listen on (default: any that is free)", parsePort)
    .option("--no-open", "do not open the browser")
    .addHelpText(
      "after",
      `
Builds the issue, serves it and every other issue of the outbox on this machine alone, and builds it
again whenever an article, the config or a template changes. The open page follows by itself.
The address that is printed has a key in it, without which no other account of this machine gets in; it
is another one each time.

Examples:
  broadsheet preview
  broadsheet preview article.md --no-open --port 4100`,
    )
    .action(async (names: string[], flags: PreviewFlags & { readonly open: boolean }) => {
      const { previewIssues } = await import("../watch.ts");
      const { served, config } = await previewIssues(names, flags, terminal);
      if (flags.json) terminal.printJson({ url: served.url });
      else if (flags.quiet && !flags.open) terminal.insist(served.url);
      else {
        const watched = names.length > 0 ? names : watchedSources(config, terminal);
        terminal.print(
          labelled([
            ["Preview", terminal.paint("bold", served.url)],
            [
              "Watching",
              `${watched.join(", ")}, the templates and the config. Save a file and the page follows.`,
            ],
            ["", terminal.paint("dim", "Ctrl-C ends it")],
          ]),
        );
      }
      const forgetWayIn = flags.open ? await showInBrowser(served, config) : undefined;
      await untilInterrupted();
      await forgetWayIn?.();
      await served.close();
    });
};

/** Opens the browser; what it returns takes the way in away that was made for it, as does the browser's coming. */
async function showInBrowser(
  { url, entered }: Served,
  { outbox }: Config,
): Promise<() => Promise<void>> {
  const { openPage } = await import("../../desk/open-page.ts");
  const forgetWayIn = await openPage(url, outbox);
  void entered.then(forgetWayIn);
  return forgetWayIn;
}

/** Some newsletters have a hundred sources, most of them on the web, where no change is noticed. */
function watchedSources({ sources }: Config, terminal: Terminal): string[] {
  const files = sources.filter(({ from }) => !isOnTheWeb(from));
  const shown = files.slice(0, 3).map(({ from }) => terminal.shown(from));
  return files.length > 3 ? [...shown, `${files.length - 3} more`] : shown;
}
