/**
 * Kills the sender again and again, at moments that nobody chose, while the server goes wrong at random. At
 * the end everything is sent that still can be, and what the ledger says is held against what the server has:
 *
 *     npm run soak [KILLS] [MESSAGES] [READERS]
 *     npm run soak -- --postgres [SECONDS] [READERS]      three workers of one database
 *
 * It leaves with 1 where anybody has an issue twice, where the ledger takes anybody to have it who hasn't, where
 * anybody is left out, or where a kill left more in doubt than there are connections.
 */
import { rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../src/platform/clock.ts";
import { openLedger } from "../src/delivery/io/open-ledger.ts";
import { type MailingProject, mailingProject, people, stateOf } from "./cli/mailing-project.ts";
import { type Fault, type FaultServer, startFaultServer } from "./fault-server.ts";

/** As many as a sender has by default; a kill leaves one reader in doubt for each. */
const CONNECTIONS = 10;
const NEWSLETTER = "the-slipway";
/** A server that drops connections is left alone for a while, and so is one that complains. */
const DOMAINS = Array.from({ length: 20 }, (_, n) => `harbour${n}.example`);
const RECIPIENTS = Number(process.argv[4] ?? 5_000);
const READERS = DOMAINS.flatMap((domain) => people(RECIPIENTS / DOMAINS.length, domain));
const KILLS = Number(process.argv[2] ?? 200);
/** How many messages a process lives for at most, however long a busy machine takes for them. */
const LONGEST_LIFE = Number(process.argv[3] ?? 800);
/** One kill in eight comes at any moment, also before the first message. */
const EARLY = 0.125;
const LONGEST_EARLY_LIFE_MS = 2_500;
/** A server that takes nothing more ends a life too. */
const STALLED_MS = 20_000;

const MISHAPS: readonly Fault[] = [
  { at: "connect", do: "drop", chance: 0.1 },
  { at: "connect", say: "421 4.3.2 later", do: "end", chance: 0.2 },
  { at: "MAIL", say: "421 4.7.0 enough", do: "end", chance: 0.02 },
  { at: "MAIL", do: "drop", chance: 0.005 },
  { at: "RCPT", say: "450 4.2.1 later", chance: 0.02 },
  { at: "RCPT", say: "552 5.2.2 full", chance: 0.005 },
  { at: "RCPT", say: "550 5.1.1 gone", chance: 0.003 },
  { at: "RCPT", say: "550 5.1.1 gone", chance: 0.9, times: 40 },
  { at: "DATA", say: "451 4.3.0 later", chance: 0.01 },
  { at: "body", do: "drop", chance: 0.003 },
  { at: "dot", do: "drop", keeps: true, chance: 0.003 },
  { at: "dot", do: "drop", chance: 0.003 },
  { at: "dot", say: "451 4.3.0 later", chance: 0.01 },
  { at: "dot", say: "454 Throttling failure", perSecond: 1_000 },
  { at: "dot", say: "250 2.0.0 taken", keeps: true, delayMs: 20, chance: 0.3 },
  { at: "after", do: "drop", chance: 0.01 },
  { at: "after", do: "end", chance: 0.05 },
];

interface Findings {
  readonly sent: number;
  readonly duplicates: number;
  /** Said to have it, and the server hasn't. */
  readonly lost: number;
  /** Neither sent, nor refused or quarantined, here or in an issue before, nor in doubt. */
  readonly leftOut: readonly string[];
  readonly inDoubt: number;
}

if (process.argv[2] === "--postgres") {
  const { soakPostgres } = await import("./soak-postgres.ts");
  const [seconds, readers] = [Number(process.argv[3] ?? 1_200), Number(process.argv[4] ?? 5_000)];
  process.exit((await soakPostgres({ seconds, readers, mishaps: MISHAPS })) ? 0 : 1);
}

const server = await startFaultServer({ keepsBodies: false });
const project = await mailingProject({ port: server.port, recipients: READERS });
try {
  const { slots, mostInDoubt } = await killAll(server, project);
  server.setFaults([]);
  for (const slot of slots) await finish(slot, project);
  const found = findingsIn(server, project);
  console.log(`kills          ${KILLS}, over ${slots.length} issues to ${RECIPIENTS} readers each`);
  console.log(`sent           ${found.sent}`);
  console.log(`duplicates     ${found.duplicates}`);
  console.log(`lost           ${found.lost}`);
  console.log(`left out       ${found.leftOut.length}`);
  for (const who of found.leftOut.slice(0, 20)) console.log(`               ${who}`);
  console.log(`in doubt       ${found.inDoubt}, at most ${mostInDoubt} after one kill`);
  const isSound = found.duplicates + found.lost + found.leftOut.length === 0;
  process.exitCode = isSound && mostInDoubt <= CONNECTIONS ? 0 : 1;
} finally {
  await rm(project.cwd, { recursive: true });
  await server.close();
}

async function killAll(faulty: FaultServer, mailing: MailingProject) {
  const { start, run } = mailing;
  const slots: string[] = [];
  let mostInDoubt = 0;
  let left = 0;
  for (let kills = 0; kills < KILLS;) {
    if (left === 0) {
      slots.push(slotOf(slots.length));
      await run(["build", "--date", slotOf(slots.length - 1), "--quiet"]);
    }
    faulty.setFaults(MISHAPS.filter(() => Math.random() < 0.3));
    const running = start(["send", slots.at(-1) ?? "", "--yes", "--json"]);
    await Promise.race([lifetime(faulty), running.ended]);
    // One that had come to its end was not killed.
    if (running.process.exitCode === null && running.process.kill("SIGKILL")) kills++;
    await running.ended;
    const now = await standing(mailing, slots.at(-1) ?? "");
    mostInDoubt = Math.max(mostInDoubt, now.sending);
    left = now.left;
    console.error(`${kills} kills, ${faulty.taken.length} messages taken`);
  }
  return { slots, mostInDoubt };
}

/** Ends after so many messages, so that a process on a busy machine gets as far as on an idle one. */
async function lifetime({ taken }: FaultServer): Promise<void> {
  if (Math.random() < EARLY) return sleep(Math.random() * LONGEST_EARLY_LIFE_MS);
  const last = taken.length + Math.random() * LONGEST_LIFE;
  let [seen, at] = [taken.length, performance.now()];
  while (taken.length < last && performance.now() - at < STALLED_MS) {
    await sleep(Math.random() * 10);
    if (taken.length > seen) [seen, at] = [taken.length, performance.now()];
  }
}

/** The days from the first issue on. */
function slotOf(n: number): string {
  return new Date(Date.UTC(2026, 10, 24 + n)).toISOString().slice(0, 10);
}

/** How many the sender that was killed had in flight, and how many are to be sent to without waiting. */
async function standing(
  { store, env }: MailingProject,
  slot: string,
): Promise<{ sending: number; left: number }> {
  const ledger = await openLedger({ file: store }, { clock: systemClock, env });
  try {
    const issue = await ledger.issue({ newsletter: NEWSLETTER, slot });
    if (!issue) return { sending: 0, left: RECIPIENTS };
    const { planned, claimed, sending } = issue.counts;
    return { sending, left: planned + claimed + sending - (issue.postponed?.count ?? 0) };
  } finally {
    await ledger.close();
  }
}

/** Sends what can be sent: who was put off, or refused by a server that had a bad day, is due at once. */
async function finish(slot: string, { run, store, env }: MailingProject): Promise<void> {
  for (let round = 0; round < 3; round++) {
    stateOf(await run(["send", slot, "--yes", "--json"]));
    const ledger = await openLedger({ file: store }, { clock: systemClock, env });
    await ledger.retry({ newsletter: NEWSLETTER, slot });
    await ledger.close();
  }
  await run(["send", slot, "--yes", "--json"]);
}

function wordsOf({ id, state, reply, due }: Record<string, unknown>): string {
  return [id, state, due, reply].map(String).join(" ");
}

/** What the ledger says of each message, against how often the server has taken it. */
function findingsIn({ taken }: FaultServer, { store }: MailingProject): Findings {
  const copies = new Map<string, number>();
  for (const { messageId } of taken) copies.set(messageId, (copies.get(messageId) ?? 0) + 1);
  const database = new DatabaseSync(store, { readOnly: true });
  const rows = database.prepare("SELECT id, state, message_id, reply, due FROM delivery").all();
  database.close();
  const of = (...states: readonly string[]) =>
    rows.filter(({ state }) => states.includes(String(state)));
  const has = (id: unknown) => copies.has(String(id));
  return {
    sent: of("accepted").length,
    duplicates: [...copies.values()].filter((count) => count > 1).length,
    lost: of("accepted").filter((row) => !has(row["message_id"])).length,
    leftOut: of("planned", "claimed", "sending", "deferred", "skipped")
      .filter(({ reply }) => reply !== "quarantined")
      .map(wordsOf),
    inDoubt: of("uncertain").length,
  };
}
