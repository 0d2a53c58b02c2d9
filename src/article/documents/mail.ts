import type { Email } from "postal-mime";
import { decodeText } from "../../platform/references.ts";
import type { Source } from "../article.ts";
import { oneLine } from "../clean-text.ts";
import { parseDate } from "../dates.ts";
import { tokensOf } from "../markup/tokens.ts";
import { refusal } from "../refusal.ts";
import words from "./mail-words.json" with { type: "json" };

const MOST_LEVELS = 30;
/** The deepest level of mails that are attached to mails. */
const MOST_FORWARDED = 3;
/** The parser takes 20 µs a line, however short the line is. */
const MOST_LINES = 100_000;
const LONG_LINE = 70;

/**
 * Converts a mail to HTML or text, with its subject, sender and date. A forwarded mail has those of the original. The
 * forwarding header, greeting, signature, quoted mails, unsubscribe lines and the recipient's addresses are left out.
 * @throws BroadsheetError CONTENT_UNSUPPORTED, CONTENT_TOO_LARGE
 */
export async function readMail(
  bytes: Uint8Array,
  location: string,
  forwarded = 0,
): Promise<Source> {
  const lines = bytes.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 0);
  if (lines > MOST_LINES + bytes.length / LONG_LINE)
    throw refusal(location, "is a mail with more lines than any article", COPY, {
      code: "CONTENT_TOO_LARGE",
    });
  const email = await parse(bytes, location);
  const inner = email.attachments.find(({ mimeType }) => mimeType === "message/rfc822")?.content;
  const { html = "", text = "" } = email;
  const isWrapper = oneLine(html === "" ? text : html.replace(/<[^>]*>/g, "")).length < A_FEW_WORDS;
  if (isWrapper && inner && typeof inner !== "string" && forwarded < MOST_FORWARDED)
    return readMail(new Uint8Array(inner), location, forwarded + 1);
  if (html.trim() === "" && text.trim() === "") throw withoutText(email, location);
  const story = html.trim() === "" ? storyOfText(text) : storyOfHtml(html, addressesOf(email));
  const { name = "", address } = email.from ?? {};
  const sender = [name].filter((one) => one !== "" && one !== address);
  const { from = sender, subject = email.subject ?? "", date } = story.head ?? {};
  return {
    format: "document",
    location,
    body: story.body,
    document: {
      form: html.trim() === "" ? "text" : "page",
      title: oneLine(subject).replace(FORWARDED, ""),
      authors: from,
      publishedAt: date ?? parseDate(story.head ? "" : (email.date ?? "")),
    },
  };
}

const A_FEW_WORDS = 200;
const COPY = "copy its text into a .txt file";
const FORWARDED = new RegExp(String.raw`^(?:(?:${words.forwarded})\s*:\s*)+`, "i");

async function parse(bytes: Uint8Array, location: string): Promise<Email> {
  const { default: PostalMime } = await import("postal-mime");
  // A mail attached as a file is read by itself, with its own subject.
  const options = { maxNestingDepth: MOST_LEVELS, forceRfc822Attachments: true };
  return PostalMime.parse(bytes, options).catch((cause: unknown) => {
    throw refusal(location, "is a mail with too many parts nested in each other", COPY, {
      cause,
    });
  });
}

function withoutText({ attachments }: Email, location: string) {
  const isEncrypted = attachments.some(({ mimeType }) => /pgp-encrypted|pkcs7-mime/.test(mimeType));
  if (isEncrypted) return refusal(location, "is an encrypted mail", COPY);
  return refusal(location, "is a mail without text", COPY, { code: "CONTENT_EMPTY" });
}

/** The recipients' addresses in all forms that tracking links use. */
function addressesOf({ to = [], cc = [], bcc = [], deliveredTo = "" }: Email): string[] {
  const all = [...to, ...cc, ...bcc].map(({ address = "" }) => address);
  return [...all, deliveredTo]
    .filter((address) => address.length > 3)
    .flatMap((address) => {
      const plain = address.toLowerCase();
      return [plain, encodeURIComponent(plain), Buffer.from(address).toString("base64url")];
    });
}

/** The header that a mail program writes above a forwarded mail. */
interface Head {
  readonly from: readonly string[] | undefined;
  readonly subject: string | undefined;
  readonly date: string | undefined;
}

interface Story {
  readonly body: string;
  readonly head: Head | undefined;
}

function storyOfText(text: string): Story {
  const lines = text.split(/\r?\n/);
  const { isStory, head } = judge(lines.map((line) => line.trim()));
  const kept = lines.filter((line, at) => isStory(at) && !line.startsWith(">"));
  return { body: kept.join("\n"), head };
}

/** Inline elements. */
const INLINE: ReadonlySet<string> = new Set(
  "a abbr b big code em font i img ins label mark o:p s small span strong sub sup time u wbr".split(
    " ",
  ),
);
const SUBSCRIPTION = new RegExp(words.subscription, "i");

