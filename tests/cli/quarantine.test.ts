import { cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { postfix } from "../subscribers/bounce-mails.ts";
import { type FaultServer, startFaultServer } from "../fault-server.ts";

import { changeIn, forgetKilled, onSqlite } from "../stores.ts";
import { linesOf } from "./broadsheet.ts";
import { type MailingProject, mailingProject, NONE, SLOT, stateOf } from "./mailing-project.ts";

const SLOTS = [SLOT, "2026-12-01", "2026-12-08", "2026-12-15", "2026-12-22"] as const;
const DAY_MS = 86_400_000;
const GONE = "550 5.1.1 no such user";
const READERS = 40;
const CONFIG = { bounce: "bounces@slipway.example" };

let server: FaultServer;
let template: MailingProject;

beforeAll(async () => {
  server = await startFaultServer();
  template = await mailingProject({ port: server.port, recipients: [], config: CONFIG });
  for (const slot of SLOTS.slice(1)) {
    await template.run(["build", "--date", slot, "--quiet"]);
  }
});
beforeEach(() => server.setFaults([]));
afterAll(async () => server.close());

/** In the order in which they are sent to. */
const two = (n: number) => String(n).padStart(2, "0");

/** Readers in five domains; the relay is wrong about this share of them, spread over the list. */
function readers(share: number): string[] {
  return Array.from({ length: READERS }, (_, n) => {
    const isWrong = Math.floor((n + 1) * share) > Math.floor(n * share);
    return `${two(n)}.${isWrong ? "wrong" : "right"}${n}@d${n % 5}.example`;
  });
}

/** The relay says of these readers that they don't exist. */
function beWrong(...names: readonly string[]): void {
  server.setFaults(names.map((to) => ({ at: "RCPT", to, say: GONE })));
}

async function listOf(recipients: readonly string[]) {
  const project = await mailingProject({ port: server.port, recipients, config: CONFIG });
  await cp(path.join(template.cwd, "outbox"), path.join(project.cwd, "outbox"), {
    recursive: true,
  });
  return {
    ...project,
    send: async (nth: number) =>
      project.run(["send", SLOTS[nth] ?? SLOT, "--yes", "--json", "--quiet"]),
    quarantine: async (...args: readonly string[]) =>
      project.run(["subscribers", "quarantine", ...args]),
    /** How many readers are off the list. */
    async gone(): Promise<number> {
      const list = await project.run(["subscribers", "list", "--json"]);
      return list.stdout.split('"status":"bounced"').length - 1;
    },
  };
}

/** All that the store has noted lies so much longer ago. */
async function pass({ place }: Pick<MailingProject, "place">, days: number): Promise<void> {
  const ms = days * DAY_MS;
  await changeIn(
    place,
    `UPDATE delivery SET changed_at = changed_at - ${ms}`,
    `UPDATE refusal SET at = at - ${ms}`,
    `UPDATE delivery_event SET at = at - ${ms}`,
  );
}

describe("a relay that is wrong about some readers erases nobody", () => {
  test.each([0.1, 1])(
    "about %f of a list that has never been sent to, over three issues",
    async (share) => {
      const list = await listOf(readers(share));
      beWrong("wrong");
      for (const nth of [0, 1, 2]) {
        await list.send(nth);
        expect(await list.gone()).toBe(0);
        await pass(list, 7);
      }
      server.setFaults([]);
      await list.quarantine("release", "--all");
      const next = await list.send(3);
      expect(next).toMatchObject({ code: 0, stderr: "" });
      expect(stateOf(next)).toEqual({ ...NONE, accepted: READERS });
    },
  );

  test.each([0.3, 0.6])(
    "about %f of a list that took the issue of last week, over three issues",
    async (share) => {
      const list = await listOf(readers(share));
      await list.send(0);
      beWrong("wrong");
      for (const nth of [1, 2, 3]) {
        await pass(list, 7);
        await list.send(nth);
        expect(await list.gone()).toBe(0);
      }
      server.setFaults([]);
      await list.quarantine("release", "--all");
      const next = await list.send(4);
      expect(next).toMatchObject({ code: 0, stderr: "" });
      expect(stateOf(next)).toEqual({ ...NONE, accepted: READERS });
    },
  );
});

describe("a relay that is wrong about some readers, in runs too small to show it", () => {
  const WRONG = READERS * 0.3;

  /** Sends an issue in runs of ten readers each, and returns the exit codes. */
  async function sendInTens(list: Awaited<ReturnType<typeof listOf>>, slot: string) {
    const codes: number[] = [];
    for (let sent = 0; sent < READERS; sent += 10) {
      const run = await list.run(["send", slot, "--yes", "--limit", "10", "--quiet"]);
      codes.push(run.code ?? 0);
    }
    return codes;
  }

  test("erases no new reader, and quarantines those whom the first run had suppressed", async () => {
    const list = await listOf(readers(0.3));
    beWrong("wrong");
    const codes = await sendInTens(list, SLOT);
    expect(codes.slice(1)).toEqual([69, 69, 69]);
    expect(await list.gone()).toBe(0);
    expect(linesOf(await list.quarantine("list", "--json"))).toHaveLength(WRONG);
    server.setFaults([]);
    await list.quarantine("release", "--all");
    expect(stateOf(await list.send(1))).toEqual({ ...NONE, accepted: READERS });
  });

  test("erases no reader at the second refusal, a week after the first one", async () => {
    const list = await listOf(readers(0.3));
    await list.send(0);
    beWrong("wrong");
    for (const slot of [SLOTS[1], SLOTS[2]]) {
      await pass(list, 7);
      await sendInTens(list, slot);
      expect(await list.gone()).toBe(0);
    }
    expect(linesOf(await list.quarantine("list", "--json"))).toHaveLength(WRONG);
  });

  test("leaves readers off the list who asked to leave, and issues that the others missed can be retried", async () => {
    const list = await listOf(readers(0));
    beWrong("right0@", "right1@", "right2@");
    await list.run(["send", SLOT, "--yes", "--limit", "10", "--quiet"]);
    expect(await list.gone()).toBe(3);
    await list.run(["subscribers", "suppress", "00.right0@d0.example"]);
    expect(stateOf(await list.send(1))).toMatchObject({ suppressed: 3 });
    beWrong("right17@", "right18@");
    // These two took the other issue, so only the earlier ones are quarantined.
    const next = await list.send(0);
    expect(next.code).toBe(69);
    expect(next.stderr).toContain("the server doesn't know 2 readers");
    server.setFaults([]);
    await list.quarantine("release", "--all");
    expect(linesOf(await list.run(["retry", SLOTS[1], "--json"]))).toMatchObject([{ due: 2 }]);
    expect(stateOf(await list.send(2))).toMatchObject({ accepted: READERS - 1, suppressed: 1 });
  });

  test("erases nobody either where an operator releases readers between the runs", async () => {
    const list = await listOf(readers(0.3));
    beWrong("wrong");
    for (const limit of ["20", "10", "10"]) {
      await list.run(["send", SLOT, "--yes", "--limit", limit, "--quiet"]);
      await list.quarantine("release", "--all");
      expect(await list.gone()).toBe(0);
    }
  });
});

test("the same few dead readers of a daily issue are counted once, and suppressed", async () => {
  const list = await listOf(readers(0));
  await list.send(0);
  await pass(list, 1);
  beWrong("right7@", "right11@");
  await list.send(1);
  await pass(list, 1);
  expect((await list.send(2)).code).toBe(0);
  expect(await list.gone()).toBe(2);
});

describe("a reader who took the issue of last week", () => {
  test("is refused for one issue by one answer, and off the list by a second one a day later", async () => {
    const list = await listOf(readers(0));
    await list.send(0);
    await pass(list, 7);
    beWrong("right7@");
    const refused = await list.send(1);
    expect(refused.code).toBe(0);
    expect(stateOf(refused)).toEqual({ ...NONE, accepted: READERS - 1, rejected: 1 });
    expect(await list.gone()).toBe(0);
    // The same day, for another issue.
    expect(stateOf(await list.send(2))).toMatchObject({ rejected: 1 });
    expect(await list.gone()).toBe(0);
    await pass(list, 1);
    expect(stateOf(await list.send(3))).toMatchObject({ rejected: 1 });
    expect(await list.gone()).toBe(1);
    expect(stateOf(await list.send(4))).toMatchObject({ accepted: READERS - 1, suppressed: 1 });
  });

  test("begins anew when a message is accepted between two refusals", async () => {
    const list = await listOf(readers(0));
    await list.send(0);
    for (const nth of [1, 3]) {
      await pass(list, 7);
      beWrong("right7@");
      await list.send(nth);
      await pass(list, 7);
      server.setFaults([]);
      expect(stateOf(await list.send(nth + 1))).toMatchObject({ accepted: READERS });
    }
    expect(await list.gone()).toBe(0);
  });

  test("is off the list at once where a delivery status notification says so", async () => {
    const list = await listOf(readers(0));
    await list.send(0);
    const back = postfix("5.1.1", GONE).replaceAll(
      CONFIG.bounce.replace("@", "+TOKEN@"),
      server.taken.at(-1)?.from ?? "",
    );
    await writeFile(path.join(list.cwd, "back.eml"), back);
    await list.run(["subscribers", "bounce", "--mail", "back.eml"]);
    expect(await list.gone()).toBe(1);
  });
});

test("few refusals of readers who never took an issue suppress them, as ever", async () => {
  const list = await listOf(readers(0));
  beWrong("right7@", "right11@", "right19@");
  const first = await list.send(0);
  expect(first.code).toBe(0);
  expect(stateOf(first)).toMatchObject({ accepted: READERS - 3, rejected: 3 });
  expect(await list.gone()).toBe(3);
});

describe("readers about whom a relay may be wrong", () => {
  /** Four of the readers. */
  const DOUBTED = ["07.right7@d2", "11.right11@d1", "19.right19@d4", "23.right23@d3"].map(
    (name) => `${name}.example`,
  );

  async function quarantinedList() {
    const list = await listOf(readers(0));
    beWrong(...DOUBTED);
    const run = await list.send(0);
    server.setFaults([]);
    return { list, run };
  }

  test("are quarantined with 69, and the last message says what to do", async () => {
    const { run } = await quarantinedList();
    expect(run.code).toBe(69);
    expect(stateOf(run)).toEqual({ ...NONE, accepted: READERS - 4, rejected: 4 });
    expect(run.stderr).toMatch(/^error READERS_QUARANTINED: the server doesn't know 4 readers, /);
    expect(run.stderr).toContain("broadsheet subscribers quarantine release --all");
    expect(run.stderr).not.toContain("@");
  });

  test("have 69 also where others are left for later", async () => {
    const list = await listOf(readers(0));
    beWrong(...DOUBTED);
    const run = await list.run(["send", SLOT, "--yes", "--json", "--quiet", "--limit", "30"]);
    expect(stateOf(run)).toMatchObject({ planned: 10, rejected: 4 });
    expect(run.code).toBe(69);
    expect(run.stderr).toMatch(/^10 not sent yet\nerror READERS_QUARANTINED: [^]*--all\n$/);
  });

  test("are listed by status with the server's words, and in the page as a number", async () => {
    const { list } = await quarantinedList();
    const text = await list.run(["status"]);
    expect(text.stdout).toContain("36 subscribers");
    for (const address of DOUBTED) {
      expect(text.stdout).toMatch(new RegExp(`^${address} .* UTC +${GONE}$`, "m"));
    }
    expect(text.stdout).toMatch(/^Fix {4}quarantined: 4 readers, .* quarantine list$/m);
    const [line] = linesOf(await list.run(["status", "--json"]));
    expect(line).toMatchObject({ quarantined: DOUBTED.map(() => ({ slot: SLOT, said: GONE })) });
    const page = await list.run(["status", "--html"]);
    expect(page.stdout).toContain("4 readers in quarantine.");
    expect(page.stdout).not.toContain(DOUBTED[0]);
    const one = await list.run(["subscribers", "list", "--segment", "domain:d2.example"]);
    expect(one.stdout).toMatch(/07\.right7@d2\.example .* quarantined$/m);
    const all = await list.run(["subscribers", "list"]);
    expect(all.stdout).toMatch(/^36 to be sent to, 4 quarantined\n/);
  });

  test("are skipped in later issues until they are released, and explain says so", async () => {
    const { list } = await quarantinedList();
    const dry = await list.run(["send", SLOTS[1], "--dry-run"]);
    expect(dry.stdout).toContain("36 readers. Left out: 4 readers");
    const asked = server.commands.length;
    const next = await list.send(1);
    expect(next).toMatchObject({ code: 0, stderr: "" });
    expect(stateOf(next)).toEqual({ ...NONE, accepted: READERS - 4, skipped: 4 });
    expect(server.commands.slice(asked).join("\n")).not.toContain(DOUBTED[0]);
    const [address = ""] = DOUBTED;
    const explained = await list.run(["explain", address]);
    expect(explained.stdout).toMatch(
      /^07\.right7@d2\.example, quarantined\n[^]*2026-12-01 {3}skipped .*\n.* skipped {3}quarantined\n[^]* refused {3}550 5\.1\.1 no such user \(cause: the relay, run 1\)\n.* quarantined$/m,
    );

    const released = await list.quarantine("release", address, "stranger@d1.example", "--json");
    expect(linesOf(released)).toEqual([
      { newsletter: "the-slipway", address, how: "release", wasQuarantined: true },
      expect.objectContaining({ address: "stranger@d1.example", wasQuarantined: false }),
    ]);
    const due = await list.run(["retry", SLOTS[1], "--json"]);
    expect(linesOf(due)).toMatchObject([{ due: 1 }]);
    expect(stateOf(await list.send(1))).toMatchObject({ accepted: READERS - 3, skipped: 3 });
    expect(stateOf(await list.send(2))).toMatchObject({ accepted: READERS - 3, skipped: 3 });
    expect((await list.run(["explain", address])).stdout).toMatch(/ UTC {3}released$/m);
  });

  test("are off the list once an operator agrees with the server, or they leave", async () => {
    const { list } = await quarantinedList();
    const [first = "", second = "", third = ""] = DOUBTED;
    expect((await list.quarantine("list")).stdout).toContain(first);
    expect((await list.quarantine("suppress", first)).stdout).toBe(`Suppressed   ${first}\n`);
    await list.run(["subscribers", "suppress", second]);
    await list.run(["subscribers", "erase", third]);
    expect(linesOf(await list.quarantine("list", "--json"))).toHaveLength(1);
    await list.quarantine("suppress", "--all");
    expect((await list.quarantine("list")).stdout).toBe("No reader is quarantined\n");
    expect(stateOf(await list.send(1))).toEqual({ ...NONE, accepted: READERS - 4, suppressed: 3 });
  });

  test("are named, or all of them are meant, and nothing is guessed", async () => {
    const { list } = await quarantinedList();
    for (const args of [[], ["--all", ...DOUBTED]]) {
      const run = await list.quarantine("release", ...args);
      expect(run.code).toBe(64);
      expect(run.stderr).toContain("no reader is named");
    }
    expect(linesOf(await list.quarantine("list", "--json"))).toHaveLength(4);
    const help = await list.quarantine("--help");
    expect(help.stdout).toContain("until you decide");
  });

  test.runIf(onSqlite("on PostgreSQL the next run of the same issue judges: workers.test.ts"))(
    "are judged by the next run where one was killed before its end",
    async () => {
      const list = await listOf(readers(0));
      const config = path.join(list.cwd, "broadsheet.config.json");
      const text = JSON.parse(await readFile(config, "utf8"));
      // One after the other, so that the last one is the only one without an answer.
      await writeFile(config, JSON.stringify({ ...text, smtp: { concurrency: 1 } }));
      server.setFaults([
        { at: "dot", to: "right39@", do: "hang" },
        ...DOUBTED.map((to) => ({ at: "RCPT", to, say: GONE }) as const),
      ]);
      const before = server.commands.length;
      const running = list.start(["send", SLOT, "--yes", "--quiet"]);
      const isAtLast = () => server.commands.indexOf("RCPT TO:<39.right39@d4.example>", before) > 0;
      await vi.waitUntil(isAtLast, { timeout: 60_000 });
      running.process.kill("SIGKILL");
      await running.ended;
      await forgetKilled(list.place);
      expect(await list.gone()).toBe(0);
      server.setFaults([]);
      const next = await list.send(1);
      expect(next.code).toBe(69);
      expect(next.stderr).toContain("the server doesn't know 4 readers");
      expect(stateOf(next)).toEqual({ ...NONE, accepted: READERS - 4, skipped: 4 });
      expect(await list.gone()).toBe(0);
    },
  );
});
