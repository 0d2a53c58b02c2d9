import type * as z from "zod";
import type { BroadsheetError } from "../../errors.ts";
import { parseJson } from "../../platform/attempt.ts";

/** What a language model is asked. Its bytes are the key of what is kept of its answers. */
export interface Question<Answer> {
  /** What the answer is called, for servers that want a name for it. */
  readonly name: "summary" | "issue";
  readonly system: string;
  readonly prompt: string;
  /** The form of the answer. Plain, since not every server knows more of JSON Schema. */
  readonly schema: z.ZodType;
  /** What a text answers; undefined where that is nothing of what was asked. */
  readonly parse: (text: string) => Answer | undefined;
}

/**
 * What came of asking: an answer; or that there was no wish to ask, and why not; or an error, which is of the model's
 * making and never of the articles'.
 */
export type Asked<Answer> =
  { readonly answer: Answer } | { readonly unasked: string } | { readonly error: BroadsheetError };

/**
 * The JSON in a model's answer, undefined where there is none. Around it there may be what models like to put there:
 * thoughts, a fence of backticks, a sentence.
 */
export function jsonIn(text: string): unknown {
  const said = text.replace(/^[^]*<\/think(?:ing)?>/, "");
  return parseJson(said.slice(said.indexOf("{"), said.lastIndexOf("}") + 1));
}

/** The whole numbers in what should be a list of them, each once; models write them as texts too. */
export function numbersIn(list: unknown): number[] {
  const numbers = (Array.isArray(list) ? list : [])
    .slice(0, MOST_NUMBERS)
    .map((one: unknown) =>
      typeof one === "string" && /^\s*\d{1,6}\s*$/.test(one) ? Number(one) : one,
    );
  return [...new Set(numbers)].filter((one): one is number => Number.isSafeInteger(one));
}

const MOST_NUMBERS = 1000;
