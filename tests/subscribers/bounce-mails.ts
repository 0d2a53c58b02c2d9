import { readFileSync } from "node:fs";

/*
 * Mails as they come to a return path, in the shapes of the servers that write them: see mails/. `TOKEN` stands
 * for the token of the reader, `LINK` for that of their unsubscribe link.
 */

export const GMAIL = mail("gmail");
export const EXCHANGE = mail("exchange");

/** Exim reports 5.0.0 of everything; the code is in what it was told. */
export const EXIM = mail("exim");

/** And says nothing in the report of what it found out itself. */
export const EXIM_LOCAL = mail("exim-local");
export const EXIM_PLAIN = mail("exim-plain");
export const QMAIL = mail("qmail");
export const RECEIPT = mail("receipt");

/** A mailbox that is full, told in words alone; the message in it speaks of unknown users. */
export const QMAIL_FULL = QMAIL.replace(
  /192\.0\.2\.25 does[^]*?192\.0\.2\.25\.\n/,
  "The users mailfolder is over the allowed quota (size). (#5.2.2)\n",
);

export const AFTER_DATA = EXIM_PLAIN.replace(
  "after RCPT TO:<mara@harbour.example>",
  "after end of data",
);

/** RFC 3464. */
export function dsn(status: string): string {
  return mail("dsn", { STATUS: status });
}

/** As Postfix writes it, of whatever the other server said. */
export function postfix(status: string, said: string, action = "failed"): string {
  return mail("postfix", { STATUS: status, SAID: said, ACTION: action });
}

/** RFC 5965, as large webmail services send it: the reader's own address is blotted out. */
export function complaint(type: string): string {
  return mail("complaint", { TYPE: type });
}

export function reply(head: string, subject = "Re: The Slipway"): string {
  return mail("reply", { HEAD: head, SUBJECT: subject });
}

function mail(name: string, parts: Readonly<Record<string, string>> = {}): string {
  const text = readFileSync(new URL(`mails/${name}.eml`, import.meta.url), "utf8");
  return text.replaceAll(/\{([A-Z]+)\}/g, (_, part: string) => parts[part] ?? "");
}
