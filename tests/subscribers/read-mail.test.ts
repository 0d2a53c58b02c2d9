import { describe, expect, test } from "vitest";
import { requestIn, readMailHead } from "../../src/subscribers/received-mail.ts";

const TOKEN = "AQ0-_abcdefghijklmnopqrstuvwxyz0123456789ABC";
const HEAD = "From: Mara <mara@harbour.example>\r\nTo: letter@slipway.example\r\n";

async function requestOf(head: string, body = "please") {
  const mail = Buffer.from(`${head}\r\n\r\n${body}`);
  return requestIn(await readMailHead(mail));
}

describe("a mail asks to be unsubscribed", () => {
  test.each([
    ["in its subject", `Subject: unsubscribe ${TOKEN.slice(0, 43)}`],
    ["in a subject that was answered", `Subject: AW: unsubscribe ${TOKEN.slice(0, 43)}`],
    ["in a subject that is folded", `Subject: unsubscribe\r\n ${TOKEN.slice(0, 43)}`],
    [
      "in an encoded subject",
      `Subject: =?utf-8?B?${Buffer.from(`unsubscribe ${TOKEN.slice(0, 43)}`).toString("base64")}?=`,
    ],
    [
      "though a program wrote it, as a button does",
      `Subject: unsubscribe ${TOKEN.slice(0, 43)}\r\nAuto-Submitted: auto-generated`,
    ],
  ])("by the token %s", async (_where, subject) => {
    expect(await requestOf(HEAD + subject)).toMatchObject({ token: TOKEN.slice(0, 43) });
  });

  test.each(["Subject: Unsubscribe", "Subject: Re: unsubscribe the-slipway"])(
    "in the name of its sender, without a token: %s",
    async (subject) => {
      expect(await requestOf(HEAD + subject)).toEqual({ sender: "mara@harbour.example" });
    },
  );

  test.each([
    ["an answer to an issue", "Subject: Re: The ferry that waits"],
    ["an out-of-office note", "Subject: unsubscribe\r\nAuto-Submitted: auto-replied (vacation)"],
    ["a mail about it", "Subject: How do I unsubscribe?"],
    ["a mail without a subject", "Date: Tue, 24 Nov 2026 07:00:00 +0000"],
  ])("but not by %s", async (_what, subject) => {
    expect(await requestOf(HEAD + subject, "unsubscribe")).toEqual({});
  });

  test("but not by one that a list or nobody sent", async () => {
    expect(await requestOf("To: x@y.example\r\nSubject: unsubscribe")).toEqual({});
  });
});

describe("what is given as a mail", () => {
  test("is read no further than its head, however long it is", async () => {
    const mail = `${HEAD}Subject: unsubscribe\r\n\r\n${"x".repeat(3_000_000)}`;
    expect(await readMailHead(Buffer.from(mail))).toMatchObject({
      subject: "unsubscribe",
      from: "mara@harbour.example",
      isAutomatic: false,
    });
  });

  test.each(["", "hello", "\0\u0001\u0002", "{}"])("may be none: %j", async (text) => {
    await expect(readMailHead(Buffer.from(text))).rejects.toMatchObject({
      code: "CONTENT_UNSUPPORTED",
    });
  });
});
