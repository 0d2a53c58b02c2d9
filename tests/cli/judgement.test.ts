import { cp } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fault, type FaultServer, startFaultServer } from "../fault-server.ts";
import { linesOf } from "./broadsheet.ts";
import { type MailingProject, mailingProject, NONE, SLOT, stateOf } from "./mailing-project.ts";

const NEXT = "2026-12-01";
const GONE = "550 5.1.1 no such user";

let server: FaultServer;
let template: MailingProject;

beforeAll(async () => {
  server = await startFaultServer({ keepsBodies: false });
  template = await mailingProject({ port: server.port, recipients: [] });
  await template.run(["build", "--date", NEXT, "--quiet"]);
});
afterAll(async () => server.close());

/** Readers in 25 domains, in the order in which they are sent to; the first ones are gone. */
function readers(count: number, gone = 0): string[] {
  return Array.from({ length: count }, (_, n) => {
    const name = n % Math.ceil(count / (gone || count)) === 0 && gone > 0 ? "gone" : "here";
    return `${String(n).padStart(4, "0")}${name}@d${n % 25}.example`;
  });
}

async function listOf(recipients: readonly string[], faults: readonly Fault[] = []) {
  server.setFaults(faults);
  const list = await mailingProject({ port: server.port, recipients });
  await cp(path.join(template.cwd, "outbox"), path.join(list.cwd, "outbox"), { recursive: true });
  return {
    ...list,
    send: async (slot = SLOT, ...args: readonly string[]) =>
      list.run(["send", slot, "--yes", "--json", "--quiet", ...args]),
    explain: async (address: string) => (await list.run(["explain", address])).stdout,
    /** How many readers are off the list, and how many are quarantined. */
    async struckOff() {
      const { stdout } = await list.run(["subscribers", "list", "--json"]);
      const all = await list.run(["subscribers", "quarantine", "list", "--json"]);
      const quarantined = all.stdout.split('"address"').length - 1;
      return [stdout.split('"status":"bounced"').length - 1, quarantined];
    },
  };
}

describe("a relay that is wrong", () => {
  test.each([0.3, 0.6])(
    "at random about %d of 300 new readers: it contradicts itself, and nobody is struck off",
    async (chance) => {
      const list = await listOf(readers(300), [{ at: "RCPT", say: GONE, chance }]);
      const run = await list.send();
      const { accepted, planned, rejected } = stateOf(run);
      expect(await list.struckOff()).toEqual([0, 0]);
      expect([accepted + planned, rejected]).toEqual([300, 0]);
      expect(run.code).toBe(69);
      expect(run.stderr).toMatch(/the server contradicts itself|readers in a row were refused/);
      server.setFaults([]);
      expect(stateOf(await list.send())).toEqual({ ...NONE, accepted: 300 });
    },
  );

  test("about 30 % of 300 readers who took the last issue, at random or always: nobody is struck off", async () => {
    const list = await listOf(readers(300, 100));
    await list.send(NEXT);
    server.setFaults([{ at: "RCPT", say: GONE, chance: 0.3 }]);
    await list.send();
    expect(await list.struckOff()).toEqual([0, 0]);
    server.setFaults([{ at: "RCPT", to: "gone@", say: GONE }]);
    expect((await list.send()).stderr).not.toContain("INTERNAL");
    expect(await list.struckOff()).toEqual([0, 0]);
  });

  test("about 15 readers in mid-run: they are asked again, and all have the issue", async () => {
    const faults = Array.from({ length: 15 }, (_, n): Fault => {
      return { at: "RCPT", nth: 150 + n, say: GONE };
    });
    const list = await listOf(readers(300), faults);
    const run = await list.send();
    expect(run.code).toBe(0);
    expect(stateOf(run)).toEqual({ ...NONE, accepted: 300 });
    expect(await list.struckOff()).toEqual([0, 0]);
  });
});

describe("of a thousand new readers some are always refused", () => {
  test("10: they are struck off, and the run says how to take that back", async () => {
    const list = await listOf(readers(1000, 10), [{ at: "RCPT", to: "gone@", say: GONE }]);
    const run = await list.send();
    expect([run.code, await list.struckOff()]).toEqual([0, [10, 0]]);
    expect(stateOf(run)).toEqual({ ...NONE, accepted: 990, rejected: 10 });
    expect(await list.explain("0000gone@d0.example")).toMatch(
      /refused {3}550 5\.1\.1 no such user \(cause: the reader, run 1\)/,
    );
  });

  test("50: they are quarantined", async () => {
    const list = await listOf(readers(1000, 50), [{ at: "RCPT", to: "gone@", say: GONE }]);
    const run = await list.send();
    expect([run.code, await list.struckOff()]).toEqual([69, [0, 50]]);
  });
});

