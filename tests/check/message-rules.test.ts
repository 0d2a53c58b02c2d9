import { beforeAll, describe, expect, test } from "vitest";
import { checkEmail } from "../../src/check/check-email.ts";
import type { Report, Severity } from "../../src/check/finding.ts";
import { parseHtml } from "../../src/check/html/parse-html.ts";
import { leavesOf, readMessage } from "../../src/check/message/mail-message.ts";
import { MESSAGE_RULES } from "../../src/check/rules.ts";
import { brief } from "../fixtures.ts";
import { issueOf } from "./issue.ts";
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

interface Case {
  readonly rule: string;
  readonly fault: string;
  readonly breaks: (raw: string) => string;
  readonly severity?: Severity;
  readonly says: string | RegExp;
}

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
  {
    rule: "header-fields",
    fault: "there is no Date and no Message-ID",
    breaks: (raw) => without("Date")(without("Message-ID")(raw)),
    says: "The header has no Date, Message-ID",
  },
  {
    rule: "header-fields",
    fault: "there are two subjects",
    breaks: (raw) => `Subject: Another\r\n${raw}`,
    says: "Subject stands in the header 2 times: programs differ in which they take",
  },
  {
    rule: "header-from",
    fault: "From has no address",
    breaks: withField("From", "The Mudlark"),
    says: "From has no address in it",
  },
  {
    rule: "header-date",
    fault: "Date is no date of mail",
    breaks: withField("Date", "2019-03-14T07:00:00Z"),
    says: "Date is “2019-03-14T07:00:00Z”, which is no date of mail",
  },
  {
    rule: "header-message-id",
    fault: "Message-ID has no brackets",
    breaks: withField("Message-ID", "1@mudlark.example"),
    says: /^Message-ID is “1@mudlark.example”/,
  },
  {
    rule: "header-message-id",
    fault: "Message-ID is at another's domain",
    breaks: withField("Message-ID", "<1@relay.example>"),
    severity: "info",
    says: "Message-ID is at relay.example, and the sender at mudlark.internal",
  },
  {
    rule: "header-lines",
    fault: "a line of the header is too long",
    breaks: (raw) => `X-Tracking: ${"x".repeat(1200)}\r\n${raw}`,
    says: "A line of the header is 1212 octets long, and 998 are allowed",
  },
  {
    rule: "header-lines",
    fault: "a header is not encoded",
    breaks: withField("Subject", Buffer.from("Über die Fähre").toString("latin1")),
    says: "subject holds letters beyond ASCII that aren't encoded",
  },
  {
    rule: "subject-length",
    fault: "the subject is long",
    breaks: withField("Subject", "The ferry that waits for the post ".repeat(3)),
    severity: "info",
    says: "The subject has 101 characters, and inboxes show about 70",
  },
  {
    rule: "subject-length",
    fault: "the subject is empty",
    breaks: withField("Subject", ""),
    says: "The subject is empty",
  },
  {
    rule: "list-fields",
    fault: "it isn't said to be of a list",
    breaks: (raw) => without("List-Unsubscribe")(without("List-Id")(raw)),
    severity: "warning",
    says: "The header has no List-Id, List-Unsubscribe",
  },
  {
    rule: "list-id",
    fault: "List-Id has no brackets",
    breaks: withField("List-Id", "The Mudlark"),
    says: "List-Id is “The Mudlark”, which is none in form",
  },
  {
    rule: "list-unsubscribe",
    fault: "List-Unsubscribe has no brackets",
    breaks: withField("List-Unsubscribe", "https://mudlark.example/u/1"),
    says: /which has no address in angle brackets$/,
  },
  {
    rule: "list-unsubscribe",
    fault: "List-Unsubscribe is http",
    breaks: withField("List-Unsubscribe", "<http://mudlark.example/u/1>"),
    says: /neither https nor mailto$/,
  },
  {
    rule: "one-click",
    fault: "List-Unsubscribe-Post is missing",
    breaks: without("List-Unsubscribe-Post"),
    severity: "warning",
    says: "One click doesn't unsubscribe: there is no List-Unsubscribe-Post",
  },
  {
    rule: "one-click",
    fault: "List-Unsubscribe-Post says another thing",
    breaks: withField("List-Unsubscribe-Post", "List-Unsubscribe=Yes"),
    says: "List-Unsubscribe-Post is “List-Unsubscribe=Yes”",
  },
  {
    rule: "one-click",
    fault: "there is only a mailto",
    breaks: withField("List-Unsubscribe", "<mailto:desk@mudlark.example>"),
    says: "List-Unsubscribe-Post is there, and List-Unsubscribe has no https address",
  },
  {
    rule: "list-help",
    fault: "List-Help is no address",
    breaks: withField("List-Help", "Ask the desk"),
    says: /^List-Help is “Ask the desk”/,
  },
  {
    rule: "list-archive",
    fault: "List-Archive has no brackets",
    breaks: withField("List-Archive", "https://mudlark.example/"),
    says: /^List-Archive is /,
  },
  {
    rule: "list-post",
    fault: "List-Post is neither NO nor an address",
    breaks: withField("List-Post", "never"),
    says: "List-Post is “never”, which is neither NO nor an address",
  },
  {
    rule: "auto-submitted",
    fault: "answers of machines go to the list",
    breaks: withField("Auto-Submitted", "no"),
    says: "Auto-Submitted is “no”",
  },
  {
    rule: "feedback-id",
    fault: "Feedback-ID has no sender in it",
    breaks: withField("Feedback-ID", "mudlark"),
    severity: "warning",
    says: "Feedback-ID is “mudlark”, which Gmail doesn't read",
  },
  {
    rule: "dkim-fields",
    fault: "the signature leaves out how to unsubscribe",
    breaks: (raw) =>
      `DKIM-Signature: v=1; a=rsa-sha256; d=mudlark.example; s=a; h=From:To:Subject:Date:\r\n Message-ID:List-Id:List-Unsubscribe:Feedback-ID:MIME-Version:Content-Type; bh=x; b=y\r\n${raw}`,
    says: "The DKIM signature of mudlark.example leaves out List-Unsubscribe-Post",
  },
  {
    rule: "message-parts",
    fault: "there is no HTML",
    breaks: alone("text/plain; charset=utf-8", "The ferry waits."),
    severity: "warning",
    says: "The message has no HTML part",
  },
  {
    rule: "message-parts",
    fault: "there is no text",
    breaks: alone("text/html; charset=utf-8", "<p>The ferry waits.</p>"),
    says: "The message has no text part: watches, some readers and spam filters want one",
  },
  {
    rule: "message-parts",
    fault: "the HTML comes first",
    breaks: parts(HTML, TEXT),
    says: "The text part comes after the HTML part, and programs show the last",
  },
  {
    rule: "message-parts",
    fault: "a third part comes last",
    breaks: parts(TEXT, HTML, "Content-Type: text/calendar; charset=utf-8\r\n\r\nBEGIN:VCALENDAR"),
    severity: "warning",
    says: "The last alternative is text/calendar, and programs show the last",
  },
  {
    rule: "message-charset",
    fault: "no program knows the charset",
    breaks: parts(TEXT, HTML.replace("utf-8", "klingon-1")),
    says: 'The text/html part is in "klingon-1", which no program knows',
  },
  {
    rule: "message-charset",
    fault: "it isn't UTF-8",
    breaks: parts(TEXT.replace("utf-8", "windows-1252"), HTML),
    severity: "warning",
    says: "The text/plain part is in windows-1252",
  },
  {
    rule: "message-charset",
    fault: "the charset isn't said, and matters",
    breaks: parts(TEXT, HTML.replace("; charset=utf-8", "").replace("ferry", "F\xE4hre")),
    says: "The text/html part doesn't say its charset",
  },
  {
    rule: "message-encoding",
    fault: "a line is too long for servers",
    breaks: parts(TEXT, `${HTML}${"x".repeat(1200)}`),
    says: /^A line of the text\/html part is 1\d\d\d octets long, and 998 are allowed$/,
  },
  {
    rule: "message-encoding",
    fault: "it isn't encoded as it says",
    breaks: parts(
      TEXT,
      HTML.replace("\r\n\r\n", "\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nF\xE4hre"),
    ),
    says: "The text/html part says that it is quoted-printable, and isn't",
  },
  {
    rule: "message-line-ends",
    fault: "some lines end in another way",
    breaks: (raw) => `${raw}\nPS\n`,
    severity: "warning",
    says: "2 lines end in LF or CR alone: servers differ in what they make of it",
  },
  {
    rule: "message-size",
    fault: "it is large",
    breaks: (raw) => raw + `${"x".repeat(76)}\r\n`.repeat(28_000),
    severity: "warning",
    says: /^The message is 2\.\d MB$/,
  },
  {
    rule: "text-form",
    fault: "the text was HTML once",
    breaks: parts(`${TEXT}\r\n<td>&nbsp;The van</td>`, HTML),
    severity: "warning",
    says: "The text part has HTML tags in it",
  },
  {
    rule: "parity",
    fault: "the text says less",
    breaks: parts(
      TEXT,
      HTML.replace(
        "</p>",
        " The van climbs Beacon Hill behind the school bus, which stops eleven times.</p>",
      ),
    ),
    severity: "warning",
    says: /^The text part has \d+% of the words of the HTML$/,
  },
];

