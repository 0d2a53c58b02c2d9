import { createHash } from "node:crypto";
import * as z from "zod";
import { type ModelSettings, modelUrl } from "../../settings.ts";
import type { Question } from "../question.ts";
import type { Clock } from "../../../platform/clock.ts";
import { CacheFolder } from "../../../platform/files/cache-folder.ts";

const KEPT_DAYS = 90;

/** Answers that were paid for. A failure is silent and only means that one is paid for again. */
export interface AnswerCache {
  load<Answer>(question: Question<Answer>): Promise<Answer | undefined>;
  save<Answer>(question: Question<Answer>, answer: Answer): Promise<void>;
  /** Removes answers that were not used for 90 days. */
  tidy(): Promise<void>;
}

/** Stores the answers of a model in a folder, one file each. A damaged file counts as missing. */
export function answerCache(folder: string, settings: ModelSettings, clock: Clock): AnswerCache {
  const files = new CacheFolder(folder);
  const nameOf = (question: Question<unknown>) => `${keyOf(settings, question)}.json`;
  return {
    load: async (question) => {
      try {
        return question.parse(String(await files.read(nameOf(question), clock())));
      } catch {
        return undefined;
      }
    },
    save: async (question, answer) => {
      await files.write(nameOf(question), JSON.stringify(answer)).catch(() => undefined);
    },
    tidy: async () => files.tidy(clock(), KEPT_DAYS),
  };
}

/**
 * Returns the hash of everything that an answer depends on: the model, the prompt and the content. Another model, another
 * prompt or a changed article is asked anew. The API key is not included.
 */
function keyOf(settings: ModelSettings, { system, prompt, schema }: Question<unknown>): string {
  const { provider, model } = settings;
  const form = z.toJSONSchema(schema);
  const all = JSON.stringify([provider, modelUrl(settings), model, system, prompt, form]);
  return createHash("sha256").update(all).digest("hex");
}
