import path from "node:path";
import { ERROR_CODES } from "../../errors.ts";
import type { Served } from "../../desk/serve.ts";
import { isOnTheWeb } from "../../sources/io/read-sources.ts";
import { type Configure, issueFlags, parsePort, projectFlags, webFlags } from "../flags.ts";
import { type PreviewFlags, untilInterrupted } from "../watch.ts";
import { labelled } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { PRIVATE_FILE } from "../../platform/files/make-folders.ts";

const desk: Configure = (command, terminal) => {
  issueFlags(webFlags(projectFlags(command)))
    .argument("[FILE|URL...]", "the articles of the issue (default: the sources of the config)")
    .option("--port <N>", "the port to listen on (default: any that is free)", parsePort)
    .option("--no-open", "do not open the browser")
    .addHelpText(
      "after",
      `
With a schedule and without names it shows the issue of the next open slot, which \`broadsheet run\` sends next.
With names it makes a separate issue of today's date. An edit takes an approval back: the issue is a draft again.

Builds the issue, serves it and every other issue of the outbox on this machine alone, and builds it
again whenever an article, the config or a template changes. The open page updates itself. An issue that
waits for approval, is approved, is being sent or was sent is shown as it is and not built again.
At a terminal "broadsheet" alone does the same. In a folder without a newsletter the page begins one.

The printed address contains a key. Without it no other account of this machine gets in. Keep the address to
yourself. Each start has a new key; with --port the newsletter keeps its key, so that a bookmark works after a restart.

Examples:
  broadsheet desk
  broadsheet desk --port 4100
  broadsheet desk article.md --no-open`,
    )
    .action(async (names: string[], flags: PreviewFlags & { readonly open: boolean }) => {
      const { previewIssues } = await import("../watch.ts");
      const { served, outbox, sources } = await previewIssues(names, flags, terminal);
      if (flags.json) terminal.printJson({ url: served.url });
      else if (flags.quiet && !flags.open) terminal.insist(served.url);
      else {
        const watched = names.length > 0 ? names : watchedSources(sources, terminal);
        terminal.print(
          labelled([
            ["Desk", terminal.paint("bold", served.url)],
            [
              "Watching",
              `${[...watched, "the templates"].join(", ")} and the config. Save a file and the page follows.`,
            ],
            ["", terminal.paint("dim", "Ctrl-C ends it")],
          ]),
        );
      }
      // Ctrl-C while the browser opens also removes the page with the key.
      const interrupted = untilInterrupted();
      const forgetWayIn = flags.open ? await showInBrowser(served, outbox) : undefined;
      const letGo = await interrupted;
      await forgetWayIn?.();
      const stopped = served.sending();
      if (stopped.length > 0) terminal.note(`Stopping to send ${stopped.join(", ")}: ${IN_FLIGHT}`);
      await served.close();
      for (const slot of stopped)
        terminal.warn(
          `${slot} may have readers left; to send the rest: broadsheet send ${slot}`,
          LEFT,
        );
      letGo();
    });
};

const IN_FLIGHT =
  "messages in flight get their answers. If you stop it again it ends at once, and their readers are in doubt";
const LEFT = ERROR_CODES.SMTP_DEFERRED.exit;

/**
 * Opens the browser. The returned function removes the temporary page with the key, and so does the first request of the
 * browser.
 */
async function showInBrowser(
  { url, entered }: Served,
  outbox: string,
): Promise<() => Promise<void>> {
  const forgetWayIn = await openPage(url, outbox);
  void entered.then(forgetWayIn);
  return forgetWayIn;
}

/**
 * The sources whose changes are noticed, for the terminal. Sources on the web are left out, and only the first three are
 * named.
 */
function watchedSources(
  sources: readonly { readonly from: string }[],
  terminal: Terminal,
): string[] {
  const files = sources.filter(({ from }) => !isOnTheWeb(from));
  const shown = files.slice(0, 3).map(({ from }) => terminal.shown(from));
  return files.length > 3 ? [...shown, `${files.length - 3} more`] : shown;
}

/**
 * Opens an address in the user's browser; without a browser, the terminal shows the address. The address contains a key, and
 * every account of a machine can see the arguments of programs (`ps`). Therefore the browser opens a private page that leads
 * to the address. The page is in `folder` if that can be hidden from others, because a sandboxed browser (snap) can't read
 * temporary folders. The returned function removes the page.
 */
async function openPage(url: string, folder: string): Promise<() => Promise<void>> {
  const page = (await writePage(url, folder)) ?? (await writePage(url, tmpdir()));
  if (page === undefined) return async () => undefined;
  try {
    const { default: open } = await import("open");
    const browser = await open(page);
    browser.on("error", () => undefined);
  } catch {
    // The browser is only a convenience, so its failure is ignored.
  }
  return async () => remove(path.dirname(page));
}

/**
 * Writes the page that opens the desk; undefined if it can't be written or hidden from others, as on a file system without
 * modes.
 */
async function writePage(url: string, parent: string): Promise<string | undefined> {
  let own: string | undefined;
  try {
    own = await mkdtemp(path.join(parent, ".preview-"));
    // Windows has no modes. There the folders of a user are private.
    const isOurs = process.platform === "win32" || ((await stat(own)).mode & 0o077) === 0;
    if (isOurs) {
      const page = path.join(own, "preview.html");
      await writeFile(page, leadingTo(url), { mode: PRIVATE_FILE });
      return page;
    }
  } catch {
    // The caller then shows the address on the terminal.
  }
  if (own !== undefined) await remove(own);
  return undefined;
}

function leadingTo(url: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${url}"><title>Broadsheet</title></html>\n`;
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}

export const commands = { desk };
