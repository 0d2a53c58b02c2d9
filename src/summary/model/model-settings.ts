import * as z from "zod";
import { checked } from "../../config/complaint.ts";
import { modelUrlComplaint } from "../../config/values.ts";

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

/** Which language model is asked, and how. `baseURL` ends without a slash. */
export type ModelSettings = Readonly<z.output<typeof modelSettings>>;

/** A provider's own key goes to that provider only; what is compatible may be anybody. */
const KEY_OF = {
  anthropic: "ANTHROPIC_API_KEY",
  openai: "OPENAI_API_KEY",
  "openai-compatible": undefined,
} as const satisfies Record<ModelSettings["provider"], string | undefined>;

/** The variables that may hold the key of a provider, the first of which wins. */
export function modelKeysOf(provider: ModelSettings["provider"]): readonly string[] {
  const own = KEY_OF[provider];
  return own === undefined ? ["BROADSHEET_MODEL_KEY"] : ["BROADSHEET_MODEL_KEY", own];
}
