import * as z from "zod";
import type { Article } from "../article/article.ts";
import { oneLine } from "./one-line.ts";

const line = z.string().transform(oneLine);

/** Another paper that has the story: what readers see of it is its name and a link. */
export const alsoInSchema = z
  .strictObject({
    site: line.optional().meta({ description: "The paper's name; by default the address's host" }),
    url: z.httpUrl().optional().meta({ description: "Where its own article can be read" }),
    title: line.optional().meta({ description: "Its headline, which readers do not see" }),
    source: z.string().optional().meta({ description: "Where it was read from" }),
  })
  .readonly();

export type AlsoIn = z.output<typeof alsoInSchema>;

/** What a digest keeps of an article that was merged into another. */
export function alsoInOf({ site, url, title, source }: Article): AlsoIn {
  return {
    ...(site && { site }),
    ...(url && { url }),
    ...(title && { title }),
    source,
  };
}
