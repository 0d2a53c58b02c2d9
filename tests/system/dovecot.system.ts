import { readFile } from "node:fs/promises";
import { createConnection } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { broadsheet, folderWith, linesOf } from "../cli/broadsheet.ts";
import { type DovecotServer, startDovecot } from "./dovecot-server.ts";

let dovecot: DovecotServer;

beforeAll(async () => {
  dovecot = await startDovecot();
});

afterAll(async () => dovecot.close());

test("an IMAP server reads of an issue what a mail program shows: sender, subject, text before HTML, a list", async () => {
  const cwd = await folderWith();
  await broadsheet(["init", "--yes"], { cwd });
  const subject = "Ebbe und Flut: größer — 海の新聞";
  const built = await broadsheet(
    ["build", "--date", "2026-11-24", "--json", "--subject", subject],
    { cwd },
  );
  const { dir } = z.looseObject({ dir: z.string() }).parse(linesOf(built)[0]);
  const mail = await readFile(path.join(dir, "email.eml"), "latin1");

  const lmtp = await converse(dovecot.lmtpPort);
  await lmtp("LHLO slipway.example", /^250 /m);
  await lmtp("MAIL FROM:<post@slipway.example>", /^250 /m);
  await lmtp("RCPT TO:<ada@reader.example>", /^250 /m);
  await lmtp("DATA", /^354 /m);
  await lmtp(`${mail.replaceAll(/^\./gm, "..")}\r\n.`, /^250 .*Saved/m);

  const imap = await converse(dovecot.imapPort);
  await imap("a LOGIN ada@reader.example reader", /^a OK/m);
  await imap("b SELECT INBOX", /^b OK/m);
  const fetched = await imap("c FETCH 1 (ENVELOPE BODYSTRUCTURE)", /^c OK/m);
  const [, encoded = ""] =
    /ENVELOPE \("[^"]*" (?:\{\d+\}\r\n)?"?((?:=\?.*?\?=\s*)+)/s.exec(fetched) ?? [];
  expect(decodeWords(encoded).trim()).toBe(subject);
  expect(fetched).toMatch(/BODYSTRUCTURE \(+"text" "plain" .*"text" "html" .*"alternative"/is);
  const headers = await imap(
    "d FETCH 1 (BODY[HEADER.FIELDS (List-Id List-Unsubscribe)])",
    /^d OK/m,
  );
  expect(headers).toMatch(/^List-Id: .*<[\w.-]+>\r$/im);
});

/** The text of RFC 2047 words. */
function decodeWords(text: string): string {
  return text
    .replaceAll(/\?=\s+=\?/g, "?==?")
    .replaceAll(/=\?utf-8\?([bq])\?(.*?)\?=/gi, (_word, encoding: string, word: string) =>
      encoding.toLowerCase() === "b"
        ? Buffer.from(word, "base64").toString("latin1")
        : word
            .replaceAll("_", " ")
            .replaceAll(/=([0-9A-F]{2})/gi, (_hex, hex: string) =>
              String.fromCharCode(Number.parseInt(hex, 16)),
            ),
    )
    .replaceAll(/[\u0080-\u00FF]+/g, (bytes) => Buffer.from(bytes, "latin1").toString("utf8"));
}

/** A conversation with a server: a line is said, and what it answers until it says `done`. */
async function converse(port: number): Promise<(line: string, done: RegExp) => Promise<string>> {
  const socket = createConnection(port, "127.0.0.1");
  let heard = "";
  socket.setEncoding("latin1").on("data", (text: string) => (heard += text));
  const until = async (done: RegExp): Promise<string> => {
    await expect.poll(() => done.test(heard), { timeout: 20_000 }).toBe(true);
    const answer = heard;
    heard = "";
    return answer;
  };
  await until(/\r\n/);
  return async (line, done) => {
    socket.write(`${line}\r\n`, "latin1");
    return until(done);
  };
}
