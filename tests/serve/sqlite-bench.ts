import path from "node:path";
import { sqliteJoins } from "../../src/serve/io/sqlite-joins.ts";
import type { Look } from "../../src/serve/pages.ts";
import { storedReports } from "../../src/serve/io/serve.ts";
import { SqliteReaders, StoreReader } from "../../src/serve/io/sqlite-readers.ts";
import { StoreThread } from "../../src/serve/io/store-thread.ts";
import { openAudience } from "../../src/subscribers/io/sqlite-audience.ts";
import { keyringOf, mintToken } from "../../src/subscribers/tokens.ts";
import { newFolder } from "../temporary.ts";
import type { ReadersBench } from "./readers-contract.ts";

const SECRET = "only for this test";

/** Readers in a store of their own. */
export async function sqliteBench() {
  const store = path.join(await newFolder(), "list.db");
  const config = { store, slug: "harbour-letter", secrets: { secret: SECRET } };
  let now = Date.UTC(2026, 10, 24, 7);
  const clock = () => new Date(now);
  const reader = new StoreReader(store);
  const thread = new StoreThread(config, clock);
  const audience = await openAudience(config, clock);
  const tokenIn = (list: Uint8Array, subscriberId: number) =>
    mintToken({ subscriberId, list }, keyringOf(SECRET));
  const others: StoreReader[] = [];
  const bench: ReadersBench = {
    readers: new SqliteReaders(config, { reader, thread, clock }),
    another: async () => {
      const other = new StoreReader(store);
      others.push(other);
      return new SqliteReaders(config, { reader: other, thread, clock });
    },
    add: async (facts) => {
      audience.add(facts);
      return tokenIn(audience.listUid, audience.find(facts.address)?.id ?? -1);
    },
    remove: async (address) => void audience.remove(address),
    bounce: async (address) => void audience.suppress(address, "bounced"),
    tokenOf: async (id) => tokenIn(audience.listUid, id),
    foreignToken: async () => {
      const other = await openAudience({ ...config, slug: "the-mudlark" }, clock);
      other.add({ address: "mara@harbour.example", tags: [] });
      const token = tokenIn(other.listUid, other.find("mara@harbour.example")?.id ?? -1);
      other.close();
      return token;
    },
    now: clock,
    pass: (ms) => (now += ms),
    close: async () => {
      await thread.close();
      audience.close();
      for (const each of [reader, ...others]) each.close();
    },
  };
  const joinsWith = (look: Look) => {
    const [list, keyring] = [audience.listUid, keyringOf(SECRET)];
    return sqliteJoins({ newsletter: config.slug, list, reader, thread, clock, keyring, look });
  };
  return {
    ...bench,
    joinsWith,
    reports: storedReports(thread, { softBounces: 5 }),
    audience,
    store,
    list: audience.listUid,
    keyring: keyringOf(SECRET),
  };
}
