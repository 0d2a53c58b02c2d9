/**
 * A sender that is made to be killed: `node crashing-sender.ts STORE LOG`. It writes the address of each
 * message into the log, as a server would that takes everything.
 */
import { appendFileSync } from "node:fs";
import type { Claim } from "../../../src/delivery/ledger.ts";
import { SqliteLedger } from "../../../src/delivery/io/ledger/sqlite-ledger.ts";
import { openDatabase } from "../../../src/platform/sqlite/open-store.ts";
import { SqliteStore } from "../../../src/platform/sqlite/sqlite-store.ts";
import { claimOf, ISSUE } from "../ledger-requests.ts";

const CONCURRENCY = 20;
const [file = "", log = ""] = process.argv.slice(2);

const ledger = new SqliteLedger(new SqliteStore(await openDatabase(file)), {
  clock: () => new Date(),
});
await ledger.begin(`process ${process.pid}`, ISSUE);
let claims: Claim[] = [];
let inHand: readonly Claim[] = [];
let turns = 0;
for (;;) {
  if (claims.length === 0) claims = await ledger.claim(claimOf(200));
  const outcomes = inHand.map((claim) => ({ claim, state: "accepted", reply: "250" }) as const);
  const { started } = await ledger.turn({ outcomes, start: claims.splice(0, CONCURRENCY) });
  for (const { to } of started) appendFileSync(log, `${to.address}\n`);
  inHand = started;
  if (++turns === 5) process.stdout.write("sending\n");
  // As a server's answer would take: this one must be killed, and not be done before.
  await new Promise((resolve) => setTimeout(resolve, 2));
}
