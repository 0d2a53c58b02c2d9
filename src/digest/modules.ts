import * as z from "zod";
import { oneLine } from "./one-line.ts";

/** What an issue says beside its stories. Whatever is not there leaves no room behind. */

const line = z.string().transform(oneLine);
const link = z.union([z.httpUrl(), z.string().regex(/^mailto:[^\s"<>]+$/)]);
const articleId = z.string().meta({ description: "The id of the article that says it" });

export const modulesSchema = z
  .strictObject({
    contents: z
      .boolean()
      .optional()
      .meta({ description: "Numbered contents, from four stories on: false switches them off" }),
    quote: z
      .strictObject({ text: line, speaker: line, articleId })
      .readonly()
      .optional()
      .meta({ description: "A pull quote of one of the stories" }),
    number: z
      .strictObject({ value: line, unit: line.optional(), what: line, articleId })
      .readonly()
      .optional()
      .meta({ description: "A number of one of the stories, set big" }),
    sponsor: z
      .strictObject({
        name: line.meta({ description: "Who pays for it, which readers are told" }),
        title: line,
        text: line.optional(),
        url: z.httpUrl(),
        link: line.meta({ description: "The words of the link: where it goes" }),
      })
      .readonly()
      .optional()
      .meta({ description: "One advertisement, marked as such" }),
    feedback: z
      .strictObject({
        question: line.optional().meta({ description: "By default in the issue's language" }),
        yes: link.meta({ description: "An https or mailto link; it names no reader" }),
        no: link,
      })
      .readonly()
      .optional(),
    subscribe: z
      .httpUrl()
      .optional()
      .meta({ description: "Where a reader whom it was forwarded to can subscribe" }),
    share: z
      .boolean()
      .optional()
      .meta({ description: "Links that pass the issue on: false switches them off" }),
    closing: line.optional().meta({ description: "A note of the editor's at the end" }),
  })
  .readonly();

export type Modules = z.output<typeof modulesSchema>;

/** What a newsletter says of its modules: quote and number are chosen for each issue. */
export interface ModuleSettings {
  readonly contents?: boolean | undefined;
  readonly quote?: boolean | undefined;
  readonly number?: boolean | undefined;
  readonly sponsor?: Modules["sponsor"];
  readonly feedback?: Modules["feedback"];
  readonly subscribe?: string | undefined;
  readonly share?: boolean | undefined;
  readonly closing?: string | undefined;
}
