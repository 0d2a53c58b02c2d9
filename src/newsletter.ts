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

/** An open newsletter. Its folders are absolute paths. */
export interface Newsletter {
  readonly name: string;
  /** The name under which its issues, its list and its ledger are stored. */
  readonly slug: string;
  /** The folder of its config, even if it has no config file. */
  readonly folder: string;
  readonly outbox: string;
}

/** The config of each open newsletter. It is not part of the public type, so that it can change freely. */
const opened = new WeakMap<Newsletter, { readonly config: Config; readonly env: Environment }>();

export interface OpenOptions {
  /** The path of the config file. Default: the one in the folder. */
  readonly config?: string;
  /**
   * The environment variables, with SMTP_URL and the secrets. They override the `.env` beside the config. Default:
   * `process.env`.
   */
  readonly env?: Environment;
}

/**
 * Opens the newsletter in a folder. Without a config file, it has the default settings.
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
    fix: "pass the object that openNewsletter returned, not a copy",
  });
}

/** Copies the latest versions of its issues from a shared store to the outbox. Another machine may have changed them. */
async function broughtFromOthers(config: Config): Promise<void> {
  if (!config.issuesIn) return;
  const { bringIssues } = await import("./issue/io/bring-issues.ts");
  await bringIssues(config);
}

export interface ReadOptions {
  /** Whether named addresses inside a private network may be read. */
  readonly allowPrivate?: boolean;
}

/** An article, or the error of a file, page or feed item that could not be read. */
export type ReadResult = ReadItem | Failure;

/**
 * Reads the articles of files, folders and addresses, in the given order. Paths are relative to the newsletter's folder. For
 * a feed it yields the items. If an item is only a part of its article, its page is read. A source that can't be read yields
 * an error, and reading continues.
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
  /** The names of the articles, relative to the newsletter's folder. Default: the sources of the config. */
  readonly names?: readonly string[];
  /** The slot of the schedule that it is for, such as `2026-W48`. Default: the next open slot. */
  readonly slot?: string;
  /**
   * A day, YYYY-MM-DD. The issue is for its first open slot, or separate if the day has none. Default: today, if there is no
   * schedule or `names` are given.
   */
  readonly date?: string;
  readonly subject?: string;
  readonly preheader?: string;
  readonly number?: number;
  /** Whether the editor's changes of the issue are dropped. Default: false. */
  readonly discardEdits?: boolean;
  /** Whether the build fails if a source can't be read. Default: false, so the issue is built without the source. */
  readonly strict?: boolean;
  /** Receives the messages that `broadsheet build` writes to stderr. */
  readonly reporter?: Reporter;
}

/** An issue in the outbox. */
export interface OutboxIssue {
  readonly digest: Digest;
  /** The email with merge fields in the place of each reader's values. */
  readonly email: Email;
  /** The absolute path of its folder. */
  readonly folder: string;
  /** The names of its files in the folder. */
  readonly files: readonly string[];
  /** The sources and articles that could not be read. */
  readonly failures: readonly Failure[];
}

/**
 * Builds an issue into the newsletter's outbox, as `broadsheet build` does. With a schedule, it is the draft of the next
 * open slot.
 * @throws BroadsheetError USAGE for an invalid date, text or number, or an issue that is not a draft; CONTENT_NO_STORY;
 * ISSUE_FROZEN if its sending has begun; TEMPLATE_INVALID; and the errors of reading and writing.
 */
export async function buildIssue(
  newsletter: Newsletter,
  options: BuildIssueOptions = {},
): Promise<OutboxIssue> {
  const { config, env } = insideOf(newsletter);
  // MJML takes longer to load than all other code, and a program that only reads articles does not need it.
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
 * Opens the list of a newsletter. A missing list is created. The caller closes it.
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

/** The numbers of readers of an issue by state, as `send --json` prints them and `deliver` returns them. */
interface DeliveryCounts {
  readonly issue: Issue;
  /** Not sent yet. */
  readonly planned: number;
  readonly accepted: number;
  /** Deferred by a server. They are tried again from `nextTry`. */
  readonly deferred: number;
  readonly rejected: number;
  /** Readers who may or may not have the issue. They get nothing more of it until `reconcile` settles them. */
  readonly uncertain: number;
  readonly suppressed: number;
  readonly skipped: number;
  /** A time in ISO 8601. */
  readonly nextTry?: string;
}

/** The numbers of readers that a run has brought to each state so far. */
export type RunCounts = Omit<DeliveryCounts, "issue" | "nextTry">;

export interface DeliverOptions {
  /** The maximum number of readers in this run. */
  readonly limit?: number;
  /** A segment expression, such as `tag:de and not language:fr`. It is evaluated when the sending begins. */
  readonly segment?: string;
  /** Whether the issue is sent even if checks failed, or marked sentences of a model. */
  readonly force?: boolean;
  /** Whether the remaining readers get the current version of the issue, instead of the version that was planned. */
  readonly revise?: boolean;
  /** Stops the run. Messages in transmission are completed, and no new one begins. */
  readonly signal?: AbortSignal;
  /** Called after every batch, with the counts so far and the number of messages in transmission. */
  readonly onTurn?: (counts: RunCounts, inFlight: number) => void;
  readonly reporter?: Reporter;
}

/** The state of an issue after a run. */
export interface Delivery extends DeliveryCounts {
  /** `sent` if no reader is left. */
  readonly state: IssueState;
  /** The reason why the run ended early. CANARY_OUT: the results of the first readers are awaited. */
  readonly stoppedBy?: BroadsheetError;
  /** The number of readers that the run quarantined. `broadsheet subscribers quarantine` settles them. */
  readonly quarantined?: number;
}

/**
 * Sends an issue of the outbox to the list, to each reader at most once, as `broadsheet send ISSUE --yes` does. A further
 * call sends to deferred and remaining readers. `nextTry` is the time from which that makes sense.
 *
 * `issue` is its slot, its folder, or `latest`.
 * @throws BroadsheetError ISSUE_MISSING, CHECK_FAILED, CONTENT_DOUBTFUL, LIST_EMPTY, SMTP_UNCONFIGURED, SENDER_PLACEHOLDER,
 * CONTENT_SAMPLE, SECRET_MISSING, SECRET_CHANGED, ISSUE_CHANGED, LEDGER_BUSY if another run is sending, LEDGER_RESTORED,
 * STORE_*; FILE_EXISTS, OUTPUT_UNWRITABLE if the config has an `archive` and its pages can't be written.
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
