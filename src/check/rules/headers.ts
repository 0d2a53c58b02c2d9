import { fieldsThatAre } from "../../delivery/dkim.ts";
import { fields, type HeaderField, type MailMessage } from "../mail-message.ts";
import {
  quoted,
  faultAt,
  type Fault,
  messageRule,
  type Rule,
  type CheckInput,
  NothingToCheck,
  type Outcome,
  type RuleFacts,
} from "../rule.ts";

/** RFC 5322 §2.1.1, without the line end. */
const LONGEST_LINE = 998;

/** Rules for the header of every message, and for the fields of a mailing list: its identity, and how to unsubscribe. */
export const HEADER_RULES: readonly Rule[] = [
  messageRule({
    id: "header-fields",
    severity: "error",
    what: "Date, From, To, Subject and Message-ID are there, and none of them twice",
    source: "RFC 5322 §3.6",
    fix: "write each of them once",
    run: ({ root }) => {
      const missing = fieldsThatAre("needed").filter((name) => fields(root, name).length === 0);
      const double = fieldsThatAre("once").filter((name) => fields(root, name).length > 1);
      return [
        ...(missing.length > 0 ? [{ message: `The header has no ${missing.join(", ")}` }] : []),
        ...double.map((name) => ({
          message: `${name} is in the header ${fields(root, name).length} times: programs use different ones`,
          at: fields(root, name),
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
      const at = fields(root, "From");
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
    what: "Date is a date in the format of mail",
    source: "RFC 5322 §3.3",
    fix: "write it as: Thu, 14 Mar 2019 07:00:00 +0000",
    run: ({ root }) =>
      fields(root, "Date")
        .filter(({ value }) => !isDate(value))
        .flatMap((date) =>
          faultAt([date], `Date is ${quoted(date.value)}, which is not in the format of mail`),
        ),
  }),
  messageRule({
    id: "header-message-id",
    severity: "error",
    what: "Message-ID has the right form, with the sender's domain",
    source: "RFC 5322 §3.6.4",
    fix: "write it as: <unique-text@your.domain>",
    run: ({ root, from }) => {
      const [id] = fields(root, "Message-ID");
      if (!id) return [];
      const domain = /^<[^\s<>@]+@([^\s<>@]+)>$/.exec(id.value)?.[1];
      if (domain === undefined)
        return faultAt([id], `Message-ID is ${quoted(id.value)}, which has the wrong form`);
      const sender = domainOf(from[0] ?? "");
      if (sender === "" || isAligned(domain, sender)) return [];
      return faultAt([id], `Message-ID is at ${domain}, and the sender at ${sender}`, {
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
      // Header fields may contain UTF-8 if the message is to or from an internationalised address (RFC 6532).
      const isInternational = from.some(isRaw);
      const raw = isInternational ? [] : root.headers.filter(({ value }) => isRaw(value));
      return [
        ...faultAt(
          long,
          `A line of the header is ${Math.max(0, ...long.map(({ longestLine }) => longestLine))} octets long, and ${LONGEST_LINE} are allowed`,
        ),
        ...faultAt(
          raw,
          `${raw.map(({ name }) => name).join(", ")} contains letters beyond ASCII that are not encoded`,
        ),
      ];
    },
  }),
  messageRule({
    id: "subject-length",
    severity: "info",
    what: "The subject is present, and short enough to be shown completely",
    source: "Gmail and Outlook show about 70 characters, phones about 40",
    fix: "put the main words into the first 40 characters",
    run: ({ subject, root }) => {
      const at = fields(root, "Subject");
      const length = subject?.trim().length ?? 0;
      if (at.length > 0 && length === 0)
        return faultAt(at, "The subject is empty", { severity: "error" });
      return length > 78
        ? faultAt(at, `The subject has ${length} characters, and inboxes show about 70`)
        : [];
    },
  }),
  messageRule({
    id: "list-fields",
    severity: "error",
    what: "A newsletter has List-Id, List-Unsubscribe, List-Help, List-Post, Auto-Submitted and Feedback-ID",
    source: "RFC 2369, RFC 2919, RFC 3834; Gmail and Yahoo, sender guidelines",
    fix: "send it as a newsletter: broadsheet writes them all",
    run: (message, { promises }) => {
      const missing = fieldsThatAre("ofList").filter(
        (name) => fields(message.root, name).length === 0,
      );
      if (missing.length === 0) return [];
      const says = { message: `The header has no ${missing.join(", ")}` };
      if (promises) return says;
      return fields(message.root, "List-Unsubscribe").length === 0
        ? { ...says, severity: "warning", fix: "write them, unless it is a letter to one person" }
        : { ...says, severity: "info" };
    },
  }),
  fieldRule("List-Id", {
    id: "list-id",
    severity: "error",
    what: "List-Id has the right form: a name below a domain of the sender, in angle brackets",
    source: "RFC 2919 §3",
    fix: "write it as: <newsletter.your.domain>",
    run: (field, { from }) => {
      const id = /^(?:[^<>]*\s)?<([^<>\s]+)>$/.exec(field.value)?.[1];
      const isDotted =
        id !== undefined && /^[\x21-\x7E]+$/.test(id) && /^[^.]+(?:\.[^.]+)+$/.test(id);
      if (!isDotted) return `List-Id is ${quoted(field.value)}, which has the wrong form`;
      const sender = domainOf(from[0] ?? "");
      return sender === "" || isAligned(id, sender) || lastLabels(id) === lastLabels(sender)
        ? undefined
        : { message: `List-Id is at ${id}, and the sender at ${sender}`, severity: "info" };
    },
  }),
  fieldRule("List-Unsubscribe", {
    id: "list-unsubscribe",
    severity: "error",
    what: "List-Unsubscribe has web addresses and a mailto, each in angle brackets",
    source: "RFC 2369 §2, §3.2",
    fix: "write it as: <https://…>, <mailto:…>",
    run: ({ value }) => {
      const urls = urlsIn(value);
      if (!urls)
        return `List-Unsubscribe is ${quoted(value)}, which has no address in angle brackets`;
      const odd = urls.find((url) => !/^(?:https|mailto):/i.test(url) || !URL.canParse(url));
      if (odd !== undefined)
        return `List-Unsubscribe has ${quoted(odd)} in it, which is neither https nor mailto`;
      return urls.some((url) => /^mailto:/i.test(url))
        ? undefined
        : {
            message: "List-Unsubscribe has no mailto, the only way that some programs know",
            severity: "info",
          };
    },
  }),
  messageRule({
    id: "one-click",
    severity: "error",
    what: "One click unsubscribes: an https address in List-Unsubscribe, and List-Unsubscribe-Post beside it",
    source: "RFC 8058 §3.1; Gmail and Yahoo, sender guidelines",
    fix: "write List-Unsubscribe-Post: List-Unsubscribe=One-Click, and an https address in List-Unsubscribe",
    run: oneClick,
  }),
  listUrlRule("List-Help", "list-help", "§3.1"),
  listUrlRule("List-Archive", "list-archive", "§3.6"),
  fieldRule("List-Post", {
    id: "list-post",
    severity: "error",
    what: "List-Post is NO, or says where to write to",
    source: "RFC 2369 §3.4",
    fix: "write List-Post: NO",
    run: ({ value }) =>
      /^NO(?:\s*\([^()]*\))?$/i.test(value) || urlsIn(value)
        ? undefined
        : `List-Post is ${quoted(value)}, which is neither NO nor an address`,
  }),
  fieldRule("Auto-Submitted", {
    id: "auto-submitted",
    severity: "error",
    what: "Auto-Submitted is auto-generated, so that no out-of-office reply is sent to the list",
    source: "RFC 3834 §5",
    fix: "write Auto-Submitted: auto-generated",
    run: ({ value }) =>
      /^auto-(?:generated|replied)\b/i.test(value)
        ? undefined
        : `Auto-Submitted is ${quoted(value)}`,
  }),
  fieldRule("Feedback-ID", {
    id: "feedback-id",
    severity: "error",
    what: "Feedback-ID has up to three names and the sender's, separated by colons",
    source: "Gmail, Feedback loop",
    fix: "write it as: issue:newsletter:kind:sender, the last with 5 to 15 letters",
    run: ({ value }) => {
      const parts = value.split(":");
      const isGood =
        parts.length >= 2 && parts.length <= 4 && /^[\w.+-]{5,15}$/.test(parts.at(-1) ?? "");
      return isGood
        ? undefined
        : {
            message: `Feedback-ID is ${quoted(value)}, which Gmail doesn't read`,
            severity: "warning",
          };
    },
  }),
  messageRule({
    id: "dkim-fields",
    severity: "error",
    what: "A DKIM signature covers the visible header fields and the unsubscribe fields",
    source: "RFC 6376 §5.4, RFC 8058 §4",
    fix: "name them in h=",
    run: ({ root }) => {
      const signatures = fields(root, "DKIM-Signature");
      if (signatures.length === 0)
        return new NothingToCheck("the message is not signed: that happens when it is sent");
      return signatures.flatMap((signature) => {
        const covered = new Set(
          tagOf(signature.value, "h")
            .toLowerCase()
            .split(":")
            .map((name) => name.trim()),
        );
        const left = fieldsThatAre("vital").filter(
          (name) => fields(root, name).length > 0 && !covered.has(name.toLowerCase()),
        );
        return left.length === 0
          ? []
          : faultAt(
              [signature],
              `The DKIM signature of ${tagOf(signature.value, "d")} leaves out ${left.join(", ")}`,
            );
      });
    },
  }),
];

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}

/** Whether the domains are equal, or one is below the other (RFC 7489 §3.1: relaxed alignment). */
function isAligned(domain: string, sender: string): boolean {
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

/** Whether a message says that it belongs to a list, or how to unsubscribe. */
function isBulk({ root }: MailMessage): boolean {
  return ["List-Id", "List-Unsubscribe", "Feedback-ID"].some(
    (name) => fields(root, name).length > 0,
  );
}

/** Makes a rule for an existing header field. Another rule checks whether it exists. */
function fieldRule(
  name: string,
  {
    run,
    ...facts
  }: RuleFacts & {
    readonly run: (field: HeaderField, message: MailMessage) => string | Fault | undefined;
  },
): Rule {
  return messageRule({
    ...facts,
    run: (message) => {
      const [field] = fields(message.root, name);
      if (!field) return new NothingToCheck(`the header has no ${name}`);
      const said = run(field, message);
      if (said === undefined) return [];
      return { ...(typeof said === "string" ? { message: said } : said), at: [field] };
    },
  });
}

function listUrlRule(name: string, id: string, section: string): Rule {
  return fieldRule(name, {
    id,
    severity: "error",
    what: `${name}, where it is there, has an address in angle brackets`,
    source: `RFC 2369 ${section}`,
    fix: `write ${name}: <https://…> or <mailto:…>`,
    run: ({ value }) =>
      urlsIn(value)
        ? undefined
        : `${name} is ${quoted(value)}, which has no address in angle brackets`,
  });
}

function oneClick(message: MailMessage, { promises }: CheckInput): Outcome {
  const { root } = message;
  if (promises && !promises.isOneClick)
    return new NothingToCheck("urls.unsubscribe is not set in the config");
  const [list] = fields(root, "List-Unsubscribe");
  const [post] = fields(root, "List-Unsubscribe-Post");
  if (!list && !post && !isBulk(message))
    return new NothingToCheck("the message does not belong to a list");
  if (!post)
    return {
      message: "One-click unsubscribing is not possible: there is no List-Unsubscribe-Post",
      ...(promises ? {} : { severity: "warning" }),
    };
  if (!/^List-Unsubscribe=One-Click$/.test(post.value))
    return faultAt([post], `List-Unsubscribe-Post is ${quoted(post.value)}`);
  const isHttps =
    list !== undefined && (urlsIn(list.value) ?? []).some((url) => /^https:/i.test(url));
  return isHttps
    ? []
    : faultAt([post], "List-Unsubscribe-Post is there, and List-Unsubscribe has no https address");
}

/** The addresses in a list field (RFC 2369 §2); undefined if one of them is not in angle brackets. */
function urlsIn(value: string): string[] | undefined {
  const bare = value.replace(/\([^()]*\)/g, "");
  const urls = [...bare.matchAll(/<\s*([^<>]+?)\s*>/g)].map(([, url = ""]) =>
    url.replace(/\s+/g, ""),
  );
  const isWhole = /^\s*<[^<>]+>(?:\s*,\s*<[^<>]+>)*\s*$/.test(bare);
  return isWhole && urls.every((url) => URL.canParse(url)) ? urls : undefined;
}

function lastLabels(domain: string): string {
  return domain.toLowerCase().split(".").slice(-2).join(".");
}

/** A tag of a DKIM-Signature (RFC 6376 §3.2), without white space. */
function tagOf(value: string, name: string): string {
  const found = new RegExp(`(?:^|;)\\s*${name}\\s*=([^;]*)`).exec(value)?.[1] ?? "";
  return found.replace(/\s+/g, "");
}
