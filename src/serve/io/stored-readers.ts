import { explainAddress } from "../../delivery/io/ledger/read-ledger.ts";
import type { Clock } from "../../platform/clock.ts";
import { Audience, type ListConfig, PROBE } from "../../subscribers/io/audience.ts";
import { type Keyring, keyringOf } from "../../subscribers/tokens.ts";
import type { Reader, ReaderRecord, Readers } from "../ports.ts";
import type { StoreReader, StoreWriter } from "./store-calls.ts";

export class StoredReaders implements Readers {
  readonly #newsletter: string;
  readonly #keyring: Keyring | undefined;
  readonly #clock: Clock;
  readonly #reader: StoreReader;
  readonly #writer: StoreWriter;

  constructor(
    { slug, secrets: { secret, oldSecrets } }: ListConfig,
    { reader, writer, clock }: { reader: StoreReader; writer: StoreWriter; clock: Clock },
  ) {
    this.#newsletter = slug;
    this.#keyring = secret ? keyringOf(secret, oldSecrets) : undefined;
    this.#clock = clock;
    this.#reader = reader;
    this.#writer = writer;
  }

  async find(token: string): Promise<Reader | undefined> {
    const found = await (await this.#audience()).readerOf(token);
    if (!found) return undefined;
    const { id, address, suppressed, pausedUntil } = found;
    const reader = { id, ...(address && { address }) };
    const isGone = id !== PROBE && address === undefined;
    if (suppressed) return { ...reader, state: "left", leftAt: suppressed.since };
    if (isGone) return { ...reader, state: "left" };
    const isPaused = pausedUntil && pausedUntil > this.#clock();
    return isPaused
      ? { ...reader, state: "paused", pausedUntil }
      : { ...reader, state: "subscribed" };
  }

  async leave(id: number, how: string): Promise<Date | undefined> {
    return id === PROBE ? undefined : this.#writer.do("leave", id, how);
  }

  async undo(id: number, leftAt: Date): Promise<boolean> {
    return id !== PROBE && this.#writer.do("undo", id, leftAt);
  }

  async pause(id: number, until: Date | undefined): Promise<boolean> {
    return id !== PROBE && this.#writer.do("pause", id, until);
  }

  async record(id: number): Promise<ReaderRecord | undefined> {
    const found = await (await this.#audience()).readerWith(id);
    if (found?.address === undefined) return undefined;
    const { address, tags = [], ...others } = found;
    const histories = await explainAddress(await this.#reader.store(), address);
    const issues = histories
      .filter(({ issue }) => issue.newsletter === this.#newsletter)
      .map(({ issue, state, changedAt }) => ({ slot: issue.slot, state, at: changedAt }));
    return { ...others, address, tags, issues };
  }

  async erase(id: number): Promise<void> {
    if (id !== PROBE) await this.#writer.do("erase", id);
  }

  async #audience(): Promise<Audience> {
    const newsletter = this.#newsletter;
    const [clock, keyring] = [this.#clock, this.#keyring];
    return new Audience(await this.#reader.store(), { newsletter, clock, keyring });
  }
}
