import * as z from "zod";
import { DeliveryError } from "../../../transport.ts";
import type { ErrorCode } from "../../../../errors.ts";
import { struckOut } from "../struck-out.ts";
import { isTlsFailure, reasonOf } from "../smtp-failure.ts";
import type { RefreshGrant } from "./grant.ts";

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
export function refusedToken(grant: RefreshGrant, status: number, body: unknown): DeliveryError {
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
export function unreachableTokens(grant: RefreshGrant, error: unknown): DeliveryError {
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
