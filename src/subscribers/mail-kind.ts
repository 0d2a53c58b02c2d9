import { recipientOf } from "./settings.ts";
import {
  type Field,
  fieldsIn,
  MOST_TEXT,
  oneLine,
  type ReceivedMail,
  returnedHeads,
  tokensIn,
  valueOf,
} from "./received-mail.ts";
import { isUnknownRecipient } from "./server-reply.ts";
import type { Bounce } from "./subscriber.ts";
import { tokenIn } from "./tokens.ts";
import words from "./mail-words.json" with { type: "json" };

/** The kind of a received mail. "letter": a person has to read it. "known": it was processed before. */
export type MailKind =
  | { readonly kind: Bounce["what"]; readonly said: string }
  | { readonly kind: "nothing" | "letter" | "known"; readonly said?: string }
  | ({ readonly kind: "asks to leave" } & LeaveMail);

/** Classifies a mail. Reports come first, because they too are marked as automatic and have empty return paths. */
export function classifyMail(mail: ReceivedMail): MailKind {
  return (
    complaintIn(mail) ??
    reportIn(mail) ??
    (isFromMailer(mail) ? bounceIn(mail) : undefined) ??
    requestIn(mail) ??
    (isAutomaticReply(mail) ? nothing("an automatic reply") : { kind: "letter" })
  );
}

function nothing(said: string): MailKind {
  return { kind: "nothing", said };
}

/** A feedback report (RFC 5965). "not-spam" (RFC 6430), which withdraws a complaint, and other types are not complaints. */
function complaintIn(mail: ReceivedMail): MailKind | undefined {
  const report = partOf(mail, /^message\/feedback-report$/);
  if (report === undefined) return isOfJunkProgram(mail) ? complained("abuse", mail) : undefined;
  const fields = fieldsIn(report);
  const type = valueOf(fields, "feedback-type").toLowerCase();
  if (!COMPLAINTS.has(type)) return nothing(`a report that says ${type || "nothing"}`);
  return complained(type, mail, valueOf(fields, "user-agent") || valueOf(fields, "source"));
}

function complained(type: string, { from = "" }: ReceivedMail, by = ""): MailKind {
  return { kind: "complained", said: oneLine(`${type}, reported by ${by || from}`).slice(0, 200) };
}

const COMPLAINTS = new Set(["abuse", "fraud", "opt-out"]);

/** Outlook's Junk Mail Reporting Program sends the message without a report (postmaster.live.com/snds/JMRP.aspx). */
function isOfJunkProgram({ parts, subject }: ReceivedMail): boolean {
  const isMarked = returnedHeads(parts).some(
    (fields) => valueOf(fields, "x-hmxmroriginalrecipient") !== "",
  );
  return isMarked && /^complaint about message/i.test(subject);
}

/** A delivery report (RFC 3464, and RFC 6533 for addresses outside ASCII). */
function reportIn(mail: ReceivedMail): MailKind | undefined {
  const status = partOf(mail, /^message\/(?:global-)?delivery-status$/);
  const reported = status === undefined ? [] : readDeliveryStatus(status);
  const failed = reported.filter(({ action }) => action === "failed");
  if (failed.length > 0) return bouncedOf(mail, reported, failed);
  // A server that still tries will report again when it gives up.
  if (reported.some(({ action }) => action === "delayed")) return nothing(DELAYED);
  if (reported.length > 0) return nothing("a report that it arrived");
  const receipt = partOf(mail, /^message\/(?:global-)?disposition-notification$/);
  return receipt === undefined ? undefined : nothing("a receipt");
}

const DELAYED = "a report that it is delayed";

/** The kind of a bounce. If a message was forwarded to several addresses, the reader is gone only if none of them exists. */
function bouncedOf(
  mail: ReceivedMail,
  reported: readonly Reported[],
  failed: readonly Reported[],
): MailKind {
  const plain = readPlainBounce(mail.text);
  const bounces = failed.map(({ status, said }) => {
    const words = said || plain.said || status;
    return { kind: kindOf(mail, { status, said: words }), said: words };
  });
  const blocked = bounces.find(({ kind }) => kind === "blocked");
  const forNow = bounces.find(({ kind }) => kind === "bounced for now");
  const { kind, said } = blocked ?? forNow ?? bounces[0] ?? { kind: "bounced", said: "" };
  const isGone = kind === "bounced" && failed.length === reported.length;
  return { kind: kind === "bounced" && !isGone ? "bounced for now" : kind, said };
}

function bounceIn(mail: ReceivedMail): MailKind {
  if (/\bdelay(?:ed)?\b|^\s*warning:/i.test(mail.subject)) return nothing(DELAYED);
  const plain = readPlainBounce(mail.text);
  return { kind: kindOf(mail, plain), said: plain.said };
}

