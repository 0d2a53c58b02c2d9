import type { Finding, Report, Severity } from "./finding.ts";

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

/**
 * "Ready to send", "3 things to fix", or what is between: with something to look at it passes, and `send` sends it,
 * but nobody is told that it is ready before a person has looked.
 */
export function verdictText({ findings }: Pick<Report, "findings">): string {
  const count = (wanted: Severity) => findings.filter(({ severity }) => severity === wanted).length;
  const [toFix, toSee] = [count("error"), count("warning")];
  if (toFix > 0) return toFix === 1 ? "One thing to fix" : `${toFix} things to fix`;
  if (toSee > 0) return `Passes, with ${toSee === 1 ? "one thing" : `${toSee} things`} to look at`;
  return "Ready to send";
}
