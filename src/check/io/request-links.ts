import type { Clock } from "../../platform/clock.ts";
import { answerFailure } from "../../platform/http/answer-failure.ts";
import { type Answer, exchange, nextAddress } from "../../platform/http/exchange.ts";
import { DEFAULT_LIMITS, HostQueue, TimeBudget } from "../../platform/http/fetch-limits.ts";
import { Places } from "../../platform/places.ts";
import type { FetchFailure } from "../../platform/http/fetch-outcome.ts";
import {
  type Gate,
  openAgent,
  systemResolve,
  isHostAddress,
  isPublicAddress,
} from "../../platform/http/guarded-agent.ts";
import { networkFailure } from "../../platform/http/network-failure.ts";
import { webAddress } from "../../platform/http/web-address.ts";

/** The result of requesting an address. */
export type LinkOutcome =
  | {
      readonly kind: "answers";
      /** The new address of a page that has moved permanently (RFC 9110 §15.4.2, §15.4.9). */
      readonly movedTo?: string;
    }
  | FetchFailure;

interface LinkOptions extends Partial<Gate> {
  /** The version of Broadsheet for the User-Agent. */
  readonly version: string;
  readonly clock: Clock;
  /** Whether private addresses may be requested, including those of this machine. */
  readonly allowPrivate?: boolean | undefined;
}

const HOSTS_AT_ONCE = 8;

/** Only the status of an answer matters, so the time limits are short. */
const LIMITS = { ...DEFAULT_LIMITS, connectMs: 5_000, headersMs: 8_000, totalMs: 15_000 };

/** The status codes of servers that do not support HEAD, or answer it wrongly (RFC 9110 §9.3.2). */
const ASK_AGAIN = new Set([400, 403, 404, 405, 406, 410, 500, 501, 503]);

/**
 * Requests each address once: with HEAD, or with GET if HEAD is refused. Connections to private addresses are refused, also
 * after redirects. robots.txt is not read, because the links are for readers.
 */
export async function requestLinks(
  addresses: readonly string[],
  { version, clock, allowPrivate, resolve = systemResolve, ...gate }: LinkOptions,
): Promise<Map<string, LinkOutcome>> {
  const isAllowed = gate.isAllowed ?? (allowPrivate ? isHostAddress : isPublicAddress);
  const agent = openAgent({ isAllowed, resolve }, LIMITS);
  const queue = new HostQueue();
  const places = new Places(HOSTS_AT_ONCE);
  const headers = { "user-agent": `Broadsheet/${version} (newsletter link check)`, accept: "*/*" };
  const ask = async (url: URL, method: "GET" | "HEAD", signal: AbortSignal) =>
    exchange(agent, { url, method, headers, maxBytes: 0, isWanted: () => false }, signal);
  const one = async (address: string): Promise<readonly [string, LinkOutcome]> => {
    const url = webAddress(address);
    return [address, url instanceof URL ? await follow(url, { ask, queue, places, clock }) : url];
  };
  try {
    return new Map(await Promise.all(addresses.map(one)));
  } finally {
    await agent.destroy();
  }
}

interface Asking {
  readonly ask: (url: URL, method: "GET" | "HEAD", signal: AbortSignal) => Promise<Answer>;
  readonly queue: HostQueue;
  readonly places: Places;
  readonly clock: Clock;
}

async function follow(start: URL, { ask, queue, places, clock }: Asking): Promise<LinkOutcome> {
  const time = new TimeBudget(LIMITS.totalMs);
  const redirects: string[] = [];
  let moved: URL | undefined;
  for (let url = start; ;) {
    const request = async () =>
      time
        .spend(new AbortController().signal, async (signal) => {
          const head = await ask(url, "HEAD", signal);
          return ASK_AGAIN.has(head.status) ? ask(url, "GET", signal) : head;
        })
        .catch((error: unknown) => networkFailure(url, error, LIMITS));
    const answer = await queue.run(url.hostname, async () => places.run(request));
    if ("kind" in answer) return answer;
    const next = nextAddress(answer, url, redirects);
    if (!next) {
      const failure = answer.status === 204 ? undefined : answerFailure(url, answer, clock());
      return failure ?? { kind: "answers", ...(moved && { movedTo: moved.href }) };
    }
    if (!(next instanceof URL)) return next;
    // A page has moved permanently only if every redirect is permanent.
    const isForGood = answer.status === 301 || answer.status === 308;
    if (isForGood && (redirects.length === 0 || moved)) moved = next;
    redirects.push(url.href);
    url = next;
  }
}
