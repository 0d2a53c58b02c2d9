import { type Family, NEVER, rulesOf } from "./family.ts";

const { rule, says } = rulesOf("article");

const LINES = [
  "comments",
  "related",
  "share",
  "tags",
  "subscribe",
  "legal",
  "navigation",
  "advertisement",
];

/** The rules of article/, beside its trees and after them. */
export const ARTICLE_FAMILIES: readonly Family[] = [
  ...LINES.map((kind) => rule(`lines: ${kind}`, "boilerplate.json", kind, "{}")),
  rule("lines with a part that varies", "boilerplate.ts", "PATTERNS", "[]"),
  says("cookie notices", "boilerplate.ts", "isCookieNotice", "false"),
  rule("shapes of pages alone", "page/reasons.ts", "SHAPES", "[]"),
  says("pointers to other stories", "page/reasons.ts", "pointsByWords", "false"),
  says("heads of other stories", "page/reasons.ts", "headsOtherStories", "false"),
  says("reasons by markup", "page/reasons.ts", "reasonByMarkup", "undefined"),
  says("captions: in a figure", "page/captions.ts", "isInFigure", "false"),
  says("captions: under a picture", "page/captions.ts", "isUnderPicture", "false"),
  says("captions: counters", "page/captions.ts", "withoutCounter", "text"),
  says("captions: marks", "page/captions.ts", "withoutMark", "text"),
  says("signs: pointers", "page/signs.ts", "pointersAmong", "[]"),
  says("signs: the part marked as story", "page/signs.ts", "markedStory", "undefined"),
  says("signs: standfirsts", "page/signs.ts", "isStandfirst", "false"),
  rule("descriptions: to readers", "own-description.ts", "TO_READERS", NEVER),
  says("descriptions: unfaithful", "own-description.ts", "isFaithful", "true"),
  rule("gates: scripts", "page.ts", "SCRIPT", NEVER),
  rule("gates: robots", "page.ts", "GATE", NEVER),
  rule("bylines: uncased, before", "byline.ts", "UNCASED_PREFIX", NEVER),
  rule("bylines: uncased, after", "byline.ts", "UNCASED_SUFFIX", NEVER),
  says("sites: short names", "page/metadata/title.ts", "shortSiteName", "declared"),
];
