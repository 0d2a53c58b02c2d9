import { describe, expect, test } from "vitest";
import { classifyMail } from "../../src/subscribers/mail-kind.ts";
import { authenticatedSender, readReceivedMail } from "../../src/subscribers/received-mail.ts";

const TOKEN = "AQ0-_abcdefghijklmnopqrstuvwxyz0123456789ABC";
const HEAD = "From: Mara <mara@harbour.example>\r\nTo: letter@slipway.example\r\n";

async function requestOf(head: string, body = "please") {
  const mail = Buffer.from(`${head}\r\n\r\n${body}`);
  return classifyMail(await readReceivedMail(mail));
}

describe("a mail asks to be unsubscribed", () => {
  test.each(
    Object.entries({
      "in its subject": `Subject: unsubscribe ${TOKEN.slice(0, 43)}`,
      "in a subject that was answered": `Subject: AW: unsubscribe ${TOKEN.slice(0, 43)}`,
      "in a subject that is folded": `Subject: unsubscribe\r\n ${TOKEN.slice(0, 43)}`,
      "in an encoded subject": `Subject: =?utf-8?B?${Buffer.from(`unsubscribe ${TOKEN.slice(0, 43)}`).toString("base64")}?=`,
      "though a program wrote it, as a button does": `Subject: unsubscribe ${TOKEN.slice(0, 43)}\r\nAuto-Submitted: auto-generated`,
    }),
  )("by the token %s", async (_where, subject) => {
    expect(await requestOf(HEAD + subject)).toMatchObject({ token: TOKEN.slice(0, 43) });
  });

  test.each(["Subject: Unsubscribe", "Subject: Re: unsubscribe the-slipway"])(
    "in the name of its sender, without a token: %s",
    async (subject) => {
      expect(await requestOf(HEAD + subject)).toEqual({
        kind: "asks to leave",
        sender: "mara@harbour.example",
      });
    },
  );

  test.each([
    ["an answer to an issue", "Subject: Re: The ferry that waits"],
    ["an out-of-office note", "Subject: unsubscribe\r\nAuto-Submitted: auto-replied (vacation)"],
    ["a mail about it", "Subject: How do I unsubscribe?"],
    ["a mail without a subject", "Date: Tue, 24 Nov 2026 07:00:00 +0000"],
  ])("but not by %s", async (_what, subject) => {
    const kind = expect.stringMatching(/^(?:letter|nothing)$/);
    expect(await requestOf(HEAD + subject, "unsubscribe")).toMatchObject({ kind });
  });

  test("but not by one that a list or nobody sent", async () => {
    expect(await requestOf("To: x@y.example\r\nSubject: unsubscribe")).toEqual({ kind: "letter" });
  });
});

describe("what is given as a mail", () => {
  test("is read no further than its head, however long it is", async () => {
    const mail = `${HEAD}Subject: unsubscribe\r\n\r\n${"x".repeat(3_000_000)}`;
    expect(await readReceivedMail(Buffer.from(mail))).toMatchObject({
      subject: "unsubscribe",
      from: "mara@harbour.example",
    });
  });

  test.each(["", "hello", "\0\u0001\u0002", "{}"])("may be none: %j", async (text) => {
    await expect(readReceivedMail(Buffer.from(text))).rejects.toMatchObject({
      code: "CONTENT_UNSUPPORTED",
    });
  });
});

const MX = "mx.slipway.example";
const FROM = "From: Mara <mara@harbour.example>";
const OWN = `Received: from out.quay.example (HELO by ${MX}) by ${MX} (Postfix); Tue, 24 Nov 2026 07:00:00 +0000`;
const INNER =
  "Received: from mx.slipway.example by imap.slipway.example with LMTP; Tue, 24 Nov 2026";
const EARLIER = `Received: from a by ${MX} by relay.quay.example with ESMTP; Tue, 24 Nov 2026`;
const PASS = results(`${MX}; dmarc=pass header.from=harbour.example`);
const FAIL = results(`${MX}; dmarc=fail (p=reject) header.from=harbour.example`);

function results(value: string): string {
  return `Authentication-Results: ${value}`;
}

async function senderOf(...lines: readonly string[]): Promise<string | undefined> {
  const mail = Buffer.from(`${lines.join("\r\n")}\r\n\r\nplease`);
  const { fields } = await readReceivedMail(mail);
  return authenticatedSender(fields, MX);
}

