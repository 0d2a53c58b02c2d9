import { pagesOnServer, parseImapUrl } from "../../delivery/io/imap-mailbox.ts";
import { HOOK_USER, keyringOf } from "../../subscribers/tokens.ts";
import path from "node:path";
import type { Config } from "../../config/config.ts";
import type { DkimKey } from "../../delivery/dkim.ts";
import { diagnoseSender } from "../diagnose-sender.ts";
import { type Diagnosis, exitFor, fromError, ok, look, toFix, unseen } from "../diagnosis.ts";
import type { Dns } from "../dns.ts";
import { openDns } from "./dns.ts";
import { systemClock } from "../../platform/clock.ts";
import { diagnoseServer } from "./diagnose-server.ts";
import { diagnoseSite } from "./diagnose-site.ts";
import { diagnoseStore } from "./diagnose-store.ts";
import { loadDkimKeys } from "../../delivery/io/load-dkim-keys.ts";
import { isLocal } from "../../delivery/io/choose-transport.ts";
import type { ErrorCode } from "../../errors.ts";
import { errnoReason, isErrno } from "../../platform/file-error.ts";
import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";

/** The findings about a newsletter, and the exit code of the worst one; 0 if nothing must be fixed. */
export interface Examination {
  readonly name: string;
  readonly diagnoses: readonly Diagnosis[];
  readonly exit: number;
}

/**
 * Examines all requirements of sending, local ones first. Without a config nothing else can be examined. DNS queries go to
 * the resolver of this machine or to the server `HOST[:PORT]`. `isLive`: the pages of the site are requested too.
 * @throws BroadsheetError USAGE for an invalid server address.
 */
export async function examine(
  load: () => Promise<Config>,
  {
    server,
    isLive = false,
  }: { readonly server?: string | undefined; readonly isLive?: boolean | undefined } = {},
): Promise<Examination> {
  const dns = openDns(server);
  try {
    const config = await load();
    const live = isLive
      ? [...(await diagnoseSite(config, systemClock)), ...(await diagnoseMailbox(config))]
      : [];
    return examination(config.name, [...(await diagnose(config, dns)), ...live]);
  } catch (error) {
    return examination("Broadsheet", [fromError("Config", error)]);
  }
}

function examination(name: string, diagnoses: readonly Diagnosis[]): Examination {
  return { name, diagnoses, exit: exitFor(diagnoses) };
}

async function diagnose(config: Config, dns: Dns): Promise<Diagnosis[]> {
  const { env } = process;
  const [files, sending] = await Promise.all([diagnoseFiles(config), examineSending(config, dns)]);
  return [
    ok("Node", process.versions.node),
    ok("Config", `${config.name}, in ${config.folder}`),
    diagnoseSecret(config),
    ...diagnoseHooks(config),
    ...files,
    ...(await diagnoseSources(config)),
    ...(await diagnoseStore(config, { clock: systemClock, env })),
    ...sending,
  ];
}

/** Examines the mail server and the DNS records of the sender. It logs in and sends nothing. */
export async function examineSending(config: Config, dns: Dns = openDns()): Promise<Diagnosis[]> {
  const [server, keys] = await Promise.all([diagnoseServer(config, systemClock), keysOf(config)]);
  const circumstances = { dns, keys: keys.usable, isLocal: isLocal(config) };
  return [...server, ...keys.faults, ...(await diagnoseSender(config, circumstances))];
}

interface Keys {
  readonly usable: readonly DkimKey[];
  readonly faults: readonly Diagnosis[];
}

/** Loads each key separately, so that a broken one does not hide the others. */
async function keysOf(config: Config): Promise<Keys> {
  const usable: DkimKey[] = [];
  const faults: Diagnosis[] = [];
  for (const setting of config.dkim) {
    try {
      usable.push(...(await loadDkimKeys({ ...config, dkim: [setting] })));
    } catch (error) {
      faults.push(fromError(`DKIM ${setting.selector}`, error));
    }
  }
  return { usable, faults };
}

