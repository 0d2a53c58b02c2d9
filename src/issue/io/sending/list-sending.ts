import { hostname } from "node:os";
import { setFlagsFromString } from "node:v8";
import { randomUUID } from "node:crypto";
import { parseSegment, type Segment } from "../../../subscribers/segment.ts";
import type { Environment } from "../../../platform/environment.ts";
import type { Config } from "../../../config/config.ts";
import type { Addressee, IssueKey, Ledger, PlannedIssue } from "../../../delivery/ledger.ts";
import type { Sending, Sent } from "../../../delivery/sending/sending.ts";
import { deliver } from "../../../delivery/deliver.ts";
import { BroadsheetError } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { type SqliteAudience, openAudience } from "../../../subscribers/io/sqlite-audience.ts";
import { openLedger } from "../../../delivery/io/open-ledger.ts";
import { hasStore } from "../../../platform/sqlite/open-store.ts";
import type { IssueToSend } from "../../issue-to-send.ts";
import { PrintedIssue } from "./printed-issue.ts";
import { type WayOut, wayOut } from "./way-out.ts";

export interface PlanOptions {
  /** Only subscribers whom this means; all of them by default. */
  readonly segment?: string | undefined;
  /** Whoever hasn't got the issue gets what it is now. */
  readonly revise?: boolean | undefined;
}

/** Whom an issue would go to, before that is decided. */
export interface Outlook {
  /** Absent where the issue has never been sent. */
  readonly planned?: PlannedIssue | undefined;
  /** Those who are to get it and haven't. */
  readonly readers: number;
  /** Subscribers to whom nothing is sent any more. */
  readonly leftOut: number;
  /** When it ceased to be worth sending; absent where it still is. */
  readonly expiredAt?: Date | undefined;
}

export type RunOptions = Pick<Sending, "atMost" | "signal" | "onTurn">;

interface Parts {
  readonly stored: IssueToSend;
  readonly issue: IssueKey;
  readonly config: Config;
  readonly way: WayOut;
  readonly printed: PrintedIssue;
  readonly audience: SqliteAudience;
  readonly ledger: Ledger;
}

