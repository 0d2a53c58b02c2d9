import type { Place, Severity } from "./finding.ts";
import type { HtmlDocument, MailElement } from "./html-document.ts";
import type { MailMessage } from "./mail-message.ts";
import type { Audience } from "./settings.ts";

/** The parsed target of a check. Missing parts are absent. */
export interface CheckInput {
  /** The name of the issue or the file in the report. */
  readonly target: string;
  readonly subject?: string | undefined;
  readonly html?: HtmlDocument | undefined;
  readonly text?: string | undefined;
  /** The message as it would be sent, or was sent. */
  readonly message?: MailMessage | undefined;
  /** The readers of the email; a mixed list by default. */
  readonly audience?: Audience | undefined;
  /** The links and texts that the newsletter's config requires; undefined for HTML that is not an issue. */
  readonly promises?: Promises | undefined;
  readonly content?: KnownContent | undefined;
  /** The size of the HTML when all merge fields have their longest values. */
  readonly largestBytes?: number | undefined;
  /** The pictures in the issue's folder by their `src`, with their widths in pixels if these are known. */
  readonly pictureWidthsPx?: ReadonlyMap<string, number | undefined> | undefined;
}

/** The links that an issue must contain, as filled in for this check. */
interface Promises {
  readonly unsubscribe: string;
  /** Whether a single click on a web page ends a subscription. */
  readonly isOneClick: boolean;
  readonly web?: string | undefined;
}

/** The known content of an issue. */
interface KnownContent {
  /** Its whole text. A tag in it was written on purpose. */
  readonly text: () => string;
  /** The text of its articles and its letter before an editor's changes. A placeholder in it was written on purpose. */
  readonly unedited: () => string;
  readonly captions: readonly string[];
  /** The addresses of the articles that it links to. */
  readonly links: ReadonlySet<string>;
  readonly postalAddress?: string | undefined;
  /** The reason why the reader gets it. */
  readonly reason: string;
  /** Returns the story that contains an element; undefined outside all stories. */
  readonly storyAt: (element: MailElement) => Pick<Place, "story" | "id"> | undefined;
  /** The ids of the stories that an editor has accepted. */
  readonly accepted?: ReadonlySet<string>;
}

/** The reason why a rule had no input. */
export class NothingToCheck {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

/** The outcome of a rule: a fault in words, one or several structured faults, or no input. */
export type Outcome = string | Fault | readonly Fault[] | NothingToCheck;

export interface RuleFacts {
  readonly id: string;
  readonly severity: Severity;
  /** The requirement that the rule checks, in one sentence. */
  readonly what: string;
  /** The source of the rule: an RFC, a WCAG criterion, a page of a mail client. */
  readonly source: string;
  readonly fix: string;
}

/** A rule checks one requirement of an email. The room `review` adds rules that need more than the mail. */
export interface Rule<Input = CheckInput> extends RuleFacts {
  run(input: Input): Outcome;
}

/** Makes rules that need a part of the input. If it is missing, the report says why. */
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

/** Makes a rule for the HTML part. */
export function htmlRule<Input extends CheckInput = CheckInput>(
  facts: RunningOn<readonly [html: HtmlDocument, input: Input]>,
): Rule<Input> {
  const given = (input: Input) => input.html && ([input.html, input] as const);
  return needing(given, "there is no HTML")(facts);
}

/** Makes a rule for a message: its header, its parts and their encoding. */
export const messageRule = needing(
  (input: CheckInput) => input.message && ([input.message, input] as const),
  "there is no message: give an .eml, or an issue",
);

/** A fault as a rule reports it. */
export interface Fault {
  readonly message: string;
  /** The remedy, if it differs from the rule's. */
  readonly fix?: string;
  readonly severity?: Severity;
  readonly holds?: boolean;
  readonly source?: string;
  /** The share of readers affected, from 0 to 1; all readers if it is absent. */
  readonly reach?: number;
  /** The features of HTML and CSS that it concerns, by their names at caniemail.com. */
  readonly features?: readonly string[];
  /** All places with the fault. */
  readonly at?: readonly Spot[];
}

/** An element of the HTML, any other object with a line, or a story by its headline. */
export type Spot = MailElement | { readonly line: number } | (Place & { readonly story: string });

/** Makes one fault for several places; none if there is no place. */
export function faultAt(
  at: readonly Spot[],
  message: string | ((count: number) => string),
  more: Omit<Fault, "message" | "at"> = {},
): Fault[] {
  if (at.length === 0) return [];
  return [{ message: typeof message === "string" ? message : message(at.length), at, ...more }];
}

/** For example `plural(1, "picture has", "pictures have")`. */
export function plural(count: number, one: string, many: string): string {
  return count === 1 ? `one ${one}` : `${count} ${many}`;
}

/** A text in quotation marks for a finding: on one line, and shortened if it is long. */
export function quoted(text: string): string {
  const line = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
  return `“${line.length > 48 ? `${line.slice(0, 47).trimEnd()}…` : line}”`;
}
