import { beforeAll, describe, expect, test } from "vitest";
import { checkEmail } from "../../src/check/check-email.ts";
import type { Report } from "../../src/check/finding.ts";
import { MESSAGE_RULES } from "../../src/review/review.ts";
import type { Severity } from "../../src/check/finding.ts";
import { parseHtml } from "../../src/check/html-document.ts";
import { leavesOf, readMessage } from "../../src/check/mail-message.ts";
import { brief } from "../fixtures.ts";
import { issueOf } from "../review/issue.ts";
import { found } from "./mail.ts";

let sound: string;

beforeAll(async () => {
  sound = (await issueOf(brief(), "brief")).message.raw.toString("latin1");
});

/** What is found in a message, which may be anybody's. */
async function reportOn(raw: string): Promise<Report> {
  const message = await readMessage(Buffer.from(raw, "latin1"));
  const { html, text, subject } = message;
  return checkEmail({
    target: "mail.eml",
    subject,
    text,
    message,
    ...(html !== undefined && { html: parseHtml(html) }),
  });
}

/** How a message comes to break a rule, what is said of it, and how grave it is where it is no error. */
type Case = readonly [
  rule: string,
  breaks: (raw: string) => string,
  says: string | RegExp,
  severity?: Severity,
];

const without = (name: string) => (raw: string) =>
  raw.replace(new RegExp(`^${name}:.*\\r\\n(?:[ \\t].*\\r\\n)*`, "m"), "");
const withField = (name: string, value: string) => (raw: string) =>
  raw.replace(new RegExp(`^${name}:.*\\r\\n(?:[ \\t].*\\r\\n)*`, "m"), `${name}: ${value}\r\n`);
const alone =
  (type: string, body: string, encoding = "7bit") =>
  (raw: string) =>
    without("Content-Type")(raw).replace(
      /\r\n\r\n[^]*/,
      `\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`,
    );
const parts = (...bodies: readonly string[]) =>
  alone(
    'multipart/alternative; boundary="=_x"',
    [...bodies.map((body) => `--=_x\r\n${body}\r\n`), "--=_x--\r\n"].join(""),
  );

const TEXT = "Content-Type: text/plain; charset=utf-8\r\n\r\nThe ferry waits.";
const HTML =
  'Content-Type: text/html; charset=utf-8\r\n\r\n<html lang="en"><p>The ferry waits.</p>';

const CASES: readonly Case[] = [
  ["header-fields", (raw) => without("Date")(without("Message-ID")(raw)), "The header has no Date"],
  ["header-fields", (raw) => `Subject: Another\r\n${raw}`, "Subject is in the header 2"],
  ["header-from", withField("From", "The Mudlark"), "From has no address in it"],
  ["header-date", withField("Date", "2019-03-14T07:00:00Z"), "Date is “2019-03-14T07:00:00Z”,"],
  ["header-message-id", withField("Message-ID", "1@mudlark.example"), / is “1@mudlark.example”/],
  [
    "header-message-id",
    withField("Message-ID", "<1@relay.example>"),
    "Message-ID is at relay.example, and the sender at mudlark.internal",
    "info",
  ],
  ["header-lines", (raw) => `X-Tracking: ${"x".repeat(1200)}\r\n${raw}`, /^A line .* 1212 octets/],
  [
    "header-lines",
    withField("Subject", Buffer.from("Über die Fähre").toString("latin1")),
    "subject contains letters beyond ASCII that are not encoded",
  ],
  [
    "subject-length",
    withField("Subject", "The ferry that waits for the post ".repeat(3)),
    "The subject has 101 characters, and inboxes show about 70",
    "info",
  ],
  ["subject-length", withField("Subject", ""), "The subject is empty"],
  [
    "list-fields",
    (raw) => without("List-Unsubscribe")(without("List-Id")(raw)),
    "The header has no List-Id, List-Unsubscribe",
    "warning",
  ],
  ["list-id", withField("List-Id", "The Mudlark"), "List-Id is “The Mudlark”, which has the wrong"],
  [
    "list-unsubscribe",
    withField("List-Unsubscribe", "https://mudlark.example/u/1"),
    /which has no address in angle brackets$/,
  ],
  [
    "list-unsubscribe",
    withField("List-Unsubscribe", "<http://mudlark.example/u/1>"),
    /neither https nor mailto$/,
  ],
  [
    "one-click",
    without("List-Unsubscribe-Post"),
    "One-click unsubscribing is not possible:",
    "warning",
  ],
  ["one-click", withField("List-Unsubscribe-Post", "List-Unsubscribe=Yes"), /Unsubscribe=Yes”/],
  [
    "one-click",
    withField("List-Unsubscribe", "<mailto:desk@mudlark.example>"),
    "List-Unsubscribe-Post is there, and List-Unsubscribe has no https address",
  ],
  ["list-help", withField("List-Help", "Ask the desk"), /^List-Help is “Ask the desk”/],
  ["list-archive", withField("List-Archive", "https://mudlark.example/"), /^List-Archive is /],
  ["list-post", withField("List-Post", "never"), "List-Post is “never”, which is neither NO nor"],
  ["auto-submitted", withField("Auto-Submitted", "no"), "Auto-Submitted is “no”"],
  ["feedback-id", withField("Feedback-ID", "mudlark"), "Feedback-ID is “mudlark”,", "warning"],
  [
    "dkim-fields",
    (raw) =>
      `DKIM-Signature: v=1; a=rsa-sha256; d=mudlark.example; s=a; h=From:To:Subject:Date:\r\n Message-ID:List-Id:List-Unsubscribe:Feedback-ID:MIME-Version:Content-Type; bh=x; b=y\r\n${raw}`,
    "The DKIM signature of mudlark.example leaves out List-Unsubscribe-Post",
  ],
  ["message-parts", alone("text/plain; charset=utf-8", "A ferry."), "The message has", "warning"],
  [
    "message-parts",
    alone("text/html; charset=utf-8", "<p>The ferry waits.</p>"),
    "The message has no text part: watches, some readers and spam filters want one",
  ],
  [
    "message-parts",
    parts(HTML, TEXT),
    "The text part comes after the HTML part, and mail programs",
  ],
  [
    "message-parts",
    parts(TEXT, HTML, "Content-Type: text/calendar; charset=utf-8\r\n\r\nBEGIN:VCALENDAR"),
    "The last alternative is text/calendar, and programs show the last",
    "warning",
  ],
  ["message-charset", parts(TEXT, HTML.replace("utf-8", "klingon-1")), /which no program knows$/],
  [
    "message-charset",
    parts(TEXT.replace("utf-8", "windows-1252"), HTML),
    "The text/plain part is in windows-1252",
    "warning",
  ],
  [
    "message-charset",
    parts(TEXT, HTML.replace("; charset=utf-8", "").replace("ferry", "F\xE4hre")),
    "The text/html part does not declare its charset",
  ],
  [
    "message-encoding",
    parts(TEXT, `${HTML}${"x".repeat(1200)}`),
    /^A line of the text\/html part is 1\d\d\d octets long, and 998 are allowed$/,
  ],
  [
    "message-encoding",
    parts(
      TEXT,
      HTML.replace("\r\n\r\n", "\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nF\xE4hre"),
    ),
    "The text/html part declares quoted-printable, but has another encoding",
  ],
  ["message-line-ends", (raw) => `${raw}\nPS\n`, "2 lines end in only LF or CR,", "warning"],
  [
    "message-size",
    (raw) => raw + `${"x".repeat(76)}\r\n`.repeat(28_000),
    /^The message is 2\.\d MB$/,
    "warning",
  ],
  ["text-form", parts(`${TEXT}\r\n<td>&nbsp;</td>`, HTML), "The text part has HTML", "warning"],
  [
    "parity",
    parts(
      TEXT,
      HTML.replace(
        "</p>",
        " The van climbs Beacon Hill behind the school bus, which stops eleven times.</p>",
      ),
    ),
    /^The text part has \d+% of the words of the HTML$/,
    "warning",
  ],
];

