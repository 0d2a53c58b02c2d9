import * as z from "zod";
import { systemClock } from "../../../platform/clock.ts";
import { boundedFetch } from "../../../platform/http/bounded-fetch.ts";
import { DeliveryError } from "../../transport.ts";
import type { OAuthSecrets } from "../../settings.ts";
import { type ErrorCode, BroadsheetError } from "../../../errors.ts";
import { struckOut, isTlsFailure, reasonOf } from "./smtp-failure.ts";
import { isOnThisMachine } from "../../../platform/http/web-address.ts";
import { parseJson } from "../../../platform/attempt.ts";

/** The values that fetch an access token (RFC 6749 §6). */
interface RefreshGrant {
  readonly tokenUrl: URL;
  readonly clientId: string;
  /** Absent for a public client, which must not send one (RFC 6749 §2.1). */
  readonly clientSecret?: string | undefined;
  readonly refreshToken: string;
}

/** A single token that is used until it expires, or a grant that fetches new ones. */
type Grant = { readonly accessToken: string } | RefreshGrant;

const NAMES = {
  accessToken: "SMTP_OAUTH_ACCESS_TOKEN",
  clientId: "SMTP_OAUTH_CLIENT_ID",
  clientSecret: "SMTP_OAUTH_CLIENT_SECRET",
  refreshToken: "SMTP_OAUTH_REFRESH_TOKEN",
  tokenUrl: "SMTP_OAUTH_TOKEN_URL",
} as const satisfies Record<keyof OAuthSecrets, string>;

/** The token endpoints of Google and Microsoft, each with the page that documents it. */
const TOKEN_URLS =
  // developers.google.com/identity/protocols/oauth2/web-server#offline
  "https://oauth2.googleapis.com/token for Google, " +
  // learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#refresh-the-access-token
  "https://login.microsoftonline.com/TENANT/oauth2/v2.0/token for Microsoft";

/**
 * The grant in the environment.
 * @throws BroadsheetError CONFIG_INVALID. It never repeats a value, because a secret may be under the wrong name.
 */
export function grantFrom(secrets: OAuthSecrets): Grant {
  for (const [key, value] of Object.entries(secrets)) {
    if (!/^[\x21-\x7e]+$/.test(value))
      throw invalid(nameOf(key), "contains a blank or a character outside ASCII");
  }
  const { accessToken, clientId, clientSecret, refreshToken, tokenUrl } = secrets;
  if (accessToken !== undefined) {
    if (refreshToken === undefined) return { accessToken };
    const what = `is set, and so is ${NAMES.refreshToken}`;
    throw invalid(NAMES.accessToken, what, "remove it: the refresh token fetches new tokens");
  }
  if (clientId === undefined) throw missing(NAMES.clientId);
  if (refreshToken === undefined) throw missing(NAMES.refreshToken);
  if (tokenUrl === undefined) throw missing(NAMES.tokenUrl);
  return { tokenUrl: addressOf(tokenUrl), clientId, clientSecret, refreshToken };
}

/** Secrets are sent to this address, so http is only allowed on this machine. */
function addressOf(text: string): URL {
  const url = URL.parse(text);
  const isLocal = url?.protocol === "http:" && isOnThisMachine(url);
  if (!url || (url.protocol !== "https:" && !isLocal)) {
    throw invalid(NAMES.tokenUrl, "is not an https address", `write ${TOKEN_URLS}`);
  }
  if (url.username || url.password || url.hash) {
    throw invalid(NAMES.tokenUrl, "contains more than an address", `write ${TOKEN_URLS}`);
  }
  return url;
}

