import path from "node:path";
import type { Config } from "../../config/config.ts";
import { loadTemplate } from "../../email/io/load-template.ts";
import { BroadsheetError } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { siteOf, StoredIssues } from "../../issue/io/sent-issues.ts";
import { listen, type Listener } from "../../platform/http/listener.ts";
import { limitMemory } from "../../platform/limit-memory.ts";
import { openAudience } from "../../subscribers/io/sqlite-audience.ts";
import { keyringOf } from "../../subscribers/tokens.ts";
import { clientScript } from "../../preview/io/link-client.ts";
import { doorApp } from "../door.ts";
import type { Reports } from "../ports.ts";
import type { DoorSettings } from "../request.ts";
import { SnsHost } from "./sns-host.ts";
import { startMailer } from "./mailer.ts";
import { sqliteJoins } from "./sqlite-joins.ts";
import { SqliteReaders, StoreReader } from "./sqlite-readers.ts";
import { StoreThread } from "./store-thread.ts";

/** How long answers under way may take when the server closes; less than what sends SIGKILL after ten seconds. */
const GRACE_MS = 5_000;

/** What is told of what happens. */
interface Telling {
  readonly onServed?: DoorSettings["onServed"];
  /** Told why mails can't be sent. */
  readonly onTrouble?: (trouble: unknown) => void;
}

/**
 * Serves the pages of a newsletter, and sends the mails that visitors and readers ask for there.
 * @throws BroadsheetError CONFIG_INVALID, SECRET_MISSING, STORE_*; USAGE where the port is taken.
 */
export async function serveDoor(
  config: Config,
  { onServed, onTrouble }: Telling = {},
): Promise<Listener> {
  limitMemory();
  const { site, serve, secrets, store } = config;
  if (!serve || site === undefined) throw unserved();
  const { secret, oldSecrets } = secrets;
  if (secret === undefined) throw unsigned();
  const list = await listOf(config);
  const { theme } = await loadTemplate(config.template ?? "digest", config.templates);
  const clock = systemClock;
  const reader = new StoreReader(store);
  const thread = new StoreThread(config, clock);
  const readers = new SqliteReaders(config, { reader, thread, clock });
  const keyring = keyringOf(secret, oldSecrets);
  const { language, timeZone } = config;
  const sent = config.archive && new StoredIssues(config);
  const archive = sent && { sent, site: await siteOf(config) };
  const hasArchive = archive !== undefined;
  const look = { site, hasArchive, theme, publication: publicationOf(config), language, timeZone };
  const parts = { newsletter: config.slug, list, reader, thread, clock, keyring, look };
  const { joins, outgoing } = sqliteJoins(parts);
  let onAsked: (() => void) | undefined;
  const script = clientScript("serve");
  const { trustProxy, hooks } = serve;
  const reports = storedReports(thread, config);
  const settings = { ...look, list, keyring, clock, trustProxy, script, hooks };
  const app = doorApp(
    { readers, outgoing, joins, archive, reports, sns: new SnsHost() },
    { ...settings, onAsked: () => onAsked?.(), onServed },
  );
  const fix = "give another one: broadsheet serve --port 8026";
  const { host, port } = serve;
  const listener = await listen(app, { host, port, fix, graceMs: GRACE_MS });
  const mailer = startMailer({
    outgoing,
    joins,
    settings: config,
    folder: path.join(config.outbox, config.slug, "mails"),
    joinsPerHour: serve.joinsPerHour,
    clock,
    onTrouble,
  });
  onAsked = mailer.wake;
  return {
    port: listener.port,
    async close() {
      await listener.close();
      await mailer.close();
      await thread.close();
      reader.close();
      sent?.[Symbol.dispose]();
    },
  };
}

/** Takes in what providers report, as bounces that come by mail. */
export function storedReports(
  thread: StoreThread,
  { softBounces }: Pick<Config, "softBounces">,
): Reports {
  const atMost = softBounces === false ? undefined : softBounces;
  return { take: async (report) => thread.do("report", report, atMost) };
}

/** Makes the list where there is none, and refuses a store that was restored or moved before any reader comes. */
async function listOf(config: Config): Promise<Uint8Array> {
  using audience = await openAudience(config, systemClock);
  audience.assertSameSecret();
  return audience.listUid;
}

function publicationOf({ name, tagline, postalAddress, accent, accentDark, fonts }: Config) {
  const given = { tagline, postalAddress, accent, accentDark, fonts };
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(entries), name };
}

function unserved(): BroadsheetError {
  return new BroadsheetError("CONFIG_INVALID", "the config has no server", {
    fix: "add site: https://… and serve: {} to it; docs/readers.md shows how",
  });
}

function unsigned(): BroadsheetError {
  const what = "there is no secret, and the links in every mail to a reader are signed with it";
  return new BroadsheetError("SECRET_MISSING", what, {
    fix: "set BROADSHEET_SECRET to a long random text, in the environment or in .env beside the config",
  });
}
