import type { Environment } from "../platform/environment.ts";
import type { OAuthSecrets } from "../delivery/io/smtp/oauth/grant.ts";
import { modelKeysOf, type ModelSettings } from "../summary/model/model-settings.ts";

/** From the environment only: a config never holds one. */
export interface Secrets {
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
export function secretsFrom(env: Environment, model: ModelSettings | undefined): Secrets {
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
