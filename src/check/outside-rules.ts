import type { RuleFacts } from "./rule.ts";

const CONTRAST = "WCAG 2.2 §1.4.3";
const DARK_CLIENTS = "litmus.com/blog/the-ultimate-guide-to-dark-mode-for-email-marketers";

const DESIGN = "Broadsheet: what a designer would send back";

/** The rules of `check --browser` by id. Without the flag they are listed as "not run". */
export const BROWSER_RULES = {
  axe: {
    severity: "error",
    what: "axe-core finds no barrier for users of screen readers",
    fix: "see the page named as the source",
    source: "deque.com/axe/core-documentation",
  },
  "contrast-light": {
    severity: "error",
    what: "text has enough contrast with its background",
    fix: "darken the text or lighten its background",
    source: CONTRAST,
  },
  "contrast-dark": {
    severity: "error",
    what: "text has enough contrast in the dark colours of the email itself",
    fix: "set the colours of both text and background in @media (prefers-color-scheme: dark)",
    source: CONTRAST,
  },
  "contrast-inverted": {
    severity: "warning",
    what: "text has enough contrast where a client inverts the colours",
    fix: "increase the contrast, and set the colours of both text and background",
    source: `${CONTRAST}; ${DARK_CLIENTS}`,
  },
  overflow: {
    severity: "error",
    what: "nothing is wider than a screen of 280, 320 or 375 px",
    fix: "set max-width:100% on the element, and let long words break",
    source: "WCAG 2.2 §1.4.10",
  },
  "overflow-unstyled": {
    severity: "warning",
    what: "nothing is wider than a phone's screen if a client removes <style>",
    fix: "set widths inline for the phone, and raise them in a media query",
    source: "caniemail.com/features/html-style",
  },
  "dark-page": {
    severity: "warning",
    what: "the page around the email is dark in dark mode too",
    fix: "set the background on body and on an outer table, for dark mode too",
    source: DARK_CLIENTS,
  },
  "tap-target": {
    severity: "warning",
    what: "buttons and separate links are 44 px high for a finger, or another link to the same target is",
    fix: "give the link display:inline-block and padding of 12px above and below",
    source: "WCAG 2.2 §2.5.5",
  },
  network: {
    severity: "warning",
    what: "only pictures are requested from servers",
    fix: "remove it: no mail program loads it, and the request reveals the reader",
    source: "caniemail.com/features/html-link",
  },
  "picture-lost": {
    severity: "warning",
    what: "every picture is visible on its background, light and dark",
    fix: "give the picture a background of its own, or remove it",
    source: DARK_CLIENTS,
  },
  "word-torn": {
    severity: "warning",
    what: "no word or number is broken without a hyphen, in any view at 320, 375 and 600 px",
    fix: "write a shorter word, or put a soft hyphen (U+00AD) where it may break",
    source: DESIGN,
  },
  crowded: {
    severity: "warning",
    what: "no text is closer than 8 px to a rule, another story or another cell, in any view",
    fix: "give the cell or the text more padding, or shorten the text",
    source: DESIGN,
  },
  "lone-word": {
    severity: "warning",
    what: "no headline ends in a line of one short word, in any view",
    fix: "shorten the headline by a word, or bind its last words with a no-break space",
    source: DESIGN,
  },
  "hero-low": {
    severity: "warning",
    what: "the first headline begins on the first screen of a phone, at 900 px at most",
    fix: "remove the contents, or shorten the text above the headline",
    source: DESIGN,
  },
} as const satisfies Record<string, Omit<RuleFacts, "id">>;

export type BrowserRuleId = keyof typeof BROWSER_RULES;

/** The rules that examine all views of an email at once. */
export const VIEW_RULES = [
  "picture-lost",
  "word-torn",
  "crowded",
  "lone-word",
  "hero-low",
] as const satisfies readonly BrowserRuleId[];

/** A rule that needs more than the email: a browser, the network, a key, another program. */
interface OutsideRule extends RuleFacts {
  /** The reason why it does not run by default. */
  readonly why: string;
}

export const LINKS_ANSWER: OutsideRule = {
  id: "links-answer",
  severity: "error",
  what: "Every link works. Each public address is requested once, with at most 5 redirects",
  source: "RFC 9110 §15",
  fix: "correct the address, or remove the link",
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
  what: "SpamAssassin's score of the message by its words and form, without network access",
  source: "spamassassin -L -t",
  fix: "read the descriptions of its rules",
  why: "it needs SpamAssassin: `broadsheet check` uses it if it is installed",
};

/** The rules that are listed as not run if only the email itself is checked. */
export const OUTSIDE_RULES: readonly OutsideRule[] = [
  LINKS_ANSWER,
  DKIM_VERIFIES,
  SPAM_WORDS,
  ...Object.entries(BROWSER_RULES).map(([id, { severity, what, source, fix }]) => {
    return { id, severity, what, source, fix, why: "it takes a browser: give --browser" };
  }),
];