/**
 * The meaning of a refusal for the reader. One reply may say that the server blocks us and that the user does not exist. The
 * block counts then, because it takes no reader off the list.
 */
function kindOf({ text }: ReceivedMail, refusal: PlainBounce): Bounce["what"] {
  const { status, said } = refusal;
  if (isAboutUs(BLOCKED, refusal)) return "blocked";
  const isForNow = status.startsWith("4.") || /^4\d\d[- ]/.test(said);
  // The rule is the same for a refusal during sending.
  if (!isForNow && isUnknownRecipient({ ...refusal, isOfAddress: !AFTER_DATA.test(text) }))
    return "bounced";
  return isAboutUs(REFUSED, refusal) ? "blocked" : "bounced for now";
}

/** Postfix and Exim name the command that was refused. */
const AFTER_DATA = /\b(?:in reply to|after) (?:pipelined )?(?:end of data|DATA)\b/i;

/**
 * Whether a refusal is about us: our address, our reputation, or our content. A status code decides. Words count only if the
 * refusal is not about a full mailbox.
 */
function isAboutUs(rows: Patterns, { status, said }: PlainBounce): boolean {
  const words = said.replaceAll(/\S*@\S*/g, " ");
  if (rows.status.test(status)) return true;
  return !MAILBOX.status.test(status) && !MAILBOX.words.test(words) && rows.words.test(words);
}

type Patterns = ReturnType<typeof patternsOf>;

/** The patterns of rows, joined into one for status codes and one for words. */
function patternsOf(rows: readonly { readonly status?: string; readonly words?: string }[]) {
  return {
    status: anyOf(rows.flatMap(({ status = [] }) => status)),
    words: anyOf(rows.flatMap(({ words = [] }) => words)),
  };
}

function anyOf(patterns: readonly string[]): RegExp {
  return new RegExp(patterns.length > 0 ? patterns.join("|") : "(?!)", "iu");
}

const MAILBOX = patternsOf(words.mailbox);
const BLOCKED = patternsOf(words.blocked);
const REFUSED = patternsOf(words.refused);
const ABSENT = patternsOf(words.absent);

/** The evidence for the subscription that a mail asks to end. */
interface LeaveMail {
  /** The reader's token in the subject. The `mailto:` link of every message writes it there. */
  readonly token?: string | undefined;
  /** The address in From, if the subject begins with "unsubscribe" and a person wrote the mail. Anyone can forge it. */
  readonly sender?: string | undefined;
}

function requestIn(mail: ReceivedMail): MailKind | undefined {
  const { subject, from = "" } = mail;
  const token = tokenIn(subject);
  const asks = /^\s*(?:re:\s*)?unsubscribe\b/i.test(subject) && !isOfProgram(mail);
  const sender = asks ? recipientOf(from)?.address : undefined;
  const isNone = token === undefined && sender === undefined;
  return isNone ? undefined : { kind: "asks to leave", token, sender };
}

/** Whether a program wrote the mail (RFC 3834 §5). The other marks are older. */
function isOfProgram(mail: ReceivedMail): boolean {
  const { fields } = mail;
  return (
    /^(?!no\b)\S/i.test(valueOf(fields, "auto-submitted")) ||
    /^(?:bulk|junk|list)$/i.test(valueOf(fields, "precedence")) ||
    isMarkedAsReply(mail)
  );
}

function isMarkedAsReply({ fields, subject }: ReceivedMail): boolean {
  return (
    /^auto-replied\b/i.test(valueOf(fields, "auto-submitted")) ||
    /^auto_reply$/i.test(valueOf(fields, "precedence")) ||
    OLD_MARKS.some((key) => valueOf(fields, key) !== "") ||
    fields.some(isEmptyReturnPath) ||
    ABSENT.words.test(subject)
  );
}

/** Whether the mail is an automatic reply to one of ours. A person reads other mails of programs, such as newsletters. */
function isAutomaticReply(mail: ReceivedMail): boolean {
  if (isMarkedAsReply(mail)) return true;
  const has = (...keys: string[]) => keys.some((key) => valueOf(mail.fields, key) !== "");
  if (!isOfProgram(mail) || has("list-id", "list-unsubscribe")) return false;
  return has("in-reply-to", "references") || !has("auto-submitted") || tokensIn(mail).length > 0;
}

const OLD_MARKS = ["x-autoreply", "x-autorespond", "x-autogenerated", "x-mail-autoreply"];

function isEmptyReturnPath({ key, value }: Field): boolean {
  return key === "return-path" && value === "<>";
}

function partOf({ parts }: ReceivedMail, type: RegExp): string | undefined {
  return parts.find((part) => type.test(part.type))?.text;
}