describe("what is about the relay", () => {
  test("452 4.3.1 to one domain: only that domain waits, and its readers stay planned", async () => {
    const say = "452 4.3.1 Insufficient system storage";
    const list = await listOf(readers(300), [{ at: "RCPT", to: "@d7.example", say }]);
    const run = await list.send();
    expect([run.code, stateOf(run)]).toMatchObject([75, { accepted: 288, planned: 12 }]);
    expect(stateOf(run).deferred).toBe(0);
    const ofDomain = readers(300).filter((address) => address.endsWith("@d7.example"));
    let all = "";
    for (const address of ofDomain) all += await list.explain(address);
    expect(all).toMatch(/cause: the recipient\s+domain/);
  });

  test("a quota that is used up after 100: only what is in flight still goes, and it says when to go on", async () => {
    const say = "454 Throttling failure: Daily message quota exceeded.";
    const list = await listOf(readers(400), [{ at: "dot", from: 101, say }]);
    const before = server.taken.length;
    const tried = server.commands.length;
    const run = await list.send();
    expect([run.code, stateOf(run)]).toMatchObject([75, { ...NONE, accepted: 100, planned: 300 }]);
    expect(server.taken.length - before).toBe(100);
    const bodies = server.commands.slice(tried).filter((line) => line === "DATA").length;
    expect(bodies).toBeLessThanOrEqual(100 + 2 * 20);
    expect(run.stderr).toMatch(
      /accepts no more messages from you for now: 454 [^]*send again from 20/,
    );
  });

  test("a quota that one domain alone speaks of: the next run sends to all others", async () => {
    const say = "550 5.4.5 Daily user sending limit exceeded";
    const list = await listOf(readers(300), [{ at: "RCPT", to: "@d0.example", say }]);
    expect((await list.send()).code).toBe(75);
    const run = await list.send();
    expect([run.code, stateOf(run)]).toMatchObject([75, { ...NONE, accepted: 288, planned: 12 }]);
  });
});

describe("words", () => {
  test("a refusal of 600 lines is believed as any other, and kept short", async () => {
    const say = `${"550-5.1.1 no such user here\r\n".repeat(599)}${GONE}`;
    const list = await listOf(readers(100, 3), [{ at: "RCPT", to: "gone@", say }]);
    expect((await list.send()).code).toBe(0);
    expect(await list.struckOff()).toEqual([3, 0]);
    expect((await list.explain("0000gone@d0.example")).length).toBeLessThan(800);
  });

  test("in another language count by their code, and without one take nobody off the list", async () => {
    const list = await listOf(readers(100, 3), [
      { at: "RCPT", to: "0000gone@", say: "550 5.1.1 Empfänger unbekannt" },
      { at: "RCPT", to: "gone@", say: "550 該用戶不存在" },
    ]);
    const run = await list.send();
    expect([run.code, stateOf(run)]).toMatchObject([0, { accepted: 97, rejected: 3 }]);
    expect(await list.struckOff()).toEqual([1, 0]);
  });
});

describe("restore", () => {
  test("takes back what a run did, except for who has left; retry plans the issue again", async () => {
    const list = await listOf(readers(100, 3), [{ at: "RCPT", to: "gone@", say: GONE }]);
    await list.send();
    const [first = "", second = "", third = ""] = readers(100, 3).filter((address) =>
      address.includes("gone"),
    );
    await list.run(["subscribers", "suppress", first, "--reason", "unsubscribed"]);
    await list.send(NEXT);
    const restore = async (run: string) =>
      list.run(["subscribers", "restore", "--run", run, "--json"]);
    expect((await list.run(["status", SLOT])).stdout).toMatch(/^1 .*restore --run 1$/m);
    expect(linesOf(await restore("1"))).toMatchObject([
      { newsletter: "the-slipway", run: 1, issue: SLOT, readers: [second, third] },
    ]);
    expect(await list.struckOff()).toEqual([0, 0]);
    expect(await list.explain(third)).toMatch(/ UTC {3}restored {3}\(run 1\)/);
    server.setFaults([]);
    for (const slot of [SLOT, NEXT]) {
      expect(linesOf(await list.run(["retry", slot, "--json"]))).toMatchObject([{ due: 2 }]);
      expect(stateOf(await list.send(slot))).toMatchObject({ accepted: 99 });
    }
    const again = await list.run(["subscribers", "restore", "--run", "1"]);
    expect([again.code, again.stdout]).toEqual([
      0,
      expect.stringContaining("nothing more to restore"),
    ]);
  });

  test("releases the readers whom a run quarantined", async () => {
    const list = await listOf(readers(100, 5), [{ at: "RCPT", to: "gone@", say: GONE }]);
    expect((await list.send()).code).toBe(69);
    await list.run(["subscribers", "restore", "--run", "1"]);
    expect(await list.struckOff()).toEqual([0, 0]);
  });

  test.each(["7", "0", "one"])("refuses a run that there never was: %s", async (run) => {
    const list = await listOf(readers(3));
    const { code, stderr } = await list.run(["subscribers", "restore", "--run", run]);
    expect(code).toBe(run === "7" ? 66 : 64);
    expect(stderr).toContain(run === "7" ? "there is no run 7" : "--run");
  });
});

test("readers who were removed or erased since are not tried again", async () => {
  const all = readers(60);
  const [removed = "", erased = "", left = ""] = all;
  const list = await listOf(all, [
    { at: "RCPT", to: removed, say: "451 4.7.1 Greylisting in action" },
    { at: "RCPT", to: erased, say: "450 4.2.2 full" },
    { at: "RCPT", to: left, say: "552 5.2.2 full" },
  ]);
  expect((await list.send()).code).toBe(75);
  await list.run(["subscribers", "remove", removed]);
  await list.run(["subscribers", "erase", erased]);
  server.setFaults([]);
  expect((await list.run(["retry", SLOT])).stdout).toMatch(/^1 to be tried again/);
  const before = server.taken.length;
  expect((await list.send()).code).toBe(0);
  expect(server.taken.slice(before).map(({ to }) => to)).toEqual([left]);
});
