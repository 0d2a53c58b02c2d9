import { setTimeout as sleep } from "node:timers/promises";
import { type ModelSettings, modelUrl, modelKeysOf } from "../../settings.ts";
import { BroadsheetError } from "../../../errors.ts";
import { type Asked, jsonIn, type Question } from "../question.ts";
import type { Clock } from "../../../platform/clock.ts";
import {
  MOST_OUTPUT_TOKENS,
  refusedBy,
  type Answer,
  type Ask,
  type Shape,
  type Refused,
} from "./ai-sdk.ts";
import type { AnswerCache } from "./answer-cache.ts";
import { retryAfterSeconds, shownWait } from "../../../platform/http/answer-failure.ts";

export interface SessionOptions {
  readonly settings: ModelSettings;
  readonly key: string | undefined;
  readonly cache: AnswerCache;
  readonly ask: Ask;
  readonly clock: Clock;
}

/** After this many consecutive failures, no further question is sent. */
const HOPELESS = 3;
const FIRST_PAUSE_MS = 500;

type Attempt<T> =
  { readonly answer: T } | { readonly failure: ModelFailure } | { readonly unasked: string };

/** A question with its deadline, as `performance.now` counts. */
interface Task<T> {
  readonly question: Question<T>;
  readonly deadline: number;
}

/**
 * The questions of one run to a model, with their cost, the forms that the server supports, and the decision to give up.
 * Answers are cached. A failure of the model is returned, never thrown.
 */
