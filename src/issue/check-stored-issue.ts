import path from "node:path";
import { type Report, parseReport } from "../check/finding.ts";
import { issueInput, reviewMail } from "../review/review.ts";
import type { DkimConfig } from "../delivery/io/load-dkim-keys.ts";
import type { IssueToSend } from "./issue-to-send.ts";
import { systemClock } from "../platform/clock.ts";
import { slotsFor } from "./compose.ts";
import { sampleOf } from "./mailing.ts";
import { checkAll, type CheckOptions } from "../check/io/check-outside.ts";
import type { Digest } from "../digest/digest.ts";
import { ISSUE_FILES } from "../preview/page-data.ts";
import { readBeside } from "./io/outbox.ts";
import { issueInOutbox, type StoredSettings } from "./io/sending/load-issue.ts";
import type { Surroundings } from "../sources/io/read-sources.ts";

/** The report on an issue or a file, and the digest that was checked. */
export interface CheckedTarget {
  readonly report: Report;
  readonly digest?: Digest;
}

/** Checks an issue of the outbox. An issue whose digest was edited is first rendered again. */
export async function checkStoredIssue(
  name: string,
  config: StoredSettings & DkimConfig,
  options: CheckOptions,
  { cwd, reporter }: Surroundings,
): Promise<CheckedTarget> {
  const issue = await issueInOutbox(name, config, reporter);
  const sample = sampleOf(issue, config, {
    slots: await slotsFor(issue.digest, config),
  });
  const input = await issueInput(sample);
  const { newsletter, slot } = issue.digest.issue;
  const folder = path.join(config.outbox, newsletter, slot);
  const signed = async () => signedCopy(issue, config);
  const checkable = { input, raw: sample.message.raw, folder, cwd, signed };
  const report = await checkAll(reviewMail(input), checkable, options);
  const stored = parseReport((await readBeside(folder, ISSUE_FILES.report)) ?? "");
  return { report: { ...report, leftOut: stored?.leftOut ?? [] }, digest: issue.digest };
}

/** A copy signed with the keys of the config, and the DNS records of the keys; or the reason why there is no signed copy. */
async function signedCopy(issue: IssueToSend, config: StoredSettings & DkimConfig) {
  if (config.dkim.length === 0)
    return "dkim is not set in the config: the server that sends it may sign";
  const [{ dkimRecord }, { loadDkimKeys }] = await Promise.all([
    import("../delivery/dkim.ts"),
    import("../delivery/io/load-dkim-keys.ts"),
  ]);
  const keys = await loadDkimKeys(config);
  const { raw } = sampleOf(issue, config, { signed: { dkim: keys, date: systemClock() } }).message;
  const records = new Map(
    keys.map(({ selector, domain, key }) => [
      `${selector}._domainkey.${domain}`.toLowerCase(),
      dkimRecord(key),
    ]),
  );
  return { raw, recordOf: (name: string) => records.get(name) };
}
