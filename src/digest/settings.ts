import * as z from "zod";
import { line } from "../platform/setting.ts";
import { partsSchema } from "./modules.ts";

const section = z
  .strictObject({
    heading: line.meta({ description: "The heading above its stories.", example: "Harbours" }),
    tags: z
      .array(line)
      .optional()
      .meta({
        description: "The section takes the stories with one of these tags.",
        example: ["harbour"],
      }),
    sources: z
      .array(line)
      .optional()
      .meta({
        description:
          'The section takes the stories of these papers, given by name or by host such as "paper.example".',
        example: ["paper.example"],
      }),
    weight: z.enum(["pair", "row", "line"]).optional().meta({
      description: '"line" shows all its stories in brief; by default each is a row.',
      example: "line",
      since: "the next version",
    }),
  })
  .refine(({ tags = [], sources = [] }) => tags.length + sources.length > 0, {
    message: "takes no story",
    params: { fix: 'give it tags or sources, such as tags: ["Harbours"]' },
  })
  .meta({ id: "SectionSetting", description: "A section of your own." });

/** The selection and the order of stories. */
export const digestSettings = {
  parts: partsSchema.optional().meta({
    description:
      "Parts of a story to leave out, such as `{ timeline: false }`; all but `follows` are shown by default.",
    example: { timeline: false, figures: false },
  }),
  merge: z.boolean().default(true).meta({ description: "Merge articles about one story." }),
  order: z.enum(["given", "weight"]).optional().meta({
    description:
      '"given": as the files and addresses are named. "weight": by news value. By default articles that you name one by one stay as given, and the items of feeds and exports are ordered by weight.',
    example: "weight",
  }),
  pins: z
    .array(line)
    .default([])
    .meta({
      description:
        "Stories that come first, in this order: addresses, headlines or file names. The first one leads.",
      example: ["The bakery that runs on tides"],
    }),
  sections: z
    .union([z.array(section), z.enum(["auto", "none", "tag", "source"])])
    .default("auto")
    .meta({
      description:
        'How the stories after the lead are grouped. "auto": 13 and more by tag or else by source, if most of them then have a heading. Stories of no section come last.',
    }),
};