/** Logs in to the mailbox for bounces without reading mail. */
async function diagnoseMailbox({ secrets }: Config): Promise<Diagnosis[]> {
  const { bouncesUrl, smtpOAuth } = secrets;
  if (bouncesUrl === undefined) return [];
  try {
    const mailbox = parseImapUrl(bouncesUrl, smtpOAuth);
    await pagesOnServer(mailbox, { isKnown: async () => true }).next();
    return [ok("Mailbox", `the login to ${mailbox.name} is accepted`)];
  } catch (error) {
    return [fromError("Mailbox", error)];
  }
}

/**
 * The addresses to enter at the providers that report events. The password is shown only here, and is valid only for these
 * reports.
 */
function diagnoseHooks({ site, serve, secrets: { secret } }: Config): Diagnosis[] {
  const { ses, postmark } = serve?.hooks ?? {};
  const ofSes = ses && ok("SES", `the topic's subscription is https to ${site}/hooks/ses`);
  if (!postmark || secret === undefined || site === undefined) return ofSes ? [ofSes] : [];
  const { protocol, host, pathname } = new URL(`${site}/hooks/postmark`);
  const { hookPassword } = keyringOf(secret).current;
  const address = `${protocol}//${HOOK_USER}:${hookPassword}@${host}${pathname}`;
  return [...(ofSes ? [ofSes] : []), ok("Postmark", `the address of its webhooks is ${address}`)];
}

/** 128 bits in base64. A shorter secret could be guessed. */
const LONG_ENOUGH = 22;
const FIX = "make one with: openssl rand -base64 32";

function diagnoseSecret({ secrets: { secret } }: Config): Diagnosis {
  if (secret === undefined) {
    const says = "BROADSHEET_SECRET is not set: no unsubscribe link can be signed";
    const fix = `${FIX}, and set it in the environment or in .env beside the config`;
    return toFix("Secret", says, { fix, code: "SECRET_MISSING" });
  }
  const isShort = secret.length < LONG_ENOUGH;
  if (isShort || new Set(secret).size < LONG_ENOUGH / 3) {
    const says = `BROADSHEET_SECRET is ${isShort ? `only ${secret.length} characters long` : "too simple"}, so it can be guessed`;
    return look(
      "Secret",
      says,
      `${FIX}; keep the old one in BROADSHEET_SECRET_OLD, so that the links in sent messages still work`,
    );
  }
  return ok("Secret", "BROADSHEET_SECRET is set and long enough");
}

/** Diagnoses whether the newsletter's files can be written, and whether only their owner can read the private ones. */
async function diagnoseFiles({ outbox, store, folder, dkim }: Config): Promise<Diagnosis[]> {
  const files = "file" in store ? [store.file] : [];
  const keys = dkim.flatMap(({ keyFile }) => keyFile ?? []);
  const stores = files.map(async (file) =>
    writable({ about: "Store", file, folder, code: "STORE_UNWRITABLE" }),
  );
  return [
    await writable({ about: "Outbox", file: outbox, folder, code: "OUTBOX_UNWRITABLE" }),
    ...(await Promise.all(stores)),
    await privacy([path.join(folder, ".env"), ...keys, ...files], folder),
    await space([outbox, ...files]),
  ];
}

/** A missing folder will be created in its nearest existing parent. */
async function nearest(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  const above = path.dirname(file);
  return found || above === file ? file : nearest(above);
}

interface Written {
  readonly about: string;
  readonly file: string;
  /** The folder of the project. */
  readonly folder: string;
  readonly code: ErrorCode;
}

async function writable({ about, file, folder, code }: Written): Promise<Diagnosis> {
  const shown = shownIn(folder, file);
  const there = await nearest(file);
  // SQLite creates files beside the store.
  const beside = there === file && code === "STORE_UNWRITABLE" ? [path.dirname(file)] : [];
  try {
    for (const one of [there, ...beside]) await access(one, constants.W_OK);
  } catch (error) {
    const key = about.toLowerCase();
    const fix = `allow your account to write it, or set \`${key}\` in the config to another path`;
    return toFix(about, `${shown} can't be written: ${errnoReason(error)}`, { fix, code });
  }
  return ok(about, there === file ? `${shown} can be written` : `${shown} can be created`);
}

