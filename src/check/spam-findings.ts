import { findingOf } from "./check-email.ts";
import { SPAM_WORDS } from "./outside-rules.ts";
import type { Checked } from "./report.ts";
import type { CheckInput } from "./rule.ts";

const LARGEST_RULES = 4;

/** What SpamAssassin's report says, as a note: nobody's filter has only its rules. */
export function spamFindings(report: string, input: CheckInput): Checked {
  const [, points, needed] =
    /^Content analysis details:\s+\(([\d.-]+) points, ([\d.-]+) required/m.exec(report) ?? [];
  if (points === undefined)
    return { findings: [], notRun: [{ rule: SPAM_WORDS.id, why: "SpamAssassin gave no report" }] };
  const rules = rulesIn(report).filter(({ score }) => score > 0);
  const listed = rules.slice(0, LARGEST_RULES).map(({ name, score }) => `${name} ${score}`);
  const because = listed.length > 0 ? `: ${listed.join(", ")}` : "";
  const message = `SpamAssassin gives it ${points} points, and takes ${needed} for spam${because}`;
  const fix = listed.length > 0 ? SPAM_WORDS.fix : "nothing";
  return { findings: [findingOf(SPAM_WORDS, { message, fix }, input)], notRun: [] };
}

/** ` 0.7 MPART_ALT_DIFF  BODY: HTML and text parts are different`, the largest first. */
function rulesIn(report: string): { name: string; score: number }[] {
  return [...report.matchAll(/^\s*(-?\d+\.\d+)\s+([A-Z][A-Z0-9_]{2,})\b/gm)]
    .map(([, score = "0", name = ""]) => ({ name, score: Number(score) }))
    .sort((a, b) => b.score - a.score);
}
