import { generateKeyPairSync } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fault, startFaultServer } from "../fault-server.ts";
import { closedPort, startSmtpServer } from "../smtp-server.ts";
import { broadsheet, folderWith, HARBOUR, issueOf, linesOf } from "./broadsheet.ts";

let cwd: string;

beforeAll(async () => {
  cwd = await folderWith({ "content/1.txt": HARBOUR });
  await broadsheet(["build", "--date", "2026-11-24"], { cwd });
});

afterAll(() => rm(cwd, { recursive: true }));

const TO = ["--to", "Wenna <wenna@carrow.example>"];

async function send(args: readonly string[], smtpUrl: string) {
  return broadsheet(["send", ...args], { cwd, env: { SMTP_URL: smtpUrl } });
}

const NONE = {
  issue: { newsletter: "broadsheet", slot: "2026-11-24" },
  planned: 0,
  accepted: 0,
  deferred: 0,
  rejected: 0,
  uncertain: 0,
  suppressed: 0,
  skipped: 0,
};

describe("a copy", () => {
  test("arrives as it was built, and --json prints the counts", async () => {
    const { port, received } = await startSmtpServer();
    const run = await send(["2026-11-24", ...TO, "--json"], `smtp://127.0.0.1:${port}`);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(linesOf(run)).toEqual([{ ...NONE, accepted: 1 }]);
    expect(received).toMatchObject([
      { from: "newsletter@example.org", to: ["wenna@carrow.example"] },
    ]);
    const raw = received[0]?.raw.toString() ?? "";
    expect(raw).toMatch(/^Subject: The ferry that waits for the post\r$/m);
    expect(raw).toMatch(/^To: Wenna <wenna@carrow\.example>\r$/m);
  });

  test.each(["latest", "2026-11-24", "broadsheet/2026-11-24", "outbox/broadsheet/2026-11-24/"])(
    "of the issue that is called %s",
    async (name) => {
      const { port, received } = await startSmtpServer();
      const { code } = await send([name, ...TO, "--quiet"], `smtp://127.0.0.1:${port}`);
      expect({ code, count: received.length }).toEqual({ code: 0, count: 1 });
    },
  );

  test("shows from, to, through, and what the server said", async () => {
    const { port } = await startSmtpServer();
    const { stdout } = await send(["latest", ...TO], `smtp://127.0.0.1:${port}`);
    expect(stdout).toMatch(
      new RegExp(
        [
          "^2026-11-24, The ferry that waits for the post",
          "brief, [\\d.]+ KB",
          "",
          "From {6}Broadsheet <newsletter@example\\.org>",
          "To {8}Wenna <wenna@carrow\\.example>",
          `Through {3}127\\.0\\.0\\.1:${port}`,
          "",
          "Accepted {3}250 .*queued as 7\n$",
        ].join("\n"),
      ),
    );
  });

  test("of a digest that was edited since is rendered again first", async () => {
    const { port, received } = await startSmtpServer();
    const built = await broadsheet(["build", "--date", "2026-11-20", "--json"], { cwd });
    const { dir } = issueOf(built);
    const digest = await readFile(path.join(dir, "digest.json"), "utf8");
    const edited = digest.replaceAll("ferry that waits", "boat that waits");
    await writeFile(path.join(dir, "digest.json"), edited);
    const run = await send(["2026-11-20", ...TO, "--json"], `smtp://127.0.0.1:${port}`);
    expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining("rendered it again") });
    expect(received[0]?.raw.toString()).toMatch(/^Subject: The boat that waits/m);
    expect(await readFile(path.join(dir, "email.txt"), "utf8")).toContain("boat that waits");
    const again = await send(["2026-11-20", ...TO, "--json"], `smtp://127.0.0.1:${port}`);
    expect(again).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("a signed copy", () => {
  const key = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = key.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  const record = key.publicKey.export({ format: "der", type: "spki" }).toString("base64");

  test("is verified by whoever knows the public key", async () => {
    const { port, received } = await startSmtpServer();
    const folder = await folderWith({
      "content/1.txt": HARBOUR,
      "broadsheet.config.json": `{ "from": "desk@letters.example", "dkim": { "selector": "s1" } }`,
    });
    await broadsheet(["build", "--date", "2026-11-24"], { cwd: folder });
    const env = { SMTP_URL: `smtp://127.0.0.1:${port}`, BROADSHEET_DKIM_KEY: pem };
    const run = await broadsheet(["send", "latest", ...TO], { cwd: folder, env });
    await rm(folder, { recursive: true });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    const { results } = await dkimVerify(received[0]?.raw ?? "", {
      resolver: async (name: string) =>
        name === "s1._domainkey.letters.example" ? [[`v=DKIM1; p=${record}`]] : [],
      strict: true,
    });
    expect(results.map(({ status }) => status.result)).toEqual(["pass"]);
  });

  test("is none where the key is missing: 78, and nothing is sent", async () => {
    const { port, received } = await startSmtpServer();
    const config = path.join(cwd, "signed.config.json");
    await writeFile(config, `{ "name": "Broadsheet", "dkim": { "selector": "s1" } }`);
    const run = await send(["latest", ...TO, "--config", config], `smtp://127.0.0.1:${port}`);
    expect(run.code).toBe(78);
    expect(run.stderr).toMatch(/^error DKIM_KEY_UNUSABLE: .*\n {2}fix set BROADSHEET_DKIM_KEY/);
    expect(received).toEqual([]);
  });
});

describe("a copy that doesn't arrive", () => {
  test.each<[string, Fault, number, object, string]>([
    ["refused", { at: "RCPT", say: "550 5.1.1 no such user" }, 69, { rejected: 1 }, "SMTP_REFUSED"],
    ["put off", { at: "RCPT", say: "450 4.2.0 greylisted" }, 75, { deferred: 1 }, "SMTP_DEFERRED"],
    ["cut off after the dot", { at: "dot", do: "drop" }, 75, { uncertain: 1 }, "SMTP_UNCERTAIN"],
    ["nobody there", { at: "connect", do: "drop" }, 75, { planned: 1 }, "SMTP_UNREACHABLE"],
    ["a wrong password", { at: "AUTH", say: "535 5.7.8 no" }, 77, { planned: 1 }, "SMTP_AUTH"],
  ])("%s, and the password is nowhere", async (_what, fault, code, state, error) => {
    const login = { user: "me", password: "hunter2" };
    const server = await startFaultServer({ faults: [fault], login });
    const url = `smtp://me:hunter2@127.0.0.1:${server.port}`;
    const run = await send(["latest", ...TO, "--json", "--debug"], url);
    expect([run.code, linesOf(run)]).toEqual([code, [{ ...NONE, ...state }]]);
    expect(run.stderr).toMatch(new RegExp(`^error ${error}: .*\\n(?:.*\\n)* {2}fix `));
    expect(run.stdout + run.stderr).not.toContain("hunter2");
  });

  test("for people it says so on stdout too", async () => {
    const { stdout } = await send(["latest", ...TO], `smtp://127.0.0.1:${await closedPort()}`);
    expect(stdout).toMatch(/\nNot sent\. {3}The server never got it\n$/);
  });
});

describe("nothing is tried", () => {
  test.each<[string, readonly string[], string, number, string]>([
    ["without a server", ["latest", ...TO], "", 78, "SMTP_UNCONFIGURED: there is no mail server"],
    ["with a URL that is none", ["latest", ...TO], "localhost", 78, "CONFIG_INVALID: SMTP_URL "],
    [
      "from an example address to a list by a real server",
      ["latest"],
      "smtp://mail.carrow.example:25",
      78,
      "SENDER_PLACEHOLDER: not sent: the sender newsletter@example.org is only an example",
    ],
    ["to a list, without a secret", ["latest"], "smtp://127.0.0.1:9", 78, "SECRET_MISSING: there"],
    [
      "to two addresses",
      ["latest", "--to", "a@b.example,c@d.example"],
      "smtp://127.0.0.1:9",
      64,
      "USAGE: ",
    ],
    ["of an issue not there", ["2026-11-25", ...TO], "smtp://127.0.0.1:9", 66, "ISSUE_MISSING: "],
  ])("%s", async (_what, args, smtpUrl, code, message) => {
    const run = await send([...args, "--json"], smtpUrl);
    expect(run).toMatchObject({ code, stdout: "" });
    expect(run.stderr).toContain(`error ${message}`);
    expect(run.stderr).toMatch(/\n {2}fix .+\n$/);
  });
});