function nameOf(key: string): string {
  return Object.entries(NAMES).find(([own]) => own === key)?.[1] ?? key;
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

/** A token is renewed this long before it expires, so that the login still succeeds. */
const MARGIN_MS = 60_000;

/**
 * The access tokens of a mailbox, for all connections of a transport. One is fetched for the first login, and another after
 * it has expired. Open connections stay open then, because a token is only needed for the login.
 */
export class AccessTokens {
  #grant: Grant;
  #token: string | undefined;
  #renewAt = -Infinity;
  /** Whether a server has accepted the token before. If a server refuses it later, it may have expired. */
  #wasTaken = false;
  #fetching: Promise<string> | undefined;
  readonly #secrets: Set<string>;

  constructor(grant: Grant) {
    this.#grant = grant;
    this.#secrets = new Set(secretsOf(grant));
  }

  /** The host that issues the tokens. Undefined for a single token. */
  get host(): string | undefined {
    return "tokenUrl" in this.#grant ? this.#grant.tokenUrl.host : undefined;
  }

  /** All values that must not be shown. */
  get secrets(): readonly string[] {
    return [...this.#secrets];
  }

  /**
   * The token for a login now.
   * @throws DeliveryError SMTP_AUTH, SMTP_UNREACHABLE or SMTP_TLS if it can't be fetched.
   */
  async current(timeoutMs: number): Promise<string> {
    if ("accessToken" in this.#grant) return this.#grant.accessToken;
    if (this.#token !== undefined && this.#renewAt > systemClock().getTime()) return this.#token;
    this.#fetching ??= this.#fetch(this.#grant, timeoutMs).finally(
      () => (this.#fetching = undefined),
    );
    return this.#fetching;
  }

  /** Records that a server has accepted the token. */
  taken(token: string): void {
    if (token === this.#token) this.#wasTaken = true;
  }

  /** A new token after a server refused one. Undefined if a new one would be refused too. */
  async after(refused: string, timeoutMs: number): Promise<string | undefined> {
    if ("accessToken" in this.#grant) return undefined;
    if (refused === this.#token) {
      if (!this.#wasTaken) return undefined;
      this.#token = undefined;
    }
    return this.current(timeoutMs);
  }

  async #fetch(grant: RefreshGrant, timeoutMs: number): Promise<string> {
    const { accessToken, lifeMs, refreshToken } = await requestToken(grant, timeoutMs);
    this.#secrets.add(accessToken);
    if (refreshToken !== undefined) {
      this.#secrets.add(refreshToken);
      this.#grant = { ...grant, refreshToken };
    }
    this.#token = accessToken;
    this.#wasTaken = false;
    this.#renewAt = systemClock().getTime() + lifeMs - MARGIN_MS;
    return accessToken;
  }
}

function secretsOf(grant: Grant): readonly string[] {
  if ("accessToken" in grant) return [grant.accessToken];
  const { refreshToken, clientSecret } = grant;
  return [refreshToken, ...(clientSecret === undefined ? [] : [clientSecret])];
}

/** A token that was just issued. */
interface IssuedToken {
  readonly accessToken: string;
  /** The time for which the token is valid. Infinity if the answer does not say. */
  readonly lifeMs: number;
  /** The refresh token for the next request, if it was replaced. */
  readonly refreshToken?: string | undefined;
}

/** The answer by RFC 6749 §5.1. Some servers write the seconds as a text. */
const issued = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: z.coerce.number().positive().optional().catch(undefined),
  refresh_token: z.string().min(1).optional().catch(undefined),
});

/**
 * Fetches a new access token (RFC 6749 §6).
 * @throws DeliveryError SMTP_AUTH if it is refused, SMTP_UNREACHABLE for a temporary failure, SMTP_TLS.
 */
export async function requestToken(grant: RefreshGrant, timeoutMs: number): Promise<IssuedToken> {
  const { status, body } = await post(grant, timeoutMs);
  const { data: token } = issued.safeParse(body);
  if (status !== 200 || !token) throw refusedToken(grant, status, body);
  const { access_token: accessToken, expires_in: seconds = Infinity, refresh_token } = token;
  return { accessToken, lifeMs: seconds * 1000, refreshToken: refresh_token };
}

async function post(
  grant: RefreshGrant,
  timeoutMs: number,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const { tokenUrl, clientId, clientSecret, refreshToken } = grant;
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: clientId,
    ...(clientSecret !== undefined && { client_secret: clientSecret }),
    refresh_token: refreshToken,
  });
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const headers = { accept: "application/json" };
    const answer = await boundedFetch(tokenUrl, { method: "POST", body: form, headers, signal });
    return { status: answer.status, body: parseJson(await answer.text()) };
  } catch (error) {
    throw unreachableTokens(grant, error);
  }
}

/** An error answer by RFC 6749 §5.2. */
const refusal = z.object({ error: z.string(), error_description: z.string().optional() });

/** The fix for each error code of the token endpoint. */
const FIXES: ReadonlyMap<string, string> = new Map([
  [
    "invalid_grant",
    "it has expired or was revoked: let the owner of the mailbox authorise the application again, and set SMTP_OAUTH_REFRESH_TOKEN to the new token",
  ],
  [
    "invalid_client",
    "check SMTP_OAUTH_CLIENT_ID and SMTP_OAUTH_CLIENT_SECRET: a client secret can expire too",
  ],
  [
    "unauthorized_client",
    "check SMTP_OAUTH_CLIENT_ID: the refresh token was given to another application",
  ],
]);
const CHECK_URL = "check SMTP_OAUTH_TOKEN_URL";

/** Temporary errors. RFC 6749 §4.1.2.1 defines these for another endpoint, and some servers use them here too. */
const PASSING = new Set(["temporarily_unavailable", "server_error", "slow_down"]);

/** The error for an answer without a token. */
function refusedToken(grant: RefreshGrant, status: number, body: unknown): DeliveryError {
  const { data } = refusal.safeParse(body);
  const { error = "", error_description = "" } = data ?? {};
  if (status === 408 || status === 429 || status >= 500 || PASSING.has(error)) {
    return failure("SMTP_UNREACHABLE", grant, {
      what: `gives no access token now (${status})`,
      fix: "send again in some minutes; nothing was sent",
    });
  }
  if (data) {
    const said = [error, error_description].filter(Boolean).join(": ");
    const words = struckOut(said, secretsOf(grant));
    return failure("SMTP_AUTH", grant, {
      what: `refuses the refresh token: ${words}`,
      fix: FIXES.get(error) ?? "check the variables that begin with SMTP_OAUTH_",
    });
  }
  return failure("SMTP_AUTH", grant, {
    what: `gives an answer without a token (${status})`,
    fix: CHECK_URL,
  });
}

/** The error for a request without an answer. */
function unreachableTokens(grant: RefreshGrant, error: unknown): DeliveryError {
  const code = codeOf(error);
  if (isTlsFailure({ originalCode: code })) {
    return failure("SMTP_TLS", grant, {
      what: `gives no encrypted connection that can be trusted (${code})`,
      fix: `${CHECK_URL}; for a private authority, name its certificate in NODE_EXTRA_CA_CERTS`,
    });
  }
  return failure("SMTP_UNREACHABLE", grant, {
    what: `gives no access token: ${reasonOf({ code })}`,
    fix: `${CHECK_URL} and the network, then send again; nothing was sent`,
    isTimeout: code === "ETIMEDOUT",
  });
}

/** `fetch` keeps the code in the cause. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if (error.name === "TimeoutError") return "ETIMEDOUT";
  const { cause } = error;
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}

function failure(
  code: ErrorCode,
  { tokenUrl: { host } }: RefreshGrant,
  { what, fix, isTimeout }: { readonly what: string; readonly fix: string; isTimeout?: boolean },
): DeliveryError {
  const said = `${host} ${what}`;
  return new DeliveryError(code, said, { fix, facts: { stage: "connection", said, isTimeout } });
}
