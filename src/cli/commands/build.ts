import { ISSUE_FILES } from "../../preview/page-data.ts";
import { shellWord } from "../../platform/notice.ts";
import { many } from "../../platform/text.ts";
import { systemClock } from "../../platform/clock.ts";
import type { BuildFlags, Noticed } from "../build-into.ts";
import { sayNotices } from "../notices-view.ts";
import {
  type CommonFlags,
  type Configure,
  issueFlags,
  parseCount,
  parseLine,
  projectFlags,
  webFlags,
} from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../../platform/own-files.ts";
import type { ProjectFlags } from "../../config/io/load-config.ts";
import { flatEntries } from "../../digest/digest.ts";
import { CLIPPED_BYTES } from "../../email/email.ts";
import type { Config } from "../../config/config.ts";
import { verdictText, withdrawnText } from "../../issue/issue-to-send.ts";
import type { BuiltIssue } from "../../issue/build.ts";
import type { KeptEdits, PublishedIssue } from "../../issue/stages.ts";
import type { Failure } from "../../platform/reporter.ts";
import { failureJson } from "../reporter.ts";
import { type Naming, nextCommand } from "../next-steps.ts";
import { LABEL_GAP, labelled, meter, table, withNote, wrapped } from "../table.ts";
import path from "node:path";

const build: Configure = (command, terminal) => {
  issueFlags(webFlags(projectFlags(command)))
    .argument(
      "[FILE|URL...]",
      'articles, documents, pages, feeds, exports, folders of them, or "-" for standard input (default: the sources of the config)',
    )
    .option("--watch", "build again whenever an article, the config or a template changes")
    .option("--strict", "write nothing unless all could be read, and the model answered")
    .option("--subject <TEXT>", "the subject (default: from the stories)", parseLine("--subject"))
    .option(
      "--preheader <TEXT>",
      "the line after the subject in an inbox",
      parseLine("--preheader"),
    )
    .option("--discard-edits", "drop the edits of the issue")
    .option("--number <N>", "the issue's number on its front page", parseCount("--number"))
    .addHelpText(
      "after",
      `
With a schedule and without names it builds the draft of the next open slot: the issue that \`broadsheet run\` sends
next. New articles come in, and your edits stay. With names and without --slot it makes a separate issue of today's
date. No schedule sends a separate issue: it goes out by \`broadsheet send\`. If its date is the name of a slot, it is
called <date>-extra.

Only a draft is built. An issue that is waiting, approved, sent or being sent stays as it is.

It exits with 75 if the issue was built without an article that could not be read (with --strict it is not built), and
if a fault is temporary, such as a server that does not answer.

Examples:
  broadsheet build
  broadsheet build --slot 2026-W49
  broadsheet build article.txt
  broadsheet build one.md two.md --date 2026-11-24 --template digest --json`,
    )
    .action(async (names: string[], { watch, ...flags }: BuildFlags & { watch?: true }) => {
      const show = (written: BuiltIssue & Noticed, ms?: number): void => {
        const { failures, notices } = written;
        if (flags.json) terminal.printJson({ ...issueJson(written, failures), notices });
        else if (ms === undefined)
          terminal.print(issueView(headingOf(written, terminal), written, flags, terminal));
        else
          terminal.print(
            `Built again at ${systemClock().toLocaleTimeString("en-GB")} in ${(ms / 1000).toFixed(1)} s`,
          );
        sayNotices(notices, terminal);
      };
      if (watch) {
        const { buildAndWatch } = await import("../watch.ts");
        await buildAndWatch(names, flags, terminal, show);
        return;
      }
      const { buildInto } = await import("../build-into.ts");
      show(await buildInto(names, flags, terminal));
    });
};

function nameIn({ digest: { publication, issue } }: PublishedIssue): string {
  return publication?.name ?? issue.newsletter;
}

function headingOf(written: BuiltIssue, { paint }: Terminal): string {
  const seconds = process.uptime().toFixed(1);
  const what = `${nameIn(written)}, 1 issue built in ${seconds} s, ${fetchedText(written.fetched)}`;
  return `${paint("bold", `Broadsheet ${version()}`)}   ${what}`;
}

function fetchedText(count: number): string {
  return count === 0 ? "nothing fetched" : `${many(count, "address", "addresses")} fetched`;
}

const render: Configure = (command, terminal) => {
  projectFlags(command)
    .argument(
      "[DIGEST.json]",
      "the digest of an issue (default: of the next open slot, or of today without a schedule)",
    )
    .addHelpText(
      "after",
      `
The files go beside the digest if it is in the folder of its issue, otherwise into the outbox.
If the issue was approved and its digest has changed, it is a draft again: an edit takes an approval back.

Examples:
  broadsheet render
  broadsheet render outbox/my-letter/2026-11-24/digest.json`,
    )
    .action(async (name: string | undefined, flags: CommonFlags & ProjectFlags) => {
      const { openOutbox } = await import("../open-outbox.ts");
      const { renderFile } = await import("../../issue/io/render-again.ts");
      const { noticesAbout } = await import("../build-into.ts");
      const config = await openOutbox(flags, terminal);
      const file =
        name === undefined ? await digestMeant(config, terminal) : path.resolve(terminal.cwd, name);
      if (name !== undefined) await sayWhichIssue(path.dirname(file), config, terminal);
      const shown = name ?? terminal.shown(file);
      const written = await renderFile(file, config, { ...flags, shown });
      sayWithdrawn(written, terminal);
      const heading = terminal.paint("bold", `${nameIn(written)}, rendered again`);
      const notices = await noticesAbout(written, config);
      if (flags.json) terminal.printJson({ ...issueJson(written, []), notices });
      else terminal.print(issueView(heading, written, flags, terminal));
      sayNotices(notices, terminal);
    });
};

