/*
 * Power cuts, without a machine for them. What survives one is the database and its log as of a completed sync, and any
 * prefix of what the log got later. A run is sent from a real store; at moments of it such files are made, opened as
 * after a new start of the machine, and compared with what the server of the run may have.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import type { Claim, Outcome } from "../../../src/delivery/ledger.ts";
import { SqliteLedger } from "../../../src/delivery/io/ledger/sqlite-ledger.ts";
import { SqliteDatabase } from "../../../src/platform/sqlite/database.ts";
import { openDatabase } from "../../../src/platform/sqlite/open-store.ts";
import { SqliteStore } from "../../../src/platform/sqlite/sqlite-store.ts";
import { newFolder } from "../../temporary.ts";
import { claimOf, ISSUE, people, planOf } from "../ledger-requests.ts";
import { randomFrom } from "../../../bench/training/random.ts";

/** More than are sent to between two cuts, so that the run goes on to the last one. */
const READERS_A_CUT = 25;
const IN_FLIGHT = 20;
/** A group that is sent, and one ahead of need. */
const MOST_IN_DOUBT = 200;

/** What the server of the run may have of a reader's message. */
type Held = "maybe" | "yes" | "no";

/** The files as of a completed sync. */
interface Synced {
  readonly store: string;
  readonly log: Buffer;
}

/** Cuts the power so often in one run and checks what is left each time. Returns the most readers in doubt. */
export async function cutPower(cuts: number, seed: number): Promise<number> {
  const world = await World.begin(cuts * READERS_A_CUT, seed);
  let most = 0;
  for (let cut = 0; cut < cuts; cut++) {
    await world.goOn();
    most = Math.max(most, await world.cut());
  }
  await world.end();
  return most;
}

class World {
  readonly #folder: string;
  readonly #store: string;
  readonly #ledger: SqliteLedger;
  readonly #readers: number;
  readonly #random: () => number;
  readonly #server = new Map<string, Held>();
  #claims: Claim[] = [];
  #inFlight: Claim[] = [];
  #synced: Synced | undefined;
  #copies = 0;

  private constructor(
    folder: string,
    ledger: SqliteLedger,
    { readers, seed }: { readonly readers: number; readonly seed: number },
  ) {
    this.#readers = readers;
    this.#folder = folder;
    this.#store = path.join(folder, "letter.db");
    this.#ledger = ledger;
    this.#random = randomFrom(seed);
  }

  static async begin(readers: number, seed: number): Promise<World> {
    const folder = await newFolder();
    const database = await openDatabase(path.join(folder, "letter.db"));
    const store = new SqliteStore(database, path.join(folder, "away", "mark"));
    const ledger = new SqliteLedger(store, { clock: () => new Date() });
    await ledger.plan(planOf(people(...Array.from({ length: readers }, (_, n) => `reader-${n}`))));
    await ledger.begin("the run", ISSUE);
    const world = new World(folder, ledger, { readers, seed });
    world.#noteSync();
    return world;
  }