describe("a sender counts where the trusted server says that From passed DMARC", () => {
  test.each<readonly [name: string, ...lines: string[]]>([
    ["below its own Received", OWN, PASS, FROM],
    ["above its own Received", PASS, OWN, FROM],
    ["behind a server of the same house", INNER, OWN, PASS, EARLIER, FROM],
    ["and above its own Received there", INNER, PASS, OWN, EARLIER, FROM],
    [
      "in capitals",
      OWN,
      `AUTHENTICATION-RESULTS: ${MX.toUpperCase()}; DMARC=PASS Header.From=Harbour.Example`,
      FROM,
    ],
    ["with a version", OWN, results(`${MX} 1; dmarc/1 = pass header.from = harbour.example`), FROM],
    [
      "among other results, folded, with comments",
      OWN,
      results(
        `(the (nested; dmarc=fail) "comment)\r\n ${MX} (us);\r\n\tspf=fail reason="(a; dmarc=none" smtp.mailfrom=x.example;\r\n dmarc=pass (p=none) header.from=harbour.example; dkim=pass header.d=harbour.example`,
      ),
      FROM,
    ],
    ["over a forged one below it", OWN, PASS, FAIL, FROM],
    ["with a quoted name", OWN, PASS, 'From: "Quill, Mara" <mara@harbour.example>'],
    [
      "with an encoded name, folded",
      OWN,
      PASS,
      "From: =?utf-8?q?Mara?=\r\n <mara@harbour.example>",
    ],
  ])("%s", async (_, ...lines) => {
    expect(await senderOf(...lines)).toBe("mara@harbour.example");
  });
});

describe("a sender doesn't count", () => {
  test.each<readonly [name: string, ...lines: string[]]>([
    ["without a result", OWN, FROM],
    ["that failed", OWN, FAIL, FROM],
    ["with a forged pass below the fail", OWN, FAIL, PASS, FROM],
    [
      "by the word of another server",
      OWN,
      results("mx.quay.example; dmarc=pass header.from=harbour.example"),
      FROM,
    ],
    [
      "by that of a server whose name begins alike",
      OWN,
      PASS.replace(MX, `${MX}.quay.example`),
      FROM,
    ],
    ["by a field of an earlier server", OWN, EARLIER, PASS, FROM],
    ["by one with a forged Received below it", OWN, EARLIER, PASS, OWN, FROM],
    ["by one that no Received is beside", PASS, FROM],
    [
      "by SPF or DKIM alone",
      OWN,
      results(`${MX}; spf=pass smtp.mailfrom=harbour.example; dkim=pass`),
      FROM,
    ],
    ["for another domain", OWN, PASS, "From: mara@quay.example"],
    ["for a domain below that one", OWN, PASS, "From: mara@sub.harbour.example"],
    ["without the domain", OWN, results(`${MX}; dmarc=pass`), FROM],
    ["with two domains", OWN, `${PASS} header.from=quay.example`, FROM],
    ["with two results", OWN, `${PASS}; dmarc=fail header.from=harbour.example`, FROM],
    [
      "by a comment",
      OWN,
      results(`${MX}; spf=pass (dmarc=pass header.from=harbour.example)`),
      FROM,
    ],
    [
      "by a quoted string",
      OWN,
      results(`${MX}; spf=pass reason="; dmarc=pass header.from=harbour.example"`),
      FROM,
    ],
    [
      "by a quoted address of the envelope",
      OWN,
      results(
        `${MX}; dmarc=pass smtp.mailfrom="x header.from=harbour.example"@quay.example header.from=quay.example`,
      ),
      FROM,
    ],
    [
      "by a reason",
      OWN,
      results(`${MX}; dmarc=fail reason="dmarc=pass header.from=harbour.example"`),
      FROM,
    ],
    [
      "by an address of the envelope that the server did not quote",
      OWN,
      results(
        `${MX}; spf=pass smtp.mailfrom=a;dmarc=pass header.from=harbour.example;b@quay.example`,
      ),
      FROM,
    ],
    ["beside a result that is cut off", OWN, `${PASS}; spf=pass smtp.mailfrom`, FROM],
    ["by a comment that isn't closed", OWN, `${PASS} (`, FROM],
    ["by a quoted string that isn't closed", OWN, `${PASS} reason="x`, FROM],
    ["by a later version", OWN, results(`${MX} 2; dmarc=pass header.from=harbour.example`), FROM],
    [
      "by a name with more behind it",
      OWN,
      results(`${MX} 1 x; dmarc=pass header.from=harbour.example`),
      FROM,
    ],
    ["with two addresses in From", OWN, PASS, "From: mara@harbour.example, jory@harbour.example"],
    ["with two From fields", OWN, PASS, FROM, "From: jory@harbour.example"],
    ["with a second From that is empty", OWN, PASS, FROM, "From:"],
    ["with an address for a name", OWN, PASS, "From: mara@harbour.example <jory@harbour.example>"],
    ["with a group in From", OWN, PASS, "From: Crew: mara@harbour.example;"],
    ["without From", OWN, PASS, "To: leave@slipway.example"],
  ])("%s", async (_, ...lines) => {
    expect(await senderOf(...lines)).toBeUndefined();
  });

  test("by a field of 200 KB of open comments, and that is read at once", async () => {
    expect(await senderOf(OWN, `${PASS} ${"(".repeat(200_000)}`, FROM)).toBeUndefined();
  });
});
