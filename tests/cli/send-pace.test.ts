import { describe, expect, test } from "vitest";
import { type FaultServerOptions, startFaultServer } from "../fault-server.ts";
import { onSqlite } from "../stores.ts";
import { mailingProject, NONE, people, SLOT, stateOf } from "./mailing-project.ts";

/*
 * How fast `send` goes to each recipient domain and to the relay.
 */

const SEND = ["send", SLOT, "--yes", "--json"];

interface Relay extends FaultServerOptions {
  readonly recipients: readonly string[];
  readonly smtp?: object;
}

async function projectWith({ recipients, smtp = {}, ...options }: Relay) {
  const server = await startFaultServer({ keepsBodies: false, ...options });
  const project = await mailingProject({ port: server.port, recipients, config: { smtp } });
  return { server, project };
}

test("of eight domains one doesn't answer: it is cut off, and the other seven have theirs", async () => {
  const domains = ["hangs", "b", "c", "d", "e", "f", "g", "h"];
  const recipients = domains.flatMap((name) => people(20, `${name}.example`));
  const { server, project } = await projectWith({
    recipients,
    faults: [{ at: "dot", to: "@hangs.example", do: "hang" }],
    smtp: { timeouts: { reply: "3s" } },
  });
  const run = await project.run(SEND);
  expect(run.code).toBe(75);
  const state = stateOf(run);
  // A message that had begun leaves its reader in doubt.
  expect(state).toMatchObject({ accepted: 140, deferred: 0, rejected: 0 });
  expect(state.planned + state.uncertain).toBe(20);
  expect(state.uncertain).toBeLessThanOrEqual(2);
  const tried = server.commands.filter((line) => line.startsWith("RCPT TO:<r"));
  expect(tried.filter((line) => line.includes("@hangs.example")).length).toBeLessThanOrEqual(4);
  const later = await project.run(SEND);
  expect(later.code).toBe(75);
  expect(stateOf(later)).toEqual(state);
});

test("smtp.rate with a day's quota: the run ends with 75 and says when to go on, and so does the next", async () => {
  const { server, project } = await projectWith({
    recipients: people(30),
    smtp: { rate: "1000/s, 20/day" },
  });
  for (const run of [await project.run(SEND), await project.run(SEND)]) {
    expect(run.code).toBe(75);
    expect(stateOf(run)).toEqual({ ...NONE, accepted: 20, planned: 10 });
    expect(run.stderr).toMatch(/the number of messages in smtp\.rate is used up/);
    expect(run.stderr).toMatch(/send again from \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
  }
  expect(server.taken).toHaveLength(20);
});

const ALONE = onSqlite(
  "a sender that shares its rate learns a second after a complaint: see reservations-contract.ts",
);

test.runIf(ALONE)(
  "what a run has learned of the relay's limit is the next one's first pace",
  async () => {
    const { server, project } = await projectWith({
      recipients: people(60),
      faults: [
        { at: "dot", nth: 11, say: "454 Throttling failure: Maximum sending rate exceeded." },
      ],
    });
    const first = await project.run([...SEND, "--limit", "12"]);
    expect(stateOf(first)).toEqual({ ...NONE, accepted: 12, planned: 48 });
    // The server accepted eleven messages in a second at most, so the next run sends eleven a second. A machine that stands
    // still sends what is late together, so the server allows more. Without a pace all 48 come within a second.
    server.setFaults([{ at: "dot", perSecond: 36, do: "drop" }]);
    const second = await project.run(SEND);
    expect([second.code, stateOf(second)]).toEqual([0, { ...NONE, accepted: 60 }]);
  },
);

function urlOf(port: number, password: string) {
  return { SMTP_URL: `smtp://desk:${password}@127.0.0.1:${port}` };
}

function loginsOf(commands: readonly string[]): number {
  return commands.filter((line) => line.startsWith("AUTH")).length;
}

describe("logins", () => {
  const login = { user: "desk", password: "hunter2" };

  test("a wrong password: one login, 77, and all readers stay planned", async () => {
    const { server, project } = await projectWith({ recipients: people(100), login });
    const run = await project.run(SEND, urlOf(server.port, "wrong"));
    expect([run.code, stateOf(run)]).toEqual([77, { ...NONE, planned: 100 }]);
    expect(loginsOf(server.commands)).toBe(1);
    expect(run.stdout + run.stderr).not.toContain("wrong");
  });

  test("refused in mid-run: none follows, and the connections that are there take the rest", async () => {
    const { server, project } = await projectWith({
      recipients: people(200),
      login,
      faults: [
        { at: "AUTH", from: 3, say: "535 5.7.8 two sessions only" },
        { at: "dot", say: "250 2.0.0 taken", keeps: true, delayMs: 5 },
      ],
    });
    const run = await project.run(SEND, urlOf(server.port, login.password));
    expect([run.code, stateOf(run)]).toEqual([0, { ...NONE, accepted: 200 }]);
    expect(loginsOf(server.commands)).toBe(3);
  });
});
