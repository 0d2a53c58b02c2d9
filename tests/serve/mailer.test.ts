import { generateKeyPairSync } from "node:crypto";
import { simpleParser } from "mailparser";
import { describe, expect, test } from "vitest";
import { openStore } from "../../src/platform/store.ts";
import { sendDueMails, startMailer } from "../../src/serve/io/mailer.ts";
import { type Fault, startFaultServer } from "../fault-server.ts";
import { closedPort } from "../smtp-server.ts";
import { newFolder } from "../temporary.ts";
import { storedJoins, requestOf } from "./join-bench.ts";
import { mailerSettings } from "./mailer-settings.ts";

const MINUTE_MS = 60_000;
const PER_HOUR = 60;

const { privateKey } = generateKeyPairSync("ed25519");
const PEM = privateKey.export({ type: "pkcs8", format: "pem" }).toString();

const settingsFor = (port: number) =>
  mailerSettings(port, { dkim: [{ domain: "tidewrack.example", selector: "s" }], dkimKey: PEM });

/** A queue with mails to these names, and what sends them to a server that goes wrong as it is told. */
async function mailing(names: readonly string[], faults: readonly Fault[] = []) {
  const server = await startFaultServer({ faults });
  const bench = await storedJoins();
  const { outgoing, joins } = await bench.open();
  for (const name of names) {
    const to = `${name}@harbour.example`;
    const expiresAt = new Date(bench.now().getTime() + 7 * 24 * 60 * MINUTE_MS);
    const words = { subject: "Your link", text: "Go on.\n", html: "<p>Go on.</p>" };
    await outgoing.put({ key: `own ${name}`, to, ...words, expiresAt });
  }
  const folder = await newFolder();
  const parts = { settings: settingsFor(server.port), folder, joinsPerHour: PER_HOUR };
  const send = async (more: Partial<typeof parts> = {}): Promise<unknown> =>
    sendDueMails({ outgoing, clock: bench.now, ...parts, ...more }).catch(
      (error: { code?: unknown }) => error.code,
    );
  const taken = (): string[] => server.taken.map(({ to }) => to.replace(/@.*/, ""));
  return { ...bench, bench, server, outgoing, joins, parts, send, taken };
}

