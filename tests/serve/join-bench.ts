import { onTestFinished } from "vitest";
import { loadTemplate } from "../../src/email/io/load-template.ts";
import type { Store } from "../../src/platform/database.ts";
import { openDatabase } from "../../src/platform/sqlite/open-store.ts";
import { SqliteStore } from "../../src/platform/sqlite/sqlite-store.ts";
import { openStore, type StorePlace } from "../../src/platform/store.ts";
import {
  askToJoin,
  confirmRequest,
  findRequest,
  forgetRequests,
  joiningIn,
  weighRequests,
} from "../../src/serve/io/join-requests.ts";
import { claimMail, isMailDue, putMail, settleMail } from "../../src/serve/io/mail-queue.ts";
import { storedJoins as joinsIn } from "../../src/serve/io/stored-joins.ts";
import { StoredReaders } from "../../src/serve/io/stored-readers.ts";
import type { Look } from "../../src/serve/pages.ts";
import type { JoinRequest, Joins, Outgoing, Readers } from "../../src/serve/ports.ts";
import { Audience, openAudience } from "../../src/subscribers/io/audience.ts";
import { keyringOf } from "../../src/subscribers/tokens.ts";
import { type Engine, newPlace } from "../stores.ts";
import { openDirectly } from "./store-bench.ts";

/** What a door needs for those who join, in a store that a test may open as often as processes would. */
export interface JoinBench {
  /** The same store, as one more process sees it. */
  readonly open: () => Promise<JoinDoor>;
  readonly now: () => Date;
  readonly pass: (ms: number) => void;
}

interface StoredJoinBench extends JoinBench {
  readonly place: StorePlace;
}

export interface JoinDoor {
  readonly outgoing: Outgoing;
  readonly joins: Joins;
  readonly readers: Readers;
  /** The list itself, as the commands change it. */
  readonly audience: Audience;
}

/** A visitor's request to subscribe. */
export function requestOf(address: string, given: Partial<JoinRequest> = {}): JoinRequest {
  const page = "https://letter.example/subscribe";
  const usual = { language: "en", page, wording: "ab12", network: "192.0.2.0/24" };
  return { address, ...usual, ...given };
}

const SECRET = "a secret of the tests";
export const KEYRING = keyringOf(SECRET);

const { theme } = await loadTemplate("digest");
export const LOOK: Look = {
  site: "https://letter.example",
  hasArchive: false,
  theme,
  publication: { name: "The Tidewrack", postalAddress: "2 Sailcloth Row, Thornsea" },
};

/** A store of its own, with a clock that only a test moves. */
export async function storedJoins(engine: Engine = "sqlite"): Promise<StoredJoinBench> {
  const place = await newPlace(engine);
  const config = { store: place, slug: "tidewrack", secrets: { secret: SECRET } };
  let now = Date.UTC(2026, 10, 29, 10);
  const clock = () => new Date(now);
  return {
    place,
    now: clock,
    pass: (ms) => (now += ms),
    async open() {
      const audience = await openAudience(config, clock);
      const { reader, writer } = await openDirectly(config, clock);
      onTestFinished(async () => {
        await writer.close();
        await reader.close();
        await audience.close();
      });
      const list = await audience.listUid();
      const parts = { newsletter: config.slug, list, reader, writer, clock };
      const readers = new StoredReaders(config, { reader, writer, clock });
      return { audience, readers, ...joinsIn({ ...parts, keyring: KEYRING, look: LOOK }) };
    },
  };
}

async function openQuick(place: StorePlace): Promise<Store> {
  if ("url" in place) return openStore(place);
  const database = await openDatabase(place.file, { waitMs: 100 });
  database.exec("PRAGMA synchronous = OFF");
  return new SqliteStore(database);
}

/** The same without waiting for the disk or others: for thousands of requests. */
export async function quickJoins(engine: Engine = "sqlite"): Promise<StoredJoinBench> {
  const bench = await storedJoins(engine);
  return {
    ...bench,
    async open() {
      const { readers } = await bench.open();
      const [store, clock] = [await openQuick(bench.place), bench.now];
      const audience = new Audience(store, { newsletter: "tidewrack", clock, keyring: KEYRING });
      onTestFinished(async () => audience.close());
      const joining = await joiningIn({ store, audience, clock, keyring: KEYRING });
      return {
        audience,
        readers,
        outgoing: {
          put: async (mail) => putMail(joining, mail),
          isDue: async (joinsPerHour) => isMailDue(joining, joinsPerHour),
          claim: async (joinsPerHour) => claimMail(joining, joinsPerHour),
          settle: async (id, outcome) => settleMail(joining, id, outcome),
        },
        joins: {
          ask: async (request) => askToJoin(joining, [request]),
          weigh: async () => weighRequests(joining, LOOK),
          find: async (id) => findRequest(joining, id),
          confirm: async (id) => confirmRequest(joining, id),
          forget: async () => forgetRequests(joining),
        },
      };
    },
  };
}
