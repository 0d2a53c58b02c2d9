import { type KeyObject, generateKeyPairSync } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import * as fc from "fast-check";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { beforeAll, describe, expect, test } from "vitest";
import { type Config, parseConfig } from "../../../src/config/config.ts";
import {
  composeMessage,
  type Mailing,
  type Message,
} from "../../../src/delivery/compile-message.ts";
import type { DkimKey } from "../../../src/delivery/dkim.ts";
import type { Email } from "../../../src/email/email.ts";
import { loadDkimKeys } from "../../../src/delivery/io/load-dkim-keys.ts";
import { BroadsheetError } from "../../../src/errors.ts";
import { newFolder } from "../../temporary.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ed25519 = generateKeyPairSync("ed25519");

const KEYS: readonly DkimKey[] = [
  { domain: "letters.example", selector: "r2031", key: rsa.privateKey },
  { domain: "letters.example", selector: "e2031", key: ed25519.privateKey },
];

const SIGNED_AT = new Date("2031-04-02T06:00:00Z");

/** The zone of letters.example (RFC 6376 §3.6.1, RFC 8463 §4). */
async function resolver(name: string): Promise<string[][]> {
  const key = name.startsWith("r2031.") ? rsa.publicKey : ed25519.publicKey;
  const kind = name.startsWith("r2031.") ? "rsa" : "ed25519";
  return [[`v=DKIM1; k=${kind}; p=${published(key)}`]];
}

function published(key: KeyObject): string {
  const spki = key.export({ format: "der", type: "spki" });
  return (key.asymmetricKeyType === "rsa" ? spki : spki.subarray(-32)).toString("base64");
}

async function verdicts(raw: Buffer): Promise<string[]> {
  const { results } = await dkimVerify(raw, { resolver, strict: true, curTime: SIGNED_AT });
  return results.map(({ algo, status }) => `${algo} ${status.result}`);
}

const PASSED = ["rsa-sha256 pass", "ed25519-sha256 pass"];

const READER = { address: "mara@example.org", name: "Mara Ł. Quill", token: "AbC-1_x" };

function message(dkim: readonly DkimKey[] = []): Message {
  return composeMessage(EMAIL, READER, { ...MAILING, dkim });
}

const EMAIL: Email = {
  subject: "🦀 What the tide left, and what it took from the quay in a very long line of words",
  html: "<p>Krabben – and a line  with two spaces</p>\n",
  text: "Krabben.\n.dot\n\n\n",
  slots: {},
};

const MAILING: Mailing = {
  issue: { newsletter: "harbour-letter", slot: "2031-04-02" },
  from: { address: "desk@letters.example", name: "The Harbour Letter" },
  date: SIGNED_AT,
  links: { unsubscribe: "https://letters.example/u/{token}" },
  images: [
    {
      cid: "crab@broadsheet",
      filename: "Krabbe 1.png",
      contentType: "image/png",
      content: Buffer.from("png".repeat(100)),
    },
  ],
};

describe("a signed message", () => {
  test("is verified with both keys, and is otherwise as it was", async () => {
    const signed = message(KEYS);
    expect(await verdicts(signed.raw)).toEqual(PASSED);
    expect(signed.raw.subarray(-message().raw.length).equals(message().raw)).toBe(true);
    expect(signed.envelope).toEqual(message().envelope);
  });

  test("is aligned with its sender (DMARC), and has lines that mail allows", async () => {
    const { raw } = message(KEYS);
    const { results } = await dkimVerify(raw, { resolver, strict: true, curTime: SIGNED_AT });
    expect(results.map(({ status }) => status.aligned)).toEqual([
      "letters.example",
      "letters.example",
    ]);
    const lines = raw.toString("latin1").split("\r\n");
    expect(Math.max(...lines.slice(0, 30).map((line) => line.length))).toBeLessThanOrEqual(78);
  });

  test("covers every field of the header, with both of one-click unsubscription (RFC 8058 §4)", async () => {
    const { raw } = message(KEYS);
    const [header = ""] = message().raw.toString("latin1").split("\r\n\r\n");
    const names = header.match(/^[\w-]+(?=:)/gm) ?? [];
    expect(names).toEqual(expect.arrayContaining(["List-Unsubscribe", "List-Unsubscribe-Post"]));
    const { results } = await dkimVerify(raw, { resolver, curTime: SIGNED_AT });
    for (const { signingHeaders } of results) {
      const covered = signingHeaders?.headers.map((line) => line.split(":")[0]);
      expect(covered).toEqual(expect.arrayContaining(names));
    }
  });

  test.each<[string, (text: string) => string]>([
    ["a word of the body", (text) => text.replace("Krabben", "Kraben")],
    ["the subject", (text) => text.replace(/^Subject: .*$/m, "Subject: Other")],
    ["the way out", (text) => text.replace("u/AbC-1_x", "u/AbC-1_y")],
    ["the promise of one click", (text) => text.replace(/^List-Unsubscribe-Post: .*\r\n/m, "")],
    ["a second From", (text) => `From: evil@example.org\r\n${text}`],
    ["a second Subject", (text) => `Subject: Buy\r\n${text}`],
    ["a Reply-To that wasn't there", (text) => `Reply-To: evil@example.org\r\n${text}`],
    ["another Content-Type", (text) => `Content-Type: text/html\r\n${text}`],
    ["a line at the end", (text) => `${text}more\r\n`],
  ])("fails where somebody changes %s", async (_what, change) => {
    const { raw } = message(KEYS);
    const changed = Buffer.from(change(raw.toString("latin1")), "latin1");
    expect(changed.equals(raw)).toBe(false);
    for (const verdict of await verdicts(changed)) expect(verdict).not.toContain("pass");
  });

  test("survives a relay that folds headers and white space anew", async () => {
    const { raw } = message(KEYS);
    const relayed = raw
      .toString("latin1")
      .replace(/^Subject: /m, "SUBJECT:   ")
      .replace("Feedback-ID: ", "Feedback-ID:\r\n\t")
      .replace(/^List-Post: NO\r$/m, "List-Post: NO  \r");
    expect(await verdicts(Buffer.from(`${relayed}\r\n\r\n`, "latin1"))).toEqual(PASSED);
  });

  test("passes whatever white space its words and the reader's name have", async () => {
    const words = fc.stringMatching(/^[a \t\n.=ü]{0,120}$/);
    await fc.assert(
      fc.asyncProperty(words, words, words, async (text, html, title) => {
        const subject = `x ${title.replace(/[\t\n]/g, " ")}`;
        const name = `${html.replace(/[\t\n=]/g, " ")}x`;
        const email = { ...EMAIL, subject, text: `${text} @@ ${html}`, html: `${html}@@\t${text}` };
        const slots = { recipientName: "@@" };
        const { raw } = composeMessage({ ...email, slots }, { ...READER, name }, SIGNED);
        expect(await verdicts(raw)).toEqual(PASSED);
      }),
      { numRuns: 60 },
    );
  });
});

