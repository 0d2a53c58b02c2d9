import { createHash } from "node:crypto";
import * as z from "zod";
import { type ModelSettings, modelUrl } from "../../settings.ts";
import type { Question } from "../question.ts";
import type { Clock } from "../../../platform/clock.ts";
import { CacheFolder } from "../../../platform/files/cache-folder.ts";

const KEPT_DAYS = 90;

/** Answers that were paid for. May fail in silence: then one is paid for again. */
export interface AnswerCache {
  load<Answer>(question: Question<Answer>): Promise<Answer | undefined>;
  save<Answer>(question: Question<Answer>, answer: Answer): Promise<void>;
  /** Removes answers that were not asked for in 90 days. */
  tidy(): Promise<void>;
}

/**
 * Answers of the model of some settings in a folder, usually `.broadsheet/model`, one file each. A
 * damaged file counts as missing.
 */
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
 * What an answer depends on, as one hash: the model, the words it is asked with and what they are about. Another
 * prompt, another model or a changed article is asked for anew. The key of the provider is no part of it.
 */
function keyOf(settings: ModelSettings, { system, prompt, schema }: Question<unknown>): string {
  const { provider, model } = settings;
  const form = z.toJSONSchema(schema);
  const all = JSON.stringify([provider, modelUrl(settings), model, system, prompt, form]);
  return createHash("sha256").update(all).digest("hex");
}
