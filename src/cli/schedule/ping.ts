import { setTimeout as wait } from "node:timers/promises";
import { isWebAddress } from "../../platform/setting.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Ping, PingOutcome } from "../../schedule/slot.ts";

/** A slow monitoring service must not delay an issue. */
const TIMEOUT_MS = 10_000;
const AGAIN_AFTER_MS = 1_000;

/**
 * Pings a URL like Healthchecks (healthchecks.io/docs/http_api): `URL/start` when work begins, `URL` after success and
 * `URL/<exit code>` after a failure. It never throws, because the service notices a missing ping, and the issue is more
 * important. The URL is secret, so no message contains it.
 * @throws BroadsheetError CONFIG_INVALID for an address without http or https.
 */
export function openPing(url: string): Ping {
  assertWebAddress(url);
  return {
    start: async () => pingTwice(addressed(url, "start")),
    end: async (exit, line) => pingTwice(addressed(url, exit === 0 ? "" : String(exit)), line),
  };
}

function assertWebAddress(url: string): void {
  if (isWebAddress(url)) return;
  throw new BroadsheetError("CONFIG_INVALID", "BROADSHEET_PING_URL is no http or https address", {
    fix: "copy the whole address from the page of the watcher, or remove it",
  });
}

function addressed(url: string, word: string): URL {
  const address = new URL(url);
  if (word) address.pathname = `${address.pathname.replace(/\/+$/, "")}/${word}`;
  return address;
}

async function pingTwice(address: URL, line?: string): Promise<PingOutcome> {
  const first = await ping(address, line);
  if (first.isOk) return first;
  await wait(AGAIN_AFTER_MS);
  return ping(address, line);
}

async function ping(address: URL, line = ""): Promise<PingOutcome> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await fetch(address, { method: "POST", body: line, signal });
    await answer.body?.cancel();
    return answer.ok ? { isOk: true } : { isOk: false, why: `it answered ${answer.status}` };
  } catch (error) {
    return { isOk: false, why: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "it could not be reached";
  if (error.name === "TimeoutError") return `no answer within ${TIMEOUT_MS / 1000} seconds`;
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? `it could not be reached (${code})` : "it could not be reached";
}
