import { readFileSync } from "node:fs";
import * as z from "zod";
import type { Article } from "../../src/article/article.ts";
import { bareArticle } from "../bare-article.ts";

const rowSchema = z.object({
  id: z.string(),
  text: z.string(),
  reference: z.string(),
  title: z.string().optional(),
  slug: z.string().optional(),
});
export type Row = z.output<typeof rowSchema>;

export function rowsOf(file: string): readonly Row[] {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => rowSchema.parse(JSON.parse(line)));
}

/** English rows have no title, so the slug of their address is used. */
export function articleOf({ id, text, title, slug }: Row, language: string): Article {
  return bareArticle({ id, text, language, title: title ?? slug ?? "" });
}
