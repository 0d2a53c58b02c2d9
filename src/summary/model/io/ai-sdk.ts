import {
  APICallError,
  generateText,
  JSONParseError,
  NoObjectGeneratedError,
  Output,
  TypeValidationError,
  type LanguageModel,
} from "ai";
import { type ModelSettings, modelUrl } from "../../settings.ts";
import type { Question } from "../question.ts";
import { boundedFetch } from "../../../platform/http/bounded-fetch.ts";

/**
 * How an answer is asked for. Servers that call themselves compatible differ in what they know, and
 * say so with a 400; then the next plainer shape is tried.
 */
export interface Shape {
  /** By JSON Schema, as any JSON, or in words only. */
  readonly form: "schema" | "json" | "words";
  /** Whether the same answer is wanted each time; models that think refuse to be told. */
  readonly isSteady: boolean;
}

/** A model's answer in its own words, whole or not. */
export interface Answer {
  readonly text: string;
  /** In and out, as the server counts them; undefined where it doesn't. */
  readonly tokens: number | undefined;
  /** Whether it stopped for having no more room. */
  readonly isCut: boolean;
}

/** Why there is no answer, as far as the wire tells. */
export interface Refused {
  /** Undefined where there was no answer at all. */
  readonly status: number | undefined;
  /** In the server's words: never to be shown as they are. */
  readonly said: string;
  readonly header: (name: string) => string | undefined;
  /** Whether the same may go well later. */
  readonly isTemporary: boolean;
}

export type Ask = (
  question: Question<unknown>,
  shape: Shape,
  signal: AbortSignal,
) => Promise<Answer>;

/** The most that a model may write at a time. Those that think write much that is never shown. */
export const MOST_OUTPUT_TOKENS = 4000;

/** Asks one model. What it throws, `refusedBy` understands. */
export async function openAsk(settings: ModelSettings, key: string | undefined): Promise<Ask> {
  const modelFor = await openProvider(settings, key);
  // Its warnings are for programmers, and would be printed.
  globalThis.AI_SDK_LOG_WARNINGS = false;
  return async ({ name, system, prompt, schema }, { form, isSteady }, signal) => {
    const options = {
      model: modelFor(form),
      system,
      prompt,
      maxOutputTokens: MOST_OUTPUT_TOKENS,
      ...(isSteady && { temperature: 0 }),
      maxRetries: 0,
      abortSignal: signal,
    };
    try {
      const output = form === "words" ? Output.text() : Output.object({ schema, name });
      const { text, totalUsage, finishReason } = await generateText({ ...options, output });
      return { text, tokens: totalUsage.totalTokens, isCut: finishReason === "length" };
    } catch (error) {
      // What isn't quite what was asked for may still be of use.
      if (!NoObjectGeneratedError.isInstance(error)) throw error;
      return {
        text: error.text ?? "",
        tokens: error.usage?.totalTokens,
        isCut: error.finishReason === "length",
      };
    }
  };
}

/** Loads the package of one provider: a newsletter has only the one that it needs. */
async function openProvider(
  settings: ModelSettings,
  key: string | undefined,
): Promise<(form: Shape["form"]) => LanguageModel> {
  const { provider, model } = settings;
  const baseURL = modelUrl(settings);
  const common = { baseURL, fetch: boundedFetch, ...(key !== undefined && { apiKey: key }) };
  if (provider === "anthropic") {
    const { createAnthropic } = await import("@ai-sdk/anthropic");
    return () => createAnthropic({ ...common, apiKey: key ?? "none" })(model);
  }
  const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
  return (form) =>
    createOpenAICompatible({
      ...common,
      name: "compatible",
      supportsStructuredOutputs: form === "schema",
      // OpenAI's newer models want the limit under its newer name, which no other provider knows.
      ...(provider === "openai" && { transformRequestBody: withNewerLimit }),
    })(model);
}

function withNewerLimit({ max_tokens, ...body }: Record<string, unknown>): Record<string, unknown> {
  return { ...body, max_completion_tokens: max_tokens };
}

/** What an error of the SDK says of the wire; undefined for an answer that is none, and any other error. */
export function refusedBy(error: unknown): Refused | undefined {
  if (!APICallError.isInstance(error)) return undefined;
  const { statusCode, responseHeaders = {}, message, isRetryable, cause } = error;
  const isSuccess = statusCode !== undefined && statusCode >= 200 && statusCode < 300;
  if (isSuccess && (JSONParseError.isInstance(cause) || TypeValidationError.isInstance(cause)))
    return undefined;
  // A body that ended too early comes as a success that could not be read.
  const isBroken = statusCode === undefined || isSuccess;
  return {
    status: isBroken ? undefined : statusCode,
    said: message,
    header: (name) => responseHeaders[name],
    isTemporary: isBroken || isRetryable,
  };
}
