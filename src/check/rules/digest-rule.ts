import type { Digest, Entry } from "../../digest/digest.ts";
import { headlineOf } from "../../digest/digest.ts";
import { memo, type HtmlDocument } from "../html/mail-element.ts";
import { type CheckInput, type Fault, NothingToCheck, type Rule, type RuleFacts } from "../rule.ts";
import { quoted, visibleText } from "../content/shown-text.ts";
import { folded } from "../../email/typography.ts";

/** What readers see of the texts of an issue: a template has no room for all of them. */
export interface Shown {
  /** How often the email has a text. */
  times(text: string): number;
  /** Whether it has a text, or the beginning of a long one. */
  has(text: string): boolean;
}

/** A rule about the model of an issue, whatever its template shows of it. */
export function digestRule({
  run,
  ...facts
}: RuleFacts & { readonly run: (digest: Digest) => readonly Fault[] }): Rule {
  return {
    ...facts,
    run: ({ digest }) => (digest ? run(digest) : new NothingToCheck("it takes an issue")),
  };
}

interface WithHtml extends CheckInput {
  readonly html: HtmlDocument;
}

/** A rule about the texts of an issue that its readers see. */
export function shownRule({
  run,
  ...facts
}: RuleFacts & {
  readonly run: (digest: Digest, shown: Shown, input: WithHtml) => readonly Fault[];
}): Rule {
  return {
    ...facts,
    run: ({ digest, html, ...input }) =>
      digest && html
        ? run(digest, shownIn(html), { ...input, html })
        : new NothingToCheck("it takes an issue"),
  };
}

/** Where a template cuts a text, so much of it is left. */
const BEGINNING = 60;

const shownIn = memo((html: HtmlDocument): Shown => {
  const all = folded(visibleText(html));
  return {
    times: (text) => all.split(folded(text)).length - 1,
    has: (text) => text !== "" && all.includes(folded(text).slice(0, BEGINNING)),
  };
});

export function atStory(entry: Entry, message: string): Fault {
  return { message, at: [{ story: headlineOf(entry) }] };
}

/** A story as a finding calls it. */
export function titled(entry: Entry): string {
  return quoted(headlineOf(entry));
}
