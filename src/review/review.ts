import {
  checkEmail,
  HTML_RULES as MAIL_HTML_RULES,
  MESSAGE_RULES as MAIL_RULES,
  messageInput,
  tallyOver,
} from "../check/check-email.ts";
import type { Report, Tally } from "../check/finding.ts";
import { type HtmlDocument, parseHtml } from "../check/html-document.ts";
import type { Audience } from "../check/settings.ts";
import { fillMergeFields, type Mailing, type Message } from "../delivery/compile-message.ts";
import { shownEntries } from "../digest/arrange/weights.ts";
import type { Slots } from "../digest/copy/slots.ts";
import { type Digest, type Entry, flatEntries, idOf } from "../digest/digest.ts";
import { parseBuiltDigest } from "../digest/digest-json.ts";
import { flatBlocks } from "../article/letter-block.ts";
import { letterBlocks } from "../digest/letter-blocks.ts";
import type { Email } from "../email/email.ts";
import { labelsFor } from "../email/labels.ts";
import type { Rule } from "../check/rule.ts";
import type { Recipient } from "../subscribers/recipient.ts";
import type { MarkedLine, ReviewInput } from "./rule.ts";
import { COPY_RULES } from "./rules/copy.ts";
import { EDITORIAL_RULES } from "./rules/editorial.ts";
import { parityOfIssue, PICTURE_RULES, PLACEHOLDER, STORY_HEADINGS } from "./rules/mail.ts";
import { linesIn } from "./lines.ts";
import { readyOf } from "./ready.ts";
import { READING_RULES } from "./rules/reading.ts";
import { shownArticles, storiesIn, storyAt } from "./stories.ts";

/** Rules for issues. Each is reported after the rule for all mails whose id is its key here. */
const AFTER: Readonly<Record<string, readonly Rule<ReviewInput>[]>> = {
  "image-source": PICTURE_RULES,
  headings: [STORY_HEADINGS],
};

export const HTML_RULES: readonly Rule<ReviewInput>[] = MAIL_HTML_RULES.flatMap((rule) =>
  [rule, AFTER[rule.id] ?? []].flat(),
);

export const MESSAGE_RULES: readonly Rule<ReviewInput>[] = [
  PLACEHOLDER,
  ...MAIL_RULES.map((rule) => (rule.id === "parity" ? parityOfIssue(rule) : rule)),
];

export const ISSUE_RULES: readonly Rule<ReviewInput>[] = [
  ...READING_RULES,
  ...EDITORIAL_RULES,
  ...COPY_RULES,
];

/** All rules that need no browser. Findings of the same severity are reported in this order. */
const RULES: readonly Rule<ReviewInput>[] = [...HTML_RULES, ...MESSAGE_RULES, ...ISSUE_RULES];

/** Checks an issue as one reader gets it. */
export async function checkIssue(issue: IssueMail): Promise<Report> {
  return reviewMail(await issueInput(issue));
}

/** Checks a mail with all rules. Without an issue, the rules for issues are listed in `notRun`. */
export function reviewMail(input: ReviewInput): Report {
  const report = checkEmail(input, RULES);
  const { html, digest, built } = input;
  const ready = html && digest && readyOf(linesIn(html, digest, input), digest, built);
  return ready === undefined || typeof ready === "string" ? report : { ...report, ready };
}

/** Counts the rules that were run and the rules that passed. */
export function tallyOf(report: Pick<Report, "findings" | "notRun">): Tally {
  return tallyOver(RULES, report);
}

/** An issue as one reader would get it. */
export interface IssueMail {
  readonly digest: Digest;
  /** The JSON of the built digest, if an editor may have changed it since. */
  readonly built?: string | undefined;
  /** The email with its merge fields, and local pictures as `images/…`. */
  readonly email: Email;
  readonly mailing: Mailing;
  readonly reader: Recipient;
  readonly message: Message;
  /** The file names in the issue's `images/`. */
  readonly pictures: readonly string[];
  readonly audience?: Audience | undefined;
  /** The slots for text of its template. Undefined if they are unknown. */
  readonly slots?: Slots | undefined;
  /** The least probability of an issue that is called ready. */
  readonly leastReady?: number | undefined;
}

/** Prepares an issue for the rules: the mail of one reader, and the digest that it must show. */
export async function issueInput(issue: IssueMail): Promise<ReviewInput> {
  const { digest, built, email, mailing, reader, audience, slots, leastReady } = issue;
  const { html, text, subject } = fillMergeFields(email, reader, mailing);
  const mail = await messageInput(issue.message.raw, html);
  return {
    ...mail,
    target: `${digest.issue.newsletter}/${digest.issue.slot}`,
    subject,
    text,
    digest,
    slots,
    built,
    leastReady,
    ownWords: await ownWordsIn(issue),
    audience,
    promises: {
      unsubscribe: filledSlot("unsubscribeUrl", issue),
      isOneClick: mailing.links?.unsubscribe !== undefined,
      web: filledSlot("webUrl", issue) || undefined,
    },
    content: contentOf(digest, mail.html, built),
    largestBytes: Buffer.byteLength(fillMergeFields(email, LARGEST_READER, mailing).html),
    pictureWidthsPx: widthsOf(issue),
  };
}

