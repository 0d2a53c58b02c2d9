/** The few words that an email says itself, in one language. */
export interface Labels {
  readonly number: (number: string) => string;
  readonly inThisIssue: string;
  readonly andMore: (count: string) => string;
  readonly keyPoints: string;
  readonly whosWho: string;
  readonly timeline: string;
  readonly inFigures: string;
  readonly source: string;
  /** Before the names of other papers that tell the same story. */
  readonly alsoIn: string;
  readonly moreStories: string;
  /** By the plural category of Intl.PluralRules. */
  readonly minutes: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;
  /** How long the summary takes, and the article. */
  readonly reading: (here: string, inFull: string) => string;
  readonly lengthInFull: (words: string, minutes: string) => string;
  readonly readArticle: string;
  readonly reason: (newsletter: string) => string;
  readonly unsubscribe: string;
  readonly viewInBrowser: string;
  readonly quotes: readonly [open: string, close: string];
}
