import { limitMemory } from "../../../platform/limit-memory.ts";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { randomUUID } from "node:crypto";
import { parseSegment } from "../../../subscribers/segment.ts";
import type { Environment } from "../../../platform/environment.ts";
import type {
  Addressee,
  IssueKey,
  Ledger,
  PlannedIssue,
  Claim,
  Start,
} from "../../../delivery/ledger.ts";
import { type CanarySetting, type CanaryStep, canaryStep } from "../../../delivery/canary.ts";
import { type Sending, type Sent, deliver, inSum } from "../../../delivery/deliver.ts";
import { BroadsheetError } from "../../../errors.ts";
import { type Clock, steadyClock } from "../../../platform/clock.ts";
import { type Audience, openAudience, type ListConfig } from "../../../subscribers/io/audience.ts";
import { ledgerIn } from "../../../delivery/io/open-ledger.ts";
import type { Team } from "../../../delivery/io/postgres/team.ts";
import { busyError, hasStore, openStore, sharedLock } from "../../../platform/store.ts";
import type { IssueToSend } from "../../issue-to-send.ts";
import { type TransportChoice, chooseTransport } from "../../../delivery/io/choose-transport.ts";
import { assertNoSample, type SenderSettings } from "./mail-route.ts";
import {
  tokensOf,
  type Keyring,
  keyringOf,
  type ReaderTokens,
} from "../../../subscribers/tokens.ts";
import {
  type CompiledMessage,
  compileMessage,
  messageFor,
  messageIdFor,
  readerMessageId,
  contentHash,
  settingsHash,
  type Reader,
  type Message,
  sizeOf,
} from "../../../delivery/compile-message.ts";
import { mailingFor, withInlinePictures, type MailingSettings } from "../../mailing.ts";
import { loadDkimKeys, type DkimConfig } from "../../../delivery/io/load-dkim-keys.ts";

export interface PlanOptions {
  /** The segment that gets the issue; by default all subscribers. */
  readonly segment?: string | undefined;
  /** Whether readers who have not got the issue yet get its current content. */
  readonly revise?: boolean | undefined;
  /** The state in which the issue is planned, and its next step. */
  readonly start?: Start | undefined;
}

/** The readers who would get an issue, computed without changing anything. */
export interface Outlook {
  /** The planned issue; absent if its sending has never begun. */
  readonly planned?: PlannedIssue | undefined;
  /** The number of readers who do not have the issue yet. */
  readonly readers: number;
  /** The number of subscribers who get nothing: they have left, are quarantined, or pause. */
  readonly leftOut: number;
  /** The time at which the issue expired; absent if it has not. */
  readonly expiredAt?: Date | undefined;
}

export type RunOptions = Pick<Sending, "atMost" | "signal" | "onTurn">;

export type SendingSettings = SenderSettings &
  MailingSettings &
  DkimConfig &
  ListConfig & {
    /** The age in milliseconds at which an issue is no longer sent. */
    readonly expires: number;
    readonly smtp: Pick<Sending, "perDomain" | "rate">;
    readonly canary?: CanarySetting | undefined;
  };

interface Parts {
  readonly stored: IssueToSend;
  readonly issue: IssueKey;
  readonly config: SendingSettings;
  readonly route: TransportChoice;
  readonly compiled: CompiledIssue;
  readonly audience: Audience;
  readonly ledger: Ledger;
  /** The other workers that use the store; absent if only one process can send from it. */
  readonly team: Team | undefined;
  /** The clock that decides when recipients are due and when the issue expires. */
  readonly clock: Clock;
}

/** The interval at which a sender checks whether it must stop. */
const LOOK_MS = 1_000;
/** The number of checks of other workers before the sending tries again, because one of them may have died. */
const MOST_LOOKS = 5;

