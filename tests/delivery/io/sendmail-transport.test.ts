import { existsSync } from "node:fs";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { OutboxTransport } from "../../../src/delivery/io/outbox-transport.ts";
import {
  type SendmailOptions,
  SendmailTransport,
} from "../../../src/delivery/io/sendmail-transport.ts";
import { classifyFailure } from "../../../src/delivery/sending/failure.ts";
import { quickTime } from "../../quick-time.ts";
import { TAKE, type TestSendmail, startSendmail } from "../../sendmail.ts";
import { failed, messageTo } from "../../smtp-client.ts";
import { newFolder } from "../../temporary.ts";
import { transportContract } from "../transport-contract.ts";

transportContract("sendmail", async () => {
  const sendmail = await startSendmail();
  return {
    transport: opened(sendmail),
    arrived: sendmail.arrived,
    block: async () => rm(sendmail.program),
  };
});

function opened({ program }: TestSendmail, options: Partial<SendmailOptions> = {}) {
  const transport = new SendmailTransport(program, { processes: 4, ...options });
  onTestFinished(() => transport.close());
  return transport;
}

async function failureOf(script: string) {
  const sendmail = await startSendmail(script);
  const error = await failed(opened(sendmail).send(await messageTo("mara@example.org")));
  return { error, sendmail, verdict: classifyFailure(error) };
}

test("the sender and the recipient are named as such, whatever they look like", async () => {
  const sendmail = await startSendmail();
  const message = await messageTo("-oQ/tmp@example.org");
  const { from } = message.envelope;
  const { response } = await opened(sendmail).send(message);
  expect(await sendmail.calls()).toEqual([["-i", "-f", from, "--", "-oQ/tmp@example.org"]]);
  expect(response).toBe(`taken by ${sendmail.program}`);
});

test.each([
  [67, "SMTP_REFUSED", { state: "rejected", isUnknown: true }, "none"],
  [65, "SMTP_REFUSED", { state: "rejected", isUnknown: undefined }, "pauseDomain"],
  [68, "SMTP_REFUSED", { state: "rejected", isUnknown: undefined }, "pauseDomain"],
  [69, "SMTP_REFUSED", { state: "rejected", isUnknown: undefined }, "pauseDomain"],
  [71, "SMTP_DEFERRED", { state: "deferred" }, "slowServer"],
  [74, "SMTP_DEFERRED", { state: "deferred" }, "slowServer"],
  [75, "SMTP_UNCERTAIN", { state: "uncertain" }, "reconnect"],
  [64, "SMTP_REFUSED", { state: "planned" }, "stop"],
  [77, "SMTP_REFUSED", { state: "planned" }, "stop"],
  [78, "SMTP_REFUSED", { state: "planned" }, "stop"],
  [1, "SMTP_UNCERTAIN", { state: "uncertain" }, "reconnect"],
  [127, "SMTP_UNCERTAIN", { state: "uncertain" }, "reconnect"],
])("exit code %i", async (exit, code, fate, consequence) => {
  const { error, sendmail, verdict } = await failureOf(
    `cat > /dev/null; echo "the queue\nis  shut" >&2; exit ${exit}`,
  );
  expect(error.code).toBe(code);
  expect(error.message).toBe(`${sendmail.program} ended with ${exit}: the queue is shut`);
  expect(error.fix).toMatch(/\w/);
  const { said: _said, ...become } = { said: "", ...verdict.fate };
  expect([become, verdict.consequence]).toEqual([fate, consequence]);
});

test("one that is killed may have taken the message", async () => {
  const { error, verdict } = await failureOf(`${TAKE}; kill -9 $$`);
  expect(error.message).toMatch(/ was killed \(SIGKILL\)$/);
  expect(verdict.fate.state).toBe("uncertain");
});