  /** Sends on for some turns, and claims a group ahead of need. */
  async goOn(): Promise<void> {
    const turns = 1 + Math.floor(this.#random() * 6);
    for (let turn = 0; turn < turns; turn++) {
      if (this.#claims.length < 20) await this.#claim();
      await this.#turn();
    }
    if (this.#random() < 0.1) this.#checkpoint();
  }

  /** What would be left if the power went now; how many readers are in doubt then. */
  async cut(): Promise<number> {
    const now = {
      log: readFileSync(`${this.#store}-wal`),
      mark: readFileSync(`${this.#store}-mark`),
    };
    const most = Math.max(now.log.length, this.#synced?.log.length ?? 0);
    return this.#check(now, Math.floor(this.#random() * (most + 1)));
  }

  async end(): Promise<void> {
    await this.#ledger.close();
  }

  async #claim(): Promise<void> {
    const claiming = this.#ledger.claim(claimOf(100));
    // It is committed, and not synced.
    if (this.#random() < 0.3) await this.cut();
    this.#claims.push(...(await claiming));
    this.#noteSync();
  }

  async #turn(): Promise<void> {
    const ended = Math.floor(this.#random() * (this.#inFlight.length + 1));
    const outcomes = this.#inFlight.splice(0, ended).map((claim) => this.#outcomeOf(claim));
    const room = Math.ceil(this.#random() * (IN_FLIGHT - this.#inFlight.length));
    const { started } = await this.#ledger.turn({ outcomes, start: this.#claims.splice(0, room) });
    for (const claim of started) this.#server.set(claim.to.address, "maybe");
    this.#inFlight.push(...started);
  }

  #outcomeOf(claim: Claim): Outcome {
    const at = this.#random();
    this.#server.set(claim.to.address, at < 0.8 ? "yes" : at < 0.85 ? "maybe" : "no");
    if (at < 0.8) return { claim, state: "accepted", reply: "250 2.0.0 taken" };
    if (at < 0.85) return { claim, state: "uncertain", reply: "cut" };
    const nextTry = new Date(Date.now() + 3_600_000);
    if (at < 0.9) return { claim, state: "deferred", reply: "450 4.2.0 later", nextTry };
    return { claim, state: "planned", notBefore: nextTry };
  }

  /** Another process brings the log into the database, after which the log begins anew. */
  #checkpoint(): void {
    using database = new SqliteDatabase(this.#store);
    database.exec("PRAGMA wal_checkpoint(RESTART)");
    this.#noteSync();
  }

  #noteSync(): void {
    // A descriptor of the database that this process closed would release SQLite's locks on it.
    const store = path.join(this.#folder, "synced.db");
    expect(spawnSync("cp", [this.#store, store]).status).toBe(0);
    this.#synced = { store, log: readFileSync(`${this.#store}-wal`) };
  }

  /** `written`: how many bytes of the log have come to the disk. */
  async #check(now: { log: Buffer; mark: Buffer }, written: number): Promise<number> {
    if (!this.#synced) throw new Error("nothing was synced");
    const rest = this.#synced.log.subarray(written);
    const store = path.join(this.#folder, `cut-${this.#copies++}`, "letter.db");
    mkdirSync(path.dirname(store));
    expect(spawnSync("cp", [this.#synced.store, store]).status).toBe(0);
    writeFileSync(`${store}-wal`, Buffer.concat([now.log.subarray(0, written), rest]));
    writeFileSync(`${store}-mark`, now.mark);
    const database = await openDatabase(store, { env: { BROADSHEET_STORE_PLACE: "any" } });
    database.exec("UPDATE delivery_group SET boot = 'the start before'");
    const ledger = new SqliteLedger(new SqliteStore(database), { clock: () => new Date() });
    const run = await ledger.begin("after the cut", ISSUE);
    const inDoubt = this.#compare(database);
    await run.end();
    await ledger.close();
    expect(run.uncertain).toBeLessThanOrEqual(MOST_IN_DOUBT);
    return inDoubt;
  }

  /** No reader whose message the server may have is sent it again, and none is lost. */
  #compare(database: SqliteDatabase): number {
    const rows = database.all("SELECT address, state FROM delivery");
    expect(rows).toHaveLength(this.#readers);
    let inDoubt = 0;
    for (const { address, state } of rows) {
      const held = this.#server.get(String(address)) ?? "no";
      if (state === "uncertain") inDoubt++;
      else expect([address, held, state]).toEqual([address, ...fitting(held, String(state))]);
    }
    return inDoubt;
  }
}

/** The state that a reader must have who isn't in doubt; any state in which the message is still to be sent is as good. */
function fitting(held: Held, state: string): readonly [Held, string] {
  const isToSend = state === "planned" || state === "deferred";
  if (held === "yes") return [held, "accepted"];
  if (held === "maybe") return [held, "uncertain"];
  return [held, isToSend ? state : "planned"];
}
