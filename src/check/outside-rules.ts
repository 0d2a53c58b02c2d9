import type { RuleFacts } from "./rule.ts";

const CONTRAST = "WCAG 2.2 §1.4.3";
const DARK_CLIENTS = "litmus.com/blog/the-ultimate-guide-to-dark-mode-for-email-marketers";

const DESIGN = "Broadsheet: what a designer would send back";

/** The rules of `check --browser` by id. Without the flag they are listed as "not run". */
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
  "picture-lost": {
    severity: "warning",
    what: "every picture stands out from its ground, light and dark",
    fix: "give the picture a ground of its own, or leave it out",
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
    what: "no text is nearer than 8 px to a rule, another story or another cell, in any view",
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
    fix: "leave out the contents, or shorten what stands above the headline",
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

/** The rules that are listed as not run if only the email itself is checked. */
export const OUTSIDE_RULES: readonly OutsideRule[] = [
  LINKS_ANSWER,
  DKIM_VERIFIES,
  SPAM_WORDS,
  ...Object.entries(BROWSER_RULES).map(([id, { severity, what, source, fix }]) => {
    return { id, severity, what, source, fix, why: "it takes a browser: give --browser" };
  }),
];
