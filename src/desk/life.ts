import type { Hono } from "hono";
import * as z from "zod";
import { openLedger } from "../delivery/io/open-ledger.ts";
import { openRecords } from "../delivery/io/issue-records.ts";
import { BroadsheetError, unbroken } from "../errors.ts";
import { sendIssue, type SendOptions } from "../issue/send.ts";
import { systemClock } from "../platform/clock.ts";
import { SILENT } from "../platform/reporter.ts";
import { busyError } from "../platform/store.ts";
import { counted, many } from "../platform/text.ts";
import type { LifeData } from "../preview/page-data.ts";
import { localText, slotsAfter } from "../schedule/agenda.ts";
import { approveMeant, askBefore } from "../schedule/approve.ts";
import { readBouncesFirst } from "../schedule/read-bounces-first.ts";
import { meantIssue } from "../schedule/meant-issue.ts";
import { sendWhenFree } from "../schedule/run-due.ts";
import { concluded } from "../schedule/send-slot.ts";
import { holdIssue, type RunJob, scheduleOf, skipSlot, unskipSlot } from "../schedule/slot.ts";
import type { Desk } from "./desk.ts";
import { type AppOptions, issuePage, nameIn, postRoutes } from "./issue-page.ts";
import { StaleEdit } from "./page-changes.ts";

/** A request of the page. `hash` identifies the issue that the editor saw, and `readers` is the number that the editor typed. */
const askedSchema = z.discriminatedUnion("does", [
  z.strictObject({ does: z.enum(["ask", "hold", "letGo", "next", "skip", "unskip", "stop"]) }),
  z.strictObject({ does: z.enum(["approve", "send"]), hash: z.string(), readers: z.int() }),
  z.strictObject({ does: z.literal("settle"), how: z.enum(["accept", "resend", "retry"]) }),
  z.strictObject({ does: z.literal("schedule"), slot: z.string().max(40) }),
  z.strictObject({
    does: z.literal("begin"),
    weekday: z.string().regex(/^(?:\*|[0-6])$/),
    time: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/),
  }),
]);

type Asked<Does = string> = Extract<z.infer<typeof askedSchema>, { does: Does }>;

/** Adds the route by which the page changes the state of an issue. */
export function addLife(app: Hono, options: AppOptions, life: Life): void {
  postRoutes(app)("/:newsletter/:slot/life", askedSchema, async (asked, context) => {
    const name = nameIn(context);
    await life.change(name, asked);
    return issuePage(name, options);
  });
}

/** Sends until the signal comes, and calls `begun` when the first message is being sent. Returns the outcome in words. */
type Work = (signal: AbortSignal, begun: () => void) => Promise<string>;

/** The number of scheduled times that are offered. */
const MOST_SLOTS = 8;

/**
 * Changes the states of issues. Each change uses the function of the corresponding command, with its refusals. An issue is
 * sent in the process of the desk, so that its end has the same effect as the end of `send`.
 */
export class Life {
  readonly #options: Pick<AppOptions, "desk" | "cwd" | "config">;
  /** The issues that are being sent here. */
  readonly #running = new Map<string, { stop: AbortController; ended: Promise<void> }>();

  constructor(options: Pick<AppOptions, "desk" | "cwd" | "config">) {
    this.#options = options;
  }

