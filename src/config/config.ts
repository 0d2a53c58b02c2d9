import path from "node:path";
import * as z from "zod";
import { type Audience, audienceOf, checkSettings } from "../check/settings.ts";
import { deliverySettings, type DkimSetting, type OAuthSecrets } from "../delivery/settings.ts";
import { digestSettings } from "../digest/settings.ts";
import { emailSettings } from "../email/settings.ts";
import { BroadsheetError } from "../errors.ts";
import type { Environment } from "../platform/environment.ts";
import type { DatabasePlace, StorePlace } from "../platform/store.ts";
import { domainOf, type Recipient } from "../subscribers/recipient.ts";
import { subscriberSettings } from "../subscribers/settings.ts";
import { type ModelSettings, modelKeysOf, summarySettings } from "../summary/settings.ts";
import { expectation, inScript, invalidConfig, type Written } from "./invalid-config.ts";
import { issueSettings, newsletterSettings, slugify, scheduleSettings } from "./newsletter.ts";
import { siteComplaint, siteless, siteSettings, urlsOfSite } from "./site.ts";
import { type Source, sourceSettings, sourcesOf } from "./sources.ts";

/** The schema of a config: the keys that each room declares, and no others. */
export const settings = z
  .strictObject({
    ...newsletterSettings,
    ...siteSettings,
    ...sourceSettings,
    ...digestSettings,
    ...summarySettings,
    ...emailSettings,
    ...issueSettings,
    ...deliverySettings,
    ...subscriberSettings,
    ...scheduleSettings,
    ...checkSettings,
  })
  .refine(({ minItems, maxItems = minItems }) => minItems <= maxItems, {
    path: ["minItems"],
    message: "is more than maxItems, so no issue could have enough stories",
    params: { fix: "make it smaller, or maxItems larger" },
  })
  .superRefine((given, context) => {
    const key = siteless(given);
    if (key === undefined) return;
    const message = "needs the address of the newsletter's pages, and the config has no site";
    const params = { fix: 'add it, such as site: "https://letter.example"' };
    context.addIssue({ code: "custom", path: [key], message, params });
  });

type Settings = z.output<typeof settings>;

/** The times at which issues are due. `maxLate` is in milliseconds; `notify` is set if approval is manual. */
export type Schedule = Readonly<NonNullable<Settings["schedule"]>> & { readonly zone: string };

/**
 * The config with all defaults. Folders are absolute and times in milliseconds. `logo` is as written, with files relative to
 * `folder`. `images.baseUrl` ends in a slash.
 */
export interface Config extends Readonly<Omit<Settings, keyof Resolved>>, Resolved {}

/** Values that follow from several settings, or from the location of the config. */
interface Resolved {
  readonly slug: string;
  /** The file that the config names, or the database that DATABASE_URL names. */
  readonly store: StorePlace;
  /** The database that keeps the issues for all machines. Absent if only the outbox has them. */
  readonly issuesIn?: DatabasePlace;
  readonly from: Recipient;
  readonly dkim: readonly DkimSetting[];
  /** The folder of the project: the location of the config, or of a future one. */
  readonly folder: string;
  readonly schedule?: Schedule;
  /** The content folder alone if the config names none. */
  readonly sources: readonly Source[];
  readonly audience?: Audience;
  /** The addresses in the config. Missing ones follow from `site`. */
  readonly urls: Settings["urls"] & { readonly preferences?: string };
  /** The secrets, which come only from the environment. */
  readonly secrets: Secrets;
}

/** An example address (RFC 2606 §3). Nothing is sent from it to a list, except by a server on this machine. */
const DEFAULT_ADDRESS = "newsletter@example.org";

/**
 * Parses a config and the environment, and adds the defaults.
 *
 * `file`, an absolute path, is the current or future location of the config: folders are relative to its folder. `written`
 * finds the lines of problems.
 * @throws BroadsheetError CONFIG_INVALID, which lists every problem.
 */
export function parseConfig(
  raw: unknown,
  env: Environment,
  file: string,
  written?: Written,
): Config {
  const parsed = settings.safeParse(withSite(raw, env), { error: expectation });
  if (!parsed.success)
    throw invalidConfig(parsed.error.issues, settings, {
      file,
      ...(written ?? inScript("")),
    });
  const { schedule, audience, ...given } = parsed.data;
  const folder = path.dirname(file);
  const store = storeFrom(env, path.resolve(folder, given.store));
  const from = { name: given.name, ...(given.from ?? { address: DEFAULT_ADDRESS }) };
  return {
    ...given,
    slug: given.slug ?? (slugify(given.name) || "newsletter"),
    from,
    ...(schedule && { schedule: { ...schedule, zone: schedule.zone ?? given.timeZone } }),
    dkim: given.dkim.map(({ selector, domain = domainOf(from.address), keyFile }) => ({
      selector,
      domain,
      ...(keyFile && { keyFile: path.resolve(folder, keyFile) }),
    })),
    ...(audience && { audience: audienceOf(audience) }),
    urls: { ...urlsOfSite(given), ...given.urls },
    modules: { ...(given.serve && { subscribe: `${given.site}/subscribe` }), ...given.modules },
    ...(given.archive && { archive: { dir: path.resolve(folder, given.archive.dir) } }),
    ...sourcesOf(given, folder),
    folder,
    content: path.resolve(folder, given.content),
    outbox: path.resolve(folder, env["BROADSHEET_OUTBOX"] || given.outbox),
    templates: path.resolve(folder, given.templates),
    store,
    ...("url" in store && { issuesIn: store }),
    sendmail: path.resolve(folder, given.sendmail),
    bounces: given.bounces.map((place) => path.resolve(folder, place)),
    secrets: {
      ...(schedule?.ping && { pingUrl: schedule.ping }),
      ...secretsFrom(env, given.summary),
    },
  };
}