function storyOfHtml(html: string, readers: readonly string[]): Story {
  const tokens = tokensOf(html);
  const lines: string[] = [""];
  const lineOf = tokens.map((token) => {
    if (token.is === "text") lines.push((lines.pop() ?? "") + decodeText(token.source));
    else if (!INLINE.has(token.name) && lines.at(-1) !== "") lines.push("");
    return lines.length - 1;
  });
  const { isStory, head } = judge(lines.map(oneLine));
  const isPrivate = (address: string): boolean => {
    const written = decodeText(address);
    return (
      SUBSCRIPTION.test(written) ||
      readers.some((one) => written.includes(one) || written.toLowerCase().includes(one))
    );
  };
  const body = tokens.map((token, at) => {
    if (token.is === "raw")
      return token.name === "style" ? `${token.source}${token.inside}</style>` : "";
    if (token.is === "text") return isStory(lineOf[at] ?? 0) ? token.source : "";
    // Apple Mail puts a forwarded mail into a quotation.
    if (head && token.name === "blockquote") return token.is === "open" ? "<div>" : "</div>";
    if (token.name === "img" && !isStory(lineOf[at] ?? 0)) return "";
    const isLink = token.is === "open" && token.name === "a";
    return isLink && isPrivate(token.attributes.get("href") ?? "") ? "<a>" : token.source;
  });
  return { body: body.join(""), head };
}

const FIELD = new RegExp(
  String.raw`^\*?(?:(${words.from})|(${words.subject})|(${words.date})|${words.otherFields})\s?:\*?\s*(.*)$`,
  "iu",
);
const WROTE = new RegExp(String.raw`^(?:${words.on})\s.{6,120}(?:${words.wrote})\s?:$`, "iu");
const WRAPPER = new RegExp(String.raw`^-{2,}\s?.{4,60}\s?-{2,}$|^(?:${words.wrapper}):?$`, "iu");
const GREETING = new RegExp(
  String.raw`^(?:${words.greeting})\b.{0,60}[,!:]$|^(?:${words.greetingAlone})(?: \p{Lu}[\p{L}-]+)?[.,!]?$`,
  "iu",
);
const CLOSING = new RegExp(`^${words.closing}[,.!]?$`, "iu");
const FOOTER = new RegExp(words.footer, "iu");
const LONGEST_FOOTER = 400;
const HEAD_LINES = 12;

/** Decides which lines of a mail are its story, and finds the header of a forwarded mail. */
function judge(lines: readonly string[]) {
  const wrapper = headIn(lines);
  const start = wrapper?.end ?? 0;
  const isFull = (at: number): boolean => lines[at] !== undefined && lines[at] !== "";
  const full = lines.flatMap((_line, at) => (at >= start && isFull(at) ? [at] : []));
  const quote = full.find((at) => at > (full[0] ?? 0) && WROTE.test(lines[at] ?? ""));
  const written = full.filter((at) => quote === undefined || at < quote);
  const late = written.slice(Math.floor(written.length / 2));
  const dashes = written.find((at) => at > (full[0] ?? 0) && /^--\s*$/.test(lines[at] ?? ""));
  const end = late.find((at) => CLOSING.test(lines[at] ?? "")) ?? quote ?? Infinity;
  const greeting = written.slice(0, 3).find((at) => GREETING.test(lines[at] ?? ""));
  const last = Math.min(end, dashes ?? Infinity);
  return {
    head: wrapper?.head,
    isStory: (at: number): boolean => {
      const line = lines[at] ?? "";
      const isFooter = line.length < LONGEST_FOOTER && FOOTER.test(line);
      return at >= start && at < last && at !== greeting && !isFooter;
    },
  };
}

interface FoundHead {
  readonly head: Head;
  readonly end: number;
}

/** The first header of a forwarded mail in some lines. */
function headIn(lines: readonly string[]): FoundHead | undefined {
  const wrapper = lines.findIndex((line) => WRAPPER.test(line));
  for (const [at, line] of lines.entries()) {
    const found = at > wrapper && FIELD.test(line) ? headAt(lines, at) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** The header that begins at a line. Blank lines may separate fields, or a name and its value. */
function headAt(lines: readonly string[], from: number): FoundHead | undefined {
  const fields = new Map<string, string>();
  let key = "";
  let end = from;
  for (const [index, line] of lines.slice(from, from + HEAD_LINES).entries()) {
    const [field, sender, subject, date, value = ""] = FIELD.exec(line) ?? [];
    if (field !== undefined)
      key = sender ? "from" : subject ? "subject" : date ? "date" : line.slice(0, 3);
    else if (line !== "" && fields.get(key) !== "") break;
    if (field !== undefined || line !== "") fields.set(key, field === undefined ? line : value);
    if (line !== "") end = from + index + 1;
  }
  // A letter may begin with two such fields, but not with a sender, a subject and a third field.
  if (!fields.has("subject") || !fields.has("from") || fields.size < 3) return undefined;
  const name = (fields.get("from") ?? "").replace(/\s*[<[(].*$|^["'*]+|["'*]+$/g, "").trim();
  const names = name === "" || name.includes("@") ? undefined : [name];
  const date = parseDate((fields.get("date") ?? "").replace(/\s(?:at|um|à|om|kl\.?)\s/, " "));
  return { head: { from: names, subject: fields.get("subject"), date }, end };
}
