import * as z from "zod";
import { boundedFetch } from "../../../../platform/http/bounded-fetch.ts";
import type { RefreshGrant } from "./grant.ts";
import { refusedToken, unreachableTokens } from "./token-error.ts";

/** A token that was just issued. */
export interface IssuedToken {
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
