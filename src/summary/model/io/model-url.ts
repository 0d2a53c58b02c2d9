import type { ModelSettings } from "../model-settings.ts";

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
