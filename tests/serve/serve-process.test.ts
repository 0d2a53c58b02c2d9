import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/platform/clock.ts";
import { openStore } from "../../src/platform/store.ts";
import { askToJoin, joiningIn, weighRequests } from "../../src/serve/io/join-requests.ts";
import { Audience } from "../../src/subscribers/io/audience.ts";
import { keyringOf, mintFormToken } from "../../src/subscribers/tokens.ts";
import { mailingProject, SECRET, SLOT } from "../cli/mailing-project.ts";
import { type Fault, startFaultServer } from "../fault-server.ts";
import type { Engine } from "../stores.ts";
import { LOOK, requestOf } from "./join-bench.ts";

const KEYRING = keyringOf(SECRET);

/** A newsletter whose pages are served by processes, and a mail server that goes wrong as it is told. */
async function serving(engine: Engine, faults: readonly Fault[] = [], joinsPerHour = 600) {
  const server = await startFaultServer({ faults });
  // Any port: the processes say which they have.
  const serve = { port: 0, trustProxy: true, joinsPerHour };
  const project = await mailingProject({
    port: server.port,
    recipients: READERS.map((name) => `${name}@harbour.example`),
    config: { site: "http://127.0.0.1:8025", serve },
    engine,
    isBuilt: engine === "sqlite",
  });

  /** The list as it was at a moment, for what a test does to it itself. */
  async function store(at = systemClock()) {
    const opened = await openStore(project.place, { env: project.env });
    const clock = () => at;
    const options = { newsletter: "the-slipway", clock, keyring: KEYRING };
    const audience = new Audience(opened, options);
    onTestFinished(async () => audience.close());
    return joiningIn({ store: opened, audience, clock, keyring: KEYRING });
  }

  const { uid: list } = await store();
  let visitors = 0;
  return {
    project,
    server,
    store,
    to: () => server.taken.map(({ to }) => to.replace(/@.*/, "")),
    /** Starts one more process, and waits until it listens. */
    start: async () => {
      const running = project.start(["serve"]);
      onTestFinished(async () => {
        running.process.kill("SIGKILL");
        await running.ended;
      });
      await expect.poll(running.said).toMatch(/ on http:\S+\n/);
      const [, origin = ""] = / on (http:\S+)\n/.exec(running.said()) ?? [];
      return { ...running, origin };
    },
    /** A visitor from a network of their own sends the form, which they have read for two seconds. */
    join: async (name: string, origin: string): Promise<number> => {
      const form = mintFormToken(
        { form: "/subscribe", list },
        new Date(Date.now() - 2_000),
        KEYRING,
      );
      const answer = await fetch(`${origin}/subscribe`, {
        method: "POST",
        headers: { "x-forwarded-for": `10.0.${(visitors += 1)}.1` },
        body: new URLSearchParams({ address: `${name}@harbour.example`, form }),
      });
      return answer.status;
    },
  };
}

const READERS = Array.from({ length: 40 }, (_, n) => `reader${n}`);
const NAMES = ["jory", "wenna", "denzil", "ysella", "kerra", "piran", "tamsin", "bryok"];

test("two servers of one newsletter send each mail once, while an issue is sent", async () => {
  const { start, join, to, project } = await serving("sqlite");
  const servers = await Promise.all([start(), start()]);
  // Its links lead to this machine, which no reader could reach.
  const sending = project.spawn(["send", SLOT, "--yes", "--force"]);
  const answers = await Promise.all(
    NAMES.map(async (name, n) => join(name, servers[n % 2]?.origin ?? "")),
  );
  expect(answers).toEqual(NAMES.map(() => 200));
  expect((await sending).code).toBe(0);
  await expect.poll(() => to().length).toBe(NAMES.length + READERS.length);
  expect(to().toSorted()).toEqual([...NAMES, ...READERS].toSorted());
});

test("two servers of one newsletter on PostgreSQL send each mail once", async () => {
  const { start, join, to } = await serving("postgres");
  const servers = await Promise.all([start(), start()]);
  const answers = await Promise.all(
    NAMES.map(async (name, n) => join(name, servers[n % 2]?.origin ?? "")),
  );
  expect(answers).toEqual(NAMES.map(() => 200));
  await expect.poll(() => to().length).toBe(NAMES.length);
  expect(to().toSorted()).toEqual(NAMES.toSorted());
});

test("a server that is killed between a mail and its outcome never sends that mail again", async () => {
  const { start, join, server, to } = await serving("sqlite", [
    { at: "dot", keeps: true, do: "hang", times: 1 },
  ]);
  const first = await start();
  for (const name of ["jory", "wenna", "denzil"]) await join(name, first.origin);
  await expect.poll(to).toEqual(["jory"]);
  first.process.kill("SIGKILL");
  await first.ended;
  server.setFaults([]);
  await start();
  await expect.poll(to).toEqual(["jory", "wenna", "denzil"]);
});

test("mails wait for a mail server that is down, also when the server of the pages is killed", async () => {
  const { start, join, server, to, project } = await serving("sqlite", [
    { at: "connect", say: "421 4.3.2 not now", do: "end" },
  ]);
  const first = await start();
  expect(await join("jory", first.origin)).toBe(200);
  await expect.poll(first.said).toContain("Mails wait: SMTP_");
  first.process.kill("SIGKILL");
  await first.ended;
  server.setFaults([]);
  const second = await start();
  await expect.poll(to).toEqual(["jory"]);
  second.process.kill("SIGTERM");
  expect((await second.ended).code).toBe(0);
  expect((await project.run(["status"])).stdout).not.toContain("visitors");
});

test("status says that more visitors ask than the budget has mails for", async () => {
  const { store, project } = await serving("sqlite", [], 2);
  const joining = await store(new Date(Date.now() - 600_000));
  for (const [n, name] of NAMES.entries()) {
    const visitor = { network: `10.0.${n}.0/24`, proof: `proof ${n}` };
    await askToJoin(joining, [requestOf(`${name}@harbour.example`, visitor)]);
  }
  await weighRequests(joining, LOOK);
  const idle = (await project.run(["status"])).stdout;
  expect(idle).toMatch(
    /8 mails to visitors and readers wait since .*`broadsheet serve` sends them/,
  );
  const sentBefore = "UPDATE mail SET state = 'sent', claimed_at = ? WHERE id <= 2";
  await joining.store.run(sentBefore, Date.now() - 60_000);
  const full = (await project.run(["status"])).stdout;
  expect(full).toMatch(/6 mails to visitors and readers wait since .* 2 were sent within an hour/);
});
