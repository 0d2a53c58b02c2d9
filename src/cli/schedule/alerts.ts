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
/** The time before a deadline at which a last alert is given, so that the operator can still act. */
const LAST_CHANCE_MS = 3_600_000;

/** A fault that may persist over several runs. */
interface Fault {
  readonly code: string;
  readonly says: string;
  /** The time of the last attempt. */
  readonly until?: Date | undefined;
}

/**
 * Decides whether to alert the operator to a persistent fault: when it begins or changes, once a day, and shortly before the
 * deadline. Returns the history including this alert; undefined if no alert is due.
 */
export function alertDue(fault: Fault, history: AlertHistory, now: Date): AlertHistory | undefined {
  const key = keyOf(fault);
  const at = history[key];
  if (at !== undefined && !isForgotten(at, now) && !isLastChance(at, fault, now)) return undefined;
  const recent = Object.entries(history).filter(([, at]) => !isForgotten(at, now));
  return { ...Object.fromEntries(recent), [key]: now.getTime() };
}

/** An alert in the future was recorded by a wrong clock. */
function isForgotten(at: number, now: Date): boolean {
  return at > now.getTime() || now.getTime() - at >= DAY_MS;
}

function isLastChance(at: number, { until }: Fault, now: Date): boolean {
  if (!until) return false;
  const from = until.getTime() - LAST_CHANCE_MS;
  return now.getTime() >= from && at < from;
}

/**
 * The identity of a fault. Servers include ids, times or a reader's address in their answers, so words with digits or "@" are
 * ignored.
 */
function keyOf({ code, says }: Fault): string {
  const words = says.split(/\s+/).filter((word) => !/[\d@]/.test(word));
  return [code, ...words].join(" ");
}

/** The time of the last alert for each fault, in milliseconds since 1970. */
export type AlertHistory = Readonly<Record<string, number>>;

const alertHistory = z.record(z.string(), z.number());

/** Parses a stored history. An unreadable one is empty, so that every fault gives an alert. */
function parseAlerts(text: string): AlertHistory {
  return attempt(() => alertHistory.parse(JSON.parse(text))) ?? {};
}

/**
 * The file for alerts about a config or store with which no run can begin. Neither can be read then, so it is beside the
 * default store, or, without that folder, in the user's state folder.
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

/** Stores the history of alerts. If it can't be written, each run alerts. */
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
 * Returns whether an alert for this outcome was already given; otherwise it is recorded now. An alert that can't be recorded
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
  // While a domain is paused, the fault may persist.
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
 * Runs work that needs a config and a store, and returns its result. A failure is reported, as rarely as the faults of slots
 * are, and the result is undefined.
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
  // The file name of version 0.1.0, whatever the config's own name is.
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
  /** Whether an alert for this was given recently. */
  readonly isAlerted?: boolean;
}

/** Prints a new fault in one line; with `isVerbose`, every outcome. */
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
    // Omissions are reported as notices.
    const isLeftOut = outcome.ending === "done" && code !== undefined;
    if (isVerbose && !isJson && !isLeftOut) terminal.print(line);
  }
  terminal.exitCode ||= outcome.exit;
}

/** Whether faults with an earlier alert are reported too: in a log, and to a person at the terminal. */
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
