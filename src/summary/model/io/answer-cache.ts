import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { type ModelSettings, modelUrl } from "../../settings.ts";
import type { Question } from "../question.ts";
import type { Clock } from "../../../platform/clock.ts";
import { makeFolders, PRIVATE_FILE } from "../../../platform/files/make-folders.ts";

const KEPT_DAYS = 90;

/** Answers that were paid for. May fail in silence: then one is paid for again. */
export interface AnswerCache {
  load<Answer>(question: Question<Answer>): Promise<Answer | undefined>;
  save<Answer>(question: Question<Answer>, answer: Answer): Promise<void>;
  /** Lets go of what nobody has asked for in 90 days. */
  tidy(): Promise<void>;
}

/**
 * Answers of the model of some settings in a folder, usually `.broadsheet/model`, one file each. A file that is
 * damaged is not there.
 */
export function answerCache(folder: string, settings: ModelSettings, clock: Clock): AnswerCache {
  const fileOf = (question: Question<unknown>) =>
    path.join(folder, `${keyOf(settings, question)}.json`);
  return {
    load: async (question) => {
      try {
        const file = fileOf(question);
        const answer = question.parse(await readFile(file, "utf8"));
        await utimes(file, clock(), clock());
        return answer;
      } catch {
        return undefined;
      }
    },
    save: async (question, answer) => {
      const written = path.join(folder, `${randomUUID()}.tmp`);
      try {
        await makeFolders(folder);
        await writeFile(written, JSON.stringify(answer), { mode: PRIVATE_FILE });
        await rename(written, fileOf(question));
      } catch {
        await rm(written, { force: true }).catch(() => undefined);
      }
    },
    tidy: async () => {
      const oldest = clock().getTime() - KEPT_DAYS * 86_400_000;
      for (const name of await readdir(folder).catch(() => [])) {
        const file = path.join(folder, name);
        const found = await stat(file).catch(() => undefined);
        if (found && found.mtimeMs < oldest) await rm(file, { force: true }).catch(() => undefined);
      }
    },
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
