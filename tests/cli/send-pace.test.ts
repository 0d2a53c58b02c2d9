import { expect, onTestFinished, test } from "vitest";
import { type Fault, startFaultServer } from "../fault-server.ts";
import { mailingProject, NONE, people, SLOT, stateOf } from "./mailing-project.ts";

/*
 * How fast `send` goes to each recipient domain and to the relay, as a process of its own.
 */

const SEND = ["send", SLOT, "--yes", "--json"];

interface Relay {
  readonly recipients: readonly string[];
  readonly faults?: readonly Fault[];
  readonly smtp?: object;
}

async function projectWith({ recipients, faults = [], smtp = {} }: Relay) {
  const server = await startFaultServer({ keepsBodies: false, faults });
  const project = await mailingProject({ port: server.port, recipients, config: { smtp } });
  onTestFinished(async () => {
    await project.remove();
    await server.close();
  });
  return { server, project };
}

test.each(["RCPT", "dot"] as const)(
  "of eight domains one doesn't answer (%s): it is cut off, and the other seven have theirs",
  async (at) => {
    const domains = ["hangs", "b", "c", "d", "e", "f", "g", "h"];
    const recipients = domains.flatMap((name) => people(20, `${name}.example`));
    const { server, project } = await projectWith({
      recipients,
      faults: [{ at, to: "@hangs.example", do: "hang" }],
      smtp: { timeouts: { reply: "3s" } },
    });
    const run = await project.spawn(SEND);
    expect(run.code).toBe(75);
    const state = stateOf(run);
    // A message that had begun leaves its reader in doubt.
    expect(state).toMatchObject({ accepted: 140, deferred: 0, rejected: 0 });
    expect(state.planned + state.uncertain).toBe(20);
    expect(state.uncertain).toBeLessThanOrEqual(at === "dot" ? 2 : 0);
    const tried = server.commands.filter((line) => line.startsWith("RCPT TO:<r"));
    expect(tried.filter((line) => line.includes("@hangs.example")).length).toBeLessThanOrEqual(4);
    const later = await project.spawn(SEND);
    expect(later.code).toBe(75);
    expect(stateOf(later)).toEqual(state);
  },
);

test("smtp.rate with a day's quota: the run ends with 75 and says when to go on, and so does the next", async () => {
  const { server, project } = await projectWith({
    recipients: people(30),
    smtp: { rate: "1000/s, 20/day" },
  });
  for (const run of [await project.spawn(SEND), await project.spawn(SEND)]) {
    expect(run.code).toBe(75);
    expect(stateOf(run)).toEqual({ ...NONE, accepted: 20, planned: 10 });
    expect(run.stderr).toMatch(/the number of messages in smtp\.rate is used up/);
    expect(run.stderr).toMatch(/send again from \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
  }
  expect(server.taken).toHaveLength(20);
});

test("what a run has learned of the relay's limit is the next one's first pace", async () => {
  const say = "454 Throttling failure: Maximum sending rate exceeded.";
  const { server, project } = await projectWith({
    recipients: people(90),
    faults: [{ at: "dot", perSecond: 20, say }],
  });
  const tries = () => server.commands.filter((line) => line.startsWith("RCPT")).length;
  const first = await project.spawn([...SEND, "--limit", "45"]);
  expect(stateOf(first)).toEqual({ ...NONE, accepted: 45, planned: 45 });
  const complaints = tries() - 45;
  expect(complaints).toBeGreaterThan(0);
  const second = await project.spawn(SEND);
  expect(second.code).toBe(0);
  expect(stateOf(second)).toEqual({ ...NONE, accepted: 90 });
  expect(tries() - 90 - complaints).toBeLessThan(complaints);
});
