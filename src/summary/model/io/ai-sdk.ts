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

/** The form of a request. Compatible servers reject unknown forms with 400. Then the next simpler form is tried. */
export interface Shape {
  /** How the request demands the form of the answer: by a JSON Schema, by JSON mode, or only in the prompt. */
  readonly form: "schema" | "json" | "words";
  /** Whether the answer should be the same each time. Reasoning models reject this. */
  readonly isSteady: boolean;
}

/** A model's answer as text, complete or cut. */
export interface Answer {
  readonly text: string;
  /** Tokens of input and output, as the server counts them. Undefined if it does not. */
  readonly tokens: number | undefined;
  /** Whether it was cut at the maximum length. */
  readonly isCut: boolean;
}

/** A failed request, as the response describes it. */
export interface Refused {
  /** Undefined if there was no response. */
  readonly status: number | undefined;
  /** The server's words, which must not be shown unfiltered. */
  readonly said: string;
  readonly header: (name: string) => string | undefined;
  /** Whether the same request may succeed later. */
  readonly isTemporary: boolean;
}

export type Ask = (
  question: Question<unknown>,
  shape: Shape,
  signal: AbortSignal,
) => Promise<Answer>;

/** The maximum number of tokens of one answer. Reasoning models write much that is never shown. */
export const MOST_OUTPUT_TOKENS = 4000;

/** Returns the function that asks one model. `refusedBy` interprets what it throws. */
export async function openAsk(settings: ModelSettings, key: string | undefined): Promise<Ask> {
  const modelFor = await openProvider(settings, key);
  // The SDK's warnings are for programmers and would be printed.
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
      // An answer in a slightly different form may still be useful.
      if (!NoObjectGeneratedError.isInstance(error)) throw error;
      return {
        text: error.text ?? "",
        tokens: error.usage?.totalTokens,
        isCut: error.finishReason === "length",
      };
    }
  };
}

/** Loads the package of one provider. A newsletter has installed only the one that it needs. */
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
      // OpenAI's newer models require the newer name of the limit, which other providers do not know.
      ...(provider === "openai" && { transformRequestBody: withNewerLimit }),
    })(model);
}

function withNewerLimit({ max_tokens, ...body }: Record<string, unknown>): Record<string, unknown> {
  return { ...body, max_completion_tokens: max_tokens };
}

/** Interprets an error of the SDK as a failed request. Undefined for an unreadable answer and for any other error. */
export function refusedBy(error: unknown): Refused | undefined {
  if (!APICallError.isInstance(error)) return undefined;
  const { statusCode, responseHeaders = {}, message, isRetryable, cause } = error;
  const isSuccess = statusCode !== undefined && statusCode >= 200 && statusCode < 300;
  if (isSuccess && (JSONParseError.isInstance(cause) || TypeValidationError.isInstance(cause)))
    return undefined;
  // A body that ended too early appears as a success that could not be parsed.
  const isBroken = statusCode === undefined || isSuccess;
  return {
    status: isBroken ? undefined : statusCode,
    said: message,
    header: (name) => responseHeaders[name],
    isTemporary: isBroken || isRetryable,
  };
}