/** The reason in the text of a bounce. */
interface PlainBounce {
  readonly status: string;
  readonly said: string;
}

/**
 * Whether a mail is a bounce. An empty return path alone is not enough, because out-of-office replies have it too (RFC 3834
 * §3.3). Nor is the sender "postmaster", who may be a person.
 */
function isFromMailer(mail: ReceivedMail): boolean {
  const { from = "", fields, text, subject } = mail;
  if (MAILER.test(valueOf(fields, "from")) || QMAIL.test(text)) return true;
  if (valueOf(fields, "x-failed-recipients") !== "") return true;
  const isOfServer = /^postmaster@/i.test(from) || fields.some(isEmptyReturnPath);
  return isOfServer && UNDELIVERED.test(subject);
}

/** The sender of a bounce. Sendmail writes it without a domain. */
const MAILER = /(?:^|[<\s])mail(?:er)?-daemon(?:[@>\s]|$)/i;

/** The first words of a bounce from qmail (https://cr.yp.to/proto/qsbmf.txt). */
const QMAIL = /^\s*Hi\. This is the/;
/** The beginning of a bounce's subject. The subject of an automatic reply begins with other words. */
const UNDELIVERED =
  /^\s*(?:undeliver|non-?deliver|returned mail|failure notice|notice: mail|warning: (?:could not|message)|(?:e-?mail|mail|message)\b.{0,20}\b(?:deliver|return|fail|error)|deliver\w*.{0,20}\b(?:status|fail|report|problem|error|notification|delay))/i;

/** The line before the quoted message in a bounce. The text after it is not read. */
const COPY = /^(?:-{2,}.*|(?:return-path|received|dkim-signature):.*)$/im;

/** The reason in a bounce: the first paragraph with a code, otherwise the first with an address. */
function readPlainBounce(text: string): PlainBounce {
  const paragraphs = (text.slice(0, MOST_TEXT).split(COPY, 1)[0] ?? "")
    .split(/\r?\n\s*\n/)
    .map(oneLine)
    .filter((paragraph) => paragraph !== "");
  const why =
    paragraphs.find((words) => REPLY.test(words) || statusIn(words) !== "") ??
    paragraphs.find((words) => words.includes("@")) ??
    paragraphs[0] ??
    "";
  // If the server's reply is quoted, the text before it is removed.
  const said = wordsOf(why.slice(Math.max(0, why.search(REPLY))));
  return { status: statusIn(said) || statusIn(why), said };
}

/** An SMTP reply: `550 5.1.1 …`, `550-…`. */
const REPLY = /(?<![\d.])[45]\d\d[- ](?=\S)/;

/** A server's report about one recipient (RFC 3464 §2.3). */
interface Reported {
  /** "failed", "delayed", "delivered", "relayed" or "expanded". */
  readonly action: string;
  readonly status: string;
  /** The text of the server that refused the message. Empty if there is none. */
  readonly said: string;
}

/** The report about each recipient. The first group of fields is about the message, and has no action. */
function readDeliveryStatus(text: string): Reported[] {
  return text
    .slice(0, MOST_TEXT)
    .split(/\r?\n[ \t]*(?:\r?\n[ \t]*)+/)
    .map(fieldsIn)
    .filter((fields) => valueOf(fields, "action") !== "")
    .map(reportedIn);
}

function reportedIn(fields: readonly Field[]): Reported {
  const said = wordsOf(valueOf(fields, "diagnostic-code"));
  const [status = ""] = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(valueOf(fields, "status")) ?? [];
  const says = valueOf(fields, "action").toLowerCase();
  return {
    action: says.split(/[^a-z]/, 1)[0] ?? "",
    // Exim reports 5.0.0 for every reply.
    status: /^(?:|\d\.0\.0)$/.test(status) ? statusIn(said) || status : status,
    said,
  };
}

/** The enhanced status code (RFC 3463) in a server's reply. A part of an IP address does not count. */
function statusIn(said: string): string {
  return /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)/.exec(said)?.[0] ?? "";
}

const MOST_WORDS = 500;

/** A diagnostic such as `smtp; 550-5.1.1 No user 550 5.1.1 of that name`, without its type and the codes of later lines. */
function wordsOf(diagnostic: string): string {
  const said = oneLine(diagnostic.replace(/^[\w.-]+\s*;/, ""));
  const [code = ""] = /^\d{3}[- ](?:\d\.\d{1,3}\.\d{1,3}[- ])?/.exec(said) ?? [];
  const [digits = "", status = ""] = code.split(/[- ]/);
  const rest = said.slice(code.length);
  const bare =
    code === "" ? rest : rest.replaceAll(new RegExp(`${digits}[- ]${status} ?`, "g"), "");
  return oneLine(`${digits} ${status} ${bare}`).slice(0, MOST_WORDS);
}
