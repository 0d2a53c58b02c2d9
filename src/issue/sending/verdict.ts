import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Finding, Report } from "../../check/finding.ts";
import { BroadsheetError } from "../../errors.ts";
import type { IssueToSend } from "./issue-to-send.ts";
import { parseReport } from "../../preview/parse-report.ts";
import type { Terminal } from "../../cli/terminal.ts";
import { nameOf } from "../../cli/send/overview.ts";

/** What the checks found when the issue was built; undefined where they weren't run, or on something else. */
export async function readReport({
  folder,
  unwritten,
  since,
}: Pick<IssueToSend, "folder" | "unwritten" | "since">): Promise<Report | undefined> {
  if (since) return undefined;
  const text =
    unwritten?.get("report.json") ??
    (await readFile(path.join(folder, "report.json"), "utf8").catch(() => ""));
  return parseReport(text.toString()) ?? undefined;
}

/** The verdict in a few words. */
export function verdictLine(
  report: Report | undefined,
  { paint }: Pick<Terminal, "paint">,
): string | undefined {
  if (!report) return undefined;
  const errors = of(report, "error").length;
  const warnings = of(report, "warning").length;
  if (errors > 0) return paint("fix", things(errors, "to fix"));
  const look = warnings > 0 ? `, ${paint("look", things(warnings, "to look at"))}` : "";
  return `${paint("ready", "the checks pass")}${look}`;
}

/**
 * Refuses an issue in which the checks found errors.
 * @throws BroadsheetError CHECK_FAILED, which lists them.
 */
export function assertFit(
  issue: IssueToSend,
  report: Report | undefined,
  fix = "mend it and build it again; to send it as it is, add --force",
): void {
  const errors = report ? of(report, "error") : [];
  if (errors.length === 0) return;
  const list = errors.map((finding) => `\n  ${lineOf(finding)}`).join("");
  const many = things(errors.length, "to fix");
  throw new BroadsheetError("CHECK_FAILED", `not sent: ${many} in ${nameOf(issue)}:${list}`, {
    where: { file: path.join(issue.folder, "digest.json") },
    fix,
  });
}

function lineOf({ message, rule, where, fix }: Finding): string {
  const story = where?.story === undefined ? "" : `“${where.story}”: `;
  return `${story}${message} (${rule})${fix === undefined ? "" : `; ${fix}`}`;
}

function of({ findings }: Report, severity: Finding["severity"]): readonly Finding[] {
  return findings.filter((finding) => finding.severity === severity);
}

function things(count: number, what: string): string {
  return `${count} ${count === 1 ? "thing" : "things"} ${what}`;
}
