import path from "node:path";
import { isLoopback } from "../../../platform/http/trust.ts";
import { modelKeysOf, type ModelSettings } from "../../settings.ts";
import { BroadsheetError } from "../../../errors.ts";
import type { Summarizer } from "../draft.ts";
import { isErrno } from "../../../platform/file-error.ts";
import { systemClock } from "../../../platform/clock.ts";

/** What of a config says which model is asked. `folder`: the project's. */
interface ModelConfig {
  readonly summary?: ModelSettings | undefined;
  readonly secrets: { readonly modelKey?: string };
  readonly folder: string;
}

/** A model for one run. Whoever opens it closes it. */
export interface Model extends Summarizer {
  close(): Promise<void>;
}

/**
 * The model that a config names, undefined where it names none. What it has drafted is kept in the
 * project's `.broadsheet/model`, and costs nothing again.
 * @throws BroadsheetError MODEL_UNCONFIGURED without its key; a draft, without what asks it.
 */
export function openModel({ summary: settings, secrets, folder }: ModelConfig): Model | undefined {
  if (!settings) return undefined;
  const { modelKey: key } = secrets;
  if (key === undefined && !isHere(settings)) throw keyMissing(settings);
  // The SDK is large, and so is what is around it: most newsletters never need either.
  const drafts = async () => {
    const { cacheKey, draftCache } = await import("./draft-cache.ts");
    return { cacheKey, cache: draftCache(path.join(folder, ".broadsheet", "model"), systemClock) };
  };
  let session: Promise<Summarizer> | undefined;
  const openSession = async () => {
    const { ask, ModelSession } = await withSdk(settings, async () => {
      const [{ openAsk }, { ModelSession }] = await Promise.all([
        import("./ai-sdk.ts"),
        import("./model-session.ts"),
      ]);
      return { ask: await openAsk(settings, key), ModelSession };
    });
    const { cache } = await drafts();
    return new ModelSession({ settings, key, ask, cache, clock: systemClock });
  };
  return {
    draft: async (article) => {
      const { cacheKey, cache } = await drafts();
      const kept = await cache.load(cacheKey(settings, article));
      if (kept) return { draft: kept };
      session ??= openSession();
      return (await session).draft(article);
    },
    close: async () => (await drafts()).cache.tidy(),
  };
}

/**
 * What loads the SDK, which is installed beside Broadsheet.
 * @throws BroadsheetError MODEL_UNCONFIGURED where it isn't, or in a version that Broadsheet doesn't know.
 */
async function withSdk<Loaded>(
  { provider }: ModelSettings,
  load: () => Promise<Loaded>,
): Promise<Loaded> {
  try {
    return await load();
  } catch (cause) {
    const packages = [
      "ai@6",
      provider === "anthropic" ? "@ai-sdk/anthropic@3" : "@ai-sdk/openai-compatible@2",
    ];
    const isMissing = isErrno(cause, "ERR_MODULE_NOT_FOUND");
    throw new BroadsheetError(
      "MODEL_UNCONFIGURED",
      `summary in the config wants a model, and what asks it is ${isMissing ? "not installed" : "installed in a version that does not fit"}`,
      { fix: `npm install ${packages.join(" ")}`, cause },
    );
  }
}

/** A server on this machine rarely wants a key. */
function isHere({ baseURL }: ModelSettings): boolean {
  return baseURL !== undefined && isLoopback(new URL(baseURL).hostname.replace(/^\[|\]$/g, ""));
}

function keyMissing({ provider }: ModelSettings): BroadsheetError {
  const names = modelKeysOf(provider).join(" or ");
  const message = `summary in the config wants a model of ${provider}, and ${names} is not set`;
  return new BroadsheetError("MODEL_UNCONFIGURED", message, {
    fix: 'set it in the environment or in .env beside the config, or take "summary" out of the config',
  });
}
