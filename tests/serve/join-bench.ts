import path from "node:path";
import { onTestFinished } from "vitest";
import { loadTemplate } from "../../src/email/io/load-template.ts";
import { openStore } from "../../src/platform/sqlite/open-store.ts";
import { Watermarks } from "../../src/platform/sqlite/watermarks.ts";
import {
  askToJoin,
  confirmRequest,
  findRequest,
  forgetRequests,
  joiningIn,
  weighRequests,
} from "../../src/serve/io/join-requests.ts";
import { claimMail, isMailDue, putMail, settleMail } from "../../src/serve/io/mail-queue.ts";
import { sqliteJoins as joinsIn } from "../../src/serve/io/sqlite-joins.ts";
import { SqliteReaders, StoreReader } from "../../src/serve/io/sqlite-readers.ts";
import { StoreThread } from "../../src/serve/io/store-thread.ts";
import type { Look } from "../../src/serve/pages.ts";
import type { Joins, Outgoing, Readers } from "../../src/serve/ports.ts";
import { openAudience, SqliteAudience } from "../../src/subscribers/io/sqlite-audience.ts";
import { keyringOf } from "../../src/subscribers/tokens.ts";
import { newFolder } from "../temporary.ts";

/** What a door needs for those who join, in a store that a test may open as often as processes would. */
export interface JoinBench {
  /** The same store, as one more process sees it. */
  readonly open: () => Promise<JoinDoor>;
  readonly now: () => Date;
  readonly pass: (ms: number) => void;
}

export interface JoinDoor {
  readonly outgoing: Outgoing;
  readonly joins: Joins;
  readonly readers: Readers;
  /** The list itself, as the commands change it. */
  readonly audience: SqliteAudience;
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

/** A store in a file of its own, with a clock that only a test moves. It is written to as the server does: in a thread. */
export async function sqliteJoins(): Promise<JoinBench & { readonly file: string }> {
  const file = path.join(await newFolder(), "broadsheet.db");
  const config = { store: file, slug: "tidewrack", secrets: { secret: SECRET } };
  let now = Date.UTC(2026, 10, 29, 10);
  const clock = () => new Date(now);
  return {
    file,
    now: clock,
    pass: (ms) => (now += ms),
    async open() {
      const audience = await openAudience(config, clock);
      const [reader, thread] = [new StoreReader(file), new StoreThread(config, clock)];
      onTestFinished(async () => {
        await thread.close();
        reader.close();
        audience.close();
      });
      const parts = { newsletter: config.slug, list: audience.listUid, reader, thread, clock };
      const readers = new SqliteReaders(config, { reader, thread, clock });
      return { audience, readers, ...joinsIn({ ...parts, keyring: KEYRING, look: LOOK }) };
    },
  };
}

/** The same without the thread, and without waiting for the disk or others: for thousands of requests. */
export async function quickJoins(): Promise<JoinBench & { readonly file: string }> {
  const bench = await sqliteJoins();
  return {
    ...bench,
    async open() {
      const { readers } = await bench.open();
      const [database, clock] = [await openStore(bench.file, { waitMs: 100 }), bench.now];
      database.exec("PRAGMA synchronous = OFF");
      const options = { newsletter: "tidewrack", clock, keyring: KEYRING };
      const audience = new SqliteAudience(database, options);
      const marks = new Watermarks(database);
      onTestFinished(() => {
        marks.close();
        audience.close();
      });
      const joining = joiningIn({ database, audience, clock, keyring: KEYRING, marks });
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
