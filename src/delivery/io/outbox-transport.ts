import { createHash } from "node:crypto";
import { link, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import {
  assertBegun,
  DeliveryError,
  InFlight,
  type Receipt,
  type Transport,
} from "../transport.ts";
import type { Message } from "../compile-message.ts";
import { BroadsheetError } from "../../errors.ts";
import { PRIVATE_FOLDER } from "../../platform/files/make-folders.ts";
import { outboxError, isErrno } from "../../platform/file-error.ts";
import { syncFolder, writeSynced } from "../../platform/files/swap-folder.ts";

/**
 * A transport that writes each message to `<folder>/messages/<hash>.eml` instead of sending it. Operators can look at the
 * messages, or send the files in another way. The name is a hash of the Message-ID, so a message that is sent twice is
 * there once.
 */
export class OutboxTransport implements Transport {
  readonly name = "outbox";
  readonly #folder: string;
  readonly #inFlight = new InFlight();
  #made: Promise<unknown> | undefined;

  /** `folder`: the folder in the outbox. */
  constructor(folder: string) {
    this.#folder = path.join(folder, "messages");
  }

  async send(message: Message, begin?: () => Promise<boolean>): Promise<Receipt> {
    return this.#inFlight.add(assertBegun(begin).then(async () => this.#write(message)));
  }

  async close(): Promise<void> {
    await this.#inFlight.end();
  }

  async #write({ messageId, raw }: Message): Promise<Receipt> {
    const name = `${createHash("sha256").update(messageId).digest("hex").slice(0, 32)}.eml`;
    try {
      this.#made ??= mkdir(this.#folder, { recursive: true, mode: PRIVATE_FOLDER });
      await this.#made;
      await writeOnce(path.join(this.#folder, name), raw);
      return { response: `written to messages/${name}` };
    } catch (cause) {
      throw this.#failure(cause);
    }
  }

  /** The failure of a message of which no file was written: it was not sent. */
  #failure(cause: unknown): unknown {
    const error = outboxError(cause, "a message", this.#folder);
    if (!(error instanceof BroadsheetError)) return error;
    const { code, message, where, fix } = error;
    const facts = { stage: "connection" as const, said: message };
    return new DeliveryError(code, message, { where, fix, cause, facts });
  }
}

/** Writes a file whole or not at all, and syncs it to the disk. A file that exists is not changed. */
async function writeOnce(file: string, content: Buffer): Promise<void> {
  const fresh = `${file}.${process.pid}.new`;
  try {
    await writeSynced(fresh, content, "w");
    await link(fresh, file).catch((error: unknown) => {
      if (!isErrno(error, "EEXIST")) throw error;
    });
  } finally {
    await rm(fresh, { force: true });
  }
  await syncFolder(path.dirname(file));
}
