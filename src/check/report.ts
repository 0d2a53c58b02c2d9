import type { Finding, NotRun, Report, Severity } from "./finding.ts";

/** What some rules came to: those of one checker, before they are a report. */
export interface Checked {
  readonly findings: readonly Finding[];
  readonly notRun: readonly NotRun[];
}

/**
 * One report of all that several checkers found: what stops a send first, then what meets the most
 * readers. A rule that one of them ran is no longer listed as not run by another.
 */
export function reportOf(target: string, ...parts: readonly Checked[]): Report {
  const findings = parts.flatMap((part) => part.findings).sort(byWeight);
  return {
    target,
    verdict: findings.some(({ severity }) => severity === "error") ? "fail" : "pass",
    findings,
    notRun: parts.flatMap((part) => part.notRun),
  };
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Of the same weight, the rules' own order is kept: sorting is stable. */
function byWeight(a: Finding, b: Finding): number {
  return RANK[a.severity] - RANK[b.severity] || (b.reach ?? 1) - (a.reach ?? 1);
}