const OTHERS = 0o004;
const GROUP_OR_OTHERS = 0o044;

/** Diagnoses the permissions of files with secrets or addresses. Missing files are ignored. */
async function privacy(files: readonly string[], folder: string): Promise<Diagnosis> {
  if (process.platform === "win32") return unseen("Secret files", "Windows has no file modes");
  const open: { file: string; who: string }[] = [];
  let seen = 0;
  for (const file of files) {
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) continue;
    seen += 1;
    const who = found.mode & OTHERS ? "every user of this machine" : "your group";
    if (found.mode & GROUP_OR_OTHERS) open.push({ file: shownIn(folder, file), who });
  }
  const [first] = open;
  if (first) {
    const names = open.map(({ file }) => file).join(", ");
    return look(
      "Secret files",
      `${names} can be read by ${first.who}`,
      `chmod 600 ${names.replaceAll(",", "")}`,
    );
  }
  return seen === 0
    ? unseen("Secret files", "there are none yet: no .env, no key, no store")
    : ok("Secret files", `only you can read them (${seen})`);
}

const MEGABYTE = 1024 * 1024;
const GIGABYTE = 1024 * MEGABYTE;
/** A list and an issue may need more space. SQLite also needs room for its log. */
const TOO_LITTLE = 64 * MEGABYTE;
const LITTLE = 512 * MEGABYTE;

async function space(files: readonly string[]): Promise<Diagnosis> {
  const free = await Promise.all(
    files.map(async (file) => {
      const { bavail, bsize } = await statfs(await nearest(file));
      return bavail * bsize;
    }),
  );
  const least = Math.min(...free);
  const says = `${sizeOf(least)} are free`;
  const fix = "free some disk space";
  if (least < TOO_LITTLE) return toFix("Disk", says, { fix, code: "STORE_FAILED" });
  return least < LITTLE ? look("Disk", says, fix) : ok("Disk", says);
}

/** Rounded down, because a smaller figure does no harm. */
function sizeOf(bytes: number): string {
  if (bytes < GIGABYTE) return `${Math.floor(bytes / MEGABYTE)} MB`;
  return `${Math.floor(bytes / GIGABYTE).toLocaleString("en")} GB`;
}

function shownIn(folder: string, file: string): string {
  const inside = path.relative(folder, file);
  return inside.startsWith("..") ? file : inside;
}

/** Diagnoses whether the sources of automatic issues are available. Without sources there is no finding. */
async function diagnoseSources({
  sources,
  schedule,
  content,
  folder,
}: Config): Promise<Diagnosis[]> {
  if (!schedule && sources.every(({ from }) => from === content)) return [];
  const places = sources.filter(({ from }) => !/^https?:/i.test(from)).map(({ from }) => from);
  for (const place of places) {
    const reason = await whyUnreadable(place);
    if (reason === undefined) continue;
    const shown = path.relative(folder, place) || ".";
    const fix = "create it, or change `sources` in the config";
    return [toFix("Sources", `${shown} can't be read: ${reason}`, { fix, code: "INPUT_MISSING" })];
  }
  return [ok("Sources", seen(places.length, sources.length - places.length))];
}

async function whyUnreadable(place: string): Promise<string | undefined> {
  try {
    await access(place, constants.R_OK);
    return undefined;
  } catch (error) {
    return isErrno(error, "ENOENT") ? "it does not exist" : errnoReason(error);
  }
}

function seen(local: number, onWeb: number): string {
  const files = `${local} can be read`;
  if (onWeb === 0) return files;
  const web = `${onWeb} on the web`;
  return local === 0 ? `${web}, read when an issue is built` : `${files}, ${web}`;
}
