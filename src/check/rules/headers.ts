import { fields, type HeaderField, type MailMessage } from "../message/mail-message.ts";
import { quoted } from "../content/shown-text.ts";
import { faultAt, messageRule, type Rule } from "../rule.ts";

/** The fields that a message has at most once (RFC 5322 §3.6, RFC 2045 §3, RFC 2919 §3, RFC 8058 §3.1). */
const ONCE =
  "Date From Sender Reply-To To Cc Bcc Message-ID In-Reply-To References Subject MIME-Version Content-Type " +
  "Content-Transfer-Encoding List-Id List-Help List-Unsubscribe List-Unsubscribe-Post List-Post List-Archive Auto-Submitted";
const NEEDED = "Date From To Subject Message-ID MIME-Version Content-Type".split(" ");

/** RFC 5322 §2.1.1, without the line end. */
const LONGEST_LINE = 998;

/** What every message has in its header. */
export const HEADER_RULES: readonly Rule[] = [
  messageRule({
    id: "header-fields",
    severity: "error",
    what: "Date, From, To, Subject and Message-ID are there, and none of them twice",
    source: "RFC 5322 §3.6",
    fix: "write each of them once",
    run: ({ root }) => {
      const missing = NEEDED.filter((name) => fields(root, name).length === 0);
      const double = ONCE.split(" ").filter((name) => fields(root, name).length > 1);
      return [
        ...(missing.length > 0 ? [{ message: `The header has no ${missing.join(", ")}` }] : []),
        ...double.map((name) => ({
          message: `${name} stands in the header ${fields(root, name).length} times: programs differ in which they take`,
          at: fields(root, name).map(placeOf),
        })),
      ];
    },
  }),
  messageRule({
    id: "header-from",
    severity: "error",
    what: "From names one sender with an address",
    source: "RFC 5322 §3.6.2; Gmail, Email sender guidelines",
    fix: "write From as: Name <name@domain>",
    run: ({ root, from }) => {
      const at = fields(root, "From").map(placeOf);
      if (at.length === 0) return [];
      const [address = ""] = from;
      if (!/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+$/u.test(address))
        return faultAt(at, "From has no address in it");
      return from.length > 1 ? faultAt(at, `From names ${from.length} senders`) : [];
    },
  }),
  messageRule({
    id: "header-date",
    severity: "error",
    what: "Date is a date as mail writes it",
    source: "RFC 5322 §3.3",
    fix: "write it as: Thu, 14 Mar 2019 07:00:00 +0000",
    run: ({ root }) =>
      fields(root, "Date")
        .filter(({ value }) => !isDate(value))
        .flatMap((date) =>
          faultAt([placeOf(date)], `Date is ${quoted(date.value)}, which is no date of mail`),
        ),
  }),
  messageRule({
    id: "header-message-id",
    severity: "error",
    what: "Message-ID is one in form, and at the sender's domain",
    source: "RFC 5322 §3.6.4",
    fix: "write it as: <something-of-its-own@your.domain>",
    run: ({ root, from }) => {
      const [id] = fields(root, "Message-ID");
      if (!id) return [];
      const domain = /^<[^\s<>@]+@([^\s<>@]+)>$/.exec(id.value)?.[1];
      if (domain === undefined)
        return faultAt([placeOf(id)], `Message-ID is ${quoted(id.value)}, which is none in form`);
      const sender = domainOf(from[0] ?? "");
      if (sender === "" || isAligned(domain, sender)) return [];
      return faultAt([placeOf(id)], `Message-ID is at ${domain}, and the sender at ${sender}`, {
        severity: "info",
      });
    },
  }),
  messageRule({
    id: "header-lines",
    severity: "error",
    what: "No line of the header is longer than mail allows, and all of it is ASCII",
    source: "RFC 5322 §2.1.1, RFC 2047",
    fix: "fold it, or encode it",
    run: ({ root, from }) => {
      const long = root.headers.filter(({ longestLine }) => longestLine > LONGEST_LINE);
      // In a message to or from an internationalised address, headers may hold UTF-8 (RFC 6532).
      const isInternational = from.some(isRaw);
      const raw = isInternational ? [] : root.headers.filter(({ value }) => isRaw(value));
      return [
        ...faultAt(
          long.map(placeOf),
          `A line of the header is ${Math.max(0, ...long.map(({ longestLine }) => longestLine))} octets long, and ${LONGEST_LINE} are allowed`,
        ),
        ...faultAt(
          raw.map(placeOf),
          `${raw.map(({ name }) => name).join(", ")} holds letters beyond ASCII that aren't encoded`,
        ),
      ];
    },
  }),
  messageRule({
    id: "subject-length",
    severity: "info",
    what: "The subject is there, and short enough to be shown whole",
    source: "Gmail and Outlook show about 70 characters, phones about 40",
    fix: "put what matters into the first 40 characters",
    run: ({ subject, root }) => {
      const at = fields(root, "Subject").map(placeOf);
      const length = subject?.trim().length ?? 0;
      if (at.length > 0 && length === 0)
        return faultAt(at, "The subject is empty", { severity: "error" });
      return length > 78
        ? faultAt(at, `The subject has ${length} characters, and inboxes show about 70`)
        : [];
    },
  }),
];

export function placeOf({ line }: HeaderField): { readonly line: number } {
  return { line };
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}

/** Whether one domain is the other, or below it (RFC 7489 §3.1: relaxed alignment). */
export function isAligned(domain: string, sender: string): boolean {
  const [a, b] = [domain.toLowerCase(), sender.toLowerCase()];
  return a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`);
}

function isRaw(text: string): boolean {
  return /[^\t\x20-\x7E]/.test(text);
}

const DATE =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),\s+)?\d{1,2}\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+\d{4}\s+\d\d:\d\d(?::\d\d)?\s+(?:[+-]\d{4}|GMT|UT|EST|EDT|CST|CDT|MST|MDT|PST|PDT)(?:\s+\([^()]*\))?$/i;

function isDate(value: string): boolean {
  return DATE.test(value) && !Number.isNaN(Date.parse(value.replace(/\([^()]*\)/g, "")));
}

/** A message that says that it is one of a list, or how to leave it. */
export function isBulk({ root }: MailMessage): boolean {
  return ["List-Id", "List-Unsubscribe", "Feedback-ID"].some(
    (name) => fields(root, name).length > 0,
  );
}
