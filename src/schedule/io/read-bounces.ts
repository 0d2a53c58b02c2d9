import type { Config } from "../../config/config.ts";
import {
  type MailboxReading,
  pagesOnServer,
  parseImapUrl,
} from "../../delivery/io/imap-mailbox.ts";
import { type BroadsheetError, errorAt, unbroken } from "../../errors.ts";
import { openCursor } from "../../sources/io/cursor.ts";
import { type MailPage, pagesIn } from "../../subscribers/io/mail-files.ts";
import { openAudience } from "../../subscribers/io/audience.ts";
import {
  hashOfKey,
  type MailEvidence,
  readEvidence,
  takeIn,
  type TakenMail,
} from "../../subscribers/io/take-in.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Environment } from "../../platform/environment.ts";

interface Mailbox {
  readonly name: string;
  /** Its name in the store, where it is among the sources of articles. */
  readonly source: string;
  readonly pages: (reading: MailboxReading) => AsyncGenerator<MailPage>;
}

/** The mailboxes of a config, or instead the mailboxes in `named`, which are absolute paths. */
export function mailboxesOf(
  { bounces, secrets: { bouncesUrl, smtpOAuth } }: Config,
  named: readonly string[] = [],
): readonly Mailbox[] {
  const places = named.length > 0 ? named : bounces;
  const onDisk = places.map((place) => mailbox(place, ({ isKnown }) => pagesIn(place, isKnown)));
  if (bouncesUrl === undefined || named.length > 0) return onDisk;
  try {
    const server = parseImapUrl(bouncesUrl, smtpOAuth);
    return [...onDisk, mailbox(server.name, (reading) => pagesOnServer(server, reading))];
  } catch (error) {
    const fail = () => {
      throw error;
    };
    return [...onDisk, mailbox("BOUNCES_URL", fail)];
  }
}

function mailbox(name: string, pages: Mailbox["pages"]): Mailbox {
  return { name, source: `mailbox ${name}`, pages };
}

interface ReadingOptions {
  readonly clock: Clock;
  readonly env: Environment;
  /** The mailboxes to read instead of those in the config. */
  readonly named?: readonly string[];
  /** Whether all changes are rolled back and no mail is moved. */
  readonly isRehearsal?: boolean | undefined;
  /** Ends the reading after the present page. The next run reads the rest. */
  readonly signal: AbortSignal;
  readonly onMail?: (taken: TakenMail) => void;
}

interface BouncesRead {
  readonly quarantined: number;
  /** The fault of each mailbox that could not be read to its end. */
  readonly faults: readonly BroadsheetError[];
}

/**
 * Reads bounces and unsubscribe mails, applies them, and moves them into a folder. Mails that a person has to read stay. A
 * mailbox that can't be read does not stop the others.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED. The mails of the present page are not changed then.
 */
export async function readBounces(config: Config, options: ReadingOptions): Promise<BouncesRead> {
  const { clock, env, isRehearsal = false, onMail, signal, named = [] } = options;
  const { softBounces, unsubscribeMailto } = config;
  await using audience = await openAudience(config, clock, { env, isLooking: isRehearsal });
  await using cursor = await openCursor(config, clock, { env, isLooking: isRehearsal });
  const isKnown = async (key: string) => (await audience.recall(hashOfKey(key))) !== undefined;
  let quarantined = 0;
  const take = async (mails: readonly MailEvidence[]) => {
    const { taken, ...result } = await takeIn(mails, audience, { softBounces, isRehearsal });
    quarantined += result.quarantined;
    for (const one of taken) onMail?.(one);
    return taken.flatMap(({ stays }, at) => (stays ? [] : [at]));
  };
  const rehearsed: MailEvidence[] = [];
  const readAll = async ({ pages }: Mailbox) => {
    let fault: unknown;
    for await (const { mails, file } of pages({ isKnown, signal })) {
      const found: MailEvidence[] = [];
      for (const mail of mails)
        found.push(await readEvidence(mail, audience, unsubscribeMailto?.trustAuthserv));
      if (isRehearsal) rehearsed.push(...found);
      else {
        const done = await take(found);
        // Mails that can't be moved are applied all the same. They are recognised the next time.
        await file?.(done).catch((error: unknown) => (fault ??= error));
      }
      if (signal.aborted) return;
    }
    if (fault !== undefined) throw fault;
  };
  const faults: BroadsheetError[] = [];
  for (const { name, source, pages } of mailboxesOf(config, named)) {
    const error = await readAll({ name, source, pages }).then(
      () => undefined,
      (cause: unknown) => (signal.aborted ? undefined : faultOf(cause, name)),
    );
    if (error) faults.push(error);
    const fault = error && { code: error.code, message: unbroken(error) };
    // No slot has the name "bounces". A mailbox in `named` is not a source of the newsletter, so its result is not recorded.
    if (!isRehearsal && named.length === 0)
      await cursor.noteSources("bounces", [{ source, name, ...(fault && { error: fault }) }]);
  }
  // A rehearsal applies all mails in one change, so that it quarantines as many readers as a real reading.
  await take(rehearsed);
  return { quarantined, faults };
}

/** The fault of a mailbox. A fault of the store is thrown. */
function faultOf(cause: unknown, name: string): BroadsheetError {
  const error = errorAt(name, cause);
  if (/^(?:STORE|LEDGER)_/.test(error.code)) throw error;
  return error;
}
