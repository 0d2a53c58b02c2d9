import type { Finding, Report } from "./finding.ts";

/** More than so many of one rule and weight are told as one. */
const MOST_ALIKE = 2;

/** As many as a person takes in. */
const MOST_SHOWN = 12;

/** What is shown of a report: one line each. */
export interface ShownFinding extends Finding {
  /** How many more of the same rule stand for by this one. */
  readonly more: number;
}

/**
 * The findings as people are shown them: many of one rule are one line, and where that is still too much
 * the notes are only counted. `left` are those that aren't shown at all.
 */
export function shownFindings({ findings }: Report): {
  readonly shown: readonly ShownFinding[];
  readonly left: readonly Finding[];
} {
  const folded = fold(findings);
  if (folded.length <= MOST_SHOWN) return { shown: folded, left: [] };
  const pressing = folded.filter(({ severity }) => severity !== "info");
  const shown = pressing.slice(0, MOST_SHOWN);
  const told = new Set(shown.map(({ rule, severity }) => `${severity} ${rule}`));
  return { shown, left: findings.filter(({ rule, severity }) => !told.has(`${severity} ${rule}`)) };
}

function fold(findings: readonly Finding[]): ShownFinding[] {
  const alike = [...Map.groupBy(findings, ({ rule, severity }) => `${severity} ${rule}`).values()];
  return alike.flatMap((group) => {
    const [first, ...rest] = group;
    if (group.length <= MOST_ALIKE || !first)
      return group.map((finding) => ({ ...finding, more: 0 }));
    return [{ ...first, more: rest.length }];
  });
}

/** "Ready to send", "One thing to fix", "3 things to fix". */
export function verdictText({ findings }: Report): string {
  const count = findings.filter(({ severity }) => severity === "error").length;
  if (count === 0) return "Ready to send";
  return count === 1 ? "One thing to fix" : `${count} things to fix`;
}