/** The delivery of an issue to the list. The caller closes it. */
export class ListSending {
  readonly issue: IssueKey;
  readonly through: string;
  /** The size of a message in bytes. */
  readonly size: number;
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.issue = parts.issue;
    this.through = parts.route.through;
    this.size = parts.compiled.size;
    this.#parts = parts;
  }

  /**
   * @throws BroadsheetError USAGE for an issue of another newsletter; SMTP_UNCONFIGURED, SENDER_PLACEHOLDER, CONTENT_SAMPLE,
   * SECRET_MISSING, SECRET_CHANGED, DKIM_KEY_UNUSABLE, CONFIG_INVALID, EMAIL_INVALID, LIST_EMPTY, STORE_*.
   */
  static async open(
    stored: IssueToSend,
    config: SendingSettings,
    env: Environment,
  ): Promise<ListSending> {
    limitMemory();
    const { newsletter, slot } = stored.digest.issue;
    if (newsletter !== config.slug) throw notOurs(newsletter, config);
    const clock = steadyClock();
    const route = chooseTransport(config, stored.folder);
    assertNoSample(stored.digest, config);
    const compiled = await CompiledIssue.compile(stored, config, clock());
    if (!(await hasStore(config.store))) throw noReader(0, undefined);
    const audience = await openAudience(config, clock);
    try {
      await audience.assertSameSecret();
      const store = await openStore(config.store, { env, isToSend: true });
      const ledger = await ledgerIn(store, { clock });
      const team =
        "url" in config.store
          ? (await import("../../../delivery/io/postgres/team.ts")).teamIn(store)
          : undefined;
      const issue = { newsletter, slot };
      const parts = { stored, issue, config, route, compiled, audience, ledger, team, clock };
      return new ListSending(parts);
    } catch (error) {
      await audience.close();
      throw error;
    }
  }

  /**
   * Computes what sending would do, without changing anything.
   * @throws BroadsheetError ISSUE_CHANGED, CONFIG_CHANGED, LEDGER_RESTORED; USAGE for a segment; LIST_EMPTY.
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
        ...(expiresAt && expiresAt < this.#parts.clock() && { expiredAt: expiresAt }),
      };
    }
    const found = await this.#count(segment);
    if (found.readers === 0) throw noReader(found.leftOut, segment);
    return found;
  }

  /** Freezes the recipients and the content, unless they are frozen already. */
  async plan({ segment, revise, start }: PlanOptions): Promise<PlannedIssue> {
    const { stored, ledger, compiled, config } = this.#parts;
    const { digest, email, pictures } = stored;
    return ledger.plan({
      issue: this.issue,
      contentHash: compiled.contentHash,
      settingsHash: compiled.settingsHash,
      content: { digest: JSON.stringify(digest), email, pictures },
      recipients: { segment: segment === undefined ? undefined : parseSegment(segment) },
      expiresAt: new Date(this.#parts.clock().getTime() + config.expires),
      revise,
      start,
    });
  }

  /** Decides how many readers may get the issue now, by the results of the first ones, and records the decision. */
  async canary(): Promise<CanaryStep> {
    const { ledger, config, clock } = this.#parts;
    const planned = await this.plannedIssue();
    if (!planned) return { atMost: Infinity };
    const step = canaryStep(planned, config.canary, clock());
    if (step.note) await ledger.noteCanary(this.issue, step.note);
    return step;
  }

  /**
   * Sends to the recipients who are due. Only one process at a time sends to the first readers.
   * @throws BroadsheetError LEDGER_BUSY
   */
  async run(options: RunOptions): Promise<Sent> {
    const { config, team } = this.#parts;
    const { atMost } = await this.canary();
    const { newsletter, slot } = this.issue;
    const lock = team && atMost < Infinity ? `canary/${newsletter}/${slot}` : undefined;
    const first = lock === undefined ? undefined : await sharedLock(config.store, lock);
    if (!first) return this.#withOthers(options);
    if (!(await first.take()))
      throw busyError("sending it to the first readers", await first.holder());
    try {
      const { atMost: left } = await this.canary();
      return await this.#untilStopped({
        ...options,
        atMost: Math.min(options.atMost ?? left, left),
      });
    } finally {
      await first.release();
    }
  }

  /** Sends until the other workers have ended too, so that their remaining recipients are sent to. */
  async #withOthers(options: RunOptions): Promise<Sent> {
    const { team } = this.#parts;
    let sent = await this.#untilStopped(options);
    const isDone = async (): Promise<boolean> =>
      !team || !(await team.isAtWork(this.issue)) || (await team.mustStop(this.issue));
    while (options.atMost === undefined && !sent.stoppedBy && !(await isDone())) {
      for (let looks = 0; looks < MOST_LOOKS && !(await isDone()); looks++) {
        if (options.signal?.aborted) return sent;
        await sleep(LOOK_MS);
      }
      sent = inSum(sent, await this.#untilStopped(options));
    }
    return sent;
  }

  /** Stops if the issue is held, or if another worker found that sending must stop. */
  async #untilStopped({ signal, ...options }: RunOptions): Promise<Sent> {
    const { team } = this.#parts;
    if (!team) return this.#deliver({ signal, ...options });
    const stopped = new AbortController();
    const look = async (): Promise<void> => {
      // While the database is unreachable, no message is started.
      if (await team.mustStop(this.issue).catch(() => false)) stopped.abort();
    };
    const looking = setInterval(() => void look(), LOOK_MS);
    const signals = [stopped.signal, ...(signal ? [signal] : [])];
    try {
      return await this.#deliver({ ...options, signal: AbortSignal.any(signals) });
    } finally {
      clearInterval(looking);
    }
  }

  async #deliver(options: RunOptions): Promise<Sent> {
    const { ledger, team, compiled, audience, route, config, clock } = this.#parts;
    const { concurrency, rate, perDomain } = config.smtp;
    const listUid = await audience.listUid();
    await audience.noteSecret();
    const expiresAt = (await this.plannedIssue())?.expiresAt;
    const transport = route.open();
    try {
      return await deliver({
        issue: this.issue,
        expiresAt,
        ledger,
        transport,
        worker: `process ${process.pid} on ${hostname()} (${randomUUID().slice(0, 8)})`,
        messageOf: (claim) => compiled.messageOf(claim, listUid),
        messageIdOf: (to) => compiled.messageIdOf(to, listUid),
        now: clock,
        concurrency,
        rate,
        perDomain,
        reservations: team?.reservations,
        ...options,
      });
    } finally {
      await transport.close();
    }
  }

  /** Returns the issue in the ledger; undefined if it was never planned. */
  async plannedIssue(): Promise<PlannedIssue | undefined> {
    return this.#parts.ledger.issue(this.issue);
  }

  async close(): Promise<void> {
    await this.#parts.audience.close();
    await this.#parts.ledger.close();
  }

  async #count(segment: string | undefined): Promise<Outlook> {
    const { audience } = this.#parts;
    if (segment === undefined) {
      const { subscribers, active } = await audience.counts();
      return { readers: active, leftOut: subscribers - active };
    }
    let [readers, leftOut] = [0, 0];
    const now = this.#parts.clock();
    for await (const reader of audience.subscribers(parseSegment(segment))) {
      const { suppressed, quarantinedSince, pausedUntil = now } = reader;
      if (suppressed || quarantinedSince || pausedUntil > now) leftOut++;
      else readers++;
    }
    return { readers, leftOut };
  }
}

