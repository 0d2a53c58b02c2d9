import * as fc from "fast-check";
import { expect, test } from "vitest";
import { mailsInMbox } from "../../../src/subscribers/io/mail-files.ts";
import { MOST_MAIL_BYTES } from "../../../src/subscribers/received-mail.ts";

const SEPARATOR = "From MAILER-DAEMON Tue Nov 24 07:00:09 2026";

/** In pieces as a disk gives them. */
async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += size)
    yield Buffer.from(text.slice(at, at + size), "latin1");
}

async function read(mbox: string, size = 64 * 1024): Promise<string[]> {
  const mails: string[] = [];
  for await (const mail of mailsInMbox(inPieces(mbox, size)))
    mails.push(Buffer.from(mail).toString("latin1").trimEnd());
  return mails;
}

function mboxOf(mails: readonly string[], end: string): string {
  return mails
    .map((mail) => `${SEPARATOR}\n${mail.replaceAll(/^(>*From )/gm, ">$1")}\n\n`)
    .join("")
    .replaceAll("\n", end);
}

test("the mails of an mbox are as they were, however it is cut into pieces", async () => {
  const line = fc.oneof(
    fc.constantFrom(
      "",
      "From ",
      ">From x",
      `From x ${SEPARATOR.slice(-20)}`,
      SEPARATOR,
      "Subject: é",
    ),
    fc.string({ unit: fc.constantFrom("a", " ", ">", ":") }),
  );
  const mail = fc
    .array(line, { maxLength: 8 })
    .map((lines) => ["Subject: x", ...lines].join("\n").trimEnd());
  const end = fc.constantFrom("\n", "\r\n");
  await fc.assert(
    fc.asyncProperty(
      fc.array(mail, { minLength: 1, maxLength: 4 }),
      end,
      fc.integer({ min: 1, max: 200 }),
      async (mails, end, size) => {
        expect(await read(mboxOf(mails, end), size)).toEqual(
          mails.map((one) => one.replaceAll("\n", end)),
        );
      },
    ),
  );
});

test("of a large mail the beginning is read, and those behind it are whole", async () => {
  const large = `Subject: large\n\n${"x".repeat(1_000_000)}`;
  const mails = await read(mboxOf([large, "Subject: next\n\nhi"], "\n"));
  expect(mails.map(({ length }) => length)).toEqual([MOST_MAIL_BYTES, 17]);
  expect(large.startsWith(mails[0] ?? "-")).toBe(true);
});

test("a line of an unquoted mail that only begins like a separator parts no mail", async () => {
  const mail = "Subject: x\n\nFrom here on it is 10:30\n\nFrom the editor";
  expect(await read(`${SEPARATOR}\n${mail}\n`)).toEqual([mail]);
});
