import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Readers } from "../../src/serve/ports.ts";
import type { SubscriberFacts } from "../../src/subscribers/subscriber.ts";

/** The readers of a newsletter, which a test may add to, and a clock that only a test moves. */
export interface ReadersBench {
  readonly readers: Readers;
  /** The same, as another process sees them. */
  another(): Promise<Readers>;
  /** Adds a reader; their token. */
  add(reader: SubscriberFacts): Promise<string>;
  /** An operator takes a reader off the list. */
  remove(address: string): Promise<void>;
  /** A server reports that there is no such address. */
  bounce(address: string): Promise<void>;
  /** A token of the same list for a number. */
  tokenOf(id: number): Promise<string>;
  /** A valid token of another list. */
  foreignToken(): Promise<string>;
  readonly now: () => Date;
  pass(ms: number): void;
  close(): Promise<void>;
}

const MARA = { address: "Mara@harbour.example", name: "Mara", tags: ["harbour"] };
const HOUR_MS = 3_600_000;

/** What all readers do, whatever they are kept in. */
export function readersContract(name: string, makeBench: () => Promise<ReadersBench>): void {
  let bench: ReadersBench;
  let readers: Readers;
  let token: string;

  beforeEach(async () => {
    bench = await makeBench();
    ({ readers } = bench);
    token = await bench.add(MARA);
  });
  afterEach(async () => bench.close());

  async function idOf(text: string): Promise<number> {
    const found = await readers.find(text);
    if (!found) throw new Error("there is no such reader");
    return found.id;
  }

  describe(`${name}: a token`, () => {
    test("finds its reader, and changes nothing", async () => {
      const found = await readers.find(token);
      expect(found).toEqual({
        id: expect.any(Number),
        address: MARA.address,
        state: "subscribed",
      });
      expect(await readers.find(token)).toEqual(found);
    });

    test("of no reader of this list finds none", async () => {
      const forged = `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`;
      const others = ["", "sample", token.slice(1), forged, "x".repeat(1_000_000)];
      for (const other of [...others, await bench.foreignToken(), await bench.tokenOf(17)])
        expect(await readers.find(other)).toBeUndefined();
    });

    test("with the id 0 answers as any other, and nothing changes", async () => {
      const found = await readers.find(await bench.tokenOf(0));
      expect(found).toEqual({ id: 0, state: "subscribed" });
      expect(await readers.leave(0, "a probe")).toBeUndefined();
      expect(await readers.pause(0, bench.now())).toBe(false);
      await readers.erase(0);
      expect(await readers.find(await bench.tokenOf(0))).toEqual(found);
    });

    test("of a reader who was taken off the list goes on working", async () => {
      await bench.remove(MARA.address);
      const id = await idOf(token);
      expect(await readers.leave(id, "the page")).toEqual(bench.now());
      expect(await readers.find(token)).toMatchObject({ id, state: "left" });
    });
  });

  describe(`${name}: to leave`, () => {
    test("ends the subscription at once, for every process, and once", async () => {
      const id = await idOf(token);
      const leftAt = await readers.leave(id, "the page");
      expect(leftAt).toEqual(bench.now());
      expect(await (await bench.another()).find(token)).toMatchObject({ state: "left", leftAt });
      bench.pass(HOUR_MS);
      expect(await readers.leave(id, "one click")).toBeUndefined();
      expect((await readers.record(id))?.suppressed).toMatchObject({
        reason: "unsubscribed",
        since: leftAt,
        how: "the page",
      });
    });

    test("is taken back by its own moment and no other", async () => {
      const id = await idOf(token);
      const leftAt = await readers.leave(id, "the page");
      if (!leftAt) throw new Error("the reader was subscribed");
      expect(await readers.undo(id, new Date(leftAt.getTime() - 1))).toBe(false);
      expect(await readers.undo(id, leftAt)).toBe(true);
      expect(await readers.find(token)).toMatchObject({ state: "subscribed" });
      expect(await readers.undo(id, leftAt)).toBe(false);
    });

    test("after a bounce is no leave that could be taken back", async () => {
      const id = await idOf(token);
      await bench.bounce(MARA.address);
      const { leftAt } = (await readers.find(token)) ?? {};
      if (!leftAt) throw new Error("the reader gets nothing any more");
      expect(await readers.undo(id, leftAt)).toBe(false);
      expect(await readers.leave(id, "the page")).toBeUndefined();
    });
  });

  describe(`${name}: a pause`, () => {
    test("lasts until its moment, and can be ended before", async () => {
      const id = await idOf(token);
      const until = new Date(bench.now().getTime() + HOUR_MS);
      expect(await readers.pause(id, until)).toBe(true);
      expect(await readers.find(token)).toMatchObject({ state: "paused", pausedUntil: until });
      bench.pass(HOUR_MS);
      expect(await readers.find(token)).toMatchObject({ state: "subscribed" });
      await readers.pause(id, new Date(bench.now().getTime() + HOUR_MS));
      expect(await readers.pause(id, undefined)).toBe(true);
      expect(await readers.find(token)).toMatchObject({ state: "subscribed" });
    });

    test("is not for a reader who was taken off the list", async () => {
      const id = await idOf(token);
      await bench.remove(MARA.address);
      expect(await readers.pause(id, new Date(bench.now().getTime() + HOUR_MS))).toBe(false);
    });
  });

  describe(`${name}: the data of a reader`, () => {
    test("is all that is stored of them", async () => {
      const consent = { how: "form on the front page", at: bench.now() };
      const jory = { address: "jory@quay.example", language: "de", tags: [], consent };
      const id = await idOf(await bench.add(jory));
      expect(await readers.record(id)).toMatchObject({
        ...jory,
        subscribedAt: bench.now(),
        issues: [],
      });
    });

    test("is forgotten, and the token still answers", async () => {
      const id = await idOf(token);
      await readers.erase(id);
      expect(await readers.record(id)).toBeUndefined();
      expect(await readers.find(token)).toEqual({ id, state: "left" });
      expect(await readers.leave(id, "the page")).toBeUndefined();
    });
  });
}
