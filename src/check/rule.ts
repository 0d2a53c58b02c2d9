import type { Place, Severity } from "./finding.ts";
import type { HtmlDocument, MailElement } from "./html-document.ts";
import type { MailMessage } from "./mail-message.ts";
import type { Audience } from "./settings.ts";

/** What is checked, everything in it parsed. What there is none of is left out. */
export interface CheckInput {
  /** The issue or the file, as the report names it. */
  readonly target: string;
  readonly subject?: string | undefined;
  readonly html?: HtmlDocument | undefined;
  readonly text?: string | undefined;
  /** The message as it would be sent, or was. */
  readonly message?: MailMessage | undefined;
  /** The readers of the email; a mixed list by default. */
  readonly audience?: Audience | undefined;
  /** What the newsletter's config gives its readers; undefined for HTML that is no issue of a newsletter. */
  readonly promises?: Promises | undefined;
  readonly content?: KnownContent | undefined;
  /** How large the HTML is with the longest of everything filled in that differs per reader. */
  readonly largestBytes?: number | undefined;
  /**
   * The pictures that lie in the issue's folder, by their `src`, and how many pixels wide each is where
   * that is known.
   */
  readonly pictureWidthsPx?: ReadonlyMap<string, number | undefined> | undefined;
}

/** The links that an issue must hold, as they are filled in what is checked. */
interface Promises {
  readonly unsubscribe: string;
  /** Whether one click at a web address ends a subscription. */
  readonly isOneClick: boolean;
  readonly web?: string | undefined;
}

/** What the sender knows of the content of an issue. */
interface KnownContent {
  /** All that is written in it: a tag or a placeholder in there was written on purpose. */
  readonly text: () => string;
  /** The captions of its pictures. */
  readonly captions: readonly string[];
  /** The addresses of the articles it links to. */
  readonly links: ReadonlySet<string>;
  readonly postalAddress?: string | undefined;
  /** Why the reader gets it. */
  readonly reason: string;
  /** The story that an element is in; undefined outside all stories. */
  readonly storyAt: (element: MailElement) => Pick<Place, "story" | "id"> | undefined;
  /** The ids of the stories that an editor has looked at and accepted as they are. */
  readonly accepted?: ReadonlySet<string>;
}

/** Why a rule had nothing to go by. */
export class NothingToCheck {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

/** What a rule comes to: a fault in words or with more, several, or none. */
export type Outcome = string | Fault | readonly Fault[] | NothingToCheck;

/** What every rule says of itself. */
export interface RuleFacts {
  readonly id: string;
  readonly severity: Severity;
  /** What holds where nothing is found, in one sentence. */
  readonly what: string;
  /** The source of the rule: an RFC, a WCAG criterion, a page of a mail client. */
  readonly source: string;
  readonly fix: string;
}

/** A rule states one thing that an email must be or have. The room `review` adds rules that need more than the mail. */
export interface Rule<Input = CheckInput> extends RuleFacts {
  run(input: Input): Outcome;
}

/** Makes rules of those that need some of the input: where there is none of it, the report says why. */
export function needing<Input, Given extends readonly unknown[]>(
  given: (input: Input) => Given | undefined,
  why: string,
) {
  return (facts: RunningOn<Given>): Rule<Input> => ({
    ...facts,
    run(input) {
      const found = given(input);
      return found ? facts.run(...found) : new NothingToCheck(why);
    },
  });
}

type RunningOn<Given extends readonly unknown[]> = RuleFacts & {
  readonly run: (...given: Given) => Outcome;
};

/** A rule about the HTML part. */
export function htmlRule<Input extends CheckInput = CheckInput>(
  facts: RunningOn<readonly [html: HtmlDocument, input: Input]>,
): Rule<Input> {
  const given = (input: Input) => input.html && ([input.html, input] as const);
  return needing(given, "there is no HTML")(facts);
}

/** A rule about a message: its header, its parts and how they are encoded. */
export const messageRule = needing(
  (input: CheckInput) => input.message && ([input.message, input] as const),
  "there is no message: give an .eml, or an issue",
);

/** A fault as a rule states it. */
export interface Fault {
  readonly message: string;
  /** The way to mend it, if it is another than the rule's. */
  readonly fix?: string;
  readonly severity?: Severity;
  readonly holds?: boolean;
  readonly source?: string;
  /** The share of readers that it meets, from 0 to 1; all of them where it is left out. */
  readonly reach?: number;
  /** What of HTML and CSS it is about, as caniemail.com names it. */
  readonly features?: readonly string[];
  /** Every place that has it. */
  readonly at?: readonly Spot[];
}

/** An element of the HTML, whatever knows its line, or a story by its headline. */
export type Spot = MailElement | { readonly line: number } | (Place & { readonly story: string });

/** Makes one fault of several places; none if there is no place. */
export function faultAt(
  at: readonly Spot[],
  message: string | ((count: number) => string),
  more: Omit<Fault, "message" | "at"> = {},
): Fault[] {
  if (at.length === 0) return [];
  return [{ message: typeof message === "string" ? message : message(at.length), at, ...more }];
}

/** `plural(1, "picture has", "pictures have")` */
export function plural(count: number, one: string, many: string): string {
  return count === 1 ? `one ${one}` : `${count} ${many}`;
}

/** A text as it is quoted in a finding: on one line, and not all of a long one. */
export function quoted(text: string): string {
  const line = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
  return `“${line.length > 48 ? `${line.slice(0, 47).trimEnd()}…` : line}”`;
}