/** One issue on its way to the list. Whoever opens it closes it. */
export class ListSending {
  readonly issue: IssueKey;
  readonly through: string;
  /** The bytes of a message. */
  readonly size: number;
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.issue = parts.issue;
    this.through = parts.way.through;
    this.size = parts.printed.size;
    this.#parts = parts;
  }

  /**
   * @throws BroadsheetError USAGE for an issue of another newsletter; SMTP_UNCONFIGURED, SENDER_PLACEHOLDER,
   * SECRET_MISSING, SECRET_CHANGED, DKIM_KEY_UNUSABLE, CONFIG_INVALID, EMAIL_INVALID, LIST_EMPTY, STORE_*.
   */
  static async open(stored: IssueToSend, config: Config, env: Environment): Promise<ListSending> {
    limitMemory();
    const { newsletter, slot } = stored.digest.issue;
    if (newsletter !== config.slug) throw notOurs(newsletter, config);
    const way = wayOut(config, stored.folder);
    const printed = await PrintedIssue.print(stored, config, systemClock());
    if (!hasStore(config.store)) throw nobody(0, undefined);
    const audience = await openAudience(config, systemClock);
    try {
      audience.assertSameSecret();
      const ledger = await openLedger(config.store, { clock: systemClock, env });
      const issue = { newsletter, slot };
      return new ListSending({ stored, issue, config, way, printed, audience, ledger });
    } catch (error) {
      audience.close();
      throw error;
    }
  }

  /**
   * What would be done; nothing is changed.
   * @throws BroadsheetError ISSUE_CHANGED, LEDGER_RESTORED; USAGE for a segment; LIST_EMPTY.
   */
  async outlook({ segment, revise }: PlanOptions): Promise<Outlook> {
    const planned = await this.#parts.ledger.issue(this.issue);
    if (planned) {
      if (!revise) await this.plan({});
      const { planned: waiting, claimed, deferred, suppressed } = planned.counts;
      const { expiresAt } = planned;
      return {
        planned,
        readers: waiting + claimed + deferred,
        leftOut: suppressed,
        ...(expiresAt && expiresAt < systemClock() && { expiredAt: expiresAt }),
      };
    }
    const found = this.#count(segment);
    if (found.readers === 0) throw nobody(found.leftOut, segment);
    return found;
  }

  /** Freezes whom it goes to, and what, where that hasn't been done. */
  async plan({ segment, revise }: PlanOptions): Promise<PlannedIssue> {
    const { stored, ledger, printed, config } = this.#parts;
    const { digest, email, pictures } = stored;
    return ledger.plan({
      issue: this.issue,
      contentHash: printed.contentHash,
      content: { digest: JSON.stringify(digest), email, pictures },
      recipients: this.#recipients(segment),
      expiresAt: new Date(systemClock().getTime() + config.expires),
      revise,
    });
  }

  /** Sends to whoever is due. */
  async run(options: RunOptions): Promise<Sent> {
    const { ledger, printed, audience, way, config } = this.#parts;
    const { concurrency, rate, perDomain } = config.smtp;
    const { listUid } = audience;
    audience.noteSecret();
    const expiresAt = (await this.standing())?.expiresAt;
    const transport = way.open();
    try {
      return await deliver({
        issue: this.issue,
        expiresAt,
        ledger,
        transport,
        worker: `process ${process.pid} on ${hostname()} (${randomUUID().slice(0, 8)})`,
        messageOf: async (claim) => printed.messageOf(claim, listUid),
        messageIdOf: (to) => printed.messageIdOf(to),
        now: systemClock,
        concurrency,
        total: { rate },
        perDomain,
        ...options,
      });
    } finally {
      await transport.close();
    }
  }

  /** Where everybody stands. */
  async standing(): Promise<PlannedIssue | undefined> {
    return this.#parts.ledger.issue(this.issue);
  }

  async close(): Promise<void> {
    this.#parts.audience.close();
    await this.#parts.ledger.close();
  }

  #count(segment: string | undefined): Outlook {
    const { audience } = this.#parts;
    if (segment === undefined) {
      const { subscribers, active } = audience.counts();
      return { readers: active, leftOut: subscribers - active };
    }
    let [readers, leftOut] = [0, 0];
    for (const { suppressed } of audience.subscribers(parseSegment(segment))) {
      if (suppressed) leftOut++;
      else readers++;
    }
    return { readers, leftOut };
  }

  *#recipients(expression: string | undefined): Generator<Addressee> {
    const segment: Segment | undefined =
      expression === undefined ? undefined : parseSegment(expression);
    for (const { id, address, name, language } of this.#parts.audience.subscribers(segment)) {
      yield {
        address,
        subscriberId: id,
        ...(name !== undefined && { name }),
        ...(language !== undefined && { language }),
      };
    }
  }
}

/**
 * Sending makes much that is forgotten at once, for which V8 would let its nursery grow to 100 MB, and keep
 * what it once had. What it has at the start is enough, and costs no time that can be measured.
 */
export function limitMemory(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--optimize-for-size");
}

function notOurs(newsletter: string, { slug }: Config): BroadsheetError {
  return new BroadsheetError("USAGE", `the issue is one of ${newsletter}, and this is ${slug}`, {
    fix: "name the config of that newsletter with --config",
  });
}

function nobody(leftOut: number, segment: string | undefined): BroadsheetError {
  const all = segment === undefined ? "the list is empty" : "the segment is nobody's";
  const gone = `all ${leftOut} of them have unsubscribed, bounced or complained`;
  return new BroadsheetError("LIST_EMPTY", leftOut > 0 ? gone : all, {
    fix:
      segment === undefined
        ? "put somebody on it: broadsheet subscribers import FILE.csv"
        : "look who has which tags: broadsheet subscribers list",
  });
}
