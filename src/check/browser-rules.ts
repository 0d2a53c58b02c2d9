import type { Finding } from "./finding.ts";

/** A rule that only a browser can judge. */
export interface BrowserRule {
  readonly severity: Finding["severity"];
  /** What holds where it passes, in one line. */
  readonly what: string;
  readonly fix: string;
  readonly source: string;
}

const CONTRAST = "WCAG 2.2 §1.4.3";
const DARK_CLIENTS = "litmus.com/blog/the-ultimate-guide-to-dark-mode-for-email-marketers";

/** The rules of `check --browser`, by id: what is listed as "not run" without it. */
export const BROWSER_RULES = {
  axe: {
    severity: "error",
    what: "axe-core finds nothing that keeps a screen reader's user out",
    fix: "see the page that is named as the source",
    source: "deque.com/axe/core-documentation",
  },
  "contrast-light": {
    severity: "error",
    what: "text reads on its ground",
    fix: "darken the text or lighten its ground",
    source: CONTRAST,
  },
  "contrast-dark": {
    severity: "error",
    what: "text reads on its ground in the colours that the email itself sets for the dark",
    fix: "set both the text's and the ground's colour in @media (prefers-color-scheme: dark)",
    source: CONTRAST,
  },
  "contrast-inverted": {
    severity: "warning",
    what: "text reads on its ground where a client turns the colours round",
    fix: "move text and ground further apart, and give both a colour",
    source: `${CONTRAST}; ${DARK_CLIENTS}`,
  },
  overflow: {
    severity: "error",
    what: "nothing is wider than a screen of 280, 320 or 375 px",
    fix: "give what is too wide max-width:100%, and let long words break",
    source: "WCAG 2.2 §1.4.10",
  },
  "overflow-unstyled": {
    severity: "warning",
    what: "nothing is wider than a phone's screen where a client has dropped <style>",
    fix: "set widths inline for the phone, and raise them in a media query",
    source: "caniemail.com/features/html-style",
  },
  "dark-page": {
    severity: "warning",
    what: "the page outside the sheet turns dark with it",
    fix: "set the ground on body and on an outer table, in the dark too",
    source: DARK_CLIENTS,
  },
  "tap-target": {
    severity: "warning",
    what: "buttons and links that stand alone are 44 px high to a finger, or one that leads to the same place is",
    fix: "give the link display:inline-block and padding of 12px above and below",
    source: "WCAG 2.2 §2.5.5",
  },
  network: {
    severity: "warning",
    what: "nothing but pictures is asked of a server",
    fix: "take it out: no mail client loads it, and the request tells on the reader",
    source: "caniemail.com/features/html-link",
  },
} as const satisfies Record<string, BrowserRule>;

export type BrowserRuleId = keyof typeof BROWSER_RULES;

/** A finding of a browser rule; what is given beside the message wins over what the rule says. */
export function browserFinding(
  rule: BrowserRuleId,
  finding: Partial<Finding> & Pick<Finding, "message">,
): Finding {
  const { severity, fix, source } = BROWSER_RULES[rule];
  return { rule, severity, fix, source, ...finding };
}
