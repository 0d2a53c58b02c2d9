import { BroadsheetError } from "../../../errors.ts";
import { modelKeysOf, type ModelSettings } from "../../settings.ts";
import { retryAfterSeconds, shownWait } from "../../../platform/http/answer-failure.ts";
import type { Refused } from "./ai-sdk.ts";

/** Why a request has failed, and what that means for those after it. */
export interface ModelFailure {
  readonly error: BroadsheetError;
  /** Whether the same request may go well in a moment. */
  readonly isTemporary: boolean;
  /** Whether no other article would fare better. */
  readonly isForAll: boolean;
  /** How long the server wants to be left alone. */
  readonly waitMs?: number;
}

/** What went wrong, for people: in our words, with the server's own where they help and can't hold a secret. */
export function failureOf(
  refused: Refused,
  settings: ModelSettings,
  context: { readonly host: string; readonly key: string | undefined; readonly now: Date },
): ModelFailure {
  const { status, isTemporary } = refused;
  const { host } = context;
  const waitMs = waitOf(refused, context.now);
  if (status === undefined)
    return unreachable(
      `${host} can't be reached, or broke off`,
      `check that ${host} is up, and that summary.baseURL is right`,
    );
  if (status === 401 || status === 403)
    return { error: unauthorised(status, host, settings), isTemporary: false, isForAll: true };
  if (status === 429) {
    const wait = waitMs === undefined ? "" : ` for ${shownWait(Math.ceil(waitMs / 1000))}`;
    const error = new BroadsheetError(
      "MODEL_DEFERRED",
      `${host} was asked too often (429) and wants to be left alone${wait}`,
      { fix: "build again later, or lower summary.concurrency" },
    );
    return { error, isTemporary, isForAll: false, ...(waitMs !== undefined && { waitMs }) };
  }
  if (isTemporary) {
    return {
      ...unreachable(`${host} has trouble of its own (${status})`, "build again later"),
      ...(waitMs !== undefined && { waitMs }),
    };
  }
  const said = harmless(refused.said, context.key);
  const error = new BroadsheetError(
    "MODEL_REFUSED",
    `${host} refuses the request (${status})${said === "" ? "" : `: ${said}`}`,
    { fix: "check summary.model and summary.baseURL in the config" },
  );
  return { error, isTemporary: false, isForAll: status === 404 || status === 402 };
}

function unreachable(message: string, fix: string): ModelFailure {
  return {
    error: new BroadsheetError("MODEL_UNREACHABLE", message, { fix }),
    isTemporary: true,
    isForAll: false,
  };
}

function unauthorised(status: number, host: string, { provider }: ModelSettings): BroadsheetError {
  const fix = `check ${modelKeysOf(provider).join(" or ")} in the environment or in .env`;
  return new BroadsheetError("MODEL_AUTH", `${host} does not take the key (${status})`, { fix });
}

/** A time that has run out. */
export function tooSlow(host: string, timeoutMs: number): ModelFailure {
  const seconds = shownWait(Math.ceil(timeoutMs / 1000));
  return unreachable(
    `${host} took longer than ${seconds}`,
    "build again later, or raise summary.timeoutMs",
  );
}

/** An answer that is no summary. Another try may bring one, unless there was no room for it. */
export function unusable(message: string, isTemporary = true): ModelFailure {
  const error = new BroadsheetError("MODEL_UNUSABLE", message, {
    fix: "try another model: not every one can answer in JSON",
  });
  return { error, isTemporary, isForAll: false };
}

/** RFC 9110 §10.2.3, and OpenAI's finer one. */
function waitOf({ header }: Refused, now: Date): number | undefined {
  const ms = Number.parseFloat(header("retry-after-ms") ?? "");
  if (ms >= 0) return ms;
  const seconds = retryAfterSeconds(header("retry-after"), now);
  return seconds === undefined ? undefined : seconds * 1000;
}

const LONGEST = 160;

/** A server's words on one line; should it repeat the key, or any that looks like one, it is struck out. */
function harmless(said: string, key: string | undefined): string {
  const line = said
    .slice(0, 10 * LONGEST)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim();
  const bare = key === undefined ? line : line.replaceAll(key, "***");
  const safe = bare.replace(/\b(?:sk|pk|key|Bearer)[-_ ][\w*.-]{6,}/gi, "***");
  return safe.length > LONGEST ? `${safe.slice(0, LONGEST - 1).toWellFormed()}…` : safe;
}
