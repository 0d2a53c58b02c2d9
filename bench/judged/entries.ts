import { readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";

const span = z.tuple([z.number(), z.number()]);
const verdict = z.object({
  gist: z.enum(["good", "partly", "wrong"]),
  lines: z.string(),
  people: z.string(),
  timeline: z.string(),
  quote: z.string(),
  main: z.boolean(),
  missing: z.boolean(),
  entry: z.enum(["send", "light", "rewrite"]),
});

const article = z.object({
  set: z.string(),
  id: z.string(),
  entries: z.array(
    z.object({
      by: z.string(),
      /** No place if it is the author's description. */
      gist: span.nullable(),
      lines: z.array(span.nullable()),
      first: verdict,
      second: verdict.optional(),
    }),
  ),
});

type JudgedEntry = z.output<typeof article>["entries"][number];

/** The judged entries by set and id of their article. */
export function judgedEntries(): ReadonlyMap<string, readonly JudgedEntry[]> {
  const lines = readFileSync(path.join(import.meta.dirname, "entries.ndjson"), "utf8");
  return new Map(
    lines
      .split("\n")
      .filter(Boolean)
      .map((line) => article.parse(JSON.parse(line)))
      .map(({ set, id, entries }) => [`${set} ${id}`, entries]),
  );
}
