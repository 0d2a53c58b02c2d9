import { generateKeyPairSync } from "node:crypto";
import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { dkimRecord } from "../../src/delivery/dkim.ts";
import { certificateAuthority } from "../certificate.ts";
import { startDnsServer, type Zone } from "../dns-server.ts";
import { closedPort, reply, startSmtpServer } from "../smtp-server.ts";
import { changeIn } from "../stores.ts";
import { linesOf, type Run } from "./broadsheet.ts";
import { mailingProject, type MailingProject, people, SECRET } from "./mailing-project.ts";

const PASSWORD = "tide-and-ebb";
const KEY = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const PEM = KEY.export({ format: "pem", type: "pkcs8" }).toString();
const CONFIG = {
  from: "post@letters.wharfside",
  urls: { unsubscribe: "https://letters.wharfside/u/{token}" },
  dkim: { selector: "s1", keyFile: "dkim.pem" },
};

const ZONE: Zone = {
  txt: {
    "letters.wharfside": ["v=spf1 ip4:192.0.2.1 -all"],
    "_dmarc.letters.wharfside": ["v=DMARC1; p=quarantine"],
    "s1._domainkey.letters.wharfside": [dkimRecord(KEY)],
  },
  mx: { "letters.wharfside": [[10, "mx.letters.wharfside"]] },
  a: { "mx.letters.wharfside": ["192.0.2.7"] },
};

async function project(port: number, config: object = CONFIG): Promise<MailingProject> {
  const made = await mailingProject({ port, recipients: people(3), config });
  await writeFile(path.join(made.cwd, "dkim.pem"), PEM, { mode: 0o600 });
  return made;
}

const diagnosis = z.strictObject({
  about: z.string(),
  verdict: z.enum(["ok", "look", "fix", "unseen"]),
  says: z.string(),
  fix: z.string().optional(),
  code: z.string().optional(),
});
const result = z.strictObject({
  newsletter: z.string(),
  exit: z.int(),
  diagnoses: z.array(diagnosis),
});

function found(run: Run) {
  const { exit, diagnoses } = result.parse(linesOf(run)[0]);
  expect(exit).toBe(run.code);
  return new Map(diagnoses.map(({ about, ...rest }) => [about, rest]));
}

