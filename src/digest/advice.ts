import * as z from "zod";
import { line as text } from "./entry-schema.ts";

const ids = z.array(z.string()).readonly();
const used = z.boolean().meta({ description: "Whether the issue goes by it" });
const why = text.optional().meta({ description: "Why not, or why not wholly" });

const line = z
  .strictObject({
    text,
    about: ids.meta({ description: "The ids of the articles whose news it tells" }),
    used,
    why,
  })
  .readonly();

/** What a language model said of a whole issue, and what was made of it. */
export const adviceSchema = z
  .strictObject({
    same: z
      .array(z.strictObject({ stories: ids, used, why }).readonly())
      .readonly()
      .optional()
      .meta({ description: "Pairs of article ids that it takes for one story" }),
    order: z
      .strictObject({ stories: ids, used, why })
      .readonly()
      .optional()
      .meta({ description: "The order that it gives the stories, by the ids of their articles" }),
    subject: line.optional(),
    preheader: line.optional(),
    ignored: z
      .array(text)
      .readonly()
      .optional()
      .meta({ description: "What it said that means nothing in this issue" }),
  })
  .readonly();

export type Advice = z.output<typeof adviceSchema>;
export type AdviceLine = NonNullable<Advice["subject"]>;