/** Collects the values of a digest with which its mail is checked. */
export function contentOf(
  digest: Digest,
  html: HtmlDocument | undefined,
  built?: string,
): ReviewInput["content"] {
  const articles = shownArticles(digest);
  const { name = digest.issue.newsletter, reason, postalAddress } = digest.publication ?? {};
  let text: string | undefined;
  return {
    text: () => (text ??= JSON.stringify(digest)),
    unedited: () => {
      const { sections, letter } = (built && parseBuiltDigest(built)) || digest;
      // An editor may bring a story, but does not change its text.
      return JSON.stringify([sections, letter, articles.map((article) => article.text)]);
    },
    captions: articles.flatMap(({ images }) => images.flatMap(({ caption }) => caption || [])),
    links: new Set(articles.flatMap(({ url }) => url ?? [])),
    postalAddress,
    reason: reason ?? labelsFor(digest.language).reason(name),
    storyAt: (element) => html && storyAt(element, html, digest),
    accepted: new Set(shownEntries(digest).flatMap((entry) => (entry.accepted ? idOf(entry) : []))),
  };
}

/** The check of a model's words is large. It is loaded only if an issue contains some. */
async function ownWordsIn({ digest, built }: IssueMail): Promise<ReviewInput["ownWords"]> {
  const written = shownEntries(digest).filter(
    (entry) => entry.accepted !== true && isWrittenByModel(entry.summary),
  );
  if (written.length === 0) return undefined;
  const { ownWords } = await import("../summary/faithfulness/faithfulness.ts");
  const before = flatEntries((built && parseBuiltDigest(built)) || digest);
  const asBuilt = new Set(
    before.flatMap(({ summary: { gist, keyPoints } }) =>
      [gist, ...keyPoints].map(({ text }) => text),
    ),
  );
  return written.map((entry) => ({
    entry,
    lines: ownWords(entry.article, entry.summary).map((line): MarkedLine =>
      Object.assign(line, { isModels: asBuilt.has(line.text) }),
    ),
  }));
}

/** Whether a model wrote lines of a summary. An author's own first line may precede a model's key points. */
export function isWrittenByModel({ origin, keyPoints }: Entry["summary"]): boolean {
  const isAuthors = origin === "author" && keyPoints.some(({ start }) => start === undefined);
  return origin === "model" || isAuthors;
}

/**
 * Larger than any real reader: a name of 200 letters of which HTML writes each with five, an address of the maximum length
 * of RFC 5321 §4.5.3.1.3, and a token twice as long as ours.
 */
const LARGEST_READER = {
  name: "&".repeat(200),
  address: `${"&".repeat(64)}@${"a".repeat(185)}.org`,
  token: "t".repeat(200),
};

/** Returns the value of a merge field for this reader, or "" if the email does not contain it. */
function filledSlot(
  slot: "unsubscribeUrl" | "webUrl",
  { email, reader, mailing }: IssueMail,
): string {
  const token = email.slots[slot];
  return token === undefined
    ? ""
    : fillMergeFields({ ...email, html: "", text: token }, reader, mailing).text;
}

function widthsOf({ digest, pictures }: IssueMail): ReadonlyMap<string, number | undefined> {
  const inLetter = flatBlocks(digest.letter ? letterBlocks(digest.letter) : []).flatMap((block) =>
    block.kind === "picture" && block.src !== undefined
      ? [{ src: block.src, widthPx: block.widthPx }]
      : [],
  );
  const images = [...flatEntries(digest).flatMap(({ article }) => article.images), ...inLetter];
  const widths = new Map(images.map(({ src, widthPx }) => [src, widthPx]));
  return new Map(pictures.map((name) => [`images/${name}`, widths.get(`images/${name}`)]));
}

/** The size of an email's HTML by part, in bytes of UTF-8. */
interface EmailCost {
  readonly total: number;
  /** The part before the first story: styles, masthead, letter. */
  readonly head: number;
  /** In the order of the HTML. */
  readonly stories: readonly { readonly headline: string; readonly bytes: number }[];
  /** The parts between and after the stories: headings of sections, the footer. */
  readonly rest: number;
}

/** Returns the size of each story in the HTML, of which Gmail shows a limited number of bytes. */
export function storyCosts(html: string, digest: Digest): EmailCost {
  const bytes = (start: number, end?: number) => Buffer.byteLength(html.slice(start, end));
  const regions = storiesIn(parseHtml(html), digest);
  const stories = regions.map(({ headline, start, end }) => {
    return { headline, bytes: bytes(start, end) };
  });
  const [total, head] = [bytes(0), bytes(0, regions[0]?.start)];
  const inStories = stories.reduce((sum, story) => sum + story.bytes, 0);
  return { total, head, stories, rest: total - head - inStories };
}
