import { BROWSER_RULES } from "./browser-rules.ts";
import type { NotRun } from "./finding.ts";
import type { RuleFacts } from "./rule.ts";

/** A rule that takes more than the email: a browser, the network, a key, another program. */
export interface OutsideRule extends RuleFacts {
  /** Why it isn't run where nobody asks for it. */
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
  what: "The DKIM signature verifies with the public key, whoever has the message",
  source: "RFC 6376 §6",
  fix: "sign the message last, and publish the key that belongs to it",
  why: "no key is known: give --dkim-key with the public key, or its DNS record, in a file",
};

export const SPAM_WORDS: OutsideRule = {
  id: "spam-words",
  severity: "info",
  what: "What SpamAssassin makes of the message by its words and form, without asking anybody",
  source: "spamassassin -L -t",
  fix: "see what each of its rules says",
  why: "it takes SpamAssassin: `broadsheet check` asks it where it is installed",
};

/** All that is listed as not run where only the email is looked at. */
export const OUTSIDE_RULES: readonly OutsideRule[] = [
  LINKS_ANSWER,
  DKIM_VERIFIES,
  SPAM_WORDS,
  ...Object.entries(BROWSER_RULES).map(([id, { severity, what, source, fix }]) => {
    return { id, severity, what, source, fix, why: "it takes a browser: give --browser" };
  }),
];

export const NOT_RUN_OUTSIDE: readonly NotRun[] = OUTSIDE_RULES.map(({ id, why }) => ({
  rule: id,
  why,
}));
