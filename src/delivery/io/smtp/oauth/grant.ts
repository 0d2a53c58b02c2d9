import { isLoopback } from "../../../../platform/http/trust.ts";
import { BroadsheetError } from "../../../../errors.ts";

/** What a login by XOAUTH2 takes, as it stands in the environment: a token, or what one is fetched with. */
export interface OAuthSecrets {
  readonly accessToken?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly refreshToken?: string;
  readonly tokenUrl?: string;
}

/** What access tokens are fetched with (RFC 6749 §6). */
export interface RefreshGrant {
  readonly tokenUrl: URL;
  readonly clientId: string;
  /** Absent for a client that can keep none (RFC 6749 §2.1), which must not send one. */
  readonly clientSecret?: string | undefined;
  readonly refreshToken: string;
}

/** A token that is used until it ends, or what fetches one after the other. */
export type Grant = { readonly accessToken: string } | RefreshGrant;

const NAMES = {
  accessToken: "SMTP_OAUTH_ACCESS_TOKEN",
  clientId: "SMTP_OAUTH_CLIENT_ID",
  clientSecret: "SMTP_OAUTH_CLIENT_SECRET",
  refreshToken: "SMTP_OAUTH_REFRESH_TOKEN",
  tokenUrl: "SMTP_OAUTH_TOKEN_URL",
} as const satisfies Record<keyof OAuthSecrets, string>;

/** Each with the page of the one who gives the tokens. */
const TOKEN_URLS =
  // developers.google.com/identity/protocols/oauth2/web-server#offline
  "https://oauth2.googleapis.com/token for Google, " +
  // learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#refresh-the-access-token
  "https://login.microsoftonline.com/TENANT/oauth2/v2.0/token for Microsoft";

/**
 * The grant that the environment holds.
 * @throws BroadsheetError CONFIG_INVALID, which never repeats a value: it may stand under the wrong name.
 */
export function grantFrom(secrets: OAuthSecrets): Grant {
  for (const [key, value] of Object.entries(secrets)) {
    if (!/^[\x21-\x7e]+$/.test(value))
      throw invalid(nameOf(key), "has a blank or a letter beyond ASCII in it");
  }
  const { accessToken, clientId, clientSecret, refreshToken, tokenUrl } = secrets;
  if (accessToken !== undefined) {
    if (refreshToken === undefined) return { accessToken };
    const what = `is set, and ${NAMES.refreshToken} too`;
    throw invalid(NAMES.accessToken, what, "remove it: tokens are fetched with the other");
  }
  if (clientId === undefined) throw missing(NAMES.clientId);
  if (refreshToken === undefined) throw missing(NAMES.refreshToken);
  if (tokenUrl === undefined) throw missing(NAMES.tokenUrl);
  return { tokenUrl: addressOf(tokenUrl), clientId, clientSecret, refreshToken };
}

/** What is posted there are secrets, so in clear only to this machine. */
function addressOf(text: string): URL {
  const url = URL.parse(text);
  const isLocal = url?.protocol === "http:" && isLoopback(url.hostname.replace(/^\[|\]$/g, ""));
  if (!url || (url.protocol !== "https:" && !isLocal)) {
    throw invalid(NAMES.tokenUrl, "is not an https address", `write ${TOKEN_URLS}`);
  }
  if (url.username || url.password || url.hash) {
    throw invalid(NAMES.tokenUrl, "holds more than an address", `write ${TOKEN_URLS}`);
  }
  return url;
}

function nameOf(key: string): string {
  return Object.entries(NAMES).find(([known]) => known === key)?.[1] ?? key;
}

function missing(name: string): BroadsheetError {
  const what = "is not set, and SMTP_URL has a user without a password";
  const value = name === NAMES.tokenUrl ? `: ${TOKEN_URLS}` : "";
  const fix = `set it, in the environment or in .env beside the config${value}`;
  return invalid(name, what, fix);
}

function invalid(name: string, fault: string, fix = "copy it again, whole"): BroadsheetError {
  return new BroadsheetError("CONFIG_INVALID", `${name} ${fault}`, { fix });
}