describe("a single mail", () => {
  test("is no mail of the list, says that a machine wrote it, and is signed", async () => {
    const { server, send } = await mailing(["mara"]);
    await send();
    const [mail] = server.taken;
    const { headers, text, html } = await simpleParser(mail?.raw ?? "");
    expect(mail?.from).toBe("bounces@tidewrack.example");
    expect([...headers.keys()]).toEqual([
      "dkim-signature",
      "date",
      "from",
      "to",
      "subject",
      "message-id",
      "auto-submitted",
      "mime-version",
      "content-type",
    ]);
    expect(headers.get("auto-submitted")).toBe("auto-generated");
    expect([text?.trim(), html]).toEqual(["Go on.", "<p>Go on.</p>"]);
  });

  test("waits while the server is down, and isn't claimed", async () => {
    const { outgoing, parts, send, taken, bench } = await mailing(["mara", "jory"]);
    const down = { ...parts, settings: settingsFor(await closedPort()) };
    expect(await send(down)).toBe("SMTP_UNREACHABLE");
    const later = (await bench.open()).outgoing;
    expect(await later.isDue(PER_HOUR)).toBe(true);
    await send();
    expect(taken()).toEqual(["mara", "jory"]);
    expect(await outgoing.isDue(PER_HOUR)).toBe(false);
  });

  test("keeps its Message-ID in each try, whatever the time", async () => {
    const later = { at: "dot", say: "451 4.3.0 later", keeps: true, times: 1 } as const;
    const { server, send, taken, pass } = await mailing(["mara"], [later]);
    await send();
    pass(6 * MINUTE_MS);
    await send();
    expect(taken()).toEqual(["mara", "mara"]);
    expect(new Set(server.taken.map(({ messageId }) => messageId)).size).toBe(1);
  });

  test("is dropped where its address is refused, and costs no other mail", async () => {
    const refusal = { at: "RCPT", to: "mara", say: "550 5.1.1 no such user" } as const;
    const { send, taken, pass } = await mailing(["mara", "jory"], [refusal]);
    await send();
    pass(60 * MINUTE_MS);
    await send();
    expect(taken()).toEqual(["jory"]);
  });

  test("is tried again where its reader's server defers it, and others go on", async () => {
    const deferral = { at: "RCPT", to: "mara", say: "450 4.2.0 greylisted", times: 1 } as const;
    const { send, taken, pass } = await mailing(["mara", "jory"], [deferral]);
    await send();
    expect(taken()).toEqual(["jory"]);
    pass(6 * MINUTE_MS);
    await send();
    expect(taken()).toEqual(["jory", "mara"]);
  });

  test("isn't sent again where nothing shows whether the server has it", async () => {
    const cut = { at: "dot", keeps: true, do: "drop", times: 1 } as const;
    const { send, taken, pass } = await mailing(["mara", "jory"], [cut]);
    expect(await send()).toBe("SMTP_UNCERTAIN");
    pass(60 * MINUTE_MS);
    await send();
    expect(taken()).toEqual(["mara", "jory"]);
  });

  test("waits where the server refuses the sender or the login", async () => {
    const { server, send, taken, pass } = await mailing(
      ["mara"],
      [{ at: "MAIL", say: "550 5.7.1 not you" }],
    );
    expect(await send()).toBe("SMTP_REFUSED");
    server.setFaults([]);
    pass(MINUTE_MS);
    await send();
    expect(taken()).toEqual(["mara"]);
  });

  test("waits where there is no key to sign it with", async () => {
    const { parts, send, taken } = await mailing(["mara"]);
    const { dkimKey: _dkimKey, ...secrets } = parts.settings.secrets as { dkimKey?: string };
    expect(await send({ settings: { ...parts.settings, secrets } })).toBe("DKIM_KEY_UNUSABLE");
    await send();
    expect(taken()).toEqual(["mara"]);
  });
});

test("a mail that can't be composed costs no other mail, and isn't lost", async () => {
  const { parts, send, taken, pass } = await mailing(["mara", "jory"]);
  const replyTo = { address: "no address" };
  expect(await send({ settings: { ...parts.settings, replyTo } })).toBe("CONFIG_INVALID");
  await send();
  expect(taken()).toEqual(["jory"]);
  pass(60 * MINUTE_MS);
  await send();
  expect(taken()).toEqual(["jory", "mara"]);
});

test("a mailer answers a visitor when it is woken, and ends when it is closed", async () => {
  const { outgoing, joins, parts, server, bench } = await mailing([]);
  const troubles: unknown[] = [];
  const mailer = startMailer({
    outgoing,
    joins,
    clock: bench.now,
    ...parts,
    onTrouble: (trouble) => troubles.push(trouble),
  });
  await joins.ask(requestOf("mara@harbour.example"));
  mailer.wake();
  await expect.poll(() => server.taken.map(({ to }) => to)).toEqual(["mara@harbour.example"]);
  await mailer.close();
  expect(troubles).toEqual([]);
});

test("requests are weighed while the server of the mails hangs", async () => {
  const { outgoing, joins, parts, bench, server } = await mailing(
    ["jory"],
    [{ at: "connect", do: "hang" }],
  );
  const troubles: unknown[] = [];
  const onTrouble = (trouble: unknown) => troubles.push(trouble);
  const mailer = startMailer({ outgoing, joins, clock: bench.now, ...parts, onTrouble });
  await expect.poll(() => server.connections()).toBeGreaterThan(0);
  await joins.ask(requestOf("mara@harbour.example"));
  mailer.wake();
  await using store = await openStore(bench.place);
  const open = "SELECT 1 FROM join_request WHERE is_weighed = 0";
  await expect.poll(async () => store.get(open)).toBeUndefined();
  // The mailer gives up a server only after a while, and would say so.
  expect(troubles).toEqual([]);
  await mailer.close();
});
