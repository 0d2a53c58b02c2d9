import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Config, parseConfig } from "../../../src/config/config.ts";
import { BroadsheetError } from "../../../src/errors.ts";
import { loadDkimKeys } from "../../../src/delivery/io/load-dkim-keys.ts";

const PEM = { format: "pem", type: "pkcs8" } as const;
const RSA = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export(PEM).toString();
const ED25519 = generateKeyPairSync("ed25519").privateKey.export(PEM).toString();

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "broadsheet-dkim-"));
  await writeFile(path.join(folder, "ed25519.pem"), ED25519);
});

afterAll(() => rm(folder, { recursive: true }));

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
