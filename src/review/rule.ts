import { visibleText } from "../check/content.ts";
import { type HtmlDocument, memo } from "../check/html-document.ts";
import {
  type CheckInput,
  type Fault,
  needing,
  quoted,
  type Rule,
  type RuleFacts,
} from "../check/rule.ts";
import type { Slots } from "../digest/copy/slots.ts";
import { type Digest, type Entry, headlineOf, idOf } from "../digest/digest.ts";
import { folded } from "../platform/text.ts";
import type { OwnWords } from "../summary/faithfulness/faithfulness.ts";
import { shownEntries } from "../digest/arrange/weights.ts";

/** What is checked of an issue: its mail, and the digest that the mail must show. */
export interface ReviewInput extends CheckInput {
  /** The model that an issue was rendered from; undefined for anybody's mail. */
  readonly digest?: Digest | undefined;
  /** The places for text that its template has. */
  readonly slots?: Slots | undefined;
  /** The stories that a model wrote, in the order of the issue. */
  readonly ownWords?: readonly StoryWords[] | undefined;
}

/** The lines of a story that its article doesn't surely say. */
interface StoryWords {
  readonly entry: Entry;
  readonly lines: readonly MarkedLine[];
}

/** A line that its article doesn't surely say: a model's, as long as no editor has changed it. */
export interface MarkedLine extends OwnWords {
  readonly isModels: boolean;
}

/** A rule over an issue: its digest, and what readers see of it. */
export const issueRule = needing((input: ReviewInput): Given | undefined => {
  const { digest, html } = input;
  return digest && html && [digest, shownIn(html), { ...input, html }];
}, "it takes an issue");

type Given = readonly [Digest, Shown, ReviewInput & { readonly html: HtmlDocument }];

/** A rule over each story that readers see. `says` states what is wrong with one, if anything is. */
export function storyRule({ says, ...facts }: StoryFacts): Rule<ReviewInput> {
  const run = (digest: Digest, shown: Shown) =>
    shownEntries(digest).flatMap((entry) =>
      [says(entry, shown, digest) || []].flat().map((message) => atStory(entry, message)),
    );
  return issueRule({ ...facts, run });
}

interface StoryFacts extends RuleFacts {
  readonly says: (
    entry: Entry,
    shown: Shown,
    digest: Digest,
  ) => string | string[] | false | undefined;
}

/** What readers see of the texts of an issue: a template has no room for all of them. */
export interface Shown {
  /** How often the email has a text. */
  times(text: string): number;
  /** Whether it has a text, or the beginning of a long one. */
  has(text: string): boolean;
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

export function atStory(entry: Entry, message: string, sentence?: string): Fault {
  const story = { story: headlineOf(entry), id: idOf(entry) };
  return { message, at: [{ ...story, ...(sentence !== undefined && { sentence }) }] };
}

/** A story as a finding calls it. */
export function titled(entry: Entry): string {
  return quoted(headlineOf(entry));
}
