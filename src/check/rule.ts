import type { Article } from "../article/article.ts";
import type { Digest } from "../digest/digest.ts";
import type { OwnWords } from "../summary/faithfulness/faithfulness.ts";
import type { Fault } from "./fault.ts";
import type { Severity } from "./finding.ts";
import { type HtmlDocument, memo } from "./html/mail-element.ts";
import type { MailMessage } from "./message/mail-message.ts";
import type { Audience } from "./support/audience.ts";
import { visibleText } from "./content/shown-text.ts";
import { folded } from "../email/typography.ts";

/** A line that its article doesn't surely say: a model's, as long as no editor has changed it. */
export interface MarkedLine extends OwnWords {
  readonly isModels: boolean;
}

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
  readonly ownWords?: ReadonlyMap<Article, readonly MarkedLine[]> | undefined;
  /** Who reads it; a mixed list where nothing is said. */
  readonly audience?: Audience | undefined;
  /** What the newsletter's config gives its readers; undefined for HTML that is no issue of a newsletter. */
  readonly promises?: PromisedLinks | undefined;
  /** How large the HTML is with the longest of everything filled in that differs per reader. */
  readonly largestBytes?: number | undefined;
  /**
   * The pictures that lie in the issue's folder, by their `src`, and how many pixels wide each is where
   * that is known.
   */
  readonly pictureWidthsPx?: ReadonlyMap<string, number | undefined> | undefined;
}

/** The links that an issue must hold, as they are filled in what is checked. */
interface PromisedLinks {
  readonly unsubscribe: string;
  /** Whether one click at a web address ends a subscription. */
  readonly isOneClick: boolean;
  readonly web?: string | undefined;
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
  /** Who says so: an RFC, a WCAG criterion, a client's page. */
  readonly source: string;
  readonly fix: string;
}

/** One thing that an email must be or have. */
export interface Rule extends RuleFacts {
  run(input: CheckInput): Outcome;
}

/** Makes rules of those that need some of the input: where there is none of it, the report says why. */
function needing<Given extends readonly unknown[]>(
  given: (input: CheckInput) => Given | undefined,
  why: string,
) {
  return (facts: RuleFacts & { readonly run: (...given: Given) => Outcome }): Rule => ({
    ...facts,
    run(input) {
      const found = given(input);
      return found ? facts.run(...found) : new NothingToCheck(why);
    },
  });
}

type Needs<Part> = readonly [part: Part, input: CheckInput];

/** A rule about the HTML part. */
export const htmlRule = needing(
  (input): Needs<HtmlDocument> | undefined => input.html && [input.html, input],
  "there is no HTML",
);

/** A rule about a message: its header, its parts and how they are encoded. */
export const messageRule = needing(
  (input): Needs<MailMessage> | undefined => input.message && [input.message, input],
  "there is no message: give an .eml, or an issue",
);

const NO_ISSUE = "it takes an issue";

/** A rule about the model of an issue, whatever its template shows of it. */
export const digestRule = needing(
  (input): Needs<Digest> | undefined => input.digest && [input.digest, input],
  NO_ISSUE,
);

interface WithHtml extends CheckInput {
  readonly html: HtmlDocument;
}

/** A rule about the texts of an issue that its readers see. */
export const shownRule = needing((input): readonly [Digest, Shown, WithHtml] | undefined => {
  const { digest, html } = input;
  return digest && html && [digest, shownIn(html), { ...input, html }];
}, NO_ISSUE);

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
