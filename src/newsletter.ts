import path from "node:path";
import type { ReadItem } from "./article/article.ts";
import type { Config } from "./config/config.ts";
import { loadConfig } from "./config/io/load-config.ts";
import type { IssueState } from "./delivery/life.ts";
import type { Digest, Issue } from "./digest/digest.ts";
import type { Email } from "./email/email.ts";
import { BroadsheetError } from "./errors.ts";
import { systemClock } from "./platform/clock.ts";
import { type Environment, processEnvironment } from "./platform/environment.ts";
import { givenCount, givenDay, givenLine } from "./platform/given-values.ts";
import { type Failure, type Reporter, SILENT } from "./platform/reporter.ts";
import { readNamed } from "./sources/article-reader.ts";
import type { SubscriberList } from "./subscribers/subscriber.ts";

/** A newsletter that was opened: its config, every default filled in. Folders are absolute. */
export interface Newsletter {
  readonly name: string;
  /** What its issues, its list and its ledger are kept under. */
  readonly slug: string;
  /** Where its config lies, or would. */
  readonly folder: string;
  readonly outbox: string;
}

/** What a newsletter's config says beside that is ours to change. */
const opened = new WeakMap<Newsletter, { readonly config: Config; readonly env: Environment }>();

export interface OpenOptions {
  /** The config's file, where it isn't the one that lies in the folder. */
  readonly config?: string;
  /** Has SMTP_URL and the secrets, as the `.env` beside the config may: `process.env` by default. */
  readonly env?: Environment;
}

/**
 * The newsletter in a folder; where there is no config, the defaults hold.
 * @throws BroadsheetError CONFIG_INVALID, CONFIG_MISSING.
 */
export async function openNewsletter(
  folder: string,
  { config: file, env = processEnvironment() }: OpenOptions = {},
): Promise<Newsletter> {
  const config = await loadConfig({ cwd: path.resolve(folder), file, env });
  const { name, slug, outbox } = config;
  const newsletter = { name, slug, folder: config.folder, outbox };
  opened.set(newsletter, { config, env });
  return newsletter;
}

function insideOf(newsletter: Newsletter): { readonly config: Config; readonly env: Environment } {
  const inside = opened.get(newsletter);
  if (inside) return inside;
  throw new BroadsheetError("USAGE", "this newsletter was not opened", {
    fix: "give what openNewsletter gave, not a copy of it",
  });
}

/** What other machines made of its issues is in the outbox after this. */
async function broughtFromOthers(config: Config): Promise<void> {
  if (!config.issuesIn) return;
  const { bringIssues } = await import("./issue/io/bring-issues.ts");
  await bringIssues(config);
}

export interface ReadOptions {
  /** Whether an address that is named may be inside a private network. */
  readonly allowPrivate?: boolean;
}

/** An article that was read, or why a file, a page or an item of a feed could not be. */
export type ReadResult = ReadItem | Failure;

/**
 * The articles behind files, folders and addresses, in their order; names are relative to the newsletter's folder. A
 * feed gives its items, each completed by its page where the feed has only a part. What can't be read comes as an
 * error in its place, and the next ones still come.
 */
export async function* readSources(
  newsletter: Newsletter,
  names: readonly string[],
  { allowPrivate }: ReadOptions = {},
): AsyncGenerator<ReadResult> {
  const { config } = insideOf(newsletter);
  const cwd = config.folder;
  const flags = allowPrivate ? { allowPrivate } : {};
  for await (const reading of readNamed(names, { cwd, config, flags, reporter: SILENT })) {
    yield "error" in reading ? reading : reading.item;
  }
}

export interface BuildIssueOptions extends ReadOptions {
  /** Articles to build it of, relative to the newsletter's folder: the sources of the config by default. */
  readonly names?: readonly string[];
  /** The slot of the schedule that it is for, such as `2026-W48`: the next open one by default. */
  readonly slot?: string;
  /**
   * A day, YYYY-MM-DD: its first open slot, or a separate issue where it has none. Today by default, where the newsletter has
   * no schedule or `names` are given.
   */
  readonly date?: string;
  readonly subject?: string;
  readonly preheader?: string;
  readonly number?: number;
  /** Whether the issue's edits are left out of it; by default they are kept. */
  readonly discardEdits?: boolean;
  /** Whether it is an error that something can't be read, and not a reason to go without. */
  readonly strict?: boolean;
  /** Gets what `broadsheet build` says on stderr. */
  readonly reporter?: Reporter;
}

/** An issue that lies in the outbox. */
export interface OutboxIssue {
  readonly digest: Digest;
  /** Addressed to no reader: it has slots where readers differ. */
  readonly email: Email;
  /** Absolute. */
  readonly folder: string;
  /** The names of its files there. */
  readonly files: readonly string[];
  /** What the issue had to go without. */
  readonly failures: readonly Failure[];
}

/**
 * Builds an issue into the newsletter's outbox, as `broadsheet build` does: with a schedule, the draft of its next open slot.
 * @throws BroadsheetError USAGE for a date, a text or a number that is none, or an issue that is no draft; CONTENT_NO_STORY, ISSUE_FROZEN where its sending has begun, TEMPLATE_INVALID, and what
 * reading and writing throw.
 */
