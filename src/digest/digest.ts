import * as z from "zod";
import { BroadsheetError } from "../errors.ts";

/**
 * The digest model: everything an issue says, in the order it says it, and nothing of how it looks.
 * It is what `digest.json` holds, so an editor may change any line of it and render it again. Each
 * description below is also the hint that an editor's JSON completion shows (`digest.schema.json`).
 */

const line = z.string().transform(oneLine);
const lines = z.array(line).readonly();

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
    src: z.string().meta({ description: "An https URL, or a path relative to digest.json" }),
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
    language: z.string().min(2),
    tags: lines.meta({ description: "The first one is the kicker above the headline" }),
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

const issue = z
  .strictObject({
    newsletter: z
      .string()
      .regex(/^[\p{Ll}\p{Lo}\p{N}]+(?:-[\p{Ll}\p{Lo}\p{N}]+)*$/u)
      .meta({ description: "The newsletter's slug: its folder in the outbox" }),
    slot: z
      .string()
      .regex(/^\d{4}-(?:\d{2}-\d{2}(?:T\d{4}[+-]\d{4})?|W\d{2})$/)
      .meta({ description: "The edition: a date (2026-11-24) or an ISO week (2026-W48)" }),
    number: z.int().positive().optional().meta({ description: "The number that readers see" }),
  })
  .readonly();

const publication = z
  .strictObject({
    name: line.meta({ description: "The nameplate" }),
    tagline: line.optional(),
    postalAddress: line
      .optional()
      .meta({ description: "Shown in the footer, as anti-spam law wants" }),
    reason: line.optional().meta({ description: "Why the reader gets this; shown in the footer" }),
    accent: z.string().optional(),
    accentDark: z.string().optional(),
  })
  .readonly();

export const digestSchema = z
  .strictObject({
    $schema: z.string().optional(),
    issue,
    publication: publication.optional(),
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
    language: z.string().min(2).meta({ description: "BCP 47: en, de, pt-BR, ar" }),
    letter: z
      .strictObject({
        text: z.string().meta({ description: "The editor's own words, in Markdown" }),
        signature: line.optional(),
      })
      .readonly()
      .optional(),
    sections: z
      .array(
        z
          .strictObject({
            heading: line.meta({ description: "Empty for the lead section" }),
            entries: z.array(z.strictObject({ article, summary }).readonly()).readonly(),
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly();

export type Digest = z.output<typeof digestSchema>;
export type Issue = z.output<typeof issue>;
export type Publication = z.output<typeof publication>;
export type Section = Digest["sections"][number];
export type Entry = Section["entries"][number];

/** Header fields and headlines are one line each: a line break in one is a space. */
function oneLine(value: string): string {
  return value.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

/**
 * A digest from the text of a `digest.json`, every field checked.
 * @throws BroadsheetError DIGEST_INVALID, naming the field and the line it starts on where known.
 */
export function parseDigest(json: string, file: string): Digest {
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BroadsheetError("DIGEST_INVALID", `${file} is not JSON: ${reason}`, {
      where: { file },
      fix: "mend the JSON, or build the issue again",
      cause,
    });
  }
  const parsed = digestSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const path = first?.path.join(".") || "the digest";
  throw new BroadsheetError("DIGEST_INVALID", `${path}: ${first?.message ?? "not a digest"}`, {
    where: { file },
    fix: "docs/digest.schema.json lists every field; your editor completes them through $schema",
    cause: parsed.error,
  });
}

/** The JSON Schema (draft 2020-12) of `digest.json`. */
export function digestJsonSchema(): object {
  return {
    title: "Broadsheet digest",
    ...z.toJSONSchema(digestSchema, { io: "input", unrepresentable: "any" }),
  };
}
