import type { Finding, NotRun, Report, Severity } from "./finding.ts";

/** What some rules came to. */
export interface Checked {
  readonly findings: readonly Finding[];
  readonly notRun: readonly NotRun[];
}

/** One verdict: what stops a send is told first, then what meets the most readers. */
export function reportOf(target: string, { findings, notRun }: Checked): Report {
  const sorted = findings.toSorted(byWeight);
  return {
    target,
    verdict: sorted.some(({ severity }) => severity === "error") ? "fail" : "pass",
    findings: sorted,
    notRun,
  };
}

/** A report with what other checkers found: a rule that they ran no longer counts as not run. */
export function withChecked(report: Report, ran: readonly string[], checked: Checked): Report {
  const rules = new Set(ran);
  const told = new Set(report.findings.map(({ rule }) => rule));
  const findings = [...report.findings, ...checked.findings].filter(
    ({ rule }) => !isSeenBetter(rule, rules, checked.notRun) && !told.has(SAME.get(rule) ?? ""),
  );
  const notRun = [...report.notRun.filter(({ rule }) => !rules.has(rule)), ...checked.notRun];
  return reportOf(report.target, { findings, notRun });
}

/** What a browser sees for itself needs no guess from the source. */
const SEEN_BY: ReadonlyMap<string, string> = new Map([
  ["declared-contrast", "contrast-light"],
  ["declared-contrast-dark", "contrast-dark"],
]);

/** What axe-core says once more, in the words of web pages. */
const SAME: ReadonlyMap<string, string> = new Map([
  ["axe-image-alt", "image-alt"],
  ["axe-link-name", "link-name"],
  ["axe-page-has-heading-one", "headings"],
  ["axe-heading-order", "headings"],
  ["axe-document-title", "title"],
  ["axe-meta-viewport", "viewport"],
]);

function isSeenBetter(rule: string, ran: ReadonlySet<string>, notRun: readonly NotRun[]): boolean {
  const seenBy = SEEN_BY.get(rule);
  return seenBy !== undefined && ran.has(seenBy) && !notRun.some((left) => left.rule === seenBy);
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Of the same weight, the rules' own order is kept. */
function byWeight(a: Finding, b: Finding): number {
  return RANK[a.severity] - RANK[b.severity] || (b.reach ?? 1) - (a.reach ?? 1);
}
