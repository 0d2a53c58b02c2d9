import path from "node:path";
import { flatEntries } from "../digest/digest.ts";
import type { Severity } from "../check/finding.ts";
import { verdictWords } from "../check/verdict-words.js";
import type { BuiltIssue } from "../issue/issue-files.ts";
import { parseReport } from "../preview/parse-report.ts";
import type { WrittenIssue } from "../issue/build.ts";
import { failureJson } from "./reporter.ts";
import { commandFrom, shellWord } from "./next-steps.ts";
import { LABEL_GAP, labelled, meter, table } from "./table.ts";
import type { Paint, Terminal } from "./terminal.ts";
import { withAside, wrapped } from "./wrapped.ts";

/** Gmail cuts a message whose HTML is longer, and hides the rest behind a link. */
const CLIP_BYTES = 102 * 1024;

/** What `--json` prints of an issue: a contract. */
export function issueJson({ built, folder, failures = [] }: WrittenIssue): object {
  const { digest, files } = built;
  const { issue, subject, preheader } = digest;
  return {
    issue,
    dir: folder,
    files: [...files.keys()],
    subject,
    preheader,
    articles: storiesIn(built),
    merged: mergedIn(built),
    order: orderIn(built),
    bytes: {
      html: sizeOf(built, "email.html"),
      text: sizeOf(built, "email.txt"),
      eml: sizeOf(built, "email.eml"),
    },
    failed: failures.map(failureJson),
  };
}

/** The flags that the next command needs too. */
interface CarriedFlags {
  readonly config?: string;
  readonly out?: string;
}

/** What was made, how large it is, which files to open, and what to type next. */
export function issueView(
  heading: string,
  written: WrittenIssue,
  flags: CarriedFlags,
  terminal: Terminal,
): string {
  const { paint, columns } = terminal;
  const { digest } = written.built;
  const room = columns - "Subject".length - LABEL_GAP;
  const beside = (text: string, aside: string) => withAside(text, paint("dim", aside), room);
  const shown = terminal.shown(written.folder);
  return [
    wrapped(heading, columns).join("\n"),
    "",
    sizes(written.built, terminal),
    "",
    labelled([
      ["Subject", wrapped(digest.subject, room).join("\n")],
      ["Open", paint("bold", path.join(shown, "preview.html"))],
      ["Edit", beside(path.join(shown, "digest.json"), "then render it again")],
      ["", ""],
      ["Next", beside(sendCommand(written, flags, terminal), "one copy, to yourself")],
    ]),
  ].join("\n");
}

function sendCommand({ built }: WrittenIssue, flags: CarriedFlags, terminal: Terminal): string {
  const words = ["send", built.digest.issue.slot];
  if (flags.config) words.push("--config", shellWord(flags.config));
  if (flags.out) words.push("--out", shellWord(flags.out));
  return [commandFrom(terminal.cwd), ...words, "--to you@example.org"].join(" ");
}

function sizes(built: BuiltIssue, { paint, isUtf8, rowColumns }: Terminal): string {
  const { issue, template } = built.digest;
  const html = sizeOf(built, "email.html");
  const row = [
    String(issue.number ?? issue.slot),
    template ?? "",
    String(storiesIn(built)),
    kilobytes(html),
    kilobytes(sizeOf(built, "email.txt")),
    meter(html, CLIP_BYTES, { paint, isUtf8 }),
    verdictOf(built, paint),
  ];
  return table(
    [
      { heading: "Issue", align: "right" },
      { heading: "Template", align: "left" },
      { heading: "Stories", align: "right" },
      { heading: "HTML", align: "right" },
      { heading: "Text", align: "right" },
      { heading: "Of 102 KB", align: "left" },
      { heading: "Verdict", align: "left" },
    ],
    [row],
    { paint, isUtf8, rowColumns },
  );
}

/** What `report.json` comes to; `check` tells it in full. */
function verdictOf({ files }: BuiltIssue, paint: Paint): string {
  const { findings = [] } = parseReport(String(files.get("report.json") ?? "")) ?? {};
  const count = (wanted: Severity) => findings.filter(({ severity }) => severity === wanted).length;
  const [toFix, toLookAt] = [count("error"), count("warning")];
  const style = toFix > 0 ? "fix" : toLookAt > 0 ? "look" : "ready";
  return paint(style, verdictWords({ toFix, toLookAt }));
}

/** The stories that were made of several articles, with the papers that have them. */
function mergedIn({ digest }: BuiltIssue): object[] {
  return flatEntries(digest)
    .filter(({ alsoIn = [] }) => alsoIn.length > 0)
    .map(({ article, alsoIn }) => ({ id: article.id, title: article.title, alsoIn }));
}

/** Why each story stands where it does, and which of the last issues it follows. */
function orderIn({ digest }: BuiltIssue): object[] {
  return flatEntries(digest).map(({ article: { id, title }, told, place, follows }) => {
    const why = { told, place, follows };
    const known = Object.entries(why).filter(([, value]) => value !== undefined);
    return Object.fromEntries([["id", id], ["title", title], ...known]);
  });
}

function storiesIn({ digest }: BuiltIssue): number {
  return flatEntries(digest).filter(({ hidden }) => !hidden).length;
}

function sizeOf({ files }: BuiltIssue, name: string): number {
  return Buffer.byteLength(files.get(name) ?? "");
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}