/**
 * DATABASE_URL moves all state to a PostgreSQL database.
 * @throws BroadsheetError CONFIG_INVALID for another URL. The message shows only its scheme, because the URL may contain a
 * password.
 */
function storeFrom(env: Environment, file: string): StorePlace {
  const url = env["DATABASE_URL"]?.trim();
  if (!url) return { file };
  const { protocol, host, pathname } = URL.parse(url) ?? {};
  if (/^postgres(?:ql)?:$/.test(protocol ?? "") && host && pathname?.slice(1))
    return { url, beside: file };
  const what = protocol
    ? `is a URL of ${protocol} that names no database of PostgreSQL`
    : "is not a URL";
  throw new BroadsheetError("CONFIG_INVALID", `DATABASE_URL ${what}`, {
    fix: "write it as postgres://user:password@host/database, in the password @ as %40, / as %2F and # as %23; or leave DATABASE_URL empty to keep the store in a file",
  });
}

/**
 * BROADSHEET_SITE overrides the `site` of a config.
 * @throws BroadsheetError CONFIG_INVALID.
 */
function withSite(raw: unknown, env: Environment): unknown {
  const site = env["BROADSHEET_SITE"]?.trim();
  if (!site || typeof raw !== "object" || raw === null) return raw;
  const [says, fix] = siteComplaint(site) ?? [];
  if (says) throw new BroadsheetError("CONFIG_INVALID", `BROADSHEET_SITE ${says}`, { fix });
  return { ...raw, site };
}

/** Secrets come only from the environment, never from a config. */
interface Secrets {
  readonly smtpUrl?: string;
  /** The mailbox for mail to the `bounce` address. */
  readonly bouncesUrl?: string;
  /** The OAuth secrets of a user in `smtpUrl` or `bouncesUrl` without a password; absent if none is set. */
  readonly smtpOAuth?: OAuthSecrets;
  readonly secret?: string;
  /** In PEM format. */
  readonly dkimKey?: string;
  /** Earlier values of `secret`. Their signatures stay valid. */
  readonly oldSecrets?: readonly string[];
  /** The key for the provider that `summary` names, and for no other provider. */
  readonly modelKey?: string;
  /** The address that a run calls to report that it succeeded. */
  readonly pingUrl?: string;
}

/** Reads the secrets for a config, and for the model that it names, from the environment. */
function secretsFrom(env: Environment, model: ModelSettings | undefined): Secrets {
  const smtpUrl = env["SMTP_URL"];
  const bouncesUrl = env["BOUNCES_URL"]?.trim();
  const smtpOAuth = oauthFrom(env);
  const secret = env["BROADSHEET_SECRET"];
  // An env file has each key on one line, with line breaks written as `\n`.
  const dkimKey = env["BROADSHEET_DKIM_KEY"]?.replaceAll("\\n", "\n");
  // A secret may contain any character, so no separator is possible. Each has a variable of its own.
  const oldSecrets = Object.entries(env)
    .filter(([name, value]) => name.startsWith("BROADSHEET_SECRET_OLD") && value)
    .flatMap(([, value]) => value ?? []);
  const pingUrl = env["BROADSHEET_PING_URL"]?.trim();
  const modelKey =
    model &&
    modelKeysOf(model.provider)
      .map((name) => env[name]?.trim())
      .find(Boolean);
  return {
    ...(smtpUrl && { smtpUrl }),
    ...(bouncesUrl && { bouncesUrl }),
    ...(Object.keys(smtpOAuth).length > 0 && { smtpOAuth }),
    ...(secret && { secret }),
    ...(modelKey && { modelKey }),
    ...(pingUrl && { pingUrl }),
    ...(dkimKey && { dkimKey }),
    ...(oldSecrets.length > 0 && { oldSecrets }),
  };
}

function oauthFrom(env: Environment): OAuthSecrets {
  const accessToken = env["SMTP_OAUTH_ACCESS_TOKEN"]?.trim();
  const clientId = env["SMTP_OAUTH_CLIENT_ID"]?.trim();
  const clientSecret = env["SMTP_OAUTH_CLIENT_SECRET"]?.trim();
  const refreshToken = env["SMTP_OAUTH_REFRESH_TOKEN"]?.trim();
  const tokenUrl = env["SMTP_OAUTH_TOKEN_URL"]?.trim();
  return {
    ...(accessToken && { accessToken }),
    ...(clientId && { clientId }),
    ...(clientSecret && { clientSecret }),
    ...(refreshToken && { refreshToken }),
    ...(tokenUrl && { tokenUrl }),
  };
}
