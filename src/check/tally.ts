import type { Finding, Report, Tally } from "./finding.ts";
import { OUTSIDE_RULES } from "./outside-rules.ts";
import { RULES } from "./rules.ts";

/** How many rules were run, and hold. Notes are no reason to look again, so a rule with nothing else passes. */
export function tallyOf({ findings, notRun }: Pick<Report, "findings" | "notRun">): Tally {
  const skipped = new Set(notRun.map(({ rule }) => rule));
  const ran = [...RULES, ...OUTSIDE_RULES].filter(({ id }) => !skipped.has(id));
  const faulty = new Set(
    findings.filter(({ severity }) => severity !== "info").map(({ rule }) => rule),
  );
  const passed = ran.filter(({ id }) => !faulty.has(id) && !(id === "axe" && hasAxe(findings)));
  return { passed: passed.length, ran: ran.length };
}

function hasAxe(findings: readonly Finding[]): boolean {
  return findings.some(({ rule, severity }) => rule.startsWith("axe-") && severity !== "info");
}
