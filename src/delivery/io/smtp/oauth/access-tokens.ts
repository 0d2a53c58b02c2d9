import { systemClock } from "../../../../platform/clock.ts";
import type { Grant, RefreshGrant } from "./grant.ts";
import { requestToken } from "./request-token.ts";

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
