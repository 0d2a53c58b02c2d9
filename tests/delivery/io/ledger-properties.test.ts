import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Claim, Ledger, Outcome, Run } from "../../../src/delivery/ledger.ts";
import { claimOf, ISSUE, LEASE_MS, people, planOf } from "../ledger-requests.ts";
import { type SqliteBench, sqliteBench } from "./ledger-bench.ts";

const NAMES = ["mara", "jory", "wenna", "denzil", "ysella", "bram", "kerra"];

/** A sender with what it remembers: what it has claimed, what it has in hand, whom it heard of. */
interface Sender {
  readonly name: string;
  ledger: Ledger;
  run: Run | undefined;
  claimed: Claim[];
  inHand: Claim[];
  heard: Outcome[];
}

/** What a server has taken, by address: the truth that the ledger is measured by. */
type Server = Map<string, number>;

type Step = (world: World) => Promise<void>;

interface World {
  readonly bench: SqliteBench;
  readonly senders: readonly Sender[];
  readonly server: Server;
}

const who = fc.nat({ max: 1 });

const begins = who.map(
  (at): Step =>
    async ({ senders }) =>
      begin(senders[at]),
);

const claims = fc.tuple(who, fc.integer({ min: 1, max: 4 })).map(
  ([at, limit]): Step =>
    async ({ senders }) =>
      claim(senders[at], limit),
);

const turns = fc.tuple(who, fc.nat({ max: 3 })).map(
  ([at, most]): Step =>
    async ({ senders }) =>
      turn(senders[at], most),
);

const answers = fc
  .tuple(who, fc.constantFrom("taken", "taken", "unheard", "cut", "later", "refused", "never"))
  .map(
    ([at, answer]): Step =>
      async (world) =>
        hearAnswer(world.senders[at], answer, world),
  );

const crashes = who.map(
  (at): Step =>
    async ({ senders, bench }) =>
      crash(senders[at], bench),
);

const accidents = fc.oneof(
  fc.constant<Step>(async ({ bench }) => bench.loseLock()),
  fc.integer({ min: 1, max: 2 * LEASE_MS }).map(
    (ms): Step =>
      async ({ bench }) =>
        bench.pass(ms),
  ),
  fc.constantFrom(...NAMES).map(
    (name): Step =>
      async ({ bench }) =>
        bench.suppress("the-slipway", `${name}@harbour.example`),
  ),
);

/** Often enough that whole deliveries happen between the crashes. */
const steps = fc.oneof(
  { arbitrary: begins, weight: 2 },
  { arbitrary: claims, weight: 3 },
  { arbitrary: turns, weight: 5 },
  { arbitrary: answers, weight: 5 },
  { arbitrary: crashes, weight: 2 },
  { arbitrary: accidents, weight: 2 },
);

async function begin(sender: Sender | undefined): Promise<void> {
  if (!sender || sender.run) return;
  sender.run = await sender.ledger.begin(sender.name, ISSUE).catch((error: unknown) => {
    expect(error).toMatchObject({ code: "LEDGER_BUSY" });
    return undefined;
  });
}

async function claim(sender: Sender | undefined, limit: number): Promise<void> {
  if (sender) sender.claimed.push(...(await sender.ledger.claim(claimOf(limit))));
}

/** Tells what it has heard, and begins up to so many. */
async function turn(sender: Sender | undefined, most: number): Promise<void> {
  if (!sender) return;
  const outcomes = sender.heard.splice(0);
  const start = sender.claimed.splice(0, most);
  sender.inHand.push(...(await sender.ledger.turn({ outcomes, start })).started);
}

async function hearAnswer(sender: Sender | undefined, answer: string, world: World): Promise<void> {
  const claim = sender?.inHand.shift();
  if (sender && claim) sender.heard.push(...serve(claim, answer, world));
}

/** The process dies; all that it knew is gone. Another one may follow. */
async function crash(sender: Sender | undefined, bench: SqliteBench): Promise<void> {
  if (!sender) return;
  await sender.ledger.close();
  Object.assign(sender, await newSender(sender.name, bench));
}

function serve(claim: Claim, answer: string, { server, bench }: World): Outcome[] {
  const { address } = claim.to;
  if (answer === "taken" || answer === "unheard") {
    server.set(address, (server.get(address) ?? 0) + 1);
  }
  const nextTry = new Date(bench.now().getTime() + LEASE_MS);
  switch (answer) {
    case "taken":
      return [{ claim, state: "accepted", reply: "250" }];
    case "later":
      return [{ claim, state: "deferred", reply: "450", nextTry }];
    case "refused":
      return [{ claim, state: "rejected", reply: "550" }];
    case "never":
      return [{ claim, state: "planned" }];
    default:
      return [{ claim, state: "uncertain", reply: "cut" }];
  }
}

test("whatever senders do and wherever they die, everybody is in one state, and no server has anything twice", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 20, maxLength: 70 }), async (sequence) => {
      const bench = await sqliteBench();
      try {
        const world = await worldOf(bench);
        for (const step of sequence) await step(world);
        await settleDown(world);
        await check(world);
      } finally {
        await bench.close();
      }
    }),
    { numRuns: 25 },
  );
});

async function worldOf(bench: SqliteBench): Promise<World> {
  const senders = await Promise.all(["a", "b"].map(async (name) => newSender(name, bench)));
  await senders[0]?.ledger.plan(planOf(people(...NAMES)));
  return { bench, senders, server: new Map() };
}

async function newSender(name: string, bench: SqliteBench): Promise<Sender> {
  return { name, ledger: await bench.open(), run: undefined, claimed: [], inHand: [], heard: [] };
}

/** Everybody dies, and one more sender does the rest. */
async function settleDown(world: World): Promise<void> {
  const { bench, senders } = world;
  for (const sender of senders) await crash(sender, bench);
  const last = await bench.open();
  bench.pass(3 * LEASE_MS);
  await last.begin("last", ISSUE);
  const rest = await last.claim(claimOf());
  const { started } = await last.turn({ outcomes: [], start: rest });
  const outcomes = started.flatMap((claim) => serve(claim, "taken", world));
  expect((await last.turn({ outcomes, start: [] })).late).toEqual([]);
}

async function check({ bench, server }: World): Promise<void> {
  const ledger = await bench.open();
  const states: string[] = [];
  for (const { address } of people(...NAMES)) {
    const histories = await ledger.explain(address);
    expect(histories).toHaveLength(1);
    const taken = server.get(address) ?? 0;
    expect(taken).toBeLessThanOrEqual(1);
    const state = histories[0]?.state ?? "";
    // Nobody is lost: who has nothing was refused, or is suppressed, or is named as in doubt.
    if (state === "accepted") expect(taken).toBe(1);
    else if (taken === 1) expect(state).toBe("uncertain");
    expect(["accepted", "rejected", "uncertain", "suppressed"]).toContain(state);
    states.push(state);
  }
  const counts = Object.entries((await ledger.issues())[0]?.counts ?? {});
  const counted = counts.flatMap(([state, count]) => Array.from({ length: count }, () => state));
  expect(counted.toSorted()).toEqual(states.toSorted());
}
