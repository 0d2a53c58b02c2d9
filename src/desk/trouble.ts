import path from "node:path";
import { BroadsheetError } from "../errors.ts";
import { readLocalText } from "../platform/files/local-file.ts";
import type { Trouble } from "../preview/page-data.ts";
import { placeText } from "../platform/file-error.ts";

const LINES_AROUND = 3;

/** Returns an error in the form of the page, for a user who can act on it. File names are relative to `cwd`. */
export async function troubleOf(error: unknown, cwd: string): Promise<Trouble> {
  if (!(error instanceof BroadsheetError)) {
    const message = error instanceof Error ? error.message : String(error);
    return { code: "INTERNAL", message, fix: "this is a bug in Broadsheet: please report it" };
  }
  const { code, where } = error;
  const message = inPage(error.message);
  const said = { code, message, ...(error.fix !== undefined && { fix: inPage(error.fix) }) };
  if (!where) return said;
  const { file, line } = where;
  const at = placeText(where, cwd);
  if (line === undefined) return { ...said, at };
  return { ...said, at, line, lines: await linesAround(path.resolve(cwd, file), line) };
}

/** The words of the page that replace commands at the end of a clause. */
const IN_PAGE = [
  ["approve ISSUE", "press “Approve”"],
  ["build ISSUE", "press R"],
  ["desk", "here"],
  ["explain ADDRESS", "find the reader under “Readers”"],
  ["doctor", "press “Test without sending” under “Sender”"],
  ["hold ISSUE --off, then send", "release it, and press “Send to … readers”"],
  ["hold ISSUE --off", "release it"],
  ["hold ISSUE", "press “Hold”"],
  ["reconcile ISSUE --accept, or --resend", "press “Settle doubts”"],
  ["reconcile ISSUE", "press “Settle doubts”"],
  ["retry ISSUE, then send", "press “Try the refused again”"],
  ["run --now", "send it here"],
  ["schedule explain", "press “Schedule”"],
  ["send ISSUE", "press “Send to … readers”"],
  ["skip ISSUE --off", "press “Take it in again”"],
  ["skip ISSUE", "press “Leave it out”"],
  ["status ISSUE", "look into the list of issues"],
  ["subscribers import FILE.csv", "press “Import a list” under “Readers”"],
  [
    "subscribers quarantine (list|(release|suppress) --all)",
    "look for “quarantined” under “Readers”",
  ],
].map(([command = "", words = ""]) => {
  const issue = String.raw`( (--slot |--date )?(\d{4}-[\w+-]+|latest))?`;
  const called = command.replace(" ISSUE", issue);
  return [new RegExp(`\\bbroadsheet ${called}( --changed)?(?=[;:,.)]|$)`, "g"), words] as const;
});

/** Replaces commands with the words of the page. Commands without an equivalent in the page stay. */
export function inPage(text: string): string {
  // The page has fields and buttons for environment variables and flags.
  const without = text
    .replaceAll(" in SMTP_URL", "")
    .replace("allow it with --allow-private", "tick “It is inside my own network”")
    .replace(/give another day, --date.*--out DIR/, "press “New issue”")
    .replace(/make `window` longer.*ADDRESS/, "add a paper or an article under “Sources”");
  return IN_PAGE.reduce((said, [command, words]) => said.replace(command, words), without);
}

async function linesAround(file: string, line: number): Promise<NonNullable<Trouble["lines"]>> {
  const text = await readLocalText(file, { within: undefined }).catch(() => "");
  if (text === "") return [];
  return text
    .split("\n")
    .map((words, index) => ({ number: index + 1, text: words.slice(0, 300) }))
    .slice(Math.max(0, line - 1 - LINES_AROUND), line + LINES_AROUND);
}