function notOurs(newsletter: string, { slug }: ListConfig): BroadsheetError {
  return new BroadsheetError("USAGE", `the issue is one of ${newsletter}, and this is ${slug}`, {
    fix: "name the config of that newsletter with --config",
  });
}

function noReader(leftOut: number, segment: string | undefined): BroadsheetError {
  const all = segment === undefined ? "the list is empty" : "the segment has no reader";
  const gone = `all ${leftOut} of them have unsubscribed, bounced or complained, are quarantined, or pause`;
  return new BroadsheetError("LIST_EMPTY", leftOut > 0 ? gone : all, {
    fix:
      segment === undefined
        ? "put readers on it: broadsheet subscribers import FILE.csv"
        : "look who has which tags: broadsheet subscribers list",
  });
}

const MOST_TOKENS = 1_000;

/** An issue compiled for all its readers, with the keys for tokens and signatures. */
class CompiledIssue {
  /** A hash of the content that is the same for all readers. */
  readonly contentHash: string;
  /** A hash of the settings that affect the messages. */
  readonly settingsHash: string;
  readonly #compiled: CompiledMessage;
  readonly #keyring: Keyring;
  /** The tokens of claimed readers without a message. An HMAC takes as long as the rest of a message. */
  readonly #tokens = new Map<number, ReaderTokens>();

  private constructor(compiled: CompiledMessage, hash: string, keyring: Keyring) {
    this.#compiled = compiled;
    this.contentHash = hash;
    this.settingsHash = settingsHash(compiled.mailing);
    this.#keyring = keyring;
  }

  /** @throws BroadsheetError SECRET_MISSING, DKIM_KEY_UNUSABLE, CONFIG_INVALID, EMAIL_INVALID. */
  static async compile(
    issue: IssueToSend,
    config: SendingSettings,
    date: Date,
  ): Promise<CompiledIssue> {
    const keyring = keyringFor(config);
    const dkim = await loadDkimKeys(config);
    const { email, images } = withInlinePictures(issue.email, issue.pictures);
    const mailing = { ...mailingFor(config, issue.digest, date), images, dkim };
    return new CompiledIssue(compileMessage(email, mailing), contentHash(email, images), keyring);
  }

  /** The size of a message in bytes, without a reader's name. */
  get size(): number {
    return sizeOf(messageFor(this.#compiled, { address: "reader@example.org" }));
  }

  messageIdOf({ subscriberId, address }: Addressee, list: Uint8Array): string {
    const { mailing } = this.#compiled;
    if (subscriberId === undefined) return messageIdFor(mailing, address);
    const tokens = tokensOf({ subscriberId, list }, this.#keyring);
    // Claims may be returned, so that no message is made of them.
    if (this.#tokens.size >= MOST_TOKENS) this.#tokens.clear();
    this.#tokens.set(subscriberId, tokens);
    return readerMessageId(mailing, tokens.messageMac);
  }

  /** @throws BroadsheetError USAGE for a recipient that a header field can't contain. */
  messageOf({ to, messageId }: Claim, list: Uint8Array): Message {
    return messageFor(this.#compiled, { ...to, messageId, ...this.#tokensOf(to, list) });
  }

  #tokensOf({ subscriberId }: Addressee, list: Uint8Array): Pick<Reader, "token" | "bounceToken"> {
    if (subscriberId === undefined) return {};
    const tokens =
      this.#tokens.get(subscriberId) ?? tokensOf({ subscriberId, list }, this.#keyring);
    this.#tokens.delete(subscriberId);
    const { bounce, echoes } = this.#compiled.mailing;
    // Without a bounce address, bounces go to the sender's address, which has no token.
    if (bounce === undefined && echoes === undefined) return { token: tokens.token };
    return { token: tokens.token, bounceToken: tokens.bounceToken };
  }
}

function keyringFor({ secrets: { secret, oldSecrets } }: ListConfig): Keyring {
  if (secret !== undefined) return keyringOf(secret, oldSecrets);
  throw new BroadsheetError("SECRET_MISSING", "there is no secret to sign the unsubscribe links", {
    fix: "set BROADSHEET_SECRET, in the environment or in .env beside the config, to a long random text, and keep it",
  });
}