export async function buildIssue(
  newsletter: Newsletter,
  options: BuildIssueOptions = {},
): Promise<OutboxIssue> {
  const { config, env } = insideOf(newsletter);
  // MJML takes longer to load than all the rest, and a program that only reads has no use for it.
  const { buildIssue: build } = await import("./issue/build.ts");
  const { names = [], strict, allowPrivate, reporter = SILENT } = options;
  const { slot, date, subject, preheader, number, discardEdits } = options;
  const flags = {
    ...(date !== undefined && { date: givenDay(date, "date") }),
    ...(subject !== undefined && { subject: givenLine(subject, "subject") }),
    ...(preheader !== undefined && { preheader: givenLine(preheader, "preheader") }),
    ...(number !== undefined && { number: givenCount(number, "number") }),
    ...(strict && { strict }),
    ...(discardEdits && { discardEdits }),
    ...(allowPrivate && { allowPrivate }),
  };
  const { assertBuildable, meantIssue, targetOf } = await import("./schedule/meant-issue.ts");
  await broughtFromOthers(config);
  const isSeparate = names.length > 0 && slot === undefined;
  const issue = await meantIssue(config, { slot, date: flags.date, isSeparate }, systemClock, env);
  assertBuildable(issue);
  const asked = { flags, reporter, cwd: config.folder, target: targetOf(issue, config) };
  const { digest, email, files, folder, failures } = await build(names, config, asked);
  return { digest, email, folder, files: [...files.keys()], failures };
}

/**
 * The list of a newsletter, which is made where there is none. The caller closes it.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function openSubscribers(newsletter: Newsletter): Promise<SubscriberList> {
  const { config, env } = insideOf(newsletter);
  const [{ openAudience }, { storedList }] = await Promise.all([
    import("./subscribers/io/audience.ts"),
    import("./subscribers/io/subscriber-list.ts"),
  ]);
  return storedList(await openAudience(config, systemClock, { env }));
}

/** How many readers of an issue are in each state: what `send --json` prints, and the library's `deliver` returns. */
interface DeliveryCounts {
  readonly issue: Issue;
  /** Not sent yet. */
  readonly planned: number;
  readonly accepted: number;
  /** Deferred by a server: tried again from `nextTry`. */
  readonly deferred: number;
  readonly rejected: number;
  /** May have got it or not: sent nothing more until `reconcile` settles it. */
  readonly uncertain: number;
  readonly suppressed: number;
  readonly skipped: number;
  /** ISO 8601. */
  readonly nextTry?: string;
}

/** What a run has done so far: how many readers came to each state. */
export type RunCounts = Omit<DeliveryCounts, "issue" | "nextTry">;

export interface DeliverOptions {
  /** So many readers in this run and no more. */
  readonly limit?: number;
  /** Only the readers that this selects, such as `tag:de and not language:fr`: settled when the sending begins. */
  readonly segment?: string;
  /** Sends it in spite of errors that the checks found, and of lines of a model that they marked. */
  readonly force?: boolean;
  /** Readers who haven't got the issue yet get what it is now, not what was planned. */
  readonly revise?: boolean;
  /** Ends the run: what is in flight lands, nothing else starts. */
  readonly signal?: AbortSignal;
  /** Called after every turn with how far the run is, and how many messages are in flight. */
  readonly onTurn?: (counts: RunCounts, inFlight: number) => void;
  readonly reporter?: Reporter;
}

/** Where an issue stands after a run. */
export interface Delivery extends DeliveryCounts {
  /** The state of the issue after the run: `sent` where no reader is left. */
  readonly state: IssueState;
  /** Why the run ended before every reader had their turn: CANARY_OUT while the others wait for the first readers. */
  readonly stoppedBy?: BroadsheetError;
  /** How many readers are quarantined since: `broadsheet subscribers quarantine` settles them. */
  readonly quarantined?: number;
}

/**
 * Sends an issue of the outbox to the list, each reader at most once, as `broadsheet send ISSUE --yes` does. Called
 * again it goes on with those who were put off, or left when it was stopped; `nextTry` says when.
 *
 * `issue` is its slot, its folder, or `latest`.
 * @throws BroadsheetError ISSUE_MISSING, CHECK_FAILED, CONTENT_DOUBTFUL, LIST_EMPTY, SMTP_UNCONFIGURED, SENDER_PLACEHOLDER, CONTENT_SAMPLE,
 * SECRET_MISSING, SECRET_CHANGED, ISSUE_CHANGED, LEDGER_BUSY where another run is sending, LEDGER_RESTORED, STORE_*;
 * FILE_EXISTS, OUTPUT_UNWRITABLE where the config has an `archive` and its pages can't be written.
 */
export async function deliver(
  newsletter: Newsletter,
  issue: string,
  { limit: atMost, segment, force, revise, signal, onTurn, reporter = SILENT }: DeliverOptions = {},
): Promise<Delivery> {
  const { config, env } = insideOf(newsletter);
  if (atMost !== undefined) givenCount(atMost, "limit");
  await broughtFromOthers(config);
  const [{ sendIssue }, { deliveryCounts }] = await Promise.all([
    import("./issue/send.ts"),
    import("./delivery/ledger.ts"),
  ]);
  const {
    issue: sentIssue,
    counts,
    planned,
    sent,
    withheld,
  } = await sendIssue(issue, config, {
    env,
    reporter,
    segment,
    revise,
    isForced: force,
    agree: () => true,
    deliver: async (run) => run({ atMost, signal, onTurn }),
  });
  const { stoppedBy = withheld, quarantined } = sent ?? {};
  const { openRecords } = await import("./delivery/io/issue-records.ts");
  await using records = await openRecords(config, systemClock, { isLooking: true, env });
  const { state = "draft" } = (await records.find(sentIssue.digest.issue.slot)) ?? {};
  return {
    state,
    ...deliveryCounts(sentIssue.digest.issue, counts, planned?.nextTry),
    ...(stoppedBy && { stoppedBy }),
    ...(quarantined && { quarantined }),
  };
}
