import * as z from "zod";
import { systemClock } from "../../../../platform/clock.ts";
import type { Grant, RefreshGrant } from "./grant.ts";
import { boundedFetch } from "../../../../platform/http/bounded-fetch.ts";
import { DeliveryError } from "../../../transport.ts";
import type { ErrorCode } from "../../../../errors.ts";
import { struckOut } from "../struck-out.ts";
import { isTlsFailure, reasonOf } from "../smtp-failure.ts";

/** A login has to come through before the token ends. */
const MARGIN_MS = 60_000;

/**
 * The access tokens of a mailbox, for all connections of a transport: one is fetched when the first logs in, and
 * another when that one has ended. Those that are open stay so: a token is for logging in.
 */
export class AccessTokens {
  #grant: Grant;
  #token: string | undefined;
  #renewAt = -Infinity;
  /** Whether a server has taken it once, so that it may have ended when one refuses it. */
  #wasTaken = false;
  #fetching: Promise<string> | undefined;
  readonly #secrets: Set<string>;

  constructor(grant: Grant) {
    this.#grant = grant;
    this.#secrets = new Set(secretsOf(grant));
  }

  /** Where they are fetched; undefined where there is one alone, that was given. */
  get host(): string | undefined {
    return "tokenUrl" in this.#grant ? this.#grant.tokenUrl.host : undefined;
  }

  /** All that must not be shown. */
  get secrets(): readonly string[] {
    return [...this.#secrets];
  }

  /**
   * The one to log in with now.
   * @throws DeliveryError SMTP_AUTH, SMTP_UNREACHABLE or SMTP_TLS where it can't be fetched.
   */
  async current(timeoutMs: number): Promise<string> {
    if ("accessToken" in this.#grant) return this.#grant.accessToken;
    if (this.#token !== undefined && this.#renewAt > systemClock().getTime()) return this.#token;
    this.#fetching ??= this.#fetch(this.#grant, timeoutMs).finally(
      () => (this.#fetching = undefined),
    );
    return this.#fetching;
  }

  /** A server has taken it. */
  taken(token: string): void {
    if (token === this.#token) this.#wasTaken = true;
  }

  /** Another one than a server refused; undefined where another would fare no better. */
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
  /** How long it holds; Infinity where nobody says. */
  readonly lifeMs: number;
  /** The one to come with next time, where it is another one. */
  readonly refreshToken?: string | undefined;
}

/** RFC 6749 §5.1; some servers write the seconds as a text. */
const issued = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: z.coerce.number().positive().optional().catch(undefined),
  refresh_token: z.string().min(1).optional().catch(undefined),
});

/**
 * A new access token (RFC 6749 §6).
 * @throws DeliveryError SMTP_AUTH where it is refused, SMTP_UNREACHABLE where that may pass, SMTP_TLS.
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
    return { status: answer.status, body: parsed(await answer.text()) };
  } catch (error) {
    throw unreachableTokens(grant, error);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** RFC 6749 §5.2 */
const refusal = z.object({ error: z.string(), error_description: z.string().optional() });

/** What the one who gives the tokens can say, and what mends it. */
const FIXES: Readonly<Record<string, string>> = {
  invalid_grant:
    "it has ended or was revoked: let the mailbox's owner authorise the application anew, and set SMTP_OAUTH_REFRESH_TOKEN to the new one",
  invalid_client:
    "check SMTP_OAUTH_CLIENT_ID and SMTP_OAUTH_CLIENT_SECRET: a client's secret ends, too",
  unauthorized_client:
    "check SMTP_OAUTH_CLIENT_ID: the refresh token was given to another application",
};
const CHECK_URL = "check SMTP_OAUTH_TOKEN_URL";

/** RFC 6749 §4.1.2.1 has words for them, and some servers use these here too. */
const PASSING = new Set(["temporarily_unavailable", "server_error", "slow_down"]);

/** An answer that is no token. */
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
    const words = struckOut([error, error_description].filter(Boolean).join(": "), known(grant));
    return failure("SMTP_AUTH", grant, {
      what: `refuses the refresh token: ${words}`,
      fix: FIXES[error] ?? "check the variables that begin with SMTP_OAUTH_",
    });
  }
  return failure("SMTP_AUTH", grant, {
    what: `answers with something else than a token (${status})`,
    fix: CHECK_URL,
  });
}

/** No answer. */
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

/** `fetch` hides why it failed in the cause. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if (error.name === "TimeoutError") return "ETIMEDOUT";
  const { cause } = error;
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}

function known({ clientSecret, refreshToken }: RefreshGrant): readonly string[] {
  return [refreshToken, ...(clientSecret === undefined ? [] : [clientSecret])];
}

function failure(
  code: ErrorCode,
  { tokenUrl: { host } }: RefreshGrant,
  { what, fix, isTimeout }: { readonly what: string; readonly fix: string; isTimeout?: boolean },
): DeliveryError {
  const said = `${host} ${what}`;
  return new DeliveryError(code, said, { fix, facts: { stage: "connection", said, isTimeout } });
}
