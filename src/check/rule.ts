import type { Article } from "../article/article.ts";
import type { Digest } from "../digest/digest.ts";
import type { OwnWords } from "../summary/own-words.ts";
import type { Place, Severity } from "./finding.ts";
import type { HtmlDocument, MailElement } from "./html/mail-element.ts";
import type { MailMessage } from "./message/mail-message.ts";
import type { Audience } from "./support/audience.ts";

/** What is checked, everything in it parsed. What there is none of is left out. */
export interface CheckInput {
  /** The issue or the file, as the report names it. */
  readonly target: string;
  readonly subject?: string | undefined;
  readonly html?: HtmlDocument | undefined;
  readonly text?: string | undefined;
  /** As it would be sent, or was. */
  readonly message?: MailMessage | undefined;
  /** The model that an issue was rendered from. */
  readonly digest?: Digest | undefined;
  /** What a model wrote of a story that its article doesn't surely say; of those alone that a model wrote of. */
  readonly ownWords?: ReadonlyMap<Article, readonly OwnWords[]> | undefined;
  /** Who reads it; a mixed list where nothing is said. */
  readonly audience?: Audience | undefined;
  /** What the newsletter's config gives its readers; undefined for HTML that is no issue of a newsletter. */
  readonly promises?: Promises | undefined;
  /** How large the HTML is with the longest of everything filled in that differs per reader. */
  readonly largestBytes?: number | undefined;
  /**
   * The pictures that lie in the folder, by their `src`, and how many pixels wide each is where
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

/** One fault, as a rule states it. */
export interface Fault {
  readonly message: string;
  /** Where it isn't the rule's own. */
  readonly fix?: string;
  readonly severity?: Severity;
  readonly source?: string;
  readonly reach?: number;
  readonly features?: readonly string[];
  /** Every place that has it. */
  readonly at?: readonly (MailElement | Place)[];
}

/** Why a rule had nothing to go by. */
export class NothingToCheck {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

export type Outcome = readonly Fault[] | NothingToCheck;

/** What every rule says of itself. */
export interface RuleFacts {
  readonly id: string;
  readonly severity: Severity;
  /** What holds where nothing is found, in one sentence. */
  readonly what: string;
  /** Who says so: an RFC, a WCAG criterion, a client's page. */
  readonly source: string;
  readonly fix: string;
}

/** One thing that an email must be or have. */
export interface Rule extends RuleFacts {
  run(input: CheckInput): Outcome;
}

/** A rule about the HTML part. */
export function htmlRule(
  facts: RuleFacts & { readonly run: (html: HtmlDocument, input: CheckInput) => Outcome },
): Rule {
  const { run } = facts;
  return {
    ...facts,
    run: (input) => (input.html ? run(input.html, input) : new NothingToCheck("there is no HTML")),
  };
}

/** A rule about a message: its header, its parts and how they are encoded. */
export function messageRule(
  facts: RuleFacts & { readonly run: (message: MailMessage, input: CheckInput) => Outcome },
): Rule {
  const { run } = facts;
  return {
    ...facts,
    run: (input) =>
      input.message
        ? run(input.message, input)
        : new NothingToCheck("there is no message: give an .eml, or an issue"),
  };
}

/** One fault that stands in several places, or none where there is none. */
export function faultAt(
  at: readonly (MailElement | Place)[],
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
