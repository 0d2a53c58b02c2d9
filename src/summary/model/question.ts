import type * as z from "zod";
import type { BroadsheetError } from "../../errors.ts";
import { parseJson } from "../../platform/attempt.ts";

/** A question to a language model. Its bytes are the key in the cache of answers. */
export interface Question<Answer> {
  /** The name of the answer, for servers that require one. */
  readonly name: "summary" | "issue";
  readonly system: string;
  readonly prompt: string;
  /** The form of the answer. It is simple, because some servers support only a part of JSON Schema. */
  readonly schema: z.ZodType;
  /** Parses an answer. Undefined if it does not have the requested form. */
  readonly parse: (text: string) => Answer | undefined;
}

/** The outcome of a question: the answer, the reason it was not asked, or an error of the model or its server. */
export type Asked<Answer> =
  { readonly answer: Answer } | { readonly unasked: string } | { readonly error: BroadsheetError };

/** Returns the JSON in a model's answer, or undefined. Thoughts, a code fence or a sentence may surround it. */
export function jsonIn(text: string): unknown {
  const said = text.replace(/^[^]*<\/think(?:ing)?>/, "");
  return parseJson(said.slice(said.indexOf("{"), said.lastIndexOf("}") + 1));
}

/** Returns the whole numbers in a value that should be a list of them, without repetitions. Models also write them as strings. */
export function numbersIn(list: unknown): number[] {
  const numbers = (Array.isArray(list) ? list : [])
    .slice(0, MOST_NUMBERS)
    .map((one: unknown) =>
      typeof one === "string" && /^\s*\d{1,6}\s*$/.test(one) ? Number(one) : one,
    );
  return [...new Set(numbers)].filter((one): one is number => Number.isSafeInteger(one));
}

const MOST_NUMBERS = 1000;
