import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bouncesInARow } from "../../src/subscribers/io/bounces.ts";
import { classifyMail } from "../../src/subscribers/mail-kind.ts";
import { readReceivedMail, messageIdsIn, tokensIn } from "../../src/subscribers/received-mail.ts";
import {
  EXCHANGE,
  EXIM,
  EXIM_LOCAL,
  EXIM_PLAIN,
  GMAIL,
  QMAIL,
  QMAIL_FULL,
  RECEIPT,
  AFTER_DATA,
  complaint,
  dsn,
  postfix,
  reply,
} from "./bounce-mails.ts";

const TOKEN = "1a2b3c-k7q2tt9d5mqqt4h6";
const LINK = "AQ0-_abcdefghijklmnopqrstuvwxyz0123456789ABC".slice(0, 43);

async function mailOf(text: string) {
  const filled = text.replaceAll("TOKEN", TOKEN).replaceAll("LINK", LINK);
  return readReceivedMail(Buffer.from(filled.replaceAll("\n", "\r\n")));
}

async function came(text: string) {
  return classifyMail(await mailOf(text));
}

const delivered = "Final-Recipient: rfc822;b@harbour.example\nAction: relayed\nStatus: 2.0.0";
const failed =
  "Final-Recipient: rfc822;a@harbour.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 gone";

test.each([
  [
    "Postfix",
    postfix("5.1.1", "550 5.1.1 <mara@harbour.example>: User unknown"),
    "550 5.1.1 <mara@harbour.example>: User unknown",
  ],
  ["Postfix, of a server with none", postfix("5.0.0", "550 No such user"), "550 No such user"],
  [
    "Postfix, of a domain that isn't there",
    postfix("5.4.4", "Host or domain name not found. Name service error for name=harbour.example"),
    "Host or domain name not found. Name service error for name=harbour.example",
  ],
  [
    "Gmail, in several lines",
    GMAIL,
    "550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient's email address for typos. For more information, go to https://support.example/answer/6596 - gsmtp",
  ],
  [
    "Exchange",
    EXCHANGE,
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient mara@harbour.example not found by SMTP address lookup",
  ],
  ["Exim", EXIM, "550 5.1.1 <mara@harbour.example>: Recipient address rejected: User unknown"],
  ["Exim, in words alone", EXIM_LOCAL, "mara@harbour.example Unrouteable address"],
  ["Exim, without a report", EXIM_PLAIN, "550 No such user here"],
  ["qmail", QMAIL, "550 5.1.1 sorry, no mailbox here by that name Giving up on 192.0.2.25."],
  ["a report of several, all gone", dsn(`${failed}\n\n${failed}`), "550 5.1.1 gone"],
  [
    "a report of an address beyond ASCII",
    GMAIL.replace("message/delivery-status", "message/global-delivery-status"),
    expect.stringContaining("550 5.1.1 The email account"),
  ],
])("a mail that came back says that nobody is there: by %s", async (_who, mail, said) => {
  expect(await came(mail)).toEqual({ kind: "bounced", said });
});

test.each([
  ["a full mailbox", postfix("5.2.2", "552 5.2.2 mailbox full, user unknown to quota")],
  ["a mailbox that is switched off", postfix("5.2.1", "550 5.2.1 disabled")],
  ["what took too long", postfix("4.4.1", "connect to mx.harbour.example: timed out")],
  ["a mailbox unknown for now", postfix("4.1.1", "450 4.1.1 user unknown, come back")],
  ["an answer for now under a code that says nothing", postfix("5.0.0", "450 user unknown")],
  ["qmail's full mailbox", QMAIL_FULL],
  ["words that were said of the message", AFTER_DATA],
  ["an address of several, one of whom has it", dsn(`${failed}\n\n${delivered}`)],
])("a mail that came back is noted and no more: for %s", async (_what, mail) => {
  expect(await came(mail)).toMatchObject({ kind: "bounced for now" });
});

test.each([
  ["5.7.1", "550 5.7.1 user unknown, or you are blocked"],
  ["5.1.1", "550 5.1.1 user unknown: 192.0.2.7 is listed at zen.spamhaus.org"],
  ["5.0.0", "554 Message rejected because of its content"],
  ["4.7.28", "421-4.7.28 Gmail has detected an unusual rate of unsolicited mail"],
  ["5.3.4", "552 5.3.4 message size exceeds fixed limit"],
])("a mail that came back is about us: %s %s", async (status, said) => {
  expect(await came(postfix(status, said))).toMatchObject({ kind: "blocked" });
});

test("an address that speaks of spam is no block", async () => {
  const said = "550 5.1.1 <spam@blocked.example>: User unknown";
  expect(await came(postfix("5.1.1", said))).toMatchObject({ kind: "bounced" });
});

describe("a complaint", () => {
  test.each(["abuse", "fraud", "Abuse"])("is one of %s", async (type) => {
    const said = `${type.toLowerCase()}, reported by Webmail-Feedback/2.0`;
    expect(await came(complaint(type))).toEqual({ kind: "complained", said });
  });

  test.each(["not-spam", "auth-failure", "dmarc", ""])("is none of %j", async (type) => {
    expect(await came(complaint(type))).toMatchObject({ kind: "nothing" });
  });
});

