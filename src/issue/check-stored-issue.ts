import path from "node:path";
import { findingOf, type Checked } from "../check/check-email.ts";
import { issueInput, type IssueMail } from "../check/check-issue.ts";
import { DKIM_VERIFIES } from "../check/rules.ts";
import type { CheckInput } from "../check/rule.ts";
import { BroadsheetError } from "../errors.ts";
import type { DkimConfig } from "../delivery/io/load-dkim-keys.ts";
import { systemClock } from "../platform/clock.ts";
import { sampleOf } from "./mailing.ts";
import { checkAll, type CheckOptions, verified } from "../check/io/check-outside.ts";
import type { Report } from "../check/finding.ts";
import type { Digest } from "../digest/digest.ts";
import { issueInOutbox, type StoredSettings } from "./io/sending/load-issue.ts";
import type { Surroundings } from "../sources/io/read-sources.ts";

/** What was checked, with what was found. */
export interface CheckedTarget {
  readonly report: Report;
  readonly digest?: Digest;
}

/** An issue of the outbox with what was found: rendered again first where its digest was edited. */
export async function checkStoredIssue(
  name: string,
  config: StoredSettings & DkimConfig,
  options: CheckOptions,
  { cwd, reporter }: Surroundings,
): Promise<CheckedTarget> {
  const issue = await issueInOutbox(name, config, reporter);
  const sample = sampleOf(issue, config);
  const input = await issueInput(sample);
  const { newsletter, slot } = issue.digest.issue;
  const folder = path.join(config.outbox, newsletter, slot);
  const dkim = dkimOf(sample, config, { options, input, cwd });
  const html = input.html?.source;
  const report = await checkAll({ input, raw: sample.message.raw, html, folder, dkim }, options);
  return { report, digest: issue.digest };
}

interface Asked {
  readonly options: CheckOptions;
  readonly input: CheckInput;
  readonly cwd: string;
}

/** A signed copy, verified with the key that is named, or else with those that it was signed with. */
function dkimOf(
  sample: IssueMail,
  config: DkimConfig,
  { options, input, cwd }: Asked,
): (() => Promise<Checked>) | undefined {
  if (config.dkim.length === 0) {
    const why = "dkim is not set in the config: the server that sends it may sign";
    return async () => ({ findings: [], notRun: [{ rule: DKIM_VERIFIES.id, why }] });
  }
  return async () => {
    const [{ dkimRecord, signMessage }, { loadDkimKeys }, { readDkimRecord }] = await Promise.all([
      import("../delivery/dkim.ts"),
      import("../delivery/io/load-dkim-keys.ts"),
      import("../check/io/verify-dkim.ts"),
    ]);
    try {
      const keys = await loadDkimKeys(config);
      const { raw } = await signMessage(sample.message, keys, systemClock());
      const given =
        options.dkimKey === undefined
          ? undefined
          : await readDkimRecord(path.resolve(cwd, options.dkimKey), options.dkimKey);
      const records = new Map(
        keys.map(({ selector, domain, key }) => [
          `${selector}._domainkey.${domain}`.toLowerCase(),
          dkimRecord(key),
        ]),
      );
      return await verified(raw, (name) => given ?? records.get(name), input);
    } catch (error) {
      if (!(error instanceof BroadsheetError) || error.code !== "DKIM_KEY_UNUSABLE") throw error;
      const { message, fix = DKIM_VERIFIES.fix } = error;
      return { findings: [findingOf(DKIM_VERIFIES, { message, fix }, input)], notRun: [] };
    }
  };
}
