import { composeMessage, type Mailing, type Message } from "../../delivery/compile-message.ts";
import type { DkimKey } from "../../delivery/dkim.ts";
import {
  chooseTransport,
  isLocal,
  type TransportSettings,
} from "../../delivery/io/choose-transport.ts";
import { type DkimConfig, loadDkimKeys } from "../../delivery/io/load-dkim-keys.ts";
import { sendSingle } from "../../delivery/sending/send-single.ts";
import type { Transport } from "../../delivery/transport.ts";
import { BroadsheetError } from "../../errors.ts";
import { type Clock, systemWait } from "../../platform/clock.ts";
import { isPlaceholder } from "../../subscribers/recipient.ts";
import type { ClaimedMail, Joins, Outgoing } from "../ports.ts";

/** The settings for sending single mails. */
export type MailerSettings = TransportSettings &
  DkimConfig &
  Pick<Mailing, "from" | "replyTo" | "bounce"> & {
    readonly slug: string;
    readonly secrets: { readonly secret?: string };
  };

interface MailerParts {
  readonly outgoing: Outgoing;
  readonly settings: MailerSettings;
  /** The folder into which the outbox transport writes. */
  readonly folder: string;
  readonly joinsPerHour: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/**
 * Sends the due mails. They wait while no server accepts them.
 * @throws BroadsheetError SMTP_*, DKIM_KEY_UNUSABLE, CONFIG_INVALID.
 */
export async function sendDueMails(parts: MailerParts): Promise<void> {
  const { outgoing, settings, joinsPerHour, signal } = parts;
  if (!(await outgoing.isDue(joinsPerHour))) return;
  assertOwnSender(settings);
  const keys = await loadDkimKeys(settings);
  const transport = chooseTransport(settings, parts.folder).open();
  const hangUp = (): void => transport.callOff?.();
  signal?.addEventListener("abort", hangUp);
  try {
    for (;;) {
      if (signal?.aborted || !(await outgoing.isDue(joinsPerHour))) return;
      // A claim is final, so we connect to the server first.
      await transport.connect?.();
      const mail = await outgoing.claim(joinsPerHour);
      if (mail) await sendClaimed(mail, { ...parts, keys, transport });
    }
  } finally {
    signal?.removeEventListener("abort", hangUp);
    await transport.close();
  }
}

/** Refuses a sender at an example domain, where no reply arrives (RFC 2606). */
function assertOwnSender(settings: MailerSettings): void {
  const { address } = settings.from;
  if (isLocal(settings) || !isPlaceholder(address)) return;
  const what = `not sent: the sender ${address} is only an example`;
  throw new BroadsheetError("SENDER_PLACEHOLDER", what, {
    fix: "set from in the config to your own address",
  });
}

interface Route extends MailerParts {
  readonly keys: readonly DkimKey[];
  readonly transport: Transport;
}

async function sendClaimed(mail: ClaimedMail, route: Route): Promise<void> {
  const { outgoing, clock, transport } = route;
  const { id, attempt, putAt: firstTriedAt } = mail;
  const now = clock();
  const message = await composed(mail, route, now);
  const single = { id, message, attempt, firstTriedAt };
  const { outcome, trouble } = await sendSingle(transport, single, now);
  await outgoing.settle(id, outcome);
  if (trouble) throw trouble;
}

/** The message of a mail. If it can't be composed, the mail waits for an hour, and the others go first. */
async function composed(mail: ClaimedMail, route: Route, now: Date): Promise<Message> {
  try {
    return messageOf(mail, route, now);
  } catch (error) {
    const due = new Date(now.getTime() + HOUR_MS);
    await route.outgoing.settle(mail.id, { state: "waiting", due });
    throw error;
  }
}

/** The message of a mail. The Message-ID depends on the key, so a second attempt has the same one. */
function messageOf(mail: ClaimedMail, { settings, keys: dkim }: Route, date: Date): Message {
  const { subject, text, html, to, key } = mail;
  const { slug, from, replyTo, bounce, secrets } = settings;
  const issue = { newsletter: slug, slot: key };
  const sender = { from, replyTo, bounce, secret: secrets.secret, dkim };
  const mailing = { issue, ...sender, date, isPersonal: true };
  return composeMessage({ subject, text, html, slots: {} }, { address: to }, mailing);
}

/** Answers visitors and sends waiting mails, until it is closed. */
export interface Mailer {
  /** Looks for requests and mails at once. */
  readonly wake: () => void;
  /** Ends the mailer, after the mail that is being sent. */
  close(): Promise<void>;
}

/** The interval at which the queue is checked, because another process may have put a mail into it. */
const LOOK_MS = 5_000;
/** The wait after a failure of the server or the store. */
const TROUBLE_MS = 60_000;
const HOUR_MS = 3_600_000;

interface MailerOptions extends Omit<MailerParts, "signal"> {
  readonly joins: Joins;
  /** Called with the reason why nothing can be sent, once for each series of failures. */
  readonly onTrouble?: ((trouble: unknown) => void) | undefined;
}

/** Starts the mailer. Requests are decided even while no mail can be sent, so that strangers can't fill the store. */
export function startMailer({ joins, onTrouble, ...parts }: MailerOptions): Mailer {
  const stopping = new AbortController();
  const { signal } = stopping;
  let forgetAt = 0;
  const sending = repeating(async () => sendDueMails({ ...parts, signal }), { signal, onTrouble });
  const weighing = repeating(
    async () => {
      await joins.weigh();
      sending.wake();
      const now = parts.clock().getTime();
      if (now < forgetAt) return;
      await joins.forget();
      forgetAt = now + HOUR_MS;
    },
    { signal, onTrouble },
  );
  return {
    wake: weighing.wake,
    close: async () => {
      stopping.abort();
      await Promise.all([weighing.ended, sending.ended]);
    },
  };
}

/** Repeats `work` with pauses. `wake` ends a pause, unless the work has just failed. */
function repeating(
  work: () => Promise<void>,
  { signal, onTrouble }: Pick<MailerOptions, "onTrouble"> & { readonly signal: AbortSignal },
) {
  let nap = new AbortController();
  let trouble: unknown;
  const repeat = async (): Promise<void> => {
    for (;;) {
      nap = new AbortController();
      const before = trouble;
      trouble = await work().catch((error: unknown) => error);
      if (signal.aborted) return;
      if (trouble !== undefined && before === undefined) onTrouble?.(trouble);
      const pauseMs = trouble === undefined ? LOOK_MS : TROUBLE_MS;
      await systemWait(pauseMs, AbortSignal.any([nap.signal, signal]));
    }
  };
  const wake = (): void => {
    if (trouble === undefined) nap.abort();
  };
  return { wake, ended: repeat() };
}
