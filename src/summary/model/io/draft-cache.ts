import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { type ModelSettings, modelUrl } from "../../settings.ts";
import { draftRequest, draftSchema, type Draft } from "../draft.ts";
import type { Article } from "../../../article/article.ts";
import type { Clock } from "../../../platform/clock.ts";
import { makeFolders, PRIVATE_FILE } from "../../../platform/files/make-folders.ts";

const KEPT_DAYS = 90;

/** Drafts that were paid for. May fail in silence: then one is paid for again. */
export interface DraftCache {
  load(key: string): Promise<Draft | undefined>;
  save(key: string, draft: Draft): Promise<void>;
  /** Lets go of what nobody has asked for in 90 days. */
  tidy(): Promise<void>;
}

/**
 * What a draft depends on, as one hash: the model, the words it is asked with and the article. Another
 * prompt, another model or a changed article is asked for anew. The key of the provider is no part of it.
 */
export function cacheKey(settings: ModelSettings, article: Article): string {
  const { provider, model } = settings;
  const { system, prompt } = draftRequest(article);
  const schema = z.toJSONSchema(draftSchema);
  const all = JSON.stringify([provider, modelUrl(settings), model, system, prompt, schema]);
  return createHash("sha256").update(all).digest("hex");
}

/** Drafts in a folder, usually `.broadsheet/model`, one file each. A file that is damaged is not there. */
export function draftCache(folder: string, clock: Clock): DraftCache {
  const fileOf = (key: string) => path.join(folder, `${key}.json`);
  return {
    load: async (key) => {
      try {
        const draft = draftSchema.parse(JSON.parse(await readFile(fileOf(key), "utf8")));
        await utimes(fileOf(key), clock(), clock());
        return draft;
      } catch {
        return undefined;
      }
    },
    save: async (key, { gist, keyPoints }) => {
      const written = path.join(folder, `${randomUUID()}.tmp`);
      try {
        await makeFolders(folder);
        await writeFile(written, JSON.stringify({ gist, keyPoints }), { mode: PRIVATE_FILE });
        await rename(written, fileOf(key));
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
