import { generateKeyPairSync } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { dkimFindings } from "../../../src/check/outside-findings.ts";
import { composeMessage } from "../../../src/delivery/compile-message.ts";
import { dkimRecord } from "../../../src/delivery/dkim.ts";
import { readDkimRecord, verifyDkim } from "../../../src/check/io/verify-dkim.ts";
import { brief } from "../../fixtures.ts";
import { issueOf } from "../../review/issue.ts";
import { folderWith } from "../../cli/broadsheet.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const other = generateKeyPairSync("ed25519");

let raw: Buffer;
let folder: string;

beforeEach(async () => {
  const { email, mailing, reader } = await issueOf(brief(), "brief");
  const dkim = [
    { domain: "mudlark.example", selector: "r1", key: rsa.privateKey },
    { domain: "mudlark.example", selector: "e1", key: other.privateKey },
  ];
  ({ raw } = composeMessage(email, reader, { ...mailing, dkim }));
  folder = await folderWith();
});

const records = new Map([
  ["r1._domainkey.mudlark.example", dkimRecord(rsa.privateKey)],
  ["e1._domainkey.mudlark.example", dkimRecord(other.publicKey)],
]);

async function verdicts(message: Buffer, recordOf = (name: string) => records.get(name)) {
  return (await verifyDkim(message, recordOf))?.map(
    ({ selector, result }) => `${selector} ${result}`,
  );
}

test("a message that we signed verifies with the public half of its keys", async () => {
  expect(await verdicts(raw)).toEqual(["r1 pass", "e1 pass"]);
});

test("a message that was changed on the way does not", async () => {
  const changed = Buffer.from(
    raw.toString("latin1").replace(/^Subject: /m, "Subject: Re: "),
    "latin1",
  );
  expect(await verdicts(changed)).toEqual(["r1 fail", "e1 fail"]);
  const findings = dkimFindings((await verifyDkim(changed, (name) => records.get(name))) ?? [], {
    target: "x",
  });
  expect(findings).toMatchObject([{ severity: "error" }, { severity: "error" }]);
  expect(findings[0]?.message).toMatch(
    /^The DKIM signature of mudlark.example \(r1, rsa-sha256\) doesn't verify/,
  );
});

test("a key that isn't published, and a message that isn't signed, are told", async () => {
  expect(await verdicts(raw, () => undefined)).not.toContain("r1 pass");
  const { message } = await issueOf(brief(), "brief");
  expect(await verdicts(message.raw)).toEqual([]);
  expect(dkimFindings([], { target: "x" })).toMatchObject([
    { severity: "error", message: "The message has no DKIM signature" },
  ]);
});

async function write(text: string): Promise<string> {
  const file = path.join(folder, "key.txt");
  await writeFile(file, text);
  return file;
}

describe("the record of a key", () => {
  const record = dkimRecord(rsa.publicKey);

  test.each(
    Object.entries({
      "a public key in PEM": rsa.publicKey.export({ format: "pem", type: "spki" }).toString(),
      "a private key in PEM": rsa.privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
      "the record": `${record}\n`,
      "a zone file's line": `r1._domainkey IN TXT ( "${record.slice(0, 200)}"\n  "${record.slice(200)}" )`,
    }),
  )("is read from %s", async (_what, text) => {
    expect(await readDkimRecord(await write(text), "key.txt")).toBe(record);
  });

  test.each([
    ["something else", "hello"],
    ["a broken PEM", "-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----"],
  ])("is not read from %s", async (_what, text) => {
    await expect(readDkimRecord(await write(text), "key.txt")).rejects.toMatchObject({
      code: "INPUT_UNREADABLE",
    });
  });

  test("is not there where no file is", async () => {
    await expect(readDkimRecord(path.join(folder, "none"), "none")).rejects.toMatchObject({
      code: "INPUT_MISSING",
    });
  });
});
