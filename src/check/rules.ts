import type { Rule, RuleFacts } from "./rule.ts";
import { CHROME_RULES } from "./rules/chrome.ts";
import { CLIENT_RULES } from "./rules/clients.ts";
import { DOCUMENT_RULES, STRUCTURE_RULES } from "./rules/document.ts";
import { HEADER_RULES } from "./rules/headers.ts";
import { IMAGE_RULES, LAYOUT_RULES } from "./rules/images.ts";
import { LEFTOVER_RULES, PLACEHOLDER_RULES } from "./rules/leftovers.ts";
import { LINK_RULES } from "./rules/links.ts";
import { PART_RULES } from "./rules/parts.ts";
import { EDITORIAL_RULES } from "./rules/editorial.ts";
import { READING_RULES } from "./rules/reading.ts";
import { SUPPORT_RULES } from "./rules/support.ts";
import { COLOUR_RULES, DARK_RULES, TYPE_RULES } from "./rules/look.ts";
import type { Finding } from "./finding.ts";

/** What holds for the HTML part. Of the same weight, findings are reported in this order. */
export const HTML_RULES: readonly Rule[] = [
  ...LEFTOVER_RULES,
  ...LINK_RULES,
  ...CHROME_RULES,
  ...IMAGE_RULES,
  ...COLOUR_RULES,
  ...CLIENT_RULES,
  ...STRUCTURE_RULES,
  ...DOCUMENT_RULES,
  ...TYPE_RULES,
  ...LAYOUT_RULES,
  ...DARK_RULES,
  ...SUPPORT_RULES,
];

/** What holds for a message: its header, its parts, and that they say the same. */
export const MESSAGE_RULES: readonly Rule[] = [
  ...PLACEHOLDER_RULES,
  ...HEADER_RULES,
  ...PART_RULES,
];

/** What holds for the model that an issue was rendered from. */
export const ISSUE_RULES: readonly Rule[] = [...READING_RULES, ...EDITORIAL_RULES];

/** Every rule that needs no browser. */
export const RULES: readonly Rule[] = [...HTML_RULES, ...MESSAGE_RULES, ...ISSUE_RULES];

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
} as const satisfies Record<string, Omit<RuleFacts, "id">>;

export type BrowserRuleId = keyof typeof BROWSER_RULES;

/** A finding of a browser rule; what is given beside the message wins over what the rule says. */
export function browserFinding(
  rule: BrowserRuleId,
  finding: Partial<Finding> & Pick<Finding, "message">,
): Finding {
  const { severity, fix, source } = BROWSER_RULES[rule];
  return { rule, severity, fix, source, ...finding };
}

/** A rule that takes more than the email: a browser, the network, a key, another program. */
interface OutsideRule extends RuleFacts {
  /** Why it isn't run where it is not asked for. */
  readonly why: string;
}

export const LINKS_ANSWER: OutsideRule = {
  id: "links-answer",
  severity: "error",
  what: "Every link answers: each address is asked once, at no private address, over at most 5 redirects",
  source: "RFC 9110 §15",
  fix: "correct the address, or take the link out",
  why: "nothing is fetched: give --links",
};

export const DKIM_VERIFIES: OutsideRule = {
  id: "dkim-verifies",
  severity: "error",
  what: "The DKIM signature verifies with the public key",
  source: "RFC 6376 §6",
  fix: "sign the message last, and publish the key that belongs to it",
  why: "no key is known: give --dkim-key with the public key, or its DNS record, in a file",
};

export const SPAM_WORDS: OutsideRule = {
  id: "spam-words",
  severity: "info",
  what: "What SpamAssassin makes of the message by its words and form, without asking the network",
  source: "spamassassin -L -t",
  fix: "see what each of its rules says",
  why: "it takes SpamAssassin: `broadsheet check` asks it where it is installed",
};

/** What is listed as not run where only the email is looked at. */
export const OUTSIDE_RULES: readonly OutsideRule[] = [
  LINKS_ANSWER,
  DKIM_VERIFIES,
  SPAM_WORDS,
  ...Object.entries(BROWSER_RULES).map(([id, { severity, what, source, fix }]) => {
    return { id, severity, what, source, fix, why: "it takes a browser: give --browser" };
  }),
];
