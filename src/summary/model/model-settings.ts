/** Which language model is asked, and how. */
export interface ModelSettings {
  readonly provider: "anthropic" | "openai" | "openai-compatible";
  /** As its provider calls it. */
  readonly model: string;
  /** Without a slash at its end. */
  readonly baseURL?: string | undefined;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly concurrency: number;
  /** For all articles of a run together. */
  readonly maxTokens: number;
}

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

const URLS = {
  anthropic: "https://api.anthropic.com/v1",
  openai: "https://api.openai.com/v1",
  // The config asks for one.
  "openai-compatible": "",
} as const satisfies Record<ModelSettings["provider"], string>;

/** Where the settings have a model asked, whatever variables the SDK would look at. */
export function modelUrl({ provider, baseURL }: ModelSettings): string {
  return baseURL ?? URLS[provider];
}
