import * as z from "zod";
import type { Draft } from "./summarizer.ts";

/** Looser than what was asked for: a model may add a field, and more points are no fault. */
const answerSchema = z.object({
  gist: z.string().trim().min(1).max(2000),
  keyPoints: z.array(z.string().trim().max(2000)).max(50),
});

/**
 * The draft in a model's answer. Around the JSON there may be what models like to put there: thoughts, a
 * fence of backticks, a sentence. Undefined where there is no such JSON.
 */
export function parseDraft(answer: string): Draft | undefined {
  const said = answer.replace(/^[^]*<\/think(?:ing)?>/, "");
  const json = said.slice(said.indexOf("{"), said.lastIndexOf("}") + 1);
  const parsed = answerSchema.safeParse(parsedJson(json));
  if (!parsed.success) return undefined;
  const { gist, keyPoints } = parsed.data;
  return { gist: oneLine(gist), keyPoints: keyPoints.map(oneLine).filter(Boolean) };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