describe("nothing follows from", () => {
  test.each([
    ["a note of absence", reply("Auto-Submitted: auto-replied (vacation)\nReturn-Path: <>")],
    ["an older one", reply("X-Autoreply: yes")],
    ["one that only its return path marks", reply("Return-Path: <>")],
    ["one that only its subject marks", reply("Date: now", "Automatic reply: The Slipway")],
    ["a receipt", RECEIPT],
    ["a report that it arrived", dsn(delivered)],
    ["a delay", postfix("4.1.1", "450 4.1.1 user unknown, come back", "delayed")],
  ])("%s", async (_what, mail) => {
    expect(await came(mail)).toMatchObject({ kind: "nothing" });
  });

  test("what a reader writes, whatever stands in it", async () => {
    expect(await came(reply("Auto-Submitted: no"))).toEqual({ kind: "letter" });
  });
});

describe("whose mail came back", () => {
  test("is told by the address that it came to, before the message in it", async () => {
    expect(tokensIn(await mailOf(GMAIL))).toEqual([TOKEN, LINK]);
    expect(tokensIn(await mailOf(QMAIL))).toEqual([TOKEN]);
  });

  test.each(["Delivered-To", "X-Original-To", "Envelope-To"])("is told by %s", async (field) => {
    const mail = reply(`${field}: <Bounces+${TOKEN.toUpperCase()}@slipway.example>`);
    const elsewhere = mail.replace("bounces+TOKEN@", "bounces@");
    expect(tokensIn(await mailOf(elsewhere))).toEqual([TOKEN.toUpperCase()]);
  });

  test("of a complaint is told by the report, or by the link in the message", async () => {
    expect(tokensIn(await mailOf(complaint("abuse")))).toEqual([TOKEN, LINK]);
    const redacted = complaint("abuse").replaceAll(/bounces\+TOKEN@[\w.]+/g, "redacted");
    expect(tokensIn(await mailOf(redacted))).toEqual([LINK]);
    expect(messageIdsIn(await mailOf(redacted))).toEqual(["<issue-of-mara@slipway.example>"]);
  });

  test("isn't told by a subject, a sender or a text", async () => {
    const mail = reply(`From: x+TOKEN@y.example`, "Re: bounces+TOKEN@slipway.example");
    expect(tokensIn(await mailOf(mail.replace("To: bounces+TOKEN@", "To: bounces@")))).toEqual([]);
  });

  test("is looked for in a few places only", async () => {
    const many = Array.from({ length: 500 }, (_, n) => `b+${n}-k7q2tt9d5mqqt4h6@x.example`);
    expect(tokensIn(await mailOf(reply(`Delivered-To: ${many.join(", ")}`)))).toHaveLength(20);
  });
});

test("a mail that is cut off, or nested without end, is read as far as it goes or refused", async () => {
  const cut = GMAIL.slice(0, GMAIL.indexOf("Diagnostic-Code"));
  expect(await came(cut)).toMatchObject({ kind: "bounced" });
  const nested = `${"Content-Type: multipart/mixed; boundary=b\n\n--b\n".repeat(2000)}\nhi`;
  await expect(mailOf(`From: a@b.example\n${nested}`)).rejects.toMatchObject({
    code: "CONTENT_UNSUPPORTED",
  });
});

test("whatever comes is read without a fault of ours, and never as gone without a word of it", async () => {
  const pieces = fc.constantFrom(
    "Content-Type: multipart/report; boundary=c\n",
    "Content-Type: message/delivery-status\n",
    "From: mailer-daemon@mx.example\n",
    "To: bounces+TOKEN@slipway.example\n",
    "Auto-Submitted: auto-replied\n",
    "Action: failed\n",
    "Status: 5.2.2\n",
    "Diagnostic-Code: smtp; 450 4.1.1\n",
    "Feedback-Type: \n",
    "--c\n",
    "\n",
    " ",
    "<>:;\u0000\u00e9",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { maxLength: 20 }), async (text) => {
      const mail = await mailOf(`Subject: x\n${text.join("")}`);
      expect(classifyMail(mail)).not.toMatchObject({ kind: "bounced" });
      expect(tokensIn(mail).filter((token) => token !== TOKEN)).toEqual([]);
    }),
  );
});

const NOW = new Date("2026-11-24T07:00:00Z");

/** What an issue every so many days gives, of each of which is told whether it came back: `x`, or `.`; today's last. */
function inARow(issues: string, everyDays: number) {
  const sent = issues
    .split("")
    .toReversed()
    .map((sign, index) => ({
      at: new Date(NOW.getTime() - index * everyDays * 86_400_000),
      hasBounced: sign === "x",
    }));
  return bouncesInARow(sent, NOW);
}

test.each([
  ["a weekly newsletter, five times", "..xxxxx", 7, { count: 5, isLasting: true }],
  ["a weekly one that went well in between", "xxxx.x", 7, { count: 1, isLasting: false }],
  ["a weekly one, the last two on their way back", "xxx..", 2, { count: 3, isLasting: false }],
  ["a daily one, for two weeks", "xxxxxxxxxxxxxxx", 1, { count: 15, isLasting: true }],
  ["a daily one, some of them unreported", "xx.x...x.xx...xx.x", 1, { count: 9, isLasting: true }],
  ["a daily one, over the weekend", "........xxx", 1, { count: 3, isLasting: false }],
  ["a daily one, every now and then", "x........x........x", 1, { count: 1, isLasting: false }],
  ["a monthly one, five times", "xxxxx", 30, { count: 5, isLasting: true }],
  ["one that came back a month ago", "xxxxx....", 7, { count: 0, isLasting: false }],
] as const)("%s", (_of, issues, everyDays, expected) => {
  expect(inARow(issues, everyDays)).toEqual(expected);
});
