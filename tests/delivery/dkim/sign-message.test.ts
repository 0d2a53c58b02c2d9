import { type KeyObject, generateKeyPairSync } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import * as fc from "fast-check";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { beforeAll, describe, expect, test } from "vitest";
import { type Config, parseConfig } from "../../../src/config/config.ts";
import { composeMessage, type Message, messageOf } from "../../../src/delivery/compile-message.ts";
import { type DkimKey, signMessage } from "../../../src/delivery/dkim.ts";
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

function message(): Message {
  return composeMessage(
    {
      subject: "🦀 What the tide left, and what it took from the quay in a very long line of words",
      html: "<p>Krabben – and a line  with two spaces</p>\n",
      text: "Krabben.\n.dot\n\n\n",
      slots: {},
    },
    { address: "mara@example.org", name: "Mara Ł. Quill", token: "AbC-1_x" },
    {
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
    },
  );
}

function bare(raw: string): Message {
  return { ...message(), raw: Buffer.from(raw, "latin1") };
}

describe("a signed message", () => {
  test("is verified with both keys, and is otherwise as it was", async () => {
    const signed = await signMessage(message(), KEYS, SIGNED_AT);
    expect(await verdicts(signed.raw)).toEqual(PASSED);
    expect(signed.raw.subarray(-message().raw.length).equals(message().raw)).toBe(true);
    expect(signed.envelope).toEqual(message().envelope);
  });

  test("is aligned with its sender (DMARC), and has lines that mail allows", async () => {
    const { raw } = await signMessage(message(), KEYS, SIGNED_AT);
    const { results } = await dkimVerify(raw, { resolver, strict: true, curTime: SIGNED_AT });
    expect(results.map(({ status }) => status.aligned)).toEqual([
      "letters.example",
      "letters.example",
    ]);
    const lines = raw.toString("latin1").split("\r\n");
    expect(Math.max(...lines.slice(0, 30).map((line) => line.length))).toBeLessThanOrEqual(78);
  });

  test("covers every field of the header, with both of one-click unsubscription (RFC 8058 §4)", async () => {
    const { raw } = await signMessage(message(), KEYS, SIGNED_AT);
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
    const { raw } = await signMessage(message(), KEYS, SIGNED_AT);
    const changed = Buffer.from(change(raw.toString("latin1")), "latin1");
    expect(changed.equals(raw)).toBe(false);
    for (const verdict of await verdicts(changed)) expect(verdict).not.toContain("pass");
  });

  test("survives a relay that folds headers and white space anew", async () => {
    const { raw } = await signMessage(message(), KEYS, SIGNED_AT);
    const relayed = raw
      .toString("latin1")
      .replace(/^Subject: /m, "SUBJECT:   ")
      .replace("Feedback-ID: ", "Feedback-ID:\r\n\t")
      .replace(/^List-Post: NO\r$/m, "List-Post: NO  \r");
    expect(await verdicts(Buffer.from(`${relayed}\r\n\r\n`, "latin1"))).toEqual(PASSED);
  });

  test("passes whatever white space its header and body have", async () => {
    const spaced = fc
      .stringMatching(/^[a \t\r\n.=]{0,120}$/)
      .map((text) => text.replace(/\r?\n|\r/g, "\r\n"));
    await fc.assert(
      fc.asyncProperty(spaced, spaced, async (body, value) => {
        const folded = value.replace(/(?:\r\n)+[ \t]*/g, "\r\n ").trim();
        const raw = `From: desk@letters.example\r\nSubject: x ${folded}\r\n\r\n${body}`;
        const signed = await signMessage(bare(raw), KEYS, SIGNED_AT);
        expect(await verdicts(signed.raw)).toEqual(PASSED);
      }),
      { numRuns: 60 },
    );
  });
});

test("property: in whatever pieces a message comes, it is signed as if it came in one", async () => {
  const { envelope, messageId } = message();
  const header = "From: desk@letters.example\r\nTo: mara@example.org\r\nSubject: Crabs";
  const body = `Dear Mara,\r\n\r\n${"the tide is out. \r\n".repeat(600)}\r\n\r\n`;
  const whole = Buffer.from(`${header}\r\n\r\n${body}`);
  // Around the end of the header, where a piece that is shared may begin or end.
  const near = fc.integer({ min: header.length - 3, max: header.length + 6 });
  const cuts = fc.array(fc.oneof(near, fc.nat(whole.length)), { maxLength: 5 });
  const inOne = await signMessage({ envelope, messageId, raw: whole }, KEYS, SIGNED_AT);
  await fc.assert(
    fc.asyncProperty(cuts, async (places) => {
      const ends = [...places.toSorted((a, b) => a - b), whole.length];
      const parts = ends.map((end, at) => whole.subarray(at === 0 ? 0 : ends[at - 1], end));
      const pieces = messageOf({ envelope, messageId, parts });
      expect((await signMessage(pieces, KEYS, SIGNED_AT)).raw.equals(inOne.raw)).toBe(true);
    }),
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
    ["none", undefined, {}, "it is nowhere"],
    ["a word", "hunter2", {}, "it is not a private key in PEM"],
    ["half a key", RSA.slice(0, 400), {}, "it is not a private key in PEM"],
    ["one with a passphrase", locked, {}, "it is not a private key in PEM without a passphrase"],
    ["one of 512 bits", short, {}, "it has 512 bits"],
    ["one of another kind", curve, {}, "it is neither RSA nor Ed25519"],
    ["a file that isn't there", RSA, { keyFile: "gone.pem" }, "its file can't be read"],
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
