import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { readLocalText } from "../../platform/files/local-file.ts";
import { PRIVATE_FILE } from "../../platform/files/make-folders.ts";
import { setTimeout as wait } from "node:timers/promises";
import { isWebAddress } from "../../platform/setting.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Ping, PingOutcome } from "../ping.ts";

const DAY_MS = 86_400_000;
/** How long before it is too late a last alert comes, in time to do something about it. */
const LAST_CHANCE_MS = 3_600_000;

/** A fault that lasts from run to run. */
interface Fault {
  readonly code: string;
  readonly says: string;
  /** When no run tries any more. */
  readonly until?: Date | undefined;
}

/**
 * Whether to alert the operator of a fault that runs meet again and again: when it begins or changes, each day, and
 * when there is little time left. Returns the history with this alert in it; undefined where none is due.
 */
export function alertDue(fault: Fault, history: AlertHistory, now: Date): AlertHistory | undefined {
  const key = keyOf(fault);
  const at = history[key];
  if (at !== undefined && !isForgotten(at, now) && !isLastChance(at, fault, now)) return undefined;
  const recent = Object.entries(history).filter(([, at]) => !isForgotten(at, now));
  return { ...Object.fromEntries(recent), [key]: now.getTime() };
}

/** An alert with a time in the future was noted by a clock that was wrong. */
function isForgotten(at: number, now: Date): boolean {
  return at > now.getTime() || now.getTime() - at >= DAY_MS;
}

function isLastChance(at: number, { until }: Fault, now: Date): boolean {
  if (!until) return false;
  const from = until.getTime() - LAST_CHANCE_MS;
  return now.getTime() >= from && at < from;
}

/**
 * Servers put ids, the time or a reader's address into their answers: words with digits or "@" don't make it another
 * fault.
 */
function keyOf({ code, says }: Fault): string {
  const words = says.split(/\s+/).filter((word) => !/[\d@]/.test(word));
  return [code, ...words].join(" ");
}

/** When the operator was last alerted of each fault, in milliseconds since 1970. */
export type AlertHistory = Readonly<Record<string, number>>;

const alertHistory = z.record(z.string(), z.number());

/** The history as it was kept; an empty one where that can't be read, so that every fault gives an alert. */
export function parseAlerts(text: string): AlertHistory {
  try {
    return alertHistory.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

/**
 * The file with the alerts about a config or a store that no run could begin with. It is beside the store that a
 * config has by default, since neither can be asked then.
 */
export function alertsFile(config: string): string {
  const name = `${path.basename(config).replace(/\.\w+$/, "")}-told`;
  return path.join(path.dirname(config), ".broadsheet", name);
}

export async function readAlerts(file: string): Promise<AlertHistory> {
  const bounds = { within: path.dirname(file) };
  return parseAlerts(await readLocalText(file, bounds).catch(() => ""));
}

/** No folder is made for it: where there is none, or it can't be written, each run alerts. */
export async function writeAlerts(file: string, history: AlertHistory): Promise<void> {
  await writeFile(file, JSON.stringify(history), { mode: PRIVATE_FILE }).catch(() => undefined);
}

export async function removeAlerts(file: string): Promise<void> {
  await rm(file, { force: true }).catch(() => undefined);
}

/** A watcher that is slow must not hold an issue up. */
const TIMEOUT_MS = 10_000;
const AGAIN_AFTER_MS = 1_000;

/**
 * Pings a URL in the manner of Healthchecks (healthchecks.io/docs/http_api): `URL/start` when work begins,
 * `URL` when it went well and `URL/<exit code>` when it didn't. It never throws: the watcher notices a ping
 * that doesn't come, and the issue matters more. The URL is a key of its own, so no outcome quotes it.
 * @throws BroadsheetError CONFIG_INVALID for what is no http or https address.
 */
export function openPing(url: string): Ping {
  assertWebAddress(url);
  return {
    start: async () => pingTwice(addressed(url, "start")),
    end: async (exit, line) => pingTwice(addressed(url, exit === 0 ? "" : String(exit)), line),
  };
}

function assertWebAddress(url: string): void {
  if (isWebAddress(url)) return;
  throw new BroadsheetError("CONFIG_INVALID", "BROADSHEET_PING_URL is no http or https address", {
    fix: "copy the whole address from the page of the watcher, or remove it",
  });
}

function addressed(url: string, word: string): URL {
  const address = new URL(url);
  if (word) address.pathname = `${address.pathname.replace(/\/+$/, "")}/${word}`;
  return address;
}

async function pingTwice(address: URL, line?: string): Promise<PingOutcome> {
  const first = await ping(address, line);
  if (first.isOk) return first;
  await wait(AGAIN_AFTER_MS);
  return ping(address, line);
}

async function ping(address: URL, line = ""): Promise<PingOutcome> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await fetch(address, { method: "POST", body: line, signal });
    await answer.body?.cancel();
    return answer.ok ? { isOk: true } : { isOk: false, why: `it answered ${answer.status}` };
  } catch (error) {
    return { isOk: false, why: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "it could not be reached";
  if (error.name === "TimeoutError") return `no answer within ${TIMEOUT_MS / 1000} seconds`;
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? `it could not be reached (${code})` : "it could not be reached";
}
