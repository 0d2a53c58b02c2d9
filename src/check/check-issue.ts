import { checkEmail } from "./check-email.ts";
import type { Report } from "./finding.ts";
import type { Recipient } from "../subscribers/recipient.ts";
import { fillMergeFields, type Mailing } from "../delivery/compile-message.ts";
import type { Message } from "../delivery/message.ts";
import { type Digest, type Entry, flatEntries } from "../digest/digest.ts";
import { parseBuiltDigest } from "../digest/digest-json.ts";
import type { Email } from "../email/email.ts";
import { shownEntries } from "./content/stories.ts";
import { parseHtml } from "./html/parse-html.ts";
import { readMessage } from "./message/mail-message.ts";
import type { CheckInput, MarkedLine } from "./rule.ts";
import type { Audience } from "./support/audience.ts";

/** What the rules say of an issue, as one reader gets it. */
export async function checkIssue(issue: IssueMail): Promise<Report> {
  return checkEmail(await issueInput(issue));
}

/** An issue as it would go to one reader. */
export interface IssueMail {
  readonly digest: Digest;
  /** The text of the digest that was built, where an editor may have changed it since. */
  readonly built?: string | undefined;
  /** With its merge fields, and local pictures as `images/…`. */
  readonly email: Email;
  readonly mailing: Mailing;
  readonly reader: Recipient;
  readonly message: Message;
  /** The names of the files in the issue's `images/`. */
  readonly pictures: readonly string[];
  readonly audience?: Audience | undefined;
}

/** What is checked of an issue: what its reader gets, and the digest that it must tell. */
export async function issueInput(issue: IssueMail): Promise<CheckInput> {
  const { digest, email, mailing, reader, audience } = issue;
  const { html, text, subject } = fillMergeFields(email, reader, mailing);
  return {
    target: `${digest.issue.newsletter}/${digest.issue.slot}`,
    subject,
    html: parseHtml(html),
    text,
    message: await readMessage(issue.message.raw),
    digest,
    ownWords: await ownWordsIn(issue),
    audience,
    promises: {
      unsubscribe: filledSlot("unsubscribeUrl", issue),
      isOneClick: mailing.links?.unsubscribe !== undefined,
      web: filledSlot("webUrl", issue) || undefined,
    },
    largestBytes: Buffer.byteLength(fillMergeFields(email, LARGEST_READER, mailing).html),
    pictureWidthsPx: widthsOf(issue),
  };
}

/** What judges a model's words is large, and loaded where an issue has some. */
async function ownWordsIn({
  digest,
  built,
}: Pick<IssueMail, "digest" | "built">): Promise<CheckInput["ownWords"]> {
  const written = shownEntries(digest).filter(
    (entry) => entry.accepted !== true && isWrittenByModel(entry),
  );
  if (written.length === 0) return undefined;
  const { ownWords } = await import("../summary/faithfulness/faithfulness.ts");
  const before = flatEntries((built && parseBuiltDigest(built)) || digest);
  const asBuilt = new Set(
    before.flatMap(({ summary: { gist, keyPoints } }) =>
      [gist, ...keyPoints].map(({ text }) => text),
    ),
  );
  const linesOf = ({ article, summary }: Entry) =>
    ownWords(article, summary).map((line): MarkedLine =>
      Object.assign(line, { isModels: asBuilt.has(line.text) }),
    );
  return new Map(written.map((entry) => [entry.article, linesOf(entry)]));
}

/** An author's own first line may stand above a model's key points. */
function isWrittenByModel({ summary: { origin, keyPoints } }: Entry): boolean {
  const isAuthors = origin === "author" && keyPoints.some(({ start }) => start === undefined);
  return origin === "model" || isAuthors;
}

/**
 * More than any reader has: a name of 200 letters that HTML writes in five each, an address as long as
 * RFC 5321 §4.5.3.1.3 lets it be, a token twice as long as ours.
 */
const LARGEST_READER = {
  name: "&".repeat(200),
  address: `${"&".repeat(64)}@${"a".repeat(185)}.org`,
  token: "t".repeat(200),
};

/** What a merge field becomes for this reader; "" where the email has none. */
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
  const images = digest.sections.flatMap(({ entries }) =>
    entries.flatMap(({ article }) => article.images),
  );
  const widths = new Map(images.map(({ src, widthPx }) => [src, widthPx]));
  return new Map(pictures.map((name) => [`images/${name}`, widths.get(`images/${name}`)]));
}
