import * as z from "zod";
import type { LetterBlock } from "../article/letter-block.ts";
import { oneLine } from "../platform/text.ts";
import { line, pictureSource } from "./schema.ts";

const text = z.string().meta({
  description: "Markdown within a paragraph, with the tags <sub>, <sup> and <br>",
});

const place = {
  line: z.int().positive().optional().meta({
    description: "The line of the letter's file where it begins",
  }),
};

const blocks = z
  .lazy(() => z.array(blockSchema).readonly())
  .meta({ description: "The blocks after its text" });

const passage = { text, blocks: blocks.optional() };

const pixels = z.int().positive().optional();

const passages = <Shape extends z.core.$ZodShape>(shape: Shape) =>
  z.array(z.strictObject({ ...passage, ...shape }).readonly()).readonly();

const picture = {
  src: pictureSource.optional(),
  missing: line.optional().meta({ description: "A picture that can't be loaded or shown" }),
  alt: line.meta({ description: "A description of the picture, for people who do not see it" }),
  caption: line.optional(),
  url: z.url({ protocol: /^(?:https?|mailto)$/ }).optional(),
  widthPx: pixels,
  heightPx: pixels,
};

const table = {
  head: z.array(text).readonly(),
  rows: z.array(z.array(text).readonly()).readonly(),
  align: z
    .array(z.enum(["left", "center", "right"]).nullable())
    .readonly()
    .optional()
    .meta({ description: "The alignment of each column" }),
};

const list = {
  start: z.int().nonnegative().optional().meta({
    description: "The number of the first entry; without it the list has no numbers",
  }),
  items: passages({
    done: z.boolean().optional().meta({ description: "For a task: whether it is done" }),
  }),
};

const label = line.meta({ description: "The label with which a text refers to it: [^label]" });
const name = line.meta({ description: "A headline of the issue, its beginning, or its number" });

function kind<Kind extends string, Shape extends z.core.$ZodShape>(kind: Kind, shape: Shape) {
  return z.strictObject({ kind: z.literal(kind), ...place, ...shape }).readonly();
}

const blockSchema: z.ZodType<LetterBlock> = z.discriminatedUnion("kind", [
  kind("heading", { level: z.int().min(1).max(6), text }),
  kind("paragraph", { text }),
  kind("picture", picture),
  kind("table", table),
  kind("list", list),
  kind("quote", passage),
  kind("note", passage),
  kind("code", { text: z.string() }),
  kind("rule", {}),
  kind("footnotes", { notes: passages({ label }) }),
  kind("story", { name }),
  kind("sponsor", {}),
  kind("raw", { text: z.string().meta({ description: "Text that readers see as it is written" }) }),
]);

const signature = z
  .string()
  .transform((lines) => lines.split("\n").map(oneLine).filter(Boolean).slice(0, 2).join("\n"));

/** The editor's letter in `digest.json`. */
export const letterSchema = z
  .strictObject({
    blocks: blocks.optional(),
    text: z.string().optional().meta({
      description: "The letter in Markdown. It replaces the blocks",
    }),
    signature: signature.optional().meta({
      description: "The signature; a second line gives the role",
    }),
  })
  .refine(({ blocks, text }) => blocks !== undefined || text !== undefined, {
    error: "has neither blocks nor text",
  })
  .readonly();

export type Letter = z.output<typeof letterSchema>;
