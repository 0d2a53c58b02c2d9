import { once } from "node:events";
import { connect } from "node:tls";
import type { Clock } from "../../platform/clock.ts";
import { boundedFetch } from "../../platform/http/bounded-fetch.ts";
import { DEFAULT_LIMITS } from "../../platform/http/fetch-limits.ts";
import { networkFailure } from "../../platform/http/network-failure.ts";
import { type ListConfig, openAudience } from "../../subscribers/io/audience.ts";
import { type Diagnosis, fromError, ok, toFix, unseen } from "../diagnosis.ts";
import { lasting } from "./diagnose-server.ts";

const LONGEST_MS = 15_000;
const START =
  "start it with broadsheet serve, and let your web server forward all requests to it (docs/readers.md)";

interface SiteConfig extends ListConfig {
  readonly site?: string;
  readonly serve?: object;
}

/**
 * Requests the pages of the site like readers and their mail programs, with a token that belongs to no reader. The server
 * answers it like any other token and changes nothing.
 */
export async function diagnoseSite(config: SiteConfig, clock: Clock): Promise<Diagnosis[]> {
  const { site, serve } = config;
  if (!serve || site === undefined) return [];
  try {
    await using audience = await openAudience(config, clock, { isLooking: true });
    const token = await audience.probeToken();
    if (token === undefined) return [unseen("Pages", "the list is empty, and has no token yet")];
    const link = new URL(`${site}/u/${token}`);
    const asked = [await ask(link), await ask(link, "List-Unsubscribe=One-Click")];
    return [...asked, ...(link.protocol === "https:" ? [await certificate(link, clock())] : [])];
  } catch (error) {
    return [fromError("Pages", error)];
  }
}

/** Requests the page of an unsubscribe link. With a `body`, it sends the POST request of a mail program (RFC 8058). */
async function ask(link: URL, body?: string): Promise<Diagnosis> {
  const about = body === undefined ? "Pages" : "One click";
  const signal = AbortSignal.timeout(LONGEST_MS);
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  try {
    const answer = await boundedFetch(link, {
      signal,
      ...(body && { method: "POST", body, headers }),
    });
    const page = await answer.text();
    const { status } = answer;
    const isRight =
      body === undefined ? page.includes('<form method="post"') : !answer.headers.has("set-cookie");
    if (status === 200 && isRight)
      return ok(about, `${link.host} answers${body ? " without a redirect" : ""}`);
    const says = `${link.host} answers ${status} to a valid unsubscribe link, and not as \`broadsheet serve\` does`;
    return toFix(about, says, { fix: START, code: "FETCH_REFUSED" });
  } catch (error) {
    const why = signal.aborted ? `${link.host} does not answer` : whyNot(link, error);
    return toFix(about, why, { fix: START, code: "FETCH_DEFERRED" });
  }
}

/** `fetch` wraps the error of the network in its own, and refuses some ports itself. */
function whyNot(link: URL, error: unknown): string {
  const { cause, message } = error instanceof Error ? error : new Error(String(error));
  const isNetworks = cause instanceof Error && "code" in cause;
  return isNetworks
    ? networkFailure(link, cause, DEFAULT_LIMITS).why
    : `${link.host} can't be asked: ${message}`;
}

async function certificate({ hostname, port }: URL, now: Date): Promise<Diagnosis> {
  const socket = connect({ host: hostname, port: Number(port || 443), servername: hostname });
  try {
    await once(socket, "secureConnect", { signal: AbortSignal.timeout(LONGEST_MS) });
    return lasting("Certificate", socket, now);
  } catch {
    return unseen("Certificate", "it can't be checked without a connection");
  } finally {
    socket.destroy();
  }
}