const SIGNED: Mailing = { ...MAILING, dkim: KEYS };

test("property: however long the texts around a reader's values are, the signature holds", async () => {
  // Texts of 4096 bytes and more are shared by all messages, and shorter ones are copied.
  const length = fc.oneof(fc.nat(200), fc.integer({ min: 3_900, max: 4_300 }));
  await fc.assert(
    fc.asyncProperty(length, length, length, async (before, between, after) => {
      const text = `${"a".repeat(before)} @@ ${"b".repeat(between)} @@ ${"c".repeat(after)}`;
      const email = { ...EMAIL, text, html: text, slots: { recipientName: "@@" } };
      const { raw } = composeMessage(email, READER, SIGNED);
      expect(await verdicts(raw)).toEqual(PASSED);
    }),
    { numRuns: 40 },
  );
});

const PEM = { format: "pem", type: "pkcs8" } as const;
const RSA = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export(PEM).toString();
const ED25519 = generateKeyPairSync("ed25519").privateKey.export(PEM).toString();

let folder: string;

beforeAll(async () => {
  folder = await newFolder();
  await writeFile(path.join(folder, "ed25519.pem"), ED25519);
});

function config(dkim: unknown, key?: string): Config {
  const env = key === undefined ? {} : { BROADSHEET_DKIM_KEY: key };
  const from = "desk@letters.example";
  return parseConfig({ from, dkim }, env, path.join(folder, "broadsheet.config.ts"));
}

describe("keys to sign with", () => {
  test("come from the environment and from files, for the sender's domain by default", async () => {
    const keys = await loadDkimKeys(
      config(
        [
          { selector: "r1" },
          { selector: "e1", domain: "Mail.Letters.example", keyFile: "ed25519.pem" },
        ],
        RSA,
      ),
    );
    expect(
      keys.map(({ domain, selector, key }) => [domain, selector, key.asymmetricKeyType]),
    ).toEqual([
      ["letters.example", "r1", "rsa"],
      ["mail.letters.example", "e1", "ed25519"],
    ]);
  });

  test("may stand on one line of a file of settings", async () => {
    const [key] = await loadDkimKeys(config({ selector: "r1" }, RSA.replaceAll("\n", "\\n")));
    expect(key?.key.export(PEM)).toBe(RSA);
  });

  const short = generateKeyPairSync("rsa", { modulusLength: 512 })
    .privateKey.export(PEM)
    .toString();
  const curve = generateKeyPairSync("ec", { namedCurve: "P-256" })
    .privateKey.export(PEM)
    .toString();
  const locked = generateKeyPairSync("ed25519")
    .privateKey.export({ ...PEM, cipher: "aes-256-cbc", passphrase: "hunter2" })
    .toString();

  test.each<[string, string | undefined, object, string]>([
    ["none", undefined, {}, "there is none"],
    ["a word", "hunter2", {}, "it is not a private key in PEM"],
    ["half a key", RSA.slice(0, 400), {}, "it is not a private key in PEM"],
    ["one with a passphrase", locked, {}, "it is not a private key in PEM without a passphrase"],
    ["one of 512 bits", short, {}, "it has 512 bits"],
    ["one of another kind", curve, {}, "it is neither RSA nor Ed25519"],
    [
      "a file that isn't there",
      RSA,
      { keyFile: "gone.pem" },
      "its file can't be read: there is no such file or folder",
    ],
  ])("%s is refused, and nothing of it is told", async (_what, key, setting, says) => {
    const error: unknown = await loadDkimKeys(config({ selector: "r1", ...setting }, key)).catch(
      (reason: unknown) => reason,
    );
    if (!(error instanceof BroadsheetError)) throw new Error("it was taken");
    expect(error).toMatchObject({ code: "DKIM_KEY_UNUSABLE", fix: expect.any(String) });
    expect(error.message).toContain(says);
    const told = [error.message, error.fix, error.stack, JSON.stringify(error)].join("\n");
    for (const line of (key ?? "-").split("\n").slice(1, 3)) {
      if (line.length > 10) expect(told).not.toContain(line);
    }
    expect(told).not.toContain("hunter2");
  });
});
