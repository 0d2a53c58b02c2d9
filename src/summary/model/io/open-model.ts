import { isOnThisMachine } from "../../../platform/http/web-address.ts";
import { modelKeysOf, type ModelSettings } from "../../settings.ts";
import { BroadsheetError } from "../../../errors.ts";
import { draftQuestion, type Summarizer } from "../draft.ts";
import { type IssueEditor, issueQuestion } from "../issue-question.ts";
import type { Asked, Question } from "../question.ts";
import { isErrno } from "../../../platform/file-error.ts";
import { projectCache } from "../../../platform/files/cache-folder.ts";
import { systemClock } from "../../../platform/clock.ts";

/** The part of a config that selects the model. `folder` is that of the project. */
export interface ModelConfig {
  readonly summary?: ModelSettings | undefined;
  readonly secrets: { readonly modelKey?: string };
  readonly folder: string;
}

/** A model for one run. The caller closes it. */
export interface Model extends Summarizer, IssueEditor {
  close(): Promise<void>;
}

/**
 * Opens the model of a config. Undefined if the config names none. Answers are cached in the project's `.broadsheet/model`,
 * so that they cost nothing again.
 * @throws BroadsheetError MODEL_UNCONFIGURED if its key is missing. A question throws it if the SDK is missing.
 */
export function openModel({ summary: settings, secrets, folder }: ModelConfig): Model | undefined {
  if (!settings) return undefined;
  const { modelKey: key } = secrets;
  if (key === undefined && !isHere(settings)) throw keyMissing(settings);
  // The SDK is loaded at the first question, because it is large and most newsletters never need it.
  const openCache = async () => {
    const { answerCache } = await import("./answer-cache.ts");
    return answerCache(projectCache(folder, "model"), settings, systemClock);
  };
  const openSession = async () => {
    const { ask, ModelSession } = await withSdk(settings, async () => {
      const [{ openAsk }, { ModelSession }] = await Promise.all([
        import("./ai-sdk.ts"),
        import("./model-session.ts"),
      ]);
      return { ask: await openAsk(settings, key), ModelSession };
    });
    const cache = await openCache();
    return new ModelSession({ settings, key, ask, cache, clock: systemClock });
  };
  let session: ReturnType<typeof openSession> | undefined;
  const answerTo = async <T>(question: Question<T>): Promise<Asked<T>> => {
    const kept = await (await openCache()).load(question);
    if (kept !== undefined) return { answer: kept };
    session ??= openSession();
    return (await session).answerTo(question);
  };
  return {
    draft: async (article) => answerTo(draftQuestion(article)),
    advise: async (stories) => answerTo(issueQuestion(stories)),
    close: async () => (await openCache()).tidy(),
  };
}

/**
 * Loads the SDK, which is installed separately.
 * @throws BroadsheetError MODEL_UNCONFIGURED if it is missing or has an unsupported version
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
      `summary in the config uses a model, and its client is ${isMissing ? "not installed" : "installed in an unsupported version"}`,
      { fix: `npm install ${packages.join(" ")}`, cause },
    );
  }
}

/** A server on this machine rarely requires a key. */
function isHere({ baseURL }: ModelSettings): boolean {
  return isOnThisMachine(URL.parse(baseURL ?? ""));
}

function keyMissing({ provider }: ModelSettings): BroadsheetError {
  const names = modelKeysOf(provider).join(" or ");
  const message = `summary in the config uses a model of ${provider}, and ${names} is not set`;
  return new BroadsheetError("MODEL_UNCONFIGURED", message, {
    fix: 'set it in the environment or in .env beside the config, or remove "summary" from the config',
  });
}
