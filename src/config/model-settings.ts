import * as z from "zod";
import { checked } from "./complaint.ts";
import { modelUrlComplaint } from "./values.ts";

const model = checked(
  (value) => value.trim() || undefined,
  () => ["is empty", "name a model as its provider calls it"],
);

const baseURL = checked(
  (value) => (modelUrlComplaint(value) ? undefined : value.replace(/\/+$/, "")),
  (value) => modelUrlComplaint(value) ?? ["", ""],
);

/** What a config may say of a language model. An issue of 40 stories stays well below the tokens. */
export const modelSettings = z
  .strictObject({
    provider: z.enum(["anthropic", "openai", "openai-compatible"]),
    model,
    baseURL: baseURL.optional(),
    timeoutMs: z.int().positive().max(3_600_000).default(60_000),
    retries: z.int().nonnegative().max(10).default(2),
    concurrency: z.int().positive().max(32).default(4),
    maxTokens: z.int().positive().default(200_000),
  })
  .refine(({ provider, baseURL }) => provider !== "openai-compatible" || baseURL !== undefined, {
    message: "has no baseURL, which says where that provider is",
    params: { fix: 'add it, such as baseURL: "http://127.0.0.1:11434/v1"' },
  });