export class ModelSession {
  readonly #options: SessionOptions;
  readonly #host: string;
  /** The tokens of the issue so far. An open request counts with the maximum that it may cost. */
  #spent = 0;
  #shape: Shape = FULL_SHAPE;
  #pausedUntil = 0;
  #failedInARow = 0;
  #givenUp: BroadsheetError | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#host = new URL(modelUrl(options.settings)).host;
  }

  async answerTo<T>(question: Question<T>): Promise<Asked<T>> {
    const { settings, cache } = this.#options;
    const deadline = performance.now() + settings.timeoutMs;
    const attempt = await this.#tryFor({ question, deadline });
    this.#heed(attempt);
    if ("failure" in attempt) return { error: attempt.failure.error };
    if ("answer" in attempt) await cache.save(question, attempt.answer);
    return attempt;
  }

  /** Tries until there is an answer, until another try is useless, or until the deadline. */
  async #tryFor<T>(task: Task<T>): Promise<Attempt<T>> {
    const { retries, timeoutMs } = this.#options.settings;
    let failure: ModelFailure | undefined;
    for (let tries = 0; tries <= retries; tries++) {
      const pauseMs = this.#pauseBefore(tries, failure);
      if (performance.now() + pauseMs > task.deadline) break;
      await sleep(pauseMs);
      if (this.#givenUp) return { failure: final(this.#givenUp) };
      const attempt = await this.#tryOnce(task, this.#shape);
      if (!("failure" in attempt) || !attempt.failure.isTemporary) return attempt;
      failure = attempt.failure;
      const until = performance.now() + (failure.waitMs ?? 0);
      this.#pausedUntil = Math.max(this.#pausedUntil, until);
    }
    return { failure: failure ?? tooSlow(this.#host, timeoutMs) };
  }

  /** A pause that the server requests applies to all requests. Without one, each pause is twice as long as the last. */
  #pauseBefore(tries: number, failure: ModelFailure | undefined): number {
    const asked = Math.max(0, this.#pausedUntil - performance.now());
    const isPauseGiven = tries === 0 || failure?.waitMs !== undefined;
    return isPauseGiven ? asked : Math.max(asked, FIRST_PAUSE_MS * 2 ** (tries - 1));
  }

  async #tryOnce<T>(task: Task<T>, shape: Shape): Promise<Attempt<T>> {
    const { system, prompt } = task.question;
    const estimate = estimatedTokens(system + prompt);
    const reserved = estimate + MOST_OUTPUT_TOKENS;
    if (this.#spent + reserved > this.#options.settings.maxTokens)
      return { unasked: this.#spentText() };
    this.#spent += reserved;
    const signal = AbortSignal.timeout(Math.max(1, Math.ceil(task.deadline - performance.now())));
    try {
      const answer = await this.#options.ask(task.question, shape, signal);
      this.#spent += (answer.tokens ?? estimate + estimatedTokens(answer.text)) - reserved;
      return this.#read(answer, task.question);
    } catch (error) {
      // A provider may charge for a request that was aborted or broke off, but not for one that it rejected.
      const isRefused = !signal.aborted && refusedBy(error)?.status !== undefined;
      this.#spent += (isRefused ? 0 : estimate) - reserved;
      if (signal.aborted)
        return {
          failure: { ...tooSlow(this.#host, this.#options.settings.timeoutMs), isTemporary: false },
        };
      return this.#afterError(error, task, shape);
    }
  }

  #read<T>({ text, isCut }: Answer, { name, parse }: Question<T>): Attempt<T> {
    const answer = parse(text);
    if (answer !== undefined) return { answer };
    const failure = isCut
      ? unusable(`${this.#host} cut off its answer at the length limit`, false)
      : unusable(
          jsonIn(text) === undefined
            ? `${this.#host} did not answer with ${WANTED[name]} in JSON`
            : `${this.#host} answered in JSON, but not with ${WANTED[name]}`,
        );
    return { failure };
  }

  async #afterError<T>(error: unknown, task: Task<T>, shape: Shape): Promise<Attempt<T>> {
    const { settings, key, clock } = this.#options;
    const refused = refusedBy(error);
    if (!refused) return { failure: unusable(`${this.#host} gave an answer that can't be read`) };
    const plainer = plainerShape(shape, refused);
    if (!plainer)
      return { failure: failureOf(refused, settings, { host: this.#host, key, now: clock() }) };
    // Several parallel requests may be rejected at once. Only the first of them simplifies the form.
    if (this.#shape === shape) this.#shape = plainer;
    return this.#tryOnce(task, this.#shape);
  }

  #heed(attempt: Attempt<unknown>): void {
    if ("unasked" in attempt) return;
    this.#failedInARow = "failure" in attempt ? this.#failedInARow + 1 : 0;
    if (!("failure" in attempt)) return;
    const isHopeless = attempt.failure.isForAll || this.#failedInARow >= HOPELESS;
    if (isHopeless) this.#givenUp ??= attempt.failure.error;
  }

  #spentText(): string {
    const most = this.#options.settings.maxTokens.toLocaleString("en");
    return `the model was not asked: the issue's ${most} tokens are spent`;
  }
}

const WANTED = { summary: "a summary", issue: "an order of the issue" } as const;

function final(error: BroadsheetError): ModelFailure {
  return { error, isTemporary: false, isForAll: true };
}

/** The form of the first request. */
const FULL_SHAPE: Shape = { form: "schema", isSteady: true };

const PLAINER = { schema: "json", json: "words", words: undefined } as const satisfies Record<
  Shape["form"],
  Shape["form"] | undefined
>;
/** Words with which servers reject an unknown part of a request. */
const UNKNOWN_PART =
  /response_?format|json|schema|structured|output_config|tool|unsupported|not support|unrecogni[sz]ed|unknown|extra|invalid[_ ]param|temperature/i;

/** Returns a simpler form for a server that rejected this one. Undefined if the fault is another. */
function plainerShape(shape: Shape, { status, said }: Refused): Shape | undefined {
  if (status !== 400 && status !== 422 && status !== 501) return undefined;
  if (!UNKNOWN_PART.test(said)) return undefined;
  if (shape.isSteady && /temperature/i.test(said)) return { ...shape, isSteady: false };
  const form = PLAINER[shape.form];
  return form && { ...shape, form };
}

/** Estimates the tokens of a text: 3.5 letters of an alphabet are one, and each Chinese character is one. */
export function estimatedTokens(text: string): number {
  const dense =
    text.match(/[^\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\P{L}]/gu)?.length ?? 0;
  return Math.ceil(dense + (text.length - dense) / 3.5);
}

/** A failed request, and its meaning for the following ones. */
interface ModelFailure {
  readonly error: BroadsheetError;
  /** Whether the same request may succeed in a moment. */
  readonly isTemporary: boolean;
  /** Whether requests for all other articles would fail too. */
  readonly isForAll: boolean;
  /** The pause that the server requests. */
  readonly waitMs?: number;
}

/** Describes a failure for people, in our words. The server's own words are included if they help and cannot contain a secret. */
function failureOf(
  refused: Refused,
  settings: ModelSettings,
  context: { readonly host: string; readonly key: string | undefined; readonly now: Date },
): ModelFailure {
  const { status, isTemporary } = refused;
  const { host } = context;
  const waitMs = waitOf(refused, context.now);
  if (status === undefined)
    return unreachable(
      `${host} can't be reached, or closed the connection`,
      `check that ${host} is up, and that summary.baseURL is right`,
    );
  if (status === 401 || status === 403)
    return { error: unauthorised(status, host, settings), isTemporary: false, isForAll: true };
  if (status === 429) {
    const wait = waitMs === undefined ? "" : ` for ${shownWait(Math.ceil(waitMs / 1000))}`;
    const error = new BroadsheetError(
      "MODEL_DEFERRED",
      `${host} got too many requests (429) and accepts no more requests${wait}`,
      { fix: "build again later, or lower summary.concurrency" },
    );
    return { error, isTemporary, isForAll: false, ...(waitMs !== undefined && { waitMs }) };
  }
  if (isTemporary) {
    return {
      ...unreachable(`${host} has an internal error (${status})`, "build again later"),
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
  return new BroadsheetError("MODEL_AUTH", `${host} rejects the key (${status})`, { fix });
}

/** The failure of a request that reached its deadline. */
function tooSlow(host: string, timeoutMs: number): ModelFailure {
  const seconds = shownWait(Math.ceil(timeoutMs / 1000));
  return unreachable(
    `${host} took longer than ${seconds}`,
    "build again later, or raise summary.timeoutMs",
  );
}

/** The failure of an unusable answer. Another try may succeed, unless the answer was too long. */
function unusable(message: string, isTemporary = true): ModelFailure {
  const error = new BroadsheetError("MODEL_UNUSABLE", message, {
    fix: "use a model that can answer in JSON",
  });
  return { error, isTemporary, isForAll: false };
}

/** The pause by RFC 9110 §10.2.3, or by OpenAI's header in milliseconds. */
function waitOf({ header }: Refused, now: Date): number | undefined {
  const ms = Number.parseFloat(header("retry-after-ms") ?? "");
  if (ms >= 0) return ms;
  const seconds = retryAfterSeconds(header("retry-after"), now);
  return seconds === undefined ? undefined : seconds * 1000;
}

const LONGEST_MESSAGE = 160;

/** Returns a server's words in one line. The key, and any text that looks like a key, is replaced. */
function harmless(said: string, key: string | undefined): string {
  const line = said
    .slice(0, 10 * LONGEST_MESSAGE)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim();
  const bare = key === undefined ? line : line.replaceAll(key, "***");
  const safe = bare.replace(/\b(?:sk|pk|key|Bearer)[-_ ][\w*.-]{6,}/gi, "***");
  return safe.length > LONGEST_MESSAGE
    ? `${safe.slice(0, LONGEST_MESSAGE - 1).toWellFormed()}…`
    : safe;
}
