import path from "node:path";
import type * as z from "zod";
import type { DkimSetting } from "../delivery/dkim.ts";
import type { Environment } from "../platform/environment.ts";
import { type Audience, audienceOf } from "../check/support/audience.ts";
import { expectation, invalidConfig } from "./complaint.ts";
import { type ModelSettings, modelKeysOf } from "../summary/model/model-settings.ts";
import { KEYS, settings } from "./settings.ts";
import { type Source, sourcesOf } from "./sources.ts";
import type { UserConfig } from "./user-config.ts";
import { slugify } from "./values.ts";
import { domainOf, type Recipient } from "../subscribers/recipient.ts";
import type { Order } from "../digest/arrange/arrange-stories.ts";
import type { Grouping } from "../digest/arrange/sections.ts";
import type { Parts } from "../digest/parts.ts";
import type { Publication } from "../digest/publication.ts";
import type { OAuthSecrets } from "../delivery/io/smtp/access-tokens.ts";

/** When issues are due. */
export interface Schedule {
  readonly cron: string;
  readonly zone: string;
  readonly catchUp: "skip" | "once" | "merge";
  readonly maxLate: number;
  readonly approval: "auto" | "manual";
  /** There where approval is manual. */
  readonly notify?: Recipient;
}

/** The config with every default filled in. Folders are absolute. */
export interface Config {
  readonly name: string;
  readonly slug: string;
  readonly tagline?: string;
  readonly language?: string;
  readonly timeZone: string;
  readonly from: Recipient;
  readonly replyTo?: Recipient;
  readonly postalAddress?: string;
  readonly reason?: string;
  readonly urls: {
    readonly web?: string;
    readonly unsubscribe?: string;
    readonly archive?: string;
  };
  readonly unsubscribeMailto?: string;
  readonly bounce?: Recipient;
  readonly softBounces: number | false;
  readonly dkim: readonly DkimSetting[];
  /** `baseUrl` ends in a slash. */
  readonly images: { readonly copy: boolean; readonly baseUrl?: string };
  readonly number?: number;
  readonly template?: string;
  readonly parts?: Parts;
  readonly merge: boolean;
  readonly order?: Order;
  readonly pins: readonly string[];
  readonly sections: Grouping;
  /** As it is written; a file is relative to `folder`. */
  readonly logo?: {
    readonly src: string;
    readonly dark?: string;
    readonly alt?: string;
    readonly width?: number;
  };
  readonly summary?: ModelSettings;
  readonly accent?: string;
  readonly accentDark?: string;
  readonly fonts?: NonNullable<Publication["fonts"]>;
  readonly footer?: NonNullable<Publication["footer"]>;
  /** The folder of the project: where the config lies, or would. */
  readonly folder: string;
  readonly follow: boolean;
  /** `zone` and `maxLate`, in milliseconds, filled in. */
  readonly schedule?: Schedule;
  /** For how long after its sending began an issue is worth sending, in milliseconds. */
  readonly expires: number;
  /** The content folder alone where the config names none. */
  readonly sources: readonly Source[];
  /** How many stories an issue has at least, and at most. */
  readonly minItems: number;
  readonly maxItems?: number;
  /** How far back before the last issue what has a date may be new, in milliseconds. */
  readonly window?: number;
  /** What becomes of an article that was in an issue and says something else now. */
  readonly edited: "ignore" | "again";
  readonly content: string;
  readonly outbox: string;
  readonly templates: string;
  readonly store: string;
  readonly audience?: Audience;
  readonly transport: "smtp" | "sendmail" | "outbox";
  /** Absolute. */
  readonly sendmail: string;
  readonly testSubject?: string;
  readonly smtp: {
    readonly requireTls: boolean;
    readonly concurrency: number;
    readonly rate?: number;
    readonly perDomain: { readonly concurrency?: number; readonly rate?: number };
  };
  /** From the environment only. */
  readonly secrets: Secrets;
}

/** Sends nothing to anybody: `send` refuses it except to a server on this machine (RFC 2606 §3). */
const DEFAULT_ADDRESS = "newsletter@example.org";

/** Fails to compile where the settings and what users are told of them part ways. */
const schema: z.ZodType<z.output<typeof settings>, UserConfig> = settings;

/**
 * The config that `raw` and the environment give together, defaults filled in.
 *
 * `file`, an absolute path, is where it was read from or would be: folders are relative to its folder.
 * `text` is what the file holds, for the lines of the problems.
 * @throws BroadsheetError CONFIG_INVALID, which lists every problem.
 */
export function parseConfig(raw: unknown, env: Environment, file: string, text = ""): Config {
  const parsed = schema.safeParse(raw, { error: expectation });
  if (!parsed.success) throw invalidConfig(parsed.error.issues, KEYS, { file, text });
  const { unsubscribeMailto, schedule, audience, ...given } = parsed.data;
  const folder = path.dirname(file);
  const from = { name: given.name, ...(given.from ?? { address: DEFAULT_ADDRESS }) };
  return {
    ...given,
    slug: given.slug ?? (slugify(given.name) || "newsletter"),
    from,
    ...(schedule && { schedule: { ...schedule, zone: schedule.zone ?? given.timeZone } }),
    ...(unsubscribeMailto && { unsubscribeMailto: unsubscribeMailto.address }),
    dkim: given.dkim.map(({ selector, domain = domainOf(from.address), keyFile }) => ({
      selector,
      domain,
      ...(keyFile && { keyFile: path.resolve(folder, keyFile) }),
    })),
    ...(audience && { audience: audienceOf(audience) }),
    ...sourcesOf(given, folder),
    folder,
    content: path.resolve(folder, given.content),
    outbox: path.resolve(folder, env["BROADSHEET_OUTBOX"] || given.outbox),
    templates: path.resolve(folder, given.templates),
    store: path.resolve(folder, given.store),
    sendmail: path.resolve(folder, given.sendmail),
    secrets: {
      ...(schedule?.ping && { pingUrl: schedule.ping }),
      ...secretsFrom(env, given.summary),
    },
  };
}

/** From the environment only: a config never holds one. */
interface Secrets {
  readonly smtpUrl?: string;
  /** For a user in `smtpUrl` without a password; absent where none of it is set. */
  readonly smtpOAuth?: OAuthSecrets;
  readonly secret?: string;
  /** PEM */
  readonly dkimKey?: string;
  /** Those that `secret` took the place of: what they have signed stays valid. */
  readonly oldSecrets?: readonly string[];
  /** For the provider that `summary` names, and no other. */
  readonly modelKey?: string;
  /** Who knows it can say that all is well. */
  readonly pingUrl?: string;
}

/** What the environment holds for a config, and for the model that it names. */
function secretsFrom(env: Environment, model: ModelSettings | undefined): Secrets {
  const smtpUrl = env["SMTP_URL"];
  const smtpOAuth = oauthFrom(env);
  const secret = env["BROADSHEET_SECRET"];
  // One line of a file of settings can hold a key whose line ends are written as `\n`.
  const dkimKey = env["BROADSHEET_DKIM_KEY"]?.replaceAll("\\n", "\n");
  // A secret may hold any sign, so that none could part two of them: each has a variable of its own.
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
