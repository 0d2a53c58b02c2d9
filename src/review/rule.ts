import type { HtmlDocument } from "../check/html-document.ts";
import {
  type CheckInput,
  type Fault,
  needing,
  quoted,
  type Rule,
  type RuleFacts,
} from "../check/rule.ts";
import type { Place } from "../check/finding.ts";
import type { Slots } from "../digest/copy/slots.ts";
import { type Digest, type Entry, headlineOf, idOf } from "../digest/digest.ts";
import type { OwnWords } from "../summary/faithfulness/faithfulness.ts";
import { linesIn, type Printed } from "./lines.ts";

/** What is checked of an issue: its mail, and the digest that the mail must show. */
export interface ReviewInput extends CheckInput {
  /** The model that an issue was rendered from; undefined for anybody's mail. */
  readonly digest?: Digest | undefined;
  /** The places for text that its template has. */
  readonly slots?: Slots | undefined;
  /** The stories that a model wrote, in the order of the issue. */
  readonly ownWords?: readonly StoryWords[] | undefined;
  /** The text of the digest that was built, where an editor may have changed it since. */
  readonly built?: string | undefined;
  /** How likely an editor must be to send the issue, for it to be called ready. */
  readonly leastReady?: number | undefined;
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

/** A rule over an issue: its digest, and the lines that readers meet. */
export const issueRule = needing((input: ReviewInput): Given | undefined => {
  const { digest, html } = input;
  return digest && html && [digest, linesIn(html, digest, input), { ...input, html }];
}, "it takes an issue");

type Given = readonly [Digest, Printed, ReviewInput & { readonly html: HtmlDocument }];

/** A rule over each story that readers see. `says` states what is wrong with one, if anything is. */
export function storyRule({ says, ...facts }: StoryFacts): Rule<ReviewInput> {
  const run = (digest: Digest, { stories }: Printed) =>
    stories.flatMap((story) =>
      [says(story.entry, story.lines, digest) || []]
        .flat()
        .map((message) => atStory(story.entry, message)),
    );
  return issueRule({ ...facts, run });
}

interface StoryFacts extends RuleFacts {
  readonly says: (
    entry: Entry,
    lines: Shown,
    digest: Digest,
  ) => string | string[] | false | undefined;
}

/** The lines of a story that readers see. */
export type Shown = Printed["stories"][number]["lines"];

/** `mends`: what an editor can mend it with. */
export function atStory(
  entry: Entry,
  message: string,
  mends: Pick<Place, "sentence" | "headline" | "other"> = {},
): Fault {
  return { message, at: [{ story: headlineOf(entry), id: idOf(entry), ...mends }] };
}

/** A story as a finding calls it. */
export function titled(entry: Entry): string {
  return quoted(headlineOf(entry));
}