test("one that doesn't end is ended with all that it has started, and is in doubt too", async () => {
  const sendmail = await startSendmail(
    `${TAKE}; sleep 600 & echo $! > "$here/.child"; mv "$here/.child" "$here/child"; wait`,
  );
  const child = path.join(path.dirname(sendmail.program), "child");
  quickTime(() => (existsSync(child) ? 60_000 : 0));
  const error = await failed(opened(sendmail).send(await messageTo("mara@example.org")));
  expect(error.message).toMatch(/ took too long and was stopped$/);
  expect([classifyFailure(error).fate.state, error.facts.isTimeout]).toEqual(["uncertain", true]);
  const pid = (await sendmail.noted("child")).trim();
  expect(pid).toMatch(/^\d+$/);
  await expect.poll(async () => stateOf(pid)).toMatch(/^[ZX]?$/);
});

/** proc(5): a letter; empty where there is no such process any more. */
async function stateOf(pid: string): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat.replace(/^.*\) (.).*$/s, "$1");
}

test("a file that is no program, or isn't there, has taken nothing, and stops the issue", async () => {
  const { program } = await startSendmail();
  for (const [file, why] of [
    [`${program}-elsewhere`, "it does not exist"],
    ["/dev/null", "permission denied"],
  ] as const) {
    const transport = new SendmailTransport(file, { processes: 1 });
    const error = await failed(transport.send(await messageTo("mara@example.org")));
    expect(error).toMatchObject({
      code: "SMTP_UNCONFIGURED",
      message: `${file} can't be run: ${why}`,
    });
    const { fate, consequence } = classifyFailure(error);
    expect([fate.state, consequence]).toEqual(["planned", "stop"]);
  }
});

test("what it leaves behind to deliver is not waited for, and not cut off", async () => {
  const sendmail = await startSendmail(
    `${TAKE}; (until test -f "$here/go"; do sleep 0.01; done; echo late; echo yes > "$here/late") & exit 0`,
  );
  await opened(sendmail).send(await messageTo("mara@example.org"));
  await writeFile(path.join(path.dirname(sendmail.program), "go"), "");
  await expect.poll(async () => sendmail.noted("late").catch(() => "")).toBe("yes\n");
});

test("it gets a file whole, none of our secrets, and no Ctrl-C that is for us", async () => {
  vi.stubEnv("SMTP_URL", "smtp://a:tide-and-ebb@b.example");
  vi.stubEnv("BROADSHEET_SECRET", "tide-and-ebb");
  onTestFinished(() => void vi.unstubAllEnvs());
  const sendmail = await startSendmail(
    `env > "$here/env"; test -f /dev/stdin && cut -d' ' -f1,5 /proc/$$/stat > "$here/group"`,
  );
  await opened(sendmail).send(await messageTo("mara@example.org"));
  expect(await sendmail.noted("env")).toMatch(/^PATH=/m);
  expect(await sendmail.noted("env")).not.toContain("tide-and-ebb");
  expect(await sendmail.noted("group")).toMatch(/^(\d+) \1\n$/);
});

test("no more run at a time than may", async () => {
  const sendmail = await startSendmail(
    `touch "$here/run.$$"; sleep 0.3; ls "$here" | grep -c '^run' >> "$here/counts"; rm "$here/run.$$"`,
  );
  const transport = opened(sendmail, { processes: 2 });
  const messages = await Promise.all(
    [1, 2, 3, 4, 5].map(async (n) => messageTo(`r${n}@b.example`)),
  );
  await Promise.all(messages.map(async (message) => transport.send(message)));
  const counts = (await sendmail.noted("counts")).trim().split("\n").map(Number);
  expect(counts).toHaveLength(5);
  expect(Math.max(...counts)).toBeLessThanOrEqual(2);
});

transportContract("the outbox", way);

async function way() {
  const folder = await newFolder();
  const messages = path.join(folder, "messages");
  return {
    folder,
    transport: new OutboxTransport(folder),
    arrived: async () => {
      const names = await readdir(messages).catch(() => []);
      return Promise.all(names.map(async (name) => readFile(path.join(messages, name))));
    },
    // A file where the folder should be: even root can't write into it.
    block: async () => writeFile(messages, ""),
  };
}

test("a message that is sent again is there once", async () => {
  const { transport, folder } = await way();
  const message = await messageTo("mara@example.org");
  await transport.send(message);
  await transport.send(message);
  const names = await readdir(path.join(folder, "messages"));
  expect(names).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.eml$/)]);
});
