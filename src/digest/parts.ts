import * as z from "zod";
import type { Summary } from "../summary/summary.ts";

/** The parts of a story that a newsletter may do without. Each is shown unless it is switched off. */
export const PARTS = ["keyPoints", "quote", "people", "timeline", "figures"] as const;

const isShown = z.boolean().optional();

/** Which parts are switched on and off, by name. */
export const partsSchema = z
  .strictObject({
    keyPoints: isShown.meta({ description: "Key points." }),
    quote: isShown.meta({ description: "The pull quote." }),
    people: isShown.meta({ description: "Who's who." }),
    timeline: isShown.meta({ description: "The timeline." }),
    figures: isShown.meta({ description: "What is counted, in figures." }),
    follows: isShown.meta({
      description: "What an earlier issue told of it; shown where true.",
      since: "the next version",
    }),
  } satisfies Record<(typeof PARTS)[number] | "follows", z.ZodType>)
  .readonly();

export type Parts = z.output<typeof partsSchema>;

/** A summary without the parts that are switched off: a template finds nothing of them to show. */
export function withoutParts(summary: Summary, parts: Parts = {}): Summary {
  const { quote, ...rest } = summary;
  const kept = <T>(part: (typeof PARTS)[number], list: readonly T[]) =>
    parts[part] === false ? [] : list;
  return {
    ...rest,
    ...(quote && parts.quote !== false && { quote }),
    keyPoints: kept("keyPoints", summary.keyPoints),
    people: kept("people", summary.people),
    timeline: kept("timeline", summary.timeline),
    figures: kept("figures", summary.figures),
  };
}