test("what we send has every header but a signature, and no fault", async () => {
  const { findings, notRun } = await reportOn(sound);
  expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
  const ran = MESSAGE_RULES.filter(({ id }) => !notRun.some(({ rule }) => rule === id));
  expect(ran).toHaveLength(MESSAGE_RULES.length - 1);
  expect(notRun).toContainEqual({
    rule: "dkim-fields",
    why: "the message isn't signed: that is done when it is sent",
  });
});

describe.each(CASES)("$rule: $fault", ({ rule, breaks, severity = "error", says }) => {
  test("is found", async () => {
    const raw = breaks(sound);
    expect(raw).not.toBe(sound);
    const findings = found(await reportOn(raw), rule);
    const told = findings.find(({ message }) =>
      typeof says === "string" ? message === says : says.test(message),
    );
    expect(told ?? findings).toMatchObject({ rule, severity });
  });
});

test("every rule about messages has a message that breaks it", () => {
  const tried = new Set(CASES.map(({ rule }) => rule));
  const untried = MESSAGE_RULES.filter(({ id }) => !tried.has(id)).map(({ id }) => id);
  // What stands in `placeholders.test.ts`.
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
    [
      "a mailbox's own first line",
      "From a@b.example Thu\nContent-Type: text/html\n\n<p>",
      ["text/html"],
    ],
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