  get #desk(): Desk {
    return this.#options.desk;
  }

  /** Returns the data of the page beside the state of an issue. */
  dataFor(name: string): LifeData {
    const { schedule, slug, timeZone } = this.#desk.config;
    const slots: LifeData["slots"][number][] = [];
    for (const slot of schedule ? slotsAfter(schedule, systemClock()) : []) {
      const at = localText(slot.at, schedule?.zone ?? timeZone);
      if (this.#desk.isDraft(`${slug}/${slot.name}`)) slots.push({ name: slot.name, at });
      if (slots.length === MOST_SLOTS) break;
    }
    const asks = schedule?.approval === "manual" && schedule.notify !== undefined;
    return { isSending: this.#running.has(name), asks, zone: schedule?.zone ?? timeZone, slots };
  }

  /** The slots of the issues that are being sent here. */
  get sending(): readonly string[] {
    return [...this.#running.keys()].map(slotOf);
  }

  /** Stops sending one issue or all. It resolves when the messages in flight have their answers. */
  async stop(name?: string): Promise<void> {
    const all = [...this.#running].filter(([one]) => name === undefined || name === one);
    for (const [, { stop }] of all) stop.abort();
    const says = "Stopping as soon as the messages in flight have their answers.";
    for (const [one] of all) await this.#desk.lifeChanged({ name: one, says });
    await Promise.all(all.map(async ([, { ended }]) => ended));
  }

  /**
   * Changes the state of an issue. Its page then shows the outcome.
   * @throws BroadsheetError as the commands; StaleEdit if the issue is not the one that the editor saw.
   */
  async change(name: string, asked: Asked): Promise<void> {
    if (!name.startsWith(`${this.#desk.config.slug}/`)) throw notOurs(name);
    const says = await this.#done(name, asked).catch(async (error: unknown) => {
      await this.#desk.lifeChanged();
      throw error;
    });
    await this.#desk.lifeChanged(says === undefined ? undefined : { name, says });
  }

  async #done(name: string, asked: Asked): Promise<string | void> {
    const slot = slotOf(name);
    switch (asked.does) {
      case "send":
        return this.#run(name, async (...leave) => this.#send(slot, asked, leave));
      case "approve":
        return this.#approve(name, asked);
      case "ask":
        return this.#withJob(async (job) => askBefore(await meant(slot, job), job));
      case "settle":
        return this.#settle(slot, asked);
      case "schedule":
        return this.#desk.moveDraft(slot, asked.slot);
      case "begin":
        return this.#begin(slot, asked);
      case "next":
        return this.#desk.begin();
      case "stop":
        return this.stop(name);
      default:
        return this.#mark(slot, asked.does);
    }
  }

  async #mark(slot: string, does: "hold" | "letGo" | "skip" | "unskip"): Promise<void> {
    const { config } = this.#desk;
    await using records = await openRecords(config, systemClock);
    if (does === "hold") {
      await holdIssue(slot, { records, schedule: config.schedule, clock: systemClock });
    } else if (does === "letGo") {
      const isAll = (await records.timetable()).heldAt !== undefined;
      await (isAll ? records.hold(false) : records.holdIssue({ slot }, false));
    } else {
      await records.assertAtHome(process.env);
      const timetable = { records, schedule: scheduleOf(config), now: systemClock() };
      await (does === "skip" ? skipSlot : unskipSlot)(slot, timetable);
    }
  }

  async #settle(slot: string, { how }: Asked<"settle">): Promise<string> {
    const { store, slug: newsletter } = this.#desk.config;
    await using ledger = await openLedger(store, { clock: systemClock, env: process.env });
    const issue = { newsletter, slot };
    const settled = counted(
      await (how === "retry" ? ledger.retry(issue) : ledger.settle(issue, how)),
    );
    return how === "accept" ? `${settled} counted as reached.` : `${settled} will get it again.`;
  }

  /** Gives the newsletter a schedule, and the issue its first time. */
  async #begin(slot: string, { weekday, time }: Asked<"begin">): Promise<string> {
    if (this.#desk.config.schedule) throw new StaleEdit();
    const [hour, minute] = time.split(":").map(Number);
    const value = `${minute} ${hour} * * ${weekday}`;
    await this.#options.config.change([{ path: ["schedule", "cron"], value }]);
    await this.#desk.rebuild();
    const [first] = this.dataFor("").slots;
    if (first) await this.#desk.moveDraft(slot, first.name);
    return `Written to the config: schedule.cron: ${value}`;
  }

  /** Approves an issue. If it is due, it is sent at once to the number of readers that the editor typed. */
  async #approve(name: string, { hash, readers }: Asked<"approve" | "send">): Promise<void> {
    const slot = slotOf(name);
    const isDue = await this.#withJob(async (job) => {
      await job.records.assertAtHome(job.env);
      const issue = await meant(slot, job);
      const goesNow = issue.at !== undefined && issue.at <= systemClock();
      if (goesNow) assertNumber(this.#desk.readers, readers);
      // The editor saw the version with this hash, even if an approval mail asked for another one.
      await approveMeant({ ...issue, digestHash: hash }, job, { isChanged: false });
      return goesNow;
    });
    const send: Work = async (signal, begun) => {
      begun();
      const sent = await this.#withJob(async (job) => sendWhenFree(slot, { ...job, signal }));
      if (sent instanceof BroadsheetError) throw sent;
      return sent?.says ?? "approved";
    };
    if (isDue) await this.#run(name, send);
  }

  async #send(
    slot: string,
    { hash, readers }: Asked<"approve" | "send">,
    [signal, begun]: Parameters<Work>,
  ): Promise<string> {
    const { config } = this.#desk;
    const { env } = process;
    if (config.canary)
      await readBouncesFirst({ config, clock: systemClock, env }, signal, () => undefined);
    const agree: SendOptions["agree"] = ({ issue, outlook }) => {
      if (!outlook.planned && issue.digestHash !== hash) throw new StaleEdit();
      assertNumber(outlook.readers, readers);
      return true;
    };
    const deliver: SendOptions["deliver"] = async (run) => {
      begun();
      return run({ signal });
    };
    const result = await sendIssue(slot, config, { env, reporter: SILENT, agree, deliver });
    return concluded(slot, result).says;
  }

  /** Starts to send, and returns when the first message is being sent or the work has ended. */
  async #run(name: string, work: Work): Promise<void> {
    if (this.#running.has(name)) throw busyError("at work", { name: "this desk", heldMs: 0 });
    const stop = new AbortController();
    const { promise: first, resolve } = Promise.withResolvers<void>();
    let hasBegun = false;
    const begun = () => {
      hasBegun = true;
      resolve();
    };
    const done = work(stop.signal, begun).finally(() => this.#running.delete(name));
    const ended = done
      .then(
        (says) => `${slotOf(name)}: ${says}.`,
        // An error before the first message is the answer to the request.
        (error: unknown) =>
          !hasBegun ? "" : error instanceof BroadsheetError ? unbroken(error) : String(error),
      )
      .then(async (says) => this.#desk.lifeChanged({ name, says }));
    this.#running.set(name, { stop, ended });
    await Promise.race([first, done]);
  }

  async #withJob<Result>(work: (job: RunJob) => Promise<Result>): Promise<Result> {
    const { config } = this.#desk;
    const schedule = scheduleOf(config);
    await using records = await openRecords(config, systemClock);
    const { signal } = new AbortController();
    const place = { cwd: this.#options.cwd, env: process.env, clock: systemClock, flags: {} };
    return await work({ config, schedule, records, signal, ...place });
  }
}

const meant = async (slot: string, { config }: RunJob) => meantIssue(config, { slot }, systemClock);

function slotOf(name: string): string {
  return name.slice(name.indexOf("/") + 1);
}

/** @throws BroadsheetError USAGE if the editor agreed to another number of readers. */
function assertNumber(readers: number, typed: number): void {
  if (typed === readers) return;
  throw new BroadsheetError("USAGE", `not sent: it goes to ${many(readers, "reader")} now`, {
    fix: `type ${readers} to send it`,
  });
}

function notOurs(name: string): BroadsheetError {
  return new BroadsheetError("USAGE", `${name} is of another newsletter`, {
    fix: "open the desk in the folder of that newsletter",
  });
}