test("what we send has every header but a signature, and no fault", async () => {
  const { findings, notRun } = await reportOn(sound);
  expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
  const ids = new Set(MESSAGE_RULES.map(({ id }) => id));
  expect(notRun.filter(({ rule }) => ids.has(rule))).toEqual([
    { rule: "dkim-fields", why: "the message is not signed: that happens when it is sent" },
  ]);
});

test.each(CASES.map((each) => [each[2], each] as const))(
  "it is found that: %s",
  async (_, each) => {
    const [rule, breaks, says, severity = "error"] = each;
    const raw = breaks(sound);
    expect(raw).not.toBe(sound);
    const findings = found(await reportOn(raw), rule);
    const told = findings.find(({ message }) =>
      typeof says === "string" ? message.startsWith(says) : says.test(message),
    );
    expect(told ?? findings).toMatchObject({ rule, severity });
  },
);

test("every rule about messages has a message that breaks it", () => {
  const tried = new Set(CASES.map(([rule]) => rule));
  const untried = MESSAGE_RULES.filter(({ id }) => !tried.has(id)).map(({ id }) => id);
  // What stands in `review.test.ts`.
  expect(untried).toEqual(["placeholder"]);
});

async function typesOf(raw: string): Promise<string[]> {
  const { root } = await readMessage(Buffer.from(raw, "latin1"));
  return leavesOf(root).map(({ type }) => type);
}

describe("the parts of a message", () => {
  test("are those that it has", async () => {
    expect(await typesOf(sound)).toEqual(["text/plain", "text/html", "image/png"]);
  });

  test.each([
    ["nothing", "", ["text/plain"]],
    ["no header", "\r\nHello", ["text/plain"]],
    ["a header alone", "From: a@b.example", ["text/plain"]],
    [
      "a boundary that is never there",
      "Content-Type: multipart/mixed; boundary=x\r\n\r\nHello",
      ["multipart/mixed"],
    ],
    [
      "a part that never ends",
      "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nHello",
      ["text/plain"],
    ],
    ["a mailbox's first line", "From a@b.example \nContent-Type: text/html\n\n<p>", ["text/html"]],
  ])("of %s can be told", async (_what, raw, types) => {
    expect(await typesOf(raw)).toEqual(types);
  });

  test("are bounded where they hold each other without end", async () => {
    const nested = (depth: number): string =>
      depth === 0
        ? "\r\nHello"
        : `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n${nested(depth - 1)}\r\n--b${depth}--\r\n`;
    expect(await typesOf(nested(200))).toEqual(["multipart/mixed"]);
    const many = `Content-Type: multipart/mixed; boundary=x\r\n\r\n${"--x\r\n\r\nHi\r\n".repeat(5_000)}`;
    expect((await typesOf(many)).length).toBeLessThanOrEqual(1_000);
  });
});
