import * as z from "zod";
import { alsoInSchema } from "./also-in.ts";
import { notADigest, notJson } from "./digest-error.ts";
import { oneLine } from "./one-line.ts";
import { partsSchema } from "./parts.ts";
import { pictureSource, publicationSchema } from "./publication.ts";
import { dayOfSlot } from "./slot.ts";

/**
 * The digest model: everything an issue says, in the order it says it, and nothing of how it looks.
 * It is what `digest.json` holds, so an editor may change any line of it and render it again. Each
 * description below is also the hint that an editor's JSON completion shows (`digest.schema.json`).
 */

const line = z.string().transform(oneLine);
const lines = z.array(line).readonly();
const signature = z
  .string()
  .transform((text) => text.split("\n").map(oneLine).filter(Boolean).slice(0, 2).join("\n"));
const language = z.string().refine(isLanguage, "is not a language tag such as en, pt-BR or ar");

const sentence = z
  .strictObject({
    text: line.meta({ description: "The sentence as readers see it" }),
    start: z.int().nonnegative().optional(),
    end: z.int().nonnegative().optional(),
    cut: z
      .array(
        z.strictObject({ start: z.int().nonnegative(), end: z.int().nonnegative() }).readonly(),
      )
      .readonly()
      .optional(),
  })
  .readonly()
  .meta({
    description:
      "start and end are offsets into the article's text; after rewording a sentence, delete them",
  });

const summary = z
  .strictObject({
    articleId: z.string(),
    gist: sentence.meta({ description: "What the article is about, in one sentence" }),
    keyPoints: z
      .array(sentence)
      .readonly()
      .meta({ description: "Three to five, in reading order" }),
    quote: z
      .strictObject({ ...sentence.unwrap().shape, speaker: line })
      .readonly()
      .optional(),
    people: z.array(z.strictObject({ name: line, role: line.optional() }).readonly()).readonly(),
    places: lines,
    organisations: lines,
    timeline: z
      .array(z.strictObject({ when: line, iso: z.string().optional(), sentence }).readonly())
      .readonly(),
    figures: z
      .array(z.strictObject({ value: line, unit: line.optional(), what: line }).readonly())
      .readonly(),
    minutes: z.int().positive().meta({ description: "Minutes to read the article in full" }),
    origin: z.enum(["author", "extract", "model"]),
    why: line.optional(),
  })
  .readonly();

const image = z
  .strictObject({
    src: pictureSource,
    alt: line.meta({ description: "What the picture shows, for those who do not see it" }),
    caption: line.optional(),
    credit: line.optional(),
    widthPx: z.int().positive().optional(),
    heightPx: z.int().positive().optional(),
  })
  .readonly();

const article = z
  .strictObject({
    id: z.string(),
    title: line.meta({ description: "The headline of the story" }),
    url: z.httpUrl().optional().meta({ description: "Where the whole article can be read" }),
    site: line.optional(),
    authors: lines,
    publishedAt: z.string().optional(),
    language,
    tags: lines.meta({ description: "What it is about: sections may go by them" }),
    kicker: line.optional().meta({ description: "A word or two of yours above the headline" }),
    description: z.string().optional(),
    kind: z.enum(["story", "letter"]),
    draft: z.literal(true).optional(),
    html: z.string(),
    text: z.string(),
    images: z.array(image).readonly(),
    captions: z
      .array(z.strictObject({ text: z.string(), credit: z.string().optional() }))
      .readonly(),
    dropped: z.array(z.strictObject({ text: z.string(), reason: z.string() })).readonly(),
    source: z.string(),
  })
  .readonly();

const entry = z
  .strictObject({
    article,
    summary,
    hidden: z
      .literal(true)
      .optional()
      .meta({ description: "Leaves the story out of the email; it stays here" }),
    alsoIn: z
      .array(alsoInSchema)
      .readonly()
      .optional()
      .meta({ description: "Other papers that have the story: merged into this entry" }),
  })
  .readonly();

const issueSchema = z
  .strictObject({
    newsletter: z
      .string()
      .regex(/^[\p{Ll}\p{Lo}\p{N}]+(?:-[\p{Ll}\p{Lo}\p{N}]+)*$/u)
      .meta({ description: "The newsletter's slug: its folder in the outbox" }),
    slot: z
      .string()
      .refine((slot) => dayOfSlot(slot) !== undefined, "is no day and no week of the calendar")
      .meta({ description: "The edition: a date (2026-11-24) or an ISO week (2026-W48)" }),
    number: z.int().positive().optional().meta({ description: "The number that readers see" }),
  })
  .readonly();

export const digestSchema = z
  .strictObject({
    $schema: z.string().optional(),
    issue: issueSchema,
    publication: publicationSchema.optional(),
    template: z.string().optional().meta({ description: "The template it is rendered with" }),
    date: z.iso.date().optional().meta({ description: "The day on the front page" }),
    webUrl: z
      .httpUrl()
      .optional()
      .meta({ description: "Where this issue can be read in a browser" }),
    title: line.meta({ description: "What this issue is called, in an archive or a list" }),
    subject: line.meta({ description: "The subject line: 60 characters or fewer are shown whole" }),
    preheader: line.meta({
      description: "The line after the subject in an inbox: 40 to 130 characters",
    }),
    language: language.meta({ description: "BCP 47: en, de, pt-BR, ar" }),
    parts: partsSchema.optional().meta({
      description: "Which parts of a story are shown: false switches one off",
    }),
    letter: z
      .strictObject({
        text: z.string().meta({ description: "The editor's own words, in Markdown" }),
        signature: signature.optional().meta({
          description: "Who signs it; a second line says as what",
        }),
      })
      .readonly()
      .optional(),
    sections: z
      .array(
        z
          .strictObject({
            heading: line.meta({
              description: "Empty for the lead's section, and for what no section takes",
            }),
            entries: z.array(entry).min(1).readonly(),
          })
          .readonly(),
      )
      .min(1)
      .readonly(),
  })
  .readonly();

export type Digest = z.output<typeof digestSchema>;
export type Issue = z.output<typeof issueSchema>;
export type Section = Digest["sections"][number];
export type Entry = Section["entries"][number];

/**
 * A digest from the text of a `digest.json`, every field checked.
 * @throws BroadsheetError DIGEST_INVALID, naming the first field that is wrong and its line.
 */
export function parseDigest(json: string, file: string): Digest {
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch (cause) {
    throw notJson(cause, { json, file });
  }
  const parsed = digestSchema.safeParse(raw, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw notADigest(parsed.error.issues[0], FIELDS, { json, file });
}

/** The JSON Schema (draft 2020-12) of `digest.json`. */
export function digestJsonSchema(): object {
  return {
    title: "Broadsheet digest",
    ...z.toJSONSchema(digestSchema, { io: "input", unrepresentable: "any" }),
  };
}

/** Every field name of the model, for "did you mean". */
const FIELDS: ReadonlySet<string> = new Set(
  JSON.stringify(digestJsonSchema()).match(/(?<=")[A-Za-z]+(?=":\{)/g),
);

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1 && !/^und\b/i.test(tag);
  } catch {
    return false;
  }
}
