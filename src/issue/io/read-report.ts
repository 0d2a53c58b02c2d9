import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Report } from "../../check/finding.ts";
import type { IssueToSend } from "../issue-to-send.ts";
import { parseReport } from "../../preview/parse-report.ts";

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
