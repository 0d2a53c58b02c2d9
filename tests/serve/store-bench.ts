import { openStore, type StorePlace } from "../../src/platform/store.ts";
import { DirectWriter, type openDoorStore } from "../../src/serve/io/door-store.ts";
import { storedJoins } from "../../src/serve/io/stored-joins.ts";
import type { Look } from "../../src/serve/pages.ts";
import { storedReports } from "../../src/serve/io/serve.ts";
import { StoredReaders } from "../../src/serve/io/stored-readers.ts";
import { Audience, openAudience } from "../../src/subscribers/io/audience.ts";
import { keyringOf, mintToken } from "../../src/subscribers/tokens.ts";
import { type Engine, newPlace } from "../stores.ts";
import type { ReadersBench } from "./readers-contract.ts";

const SECRET = "only for this test";

/** The file of a store in SQLite. */
export function fileOf(place: StorePlace): string {
  if ("file" in place) return place.file;
  throw new Error("the store is no file");
}

/** The store of a door without the thread, which takes longer to start than most tests take. */
export const openDirectly: typeof openDoorStore = async (config, clock) => {
  const { store: place, slug: newsletter, secrets } = config;
  const store = await openStore(place);
  const keyring = keyringOf(secrets.secret ?? "");
  const audience = new Audience(store, { newsletter, clock, keyring });
  const reader = { store: async () => store, close: async () => undefined };
  return { reader, writer: new DirectWriter({ store, audience, clock, keyring }) };
};

/** Readers in a store of their own. */
export async function storeBench(
  engine: Engine = "sqlite",
  open: typeof openDoorStore = openDirectly,
) {
  const store = await newPlace(engine);
  const config = { store, slug: "harbour-letter", secrets: { secret: SECRET } };
  let now = Date.UTC(2026, 10, 24, 7);
  const clock = () => new Date(now);
  const audience = await openAudience(config, clock);
  const { reader, writer } = await open(config, clock);
  const list = await audience.listUid();
  const tokenIn = (list: Uint8Array, subscriberId: number) =>
    mintToken({ subscriberId, list }, keyringOf(SECRET));
  const idOf = async (address: string) => (await audience.find(address))?.id ?? -1;
  const others: Awaited<ReturnType<typeof openDoorStore>>[] = [];
  const bench: ReadersBench = {
    readers: new StoredReaders(config, { reader, writer, clock }),
    another: async () => {
      const other = await open(config, clock);
      others.push(other);
      return new StoredReaders(config, { ...other, clock });
    },
    add: async (facts) => {
      await audience.add(facts);
      return tokenIn(list, await idOf(facts.address));
    },
    remove: async (address) => void (await audience.remove(address)),
    bounce: async (address) => void (await audience.suppress(address, "bounced")),
    tokenOf: async (id) => tokenIn(list, id),
    foreignToken: async () => {
      await using other = await openAudience({ ...config, slug: "the-mudlark" }, clock);
      await other.add({ address: "mara@harbour.example", tags: [] });
      const { id = -1 } = (await other.find("mara@harbour.example")) ?? {};
      return tokenIn(await other.listUid(), id);
    },
    now: clock,
    pass: (ms) => (now += ms),
    close: async () => {
      for (const each of [{ reader, writer }, ...others]) {
        await each.writer.close();
        await each.reader.close();
      }
      await audience.close();
    },
  };
  const keyring = keyringOf(SECRET);
  const joinsWith = (look: Look) =>
    storedJoins({ newsletter: config.slug, list, reader, writer, clock, keyring, look });
  return {
    ...bench,
    joinsWith,
    reports: storedReports(writer, { softBounces: 5 }),
    audience,
    store,
    list,
    keyring,
  };
}
