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

/** The input of the rules: a mail and, for an issue, the digest that it must show. */
export interface ReviewInput extends CheckInput {
  /** The digest of an issue. Undefined for any other mail. */
  readonly digest?: Digest | undefined;
  /** The slots for text of its template. */
  readonly slots?: Slots | undefined;
  /** The stories that a model wrote, in the order of the issue. */
  readonly ownWords?: readonly StoryWords[] | undefined;
  /** The JSON of the built digest, if an editor may have changed it since. */
  readonly built?: string | undefined;
  /** The least probability of an issue that is called ready. */
  readonly leastReady?: number | undefined;
}

/** The lines of a story that its article does not clearly support. */
interface StoryWords {
  readonly entry: Entry;
  readonly lines: readonly MarkedLine[];
}

/** A line that its article does not clearly support. It is the model's if no editor has changed it. */
export interface MarkedLine extends OwnWords {
  readonly isModels: boolean;
}

/** Makes a rule for issues from a function of the digest and the printed lines. */
export const issueRule = needing((input: ReviewInput): Given | undefined => {
  const { digest, html } = input;
  return digest && html && [digest, linesIn(html, digest, input), { ...input, html }];
}, "it needs an issue");

type Given = readonly [Digest, Printed, ReviewInput & { readonly html: HtmlDocument }];

/** Makes a rule for each printed story. `says` returns the fault of a story, if it has one. */
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

export type Shown = Printed["stories"][number]["lines"];

/** Makes the fault of a story. `mends` names the place that an editor can change. */
export function atStory(
  entry: Entry,
  message: string,
  mends: Pick<Place, "sentence" | "headline" | "other"> = {},
): Fault {
  return { message, at: [{ story: headlineOf(entry), id: idOf(entry), ...mends }] };
}

/** Returns the name of a story in a finding. */
export function titled(entry: Entry): string {
  return quoted(headlineOf(entry));
}
