import { browserFinding, type BrowserRuleId } from "../../browser-rules.ts";
import type { Finding } from "../../finding.ts";
import type { Violation } from "./axe.ts";
import { cut } from "./cut.ts";

type Faint = Violation["places"][number];

/** How the message begins that tells of a view. */
const VIEWS = {
  "contrast-light": "",
  "contrast-dark": "in the dark, ",
  "contrast-inverted": "where a client turns the colours round, ",
} as const satisfies Partial<Record<BrowserRuleId, string>>;

/**
 * One finding for the texts of a view that do not read on their ground, the faintest named. `known` are
 * the selectors of those found in a view before, to which these are added: what is mended there is
 * mended here.
 */
export function contrastFindings(
  rule: keyof typeof VIEWS,
  violations: readonly Violation[],
  known: Set<string>,
): Finding[] {
  const places = violations.flatMap(({ places }) => places);
  const faint = places
    .filter(({ selector, colours }) => colours !== null && !known.has(selector))
    // Text in the colour of its ground is hidden on purpose, unless it is so only in the dark.
    .filter(({ colours }) => rule !== "contrast-light" || colours?.ratio !== 1)
    .sort((a, b) => (a.colours?.ratio ?? 0) - (b.colours?.ratio ?? 0));
  for (const { selector } of places) known.add(selector);
  const [faintest] = faint;
  if (!faintest) return [];
  const message = `${VIEWS[rule]}${sentence(faintest)}${others(faint.length - 1)}`;
  return [browserFinding(rule, { message, where: { selector: faintest.selector } })];
}

function sentence({ text, colours }: Faint): string {
  const ratio = colours?.ratio.toFixed(1);
  return `“${cut(text)}” is ${colours?.text} on ${colours?.ground}, a contrast of ${ratio} where ${colours?.needed} is needed`;
}

function others(count: number): string {
  if (count === 0) return "";
  return count === 1 ? "; one more text is faint" : `; ${count} more texts are faint`;
}