test("where everything is there the doctor says so, and of what it can't see that it can't", async () => {
  const authority = certificateAuthority();
  const server = await startSmtpServer({
    ...authority.issue(),
    secure: true,
    authOptional: false,
    onAuth: ({ username, password }, _session, callback) =>
      password === PASSWORD ? callback(null, { user: username }) : callback(reply(535, "5.7.8 no")),
  });
  const dns = await startDnsServer(ZONE);
  // Node reads its authorities when a process begins.
  const { spawn: run, cwd } = await project(server.port);
  await writeFile(path.join(cwd, "root.pem"), authority.root);
  const env = {
    SMTP_URL: `smtps://desk:${PASSWORD}@127.0.0.1:${server.port}`,
    NODE_EXTRA_CA_CERTS: path.join(cwd, "root.pem"),
  };
  const told = await run(["doctor", "--json", "--resolver", dns.address], env);
  const all = found(told);
  expect([...all.values()].filter(({ verdict }) => verdict !== "ok")).toEqual([]);
  expect(told.code).toBe(0);
  expect(all.get("Mail server")?.says).toBe(`127.0.0.1:${server.port} greets`);
  expect(all.get("Encryption")?.says).toMatch(
    /^TLSv1\.3, the certificate is valid for \d+ more days$/,
  );
  expect(all.get("Offers")?.says).toContain("AUTH");
  expect(all.get("Login")?.says).toBe("user and password are accepted");
  expect(all.get("List")?.says).toBe("3 subscribers, the store is sound");
  expect(server.received).toEqual([]);

  const shown = await run(["doctor", "--resolver", dns.address], env);
  expect(shown.stdout.split("\n").slice(0, 2)).toEqual(["The Slipway", "Ready to send"]);
  expect(Math.max(...shown.stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);

  const wrong = await run(["doctor", "--json", "--resolver", dns.address], {
    ...env,
    SMTP_URL: `smtps://desk:not-${PASSWORD}@127.0.0.1:${server.port}`,
  });
  expect([wrong.code, found(wrong).get("Login")?.code]).toEqual([77, "SMTP_AUTH"]);
  for (const { stdout, stderr } of [told, shown, wrong]) {
    expect(stdout + stderr).not.toMatch(new RegExp(`${PASSWORD}|${SECRET}|PRIVATE`));
  }
});

test("a certificate that nobody vouches for is the one thing to fix", async () => {
  const server = await startSmtpServer({ ...certificateAuthority().issue(), secure: true });
  const dns = await startDnsServer(ZONE);
  const { run } = await project(server.port);
  const env = { SMTP_URL: `smtps://127.0.0.1:${server.port}` };
  const told = await run(["doctor", "--json", "--resolver", dns.address], env);
  expect(told.code).toBe(78);
  const all = found(told);
  expect(all.get("Encryption")?.code).toBe("SMTP_TLS");
  expect(all.get("Login")?.verdict).toBe("unseen");
});

test("a server that isn't there, and a DNS that doesn't answer, may be there later", async () => {
  const { run } = await project(await closedPort());
  const told = await run(["doctor", "--json", "--resolver", `127.0.0.1:${await closedPort()}`]);
  expect(told.code).toBe(75);
  const all = found(told);
  expect(all.get("Mail server")?.code).toBe("SMTP_UNREACHABLE");
  expect(all.get("SPF")).toMatchObject({ verdict: "unseen", code: "DNS_UNREACHABLE" });
  expect([...all].filter(([, { verdict }]) => verdict === "fix")).toHaveLength(1);
});

test("what is wrong on the machine is told with what mends it", async () => {
  const server = await startSmtpServer();
  const dns = await startDnsServer(ZONE);
  const sources = ["content", "drafts", "https://slipway.example/feed"];
  const { run, cwd, place } = await project(server.port, { ...CONFIG, sources });
  await writeFile(path.join(cwd, ".env"), "X=1");
  await chmod(path.join(cwd, ".env"), 0o644);
  await writeFile(path.join(cwd, "dkim.pem"), "not a key");
  await changeIn(
    place,
    "UPDATE subscriber SET subscribed_at = subscribed_at + 86400000",
    `INSERT INTO issue (id, newsletter, slot, content_hash, planned_at)
      VALUES (1, 'the-slipway', '2026-11-17', 'x', 1)`,
    `INSERT INTO delivery (issue, key, address, state, changed_at)
      VALUES (1, 'a@b.example', 'a@b.example', 'uncertain', 1)`,
  );
  const told = await run(["doctor", "--json", "--resolver", dns.address], {
    BROADSHEET_SECRET: "short",
  });
  expect(told.code).toBe(78);
  const all = found(told);
  expect(all.get("Secret")?.says).toContain("only 5 characters long");
  expect(all.get("Secret files")).toMatchObject({ verdict: "look", fix: "chmod 600 .env" });
  expect(all.get("DKIM s1")?.code).toBe("DKIM_KEY_UNUSABLE");
  expect(all.get("Clock")?.code).toBe("CLOCK_BEHIND");
  expect(all.get("Sources")?.says).toBe("drafts can't be read: it does not exist");
  expect(all.get("Disk")?.says).toMatch(/^[\d,]+ [MG]B are free$/);
  expect(all.get("In doubt")?.says).toBe("1 reader may or may not have 2026-11-17");
});

test("the addresses for providers that report are told, with the password of Postmark", async () => {
  const server = await startSmtpServer();
  const hooks = {
    ses: { topic: "arn:aws:sns:eu-west-1:123456789012:events", configurationSet: "letter" },
    postmark: true,
  };
  const site = "https://letter.example/news";
  const { run } = await project(server.port, { site, serve: { hooks } });
  const all = found(await run(["doctor", "--json"]));
  expect(all.get("SES")?.says).toContain(`${site}/hooks/ses`);
  expect(all.get("Postmark")?.says).toMatch(
    /https:\/\/broadsheet:[\w-]{32}@letter\.example\/news\/hooks\/postmark$/,
  );
});

test("a damaged store is found, and left as it is", async () => {
  const server = await startSmtpServer();
  const { run, store } = await project(server.port, {});
  const damaged = "no database at all, but long enough to be taken for one".repeat(100);
  await writeFile(store, damaged);
  for (const end of ["-wal", "-shm"]) await rm(store + end, { force: true });
  const told = await run(["doctor", "--json"]);
  expect([told.code, found(told).get("List")?.code]).toEqual([74, "STORE_CORRUPT"]);
  expect(await readFile(store, "utf8")).toBe(damaged);
});

test("without a config that can be read nothing else is looked at", async () => {
  const { run, cwd } = await project(1);
  await writeFile(path.join(cwd, "broadsheet.config.json"), '{\n  "nam": "The Slipway"\n}');
  const told = await run(["doctor", "--json"]);
  expect(told.code).toBe(78);
  expect([...found(told)].map(([about, { says }]) => [about, says])).toEqual([
    ["Config", '"nam" is not a setting, line 2'],
  ]);
});
