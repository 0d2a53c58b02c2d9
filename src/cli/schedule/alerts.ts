import { rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { BroadsheetError, ERROR_CODES, type ErrorCode, unbroken } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { messageOf, type Terminal } from "../terminal.ts";
import { type RunFlags, type Job, withJob } from "./with-job.ts";
import type { SlotOutcome } from "../../schedule/slot.ts";
import { countsLine } from "../../delivery/ledger.ts";
import { readLocalText } from "../../platform/files/local-file.ts";
import { makeFolders, PRIVATE_FILE } from "../../platform/files/make-folders.ts";
import { hashId } from "../../article/identity.ts";
import { stateFolder } from "../../platform/sqlite/watermarks.ts";
import { attempt } from "../../platform/attempt.ts";

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
function parseAlerts(text: string): AlertHistory {
  return attempt(() => alertHistory.parse(JSON.parse(text))) ?? {};
}

/**
 * The file with the alerts about a config or a store that no run could begin with. It is beside the store that a
 * config has by default, since neither can be asked then. Without that folder it is among the user's own state.
 */
function alertsFile(config: string): string {
  const name = `${path.basename(config).replace(/\.\w+$/, "")}-told`;
  const beside = path.join(path.dirname(config), ".broadsheet");
  if (existsSync(beside)) return path.join(beside, name);
  return path.join(stateFolder(process.env), `${hashId(config)}-told`);
}

async function readAlerts(file: string): Promise<AlertHistory> {
  const bounds = { within: path.dirname(file) };
  return parseAlerts(await readLocalText(file, bounds).catch(() => ""));
}

/** Keeps the history of alerts. If it can't be written, each run alerts. */
async function writeAlerts(file: string, history: AlertHistory): Promise<void> {
  try {
    await makeFolders(path.dirname(file));
    await writeFile(file, JSON.stringify(history), { mode: PRIVATE_FILE });
  } catch {
    // A read-only disk.
  }
}

async function removeAlerts(file: string): Promise<void> {
  await rm(file, { force: true }).catch(() => undefined);
}

/**
 * Whether an alert of this outcome was given already; if not, it is noted as given now. An alert that can't be noted
 * is given.
 */
export async function isAlerted(outcome: SlotOutcome, job: Job): Promise<boolean> {
  try {
    return await noteAlerts(outcome, job);
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    return false;
  }
}

async function noteAlerts(
  { slot, says, code, lasts, planned }: SlotOutcome,
  { records, schedule, clock }: Job,
): Promise<boolean> {
  const history = parseAlerts((await records.alertsOf(slot)) ?? "{}");
  // While a domain is paused the fault may still be there.
  const isMended = code === undefined && !planned?.postponed;
  if (isMended && Object.keys(history).length > 0) await records.noteAlerts(slot, undefined);
  if (code === undefined || !lasts) return false;
  const at = (await records.find(slot))?.at;
  const until = planned?.expiresAt ?? (at && new Date(at.getTime() + schedule.maxLate));
  const alerted = alertDue({ code, says, until }, history, clock());
  if (alerted) await records.noteAlerts(slot, JSON.stringify(alerted));
  return !alerted;
}

interface ReportOptions {
  readonly flags: Pick<RunFlags, "config" | "verbose">;
  readonly terminal: Terminal;
}

/**
 * Does work that needs a config and a store, and returns its result. Where it fails, that is reported, as seldom as
 * the faults of slots are, and the result is undefined.
 */
export async function withAlerts<Result>(
  { flags, terminal }: ReportOptions,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  const file = fileOf({ flags, terminal });
  try {
    const result = await work();
    await removeAlerts(file);
    return result;
  } catch (error) {
    const fault = faultOf(error);
    const alerted = alertDue(fault, await readAlerts(file), systemClock());
    if (alerted) await writeAlerts(file, alerted);
    if (alerted || isFullyReported(terminal, flags.verbose === true)) terminal.report(error);
    else terminal.exitCode ||= ERROR_CODES[fault.code].exit;
    return undefined;
  }
}

/** Forgets all alerts, so that every fault gives one again. */
export async function forgetAlerts(options: ReportOptions): Promise<void> {
  const { flags, terminal } = options;
  await withJob(flags, terminal, async ({ records }) => records.forgetAlerts());
  await removeAlerts(fileOf(options));
}

function fileOf({ flags, terminal }: ReportOptions): string {
  // Named as by 0.1.0, whatever the config's own name is.
  return alertsFile(path.resolve(terminal.cwd, flags.config ?? "broadsheet.config.ts"));
}

function faultOf(error: unknown): { readonly code: ErrorCode; readonly says: string } {
  if (error instanceof BroadsheetError) return { code: error.code, says: unbroken(error) };
  return { code: "INTERNAL", says: messageOf(error) };
}

interface ReportManner {
  readonly terminal: Terminal;
  readonly isVerbose: boolean;
  readonly isJson: boolean;
  /** Whether an alert of this was given already, and not long ago. */
  readonly isAlerted?: boolean;
}

/** Prints a new fault, one line; with `isVerbose` every outcome. */
export function reportOutcome(
  outcome: SlotOutcome,
  { slug }: { readonly slug: string },
  manner: ReportManner,
): void {
  const { terminal, isVerbose, isJson, isAlerted = false } = manner;
  const line = `${slug}/${outcome.slot}: ${outcome.says}`;
  if (isJson) terminal.printJson(outcomeJson(outcome, slug));
  const { slot, state, code } = outcome;
  const facts = { newsletter: slug, slot, state, code };
  if (outcome.ending === "fault") {
    const text = `${code === undefined ? "" : `error ${code}: `}${line}`;
    if (!isAlerted || isFullyReported(terminal, isVerbose))
      terminal.warn(text, outcome.exit, facts);
  } else {
    terminal.event(outcome.says, facts);
    // What was left out is among the notices.
    const isLeftOut = outcome.ending === "done" && code !== undefined;
    if (isVerbose && !isJson && !isLeftOut) terminal.print(line);
  }
  terminal.exitCode ||= outcome.exit;
}

/** Whether faults of which there was an alert are reported too: to a log, or to a person at the terminal. */
export function isFullyReported({ hasLog, isInteractive }: Terminal, isVerbose: boolean): boolean {
  return hasLog || isInteractive || isVerbose;
}

function outcomeJson(
  { slot, state, says, exit, code, planned }: SlotOutcome,
  newsletter: string,
): object {
  const counts = planned && countsLine(planned);
  return { ...counts, issue: { newsletter, slot }, state, says, exit, code };
}
