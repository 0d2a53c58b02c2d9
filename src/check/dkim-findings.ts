import { findingOf } from "./check-email.ts";
import type { Finding } from "./finding.ts";
import { DKIM_VERIFIES } from "./outside-rules.ts";
import type { CheckInput } from "./rule.ts";

/** What came of one signature. */
export interface SignatureVerdict {
  readonly domain: string;
  readonly selector: string;
  readonly algorithm: string;
  /** RFC 8601 §2.7.1: `pass`, `fail`, `neutral`, `policy`, `permerror`. */
  readonly result: string;
  readonly comment: string | undefined;
}

/** One finding for each signature: a note for one that holds. */
export function dkimFindings(verdicts: readonly SignatureVerdict[], input: CheckInput): Finding[] {
  if (verdicts.length === 0)
    return [findingOf(DKIM_VERIFIES, { message: "The message has no DKIM signature" }, input)];
  return verdicts.map(({ domain, selector, algorithm, result, comment }) => {
    const who = `The DKIM signature of ${domain} (${selector}, ${algorithm})`;
    const isGood = result === "pass";
    const message = isGood ? `${who} verifies` : `${who} doesn't verify: ${comment ?? result}`;
    const more = isGood ? ({ severity: "info", fix: "nothing" } as const) : {};
    return findingOf(DKIM_VERIFIES, { message, ...more }, input);
  });
}
