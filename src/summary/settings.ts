import * as z from "zod";
import { isOnThisMachine } from "../platform/http/web-address.ts";
import { checked, type Complaint, quote, withoutComplaint } from "../platform/setting.ts";

const modelName = checked(
  (value) => value.trim() || undefined,
  () => ["is empty", "give the model's name at its provider"],
);

const baseURL = withoutComplaint(modelUrlComplaint, (value) => value.replace(/\/+$/, ""));

/** Returns the complaint about the address of a model. Articles and the API key need HTTPS, except on this machine. */
function modelUrlComplaint(value: string): Complaint | undefined {
  const url = URL.parse(value);
  if (url?.username || url?.password)
    return ["holds a login", "remove it, and set BROADSHEET_MODEL_KEY in the environment"];
  if (url?.protocol === "http:" && !isOnThisMachine(url))
    return [
      `is ${quote(value)}, which would send articles and the key unencrypted`,
      'write it as "https://…"; http is for 127.0.0.1 and localhost only',
    ];
  if (url?.protocol !== "https:" && url?.protocol !== "http:")
    return [`is ${quote(value)}, which is not an https address`, 'write it as "https://…/v1"'];
  return url.search || url.hash
    ? ["has a query or a fragment after its path", "end it with its path, such as /v1"]
    : undefined;
}

const REMOTE_MODEL = { timeoutMs: 60_000, concurrency: 4 };
/**
 * An 8B model on two cores takes ten minutes to read a long article and two minutes to write. A second parallel question
 * would halve its speed.
 */
const LOCAL_MODEL = { timeoutMs: 1_200_000, concurrency: 1 };

const model = z
  .strictObject({
    provider: z.enum(["anthropic", "openai", "openai-compatible"]).meta({
      description:
        '"openai-compatible" is any server that speaks OpenAI\'s chat completions; it needs `baseURL`.',
      example: "openai-compatible",
    }),
    model: modelName.meta({
      description: "The name of the model at the provider.",
      example: "qwen3:8b",
    }),
    baseURL: baseURL.optional().meta({
      description: "The address of the model; by default the provider's own.",
      example: "http://127.0.0.1:11434/v1",
    }),
    timeoutMs: z.int().positive().max(3_600_000).optional().meta({
      description:
        "The time limit of one question, retries included: 60000 by default, 1200000 on this machine.",
      example: 120_000,
    }),
    retries: z.int().nonnegative().max(10).default(2).meta({
      description: "The number of retries of a failed request.",
      example: 3,
    }),
    concurrency: z.int().positive().max(32).optional().meta({
      description: "The number of articles summarised at a time: 4 by default, 1 on this machine.",
      example: 2,
    }),
    // An issue of 40 stories needs far fewer tokens.
    maxTokens: z.int().positive().default(200_000).meta({
      description:
        "The most input and output tokens of one issue. The model is not used for the rest of the issue.",
      example: 50_000,
    }),
  })
  .refine(({ provider, baseURL }) => provider !== "openai-compatible" || baseURL !== undefined, {
    message: "has no baseURL, the address of that provider",
    params: { fix: 'add it, such as baseURL: "http://127.0.0.1:11434/v1"' },
  })
  .transform(({ timeoutMs, concurrency, ...model }) => {
    const usual = isOnThisMachine(URL.parse(model.baseURL ?? "")) ? LOCAL_MODEL : REMOTE_MODEL;
    return {
      ...model,
      timeoutMs: timeoutMs ?? usual.timeoutMs,
      concurrency: concurrency ?? usual.concurrency,
    };
  });

/** The settings of the language model. `baseURL` has no slash at its end. `maxTokens` limits a whole run. */
export type ModelSettings = Readonly<z.output<typeof model>>;

export const summarySettings = {
  summary: model.optional().meta({
    description:
      "A language model that writes the gist, the key points and the subject, and merges and orders the stories. Its texts are checked against the articles. Without it, summaries are the articles' own sentences. Its key comes from the environment: BROADSHEET_MODEL_KEY, or ANTHROPIC_API_KEY or OPENAI_API_KEY for those two.",
  }),
};

/** The key of a provider is sent only to that provider. A compatible server may belong to a third party. */
const KEY_OF = {
  anthropic: "ANTHROPIC_API_KEY",
  openai: "OPENAI_API_KEY",
  "openai-compatible": undefined,
} as const satisfies Record<ModelSettings["provider"], string | undefined>;

/** Returns the environment variables that may hold the key of a provider. The first one that is set wins. */
export function modelKeysOf(provider: ModelSettings["provider"]): readonly string[] {
  const own = KEY_OF[provider];
  return own === undefined ? ["BROADSHEET_MODEL_KEY"] : ["BROADSHEET_MODEL_KEY", own];
}

const URLS = {
  anthropic: "https://api.anthropic.com/v1",
  openai: "https://api.openai.com/v1",
  // The schema requires `baseURL` for this provider.
  "openai-compatible": "",
} as const satisfies Record<ModelSettings["provider"], string>;

/** Returns the address of the model. The SDK's own environment variables have no effect on it. */
export function modelUrl({ provider, baseURL }: ModelSettings): string {
  return baseURL ?? URLS[provider];
}
