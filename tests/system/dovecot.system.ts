import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { broadsheet, folderWith, linesOf } from "../cli/broadsheet.ts";
import { closedPort } from "../smtp-server.ts";

let folder: string;
let dovecot: ChildProcess;
let lmtpPort: number;
let imapPort: number;

const VMAIL = 5000;

beforeAll(async () => {
  if (process.getuid?.() !== 0)
    throw new Error("Dovecot is started by root: run the tests as root");
  if (!existsSync("/usr/sbin/dovecot")) {
    throw new Error("Dovecot is missing: apt-get install dovecot-imapd dovecot-lmtpd");
  }
  folder = await mkdtemp(path.join(tmpdir(), "broadsheet-dovecot-"));
  await chmod(folder, 0o755);
  for (const name of ["base", "mail"]) await mkdir(path.join(folder, name));
  await chown(path.join(folder, "mail"), VMAIL, VMAIL);
  lmtpPort = await closedPort();
  imapPort = await closedPort();
  await writeFile(path.join(folder, "dovecot.conf"), config());
  dovecot = spawn("/usr/sbin/dovecot", ["-F", "-c", path.join(folder, "dovecot.conf")], {
    stdio: "ignore",
  });
});

afterAll(async () => {
  dovecot.kill("SIGTERM");
  await new Promise((resolve) => dovecot.once("close", resolve));
  await rm(folder, { recursive: true, force: true });
});

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

  const lmtp = await converse(lmtpPort);
  await lmtp("LHLO slipway.example", /^250 /m);
  await lmtp("MAIL FROM:<post@slipway.example>", /^250 /m);
  await lmtp("RCPT TO:<ada@reader.example>", /^250 /m);
  await lmtp("DATA", /^354 /m);
  await lmtp(`${mail.replaceAll(/^\./gm, "..")}\r\n.`, /^250 .*Saved/m);

  const imap = await converse(imapPort);
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
  const socket = await connected(port);
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

async function connected(port: number): Promise<Socket> {
  for (let tries = 0; ; tries++) {
    const socket = createConnection(port, "127.0.0.1");
    const isUp = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    if (isUp) return socket;
    if (tries > 200) throw new Error("Dovecot doesn't answer");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Version 2.4: one password for everybody, mailboxes in one folder. */
function config(): string {
  return `
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = ${folder}/base
state_dir = ${folder}/base
log_path = ${folder}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
auth_allow_cleartext = yes
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
mail_driver = maildir
mail_path = ${folder}/mail/%{user}
first_valid_uid = 1000
passdb static {
  password = reader
}
userdb static {
  fields {
    uid = ${VMAIL}
    gid = ${VMAIL}
    home = ${folder}/mail
  }
}
service imap-login {
  inet_listener imap {
    port = ${imapPort}
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  inet_listener lmtp {
    port = ${lmtpPort}
  }
}
`;
}
