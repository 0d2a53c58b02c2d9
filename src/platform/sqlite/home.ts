import { createHmac } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { BroadsheetError } from "../../errors.ts";
import type { Environment } from "../environment.ts";
import { optional, textIn } from "../database.ts";
import type { SqliteDatabase } from "./database.ts";
import { attempt } from "../attempt.ts";

/*
 * A store records its home: the machine and the path where it is used. Two copies of a newsletter's folder differ in
 * nothing else, so only the home decides which of them may send.
 */

/** `<hash of the machine's id> <name of the machine> <real path of the store's file>` */
const HOME = /^(\S+) (\S*) (.+)$/s;

/** The home of a store; undefined if it has none. A store of an earlier version has no such column. */
export function homeOf(database: SqliteDatabase): string | undefined {
  return optional(database.get("SELECT * FROM store") ?? {}, "home", textIn);
}

/** A home as people write it. */
export function homeText(home: string): string {
  return home.replace(HOME, "$3 on $2");
}

/** @throws BroadsheetError STORE_MOVED if `broadsheet db copy` has made a copy that took the place of the store. */
export function assertNotMoved(
  { file }: Pick<SqliteDatabase, "file">,
  home: string | undefined,
): void {
  if (!isMoved(home)) return;
  const what = `the store ${path.basename(file)} was moved to ${homeText(home)} with "broadsheet db copy", and nothing is sent from here`;
  throw new BroadsheetError("STORE_MOVED", what, {
    where: { file },
    fix: "use the store there. To use this one again, although it lacks all changes made there: broadsheet reconcile --accept-store",
  });
}

function isMoved(home: string | undefined): home is string {
  return home?.startsWith("moved ") === true;
}

/** The home of a store that is opened in another place; undefined at its home, or if any place is allowed. */
export function homeElsewhere(database: SqliteDatabase, env: Environment): string | undefined {
  const own = homeOf(database);
  const home = isAnyPlace(env) && !isMoved(own) ? undefined : own;
  return home && placeOf(home) !== placeOf(homeHere(database)) ? homeText(home) : undefined;
}

/** Makes this place the home of a store that has none. */
export function adoptHome(database: SqliteDatabase, env: Environment): void {
  if (!isAnyPlace(env) && homeOf(database) === undefined) settleHere(database);
}

/** Makes this place the home of a store. */
export function settleHere(database: SqliteDatabase): void {
  database.run("UPDATE store SET home = ?", homeHere(database));
}

/** Each start of a container or a CI runner looks like a new machine. */
function isAnyPlace(env: Environment): boolean {
  return env["BROADSHEET_STORE_PLACE"] === "any";
}

/** A home without the name of the machine, which may change. */
function placeOf(home: string): string {
  return home.replace(HOME, "$1 $3");
}

function homeHere({ file }: SqliteDatabase): string {
  return `${machine()} ${hostname()} ${realpathSync(file)}`.replace(/\p{Cc}/gu, "?");
}

/** machine-id(5): the id of a machine is confidential, and a program keeps only a keyed hash of it. */
function machine(): string {
  const id =
    attempt(() => /^[0-9a-f]{32}$/m.exec(readFileSync("/etc/machine-id", "utf8"))?.[0]) ??
    hostname();
  return createHmac("sha256", "broadsheet store").update(id).digest("hex").slice(0, 32);
}

/** The kernel's id of this start of the machine (random(4)); null if it has none. */
export function bootId(): string | null {
  return attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()) ?? null;
}
