import { statusIn, wordsOf } from "./delivery-status.ts";
import { oneLine, type ReceivedMail, valueOf } from "./received-mail.ts";

/** What a bounce says in sentences. */
export interface Told {
  readonly status: string;
  readonly said: string;
}

/**
 * Whether a server wrote that mail to say that another didn't arrive. An empty return path alone doesn't
 * tell: notes of absence have it too (RFC 3834 §3.3).
 */
export function isFromMailer(mail: ReceivedMail): boolean {
  return (
    /^(?:mailer-daemon|mail-daemon|postmaster)@/i.test(mail.from ?? "") ||
    valueOf(mail.fields, "x-failed-recipients") !== "" ||
    QMAIL.test(mail.text)
  );
}

/** https://cr.yp.to/proto/qsbmf.txt: a bounce of qmail begins with these words. */
const QMAIL = /^\s*Hi\. This is the/;

/** What follows is the mail that came back, in which any words may stand. */
const COPY = /^(?:-{2,}.*|(?:return-path|received|dkim-signature):.*)$/im;

/** The paragraph that says why: the first with a code, or else the first with an address. */
export function readPlainBounce(text: string): Told {
  const paragraphs = (text.slice(0, MOST_TEXT).split(COPY, 1)[0] ?? "")
    .split(/\r?\n\s*\n/)
    .map(oneLine)
    .filter((paragraph) => paragraph !== "");
  const why =
    paragraphs.find((words) => REPLY.test(words) || statusIn(words) !== "") ??
    paragraphs.find((words) => words.includes("@")) ??
    paragraphs[0] ??
    "";
  // From the server's answer on, where one is quoted.
  const said = wordsOf(why.slice(Math.max(0, why.search(REPLY))));
  return { status: statusIn(said) || statusIn(why), said };
}

const MOST_TEXT = 64 * 1024;

/** An answer of SMTP: `550 5.1.1 …`, `550-…`. */
const REPLY = /(?<![\d.])[45]\d\d[- ](?=\S)/;