async function sayWhichIssue(folder: string, config: Config, terminal: Terminal): Promise<void> {
  const { announceNamed } = await import("../meant.ts");
  await announceNamed(folder, config, terminal);
}

/** The path of the digest to render if the command names none. */
async function digestMeant(config: Config, terminal: Terminal): Promise<string> {
  const { announcedBuilt } = await import("../meant.ts");
  const { slot } = await announcedBuilt(config, terminal);
  return path.join(config.outbox, config.slug, slot, ISSUE_FILES.digest);
}

/** An edit takes an approval back. */
function sayWithdrawn({ isDraftAgain, digest }: PublishedIssue, terminal: Terminal): void {
  if (isDraftAgain) terminal.note(withdrawnText(digest.issue.slot));
}

/** The output of `--json` for an issue. Its form is a contract. */
function issueJson(published: PublishedIssue, failures: readonly Failure[]): object {
  const { digest, files, folder, edits, report } = published;
  const { issue, subject, preheader } = digest;
  return {
    issue,
    dir: folder,
    files: [...files.keys()],
    subject,
    preheader,
    articles: storiesIn(published),
    merged: mergedIn(published),
    order: orderIn(published),
    ...(digest.advice && { model: digest.advice }),
    bytes: {
      html: sizeOf(published, "email.html"),
      text: sizeOf(published, "email.txt"),
      eml: sizeOf(published, "email.eml"),
    },
    ...(report.ready && { ready: report.ready }),
    ...(edits && { edits }),
    failed: failures.map(failureJson),
  };
}

/** The built issue, its size, the files to open and the next commands. */
function issueView(
  heading: string,
  written: PublishedIssue,
  flags: Naming,
  terminal: Terminal,
): string {
  const { paint, columns } = terminal;
  const { digest, edits, report } = written;
  const isReady = report.findings.every(({ severity }) => severity === "info");
  const room = columns - "Subject".length - LABEL_GAP;
  const beside = (text: string, note: string) => withNote(text, paint("dim", note), room);
  const shown = terminal.shown(written.folder);
  const command = (words: string) =>
    nextCommand(terminal.cwd, `${words} ${digest.issue.slot}`, flags);
  const file = path.join(shown, ISSUE_FILES.digest);
  const next = [
    ...(isReady ? [] : [beside(command("check"), `the ${verdictText(report)}`)]),
    beside(`${command("send")} --to you@example.org`, "one copy, to yourself"),
  ];
  return [
    wrapped(heading, columns).join("\n"),
    "",
    sizes(written, terminal),
    "",
    labelled([
      ["Subject", wrapped(digest.subject, room).join("\n")],
      ["Open", paint("bold", path.join(shown, "preview.html"))],
      [
        "Edit",
        beside(file, `then: ${nextCommand(terminal.cwd, `render ${shellWord(file)}`, flags)}`),
      ],
      ...(edits ? [["Edits", editsText(edits)] as const] : []),
      ["", ""],
      ...next.map((step, at) => [at === 0 ? "Next" : "", step] as const),
    ]),
  ].join("\n");
}

function editsText({ file }: KeptEdits): string {
  return file === undefined ? "kept" : `not all kept: see ${file}`;
}

function sizes(published: PublishedIssue, { paint, isUtf8, rowColumns }: Terminal): string {
  const { issue, template } = published.digest;
  const html = sizeOf(published, "email.html");
  const row = [
    String(issue.number ?? issue.slot),
    template ?? "",
    String(storiesIn(published)),
    kilobytes(html),
    kilobytes(sizeOf(published, "email.txt")),
    meter(html, CLIPPED_BYTES, { paint, isUtf8 }),
    verdictText(published.report, paint),
  ];
  return table(
    [
      { numbers: "Issue" },
      "Template",
      { numbers: "Stories" },
      { numbers: "HTML" },
      { numbers: "Text" },
      `Of ${CLIPPED_BYTES / 1024} KB`,
      "Verdict",
    ],
    [row],
    { paint, isUtf8, rowColumns },
  );
}

/** The stories that were merged from several articles, with the papers of these. */
function mergedIn({ digest }: PublishedIssue): object[] {
  return flatEntries(digest)
    .filter(({ alsoIn = [] }) => alsoIn.length > 0)
    .map(({ article, alsoIn }) => ({ id: article.id, title: article.title, alsoIn }));
}

/** The reason for the position of each story, and the story of an earlier issue that it repeats or continues. */
function orderIn({ digest }: PublishedIssue): object[] {
  return flatEntries(digest).map(({ article: { id, title }, told, place, follows }) => {
    const why = { told, place, follows };
    const given = Object.entries(why).filter(([, value]) => value !== undefined);
    return Object.fromEntries([["id", id], ["title", title], ...given]);
  });
}

function storiesIn({ digest }: PublishedIssue): number {
  return flatEntries(digest).filter(({ hidden }) => !hidden).length;
}

function sizeOf({ files }: PublishedIssue, name: string): number {
  return Buffer.byteLength(files.get(name) ?? "");
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

export const commands = { build, render };
