import path from "node:path";
import type { Config } from "../../config/config.ts";
import { loadTemplate } from "../../email/io/load-template.ts";
import { BroadsheetError } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { siteOf, StoredIssues } from "../../issue/io/sent-issues.ts";
import { listen, type Listener } from "../../platform/http/listener.ts";
import { limitMemory } from "../../platform/limit-memory.ts";
import { openAudience } from "../../subscribers/io/audience.ts";
import { keyringOf } from "../../subscribers/tokens.ts";
import { browserCode } from "../../platform/browser-code.ts";
import { doorApp } from "../door-app.ts";
import type { Reports } from "../ports.ts";
import type { DoorSettings } from "../request.ts";
import { SnsHost } from "./sns-host.ts";
import { startMailer } from "./mailer.ts";
import { openDoorStore } from "./door-store.ts";
import type { StoreWriter } from "./store-calls.ts";
import { storedJoins } from "./stored-joins.ts";
import { StoredReaders } from "./stored-readers.ts";

/** The time for open answers when the server closes. It is shorter than the ten seconds after which supervisors kill. */
const GRACE_MS = 5_000;

interface Telling {
  readonly onServed?: DoorSettings["onServed"];
  /** Called with the reason why mails can't be sent. */
  readonly onTrouble?: (trouble: unknown) => void;
}

/**
 * Serves the pages of a newsletter, and sends the mails that visitors and readers ask for there.
 * @throws BroadsheetError CONFIG_INVALID, SECRET_MISSING, STORE_*; USAGE if the port is in use.
 */
export async function serveDoor(
  config: Config,
  { onServed, onTrouble }: Telling = {},
): Promise<Listener> {
  limitMemory();
  const { site, serve, secrets } = config;
  if (!serve || site === undefined)
    throw new BroadsheetError("CONFIG_INVALID", "the config has no server", {
      fix: "add site: https://… and serve: {} to it; docs/readers.md shows how",
    });
  const { secret, oldSecrets } = secrets;
  if (secret === undefined) throw unsigned();
  const list = await listOf(config);
  const { theme } = await loadTemplate(config.template ?? "digest", config.templates);
  const clock = systemClock;
  const { reader, writer } = await openDoorStore(config, clock);
  const readers = new StoredReaders(config, { reader, writer, clock });
  const keyring = keyringOf(secret, oldSecrets);
  const { language, timeZone } = config;
  const sent = config.archive && (await StoredIssues.open(config));
  const archive = sent && { sent, site: await siteOf(config) };
  const hasArchive = archive !== undefined;
  const look = { site, hasArchive, theme, publication: publicationOf(config), language, timeZone };
  const parts = { newsletter: config.slug, list, reader, writer, clock, keyring, look };
  const { joins, outgoing } = storedJoins(parts);
  let onAsked: (() => void) | undefined;
  const script = browserCode("serve/client.js");
  const { trustProxy, hooks } = serve;
  const reports = storedReports(writer, config);
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
      await writer.close();
      await reader.close();
      await sent?.[Symbol.asyncDispose]();
    },
  };
}

/** Processes the reports of providers like bounces by mail. */
export function storedReports(
  writer: StoreWriter,
  { softBounces }: Pick<Config, "softBounces">,
): Reports {
  const atMost = softBounces === false ? undefined : softBounces;
  return { take: async (report) => writer.do("report", report, atMost) };
}

/** Makes the list if there is none. Refuses a restored or moved store before any reader comes. */
async function listOf(config: Config): Promise<Uint8Array> {
  await using audience = await openAudience(config, systemClock);
  await audience.assertSameSecret();
  return await audience.listUid();
}

function publicationOf({ name, tagline, postalAddress, accent, accentDark, fonts }: Config) {
  const given = { tagline, postalAddress, accent, accentDark, fonts };
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(entries), name };
}

function unsigned(): BroadsheetError {
  const what = "there is no secret, and the links in every mail to a reader are signed with it";
  return new BroadsheetError("SECRET_MISSING", what, {
    fix: "set BROADSHEET_SECRET to a long random text, in the environment or in .env beside the config",
  });
}
