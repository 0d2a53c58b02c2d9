import { createHmac } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { hostname } from "node:os";
import type { Environment } from "../environment.ts";
import { type Database, optional, textIn } from "./database.ts";

/*
 * A store knows where it lives. Two copies of a newsletter's folder are equal in all else, so only the place decides
 * which of them may send.
 */

/** `<hash of the machine's id> <name of the machine> <real path of the store's file>` */
const HOME = /^(\S+) (\S*) (.+)$/s;

/** The home of a store; undefined where it has none. A store that an earlier version wrote has no such column. */
export function homeOf(database: Database): string | undefined {
  return optional(database.prepare("SELECT * FROM store").get() ?? {}, "home", textIn);
}

/** A home as people write it. */
export function homeText(home: string): string {
  return home.replace(HOME, "$3 on $2");
}

/** The home of a store that is opened in another place; undefined at home, and where any place will do. */
export function homeElsewhere(database: Database, env: Environment): string | undefined {
  const home = isAnyPlace(env) ? undefined : homeOf(database);
  return home && placeOf(home) !== placeOf(homeHere(database)) ? homeText(home) : undefined;
}

/** Makes this place the home of a store that has none. */
export function adoptHome(database: Database, env: Environment): void {
  if (!isAnyPlace(env) && homeOf(database) === undefined) settleHere(database);
}

/** Makes this place the home of a store. */
export function settleHere(database: Database): void {
  database.prepare("UPDATE store SET home = ?").run(homeHere(database));
}

/** Each start of a container or a CI runner looks like a new machine. */
function isAnyPlace(env: Environment): boolean {
  return env["BROADSHEET_STORE_PLACE"] === "any";
}

/** A home without the name of the machine, which may change. */
function placeOf(home: string): string {
  return home.replace(HOME, "$1 $3");
}

function homeHere({ file }: Database): string {
  return `${machine()} ${hostname()} ${realpathSync(file)}`.replace(/\p{Cc}/gu, "?");
}

/** machine-id(5): the id of a machine is confidential, and a program keeps only a keyed hash of it. */
function machine(): string {
  const id = machineId() ?? hostname();
  return createHmac("sha256", "broadsheet store").update(id).digest("hex").slice(0, 32);
}

/** The kernel's id of this start of the machine (random(4)); null where it gives none. */
export function bootId(): string | null {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return null;
  }
}

function machineId(): string | undefined {
  try {
    return /^[0-9a-f]{32}$/m.exec(readFileSync("/etc/machine-id", "utf8"))?.[0];
  } catch {
    return undefined;
  }
}
