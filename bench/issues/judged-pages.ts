import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { type Article, isDoubtful } from "../../src/article/article.ts";
import { readArticle } from "../../src/article/read-articles.ts";
import { BroadsheetError } from "../../src/errors.ts";
import { type Summary, tooThin } from "../../src/summary/summary.ts";
import { summarize } from "../../src/summary/summarize.ts";
import { samplesOf } from "../reading/corpus.ts";

const FOLDERS = ["en", "fields", "vetted"] as const;
/** The day of every issue, on which all pages came in. */
export const DAY = "2026-11-24";

const judgedRow = z.strictObject({
  id: z.string(),
  /** How high an editor would put it in an issue of general news, 0 to 9. */
  worth: z.number(),
  /** Whether its subject can go as it is, by the hash of the subject. */
  subjects: z.record(z.string(), z.boolean()),
});

export interface Page {
  readonly id: string;
  readonly site: string;
  readonly half: "a" | "b";
  readonly article: Article;
}

/** A page with its summary, and what an editor says of it. */
export interface JudgedStory extends Page, Omit<z.output<typeof judgedRow>, "id"> {
  readonly summary: Summary;
}

export function judgedStories(): readonly JudgedStory[] {
  const judged = new Map(judgedPages().map((row) => [row.id, row]));
  return readPages().flatMap((page): readonly JudgedStory[] => {
    const row = judged.get(page.id);
    return row ? [{ ...page, ...row, summary: summarize(page.article) }] : [];
  });
}

/** Pages of one site are in one half. */
export function readPages(): Page[] {
  return FOLDERS.flatMap((folder) =>
    samplesOf(folder).flatMap(({ id, html, site }): Page[] => {
      try {
        if (/lorem ipsum/i.test(html)) return [];
        const read = readArticle({ format: "html", location: `${id}.html`, body: html });
        if (!read.language.startsWith("en") || isDoubtful(read.reading) || tooThin(read)) return [];
        const half = Number.parseInt(hashOf(site).at(-1) ?? "", 16) % 2 === 0 ? "a" : "b";
        return [{ id: `${folder}/${id}`, site, half, article: { ...read, publishedAt: DAY } }];
      } catch (error) {
        if (error instanceof BroadsheetError) return [];
        throw error;
      }
    }),
  );
}

export function judgedPages(): z.output<typeof judgedRow>[] {
  const file = path.join(import.meta.dirname, "../judged/issues.ndjson");
  return readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => judgedRow.parse(JSON.parse(line)));
}

/** What stands for a subject in the verdicts, which hold no text of the corpora. */
export function subjectHash(subject: string): string {
  return hashOf(subject).slice(0, 16);
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
