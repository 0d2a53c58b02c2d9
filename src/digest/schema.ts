import * as z from "zod";
import type { Article, Image, PictureLook, Reading } from "../article/article.ts";
import { oneLine } from "../platform/text.ts";
import { fontStack } from "../platform/css/font-stack.ts";
import { attempt } from "../platform/attempt.ts";
import { GENRES, type Sentence, type Summary } from "../summary/summary.ts";

/** The schemas of the fields of a value. If the value has a field that digest.json cannot contain, the types do not match. */
type Fields<Value> = Readonly<Record<keyof Value, z.ZodType>>;

export const line = z.string().transform(oneLine);

/** A web address. It may be on a local machine, which `check` reports, because readers can't open it. */
export const webAddress = z.url({ protocol: /^https?$/ });

/** The location of a picture: on the web, or in the issue's own folder. */
export const PICTURE_SOURCE = /^(?:https?:\/\/[^\s"<>]+|images\/[^/\\\s"<>]+)$/;
export const pictureSource = z
  .string()
  .regex(PICTURE_SOURCE)
  .meta({ description: "An https URL, or images/ and the name of a file there" });

const lines = z.array(line).readonly();
const share = z.number().min(0).max(1);
export const language = z
  .string()
  .refine(isLanguage, "is not a language tag such as en, pt-BR or ar");

const spans = z
  .array(z.strictObject({ start: z.int().nonnegative(), end: z.int().nonnegative() }).readonly())
  .readonly();

const sentence = z
  .strictObject({
    text: line.meta({ description: "The sentence as readers see it" }),
    start: z.int().nonnegative().optional(),
    end: z.int().nonnegative().optional(),
    cut: spans.optional(),
    added: z
      .array(z.strictObject({ at: z.int().nonnegative(), text: z.string() }).readonly())
      .readonly()
      .optional(),
    sources: spans.optional(),
  } satisfies Fields<Sentence>)
  .readonly()
  .meta({
    description:
      "start and end are offsets into the article's text; after rewording a sentence, delete them",
  });

/** A list in the summaries of older digests. It is accepted and ignored. */
const unused = lines.optional().meta({ deprecated: true });

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
    places: unused,
    organisations: unused,
    timeline: z
      .array(z.strictObject({ when: line, iso: z.string().optional(), sentence }).readonly())
      .readonly(),
    figures: z
      .array(z.strictObject({ value: line, unit: line.optional(), what: line }).readonly())
      .readonly(),
    minutes: z.int().positive().meta({ description: "Minutes to read the article in full" }),
    origin: z.enum(["author", "extract", "model"]),
    genre: z
      .partialRecord(z.enum(GENRES), share)
      .readonly()
      .optional()
      .meta({ description: "The probability of each kind of article" }),
    confidence: share
      .optional()
      .meta({ description: "The confidence that the gist says what the story is about" }),
    sendable: share.optional().meta({
      description:
        "The chance that an editor sends the gist and key points with at most a light edit",
    }),
    why: line.optional(),
  } satisfies Fields<Summary & Record<"places" | "organisations", unknown>>)
  .transform(({ places: _places, organisations: _organisations, ...summary }) => summary)
  .readonly();

const crop = z
  .strictObject({
    src: pictureSource,
    widthPx: z.int().positive(),
    heightPx: z.int().positive(),
  })
  .readonly();

const look = z
  .strictObject({
    ...crop.unwrap().shape,
    kind: z.enum(["photograph", "drawing", "logo"]),
    clear: share,
    ground: z.enum(["page", "ink"]).optional(),
    tone: share,
    colours: z.int().nonnegative(),
    hash: z.string().regex(/^[0-9a-f]{32}$/),
    moves: z.literal(true).optional(),
  } satisfies Fields<PictureLook>)
  .readonly()
  .meta({ description: "Features of the file, which decide the places of the picture" });

const image = z
  .strictObject({
    src: pictureSource,
    alt: line.meta({ description: "A description of the picture, for people who do not see it" }),
    caption: line.optional(),
    credit: line.optional(),
    widthPx: z.int().positive().optional(),
    heightPx: z.int().positive().optional(),
    focus: z.tuple([share, share]).readonly().optional().meta({
      description:
        "The point that a crop keeps in view, as shares of width and height from the top left",
    }),
    look: look.optional(),
    crops: z
      .strictObject({ lead: crop, pair: crop, row: crop })
      .partial()
      .readonly()
      .optional()
      .meta({ description: "The same picture, cropped for the place of a story with this weight" }),
  } satisfies Fields<Image>)
  .readonly();

const article = z
  .strictObject({
    id: z.string(),
    title: line.meta({ description: "The headline of the story" }),
    url: webAddress.optional().meta({ description: "Where the whole article can be read" }),
    site: line.optional(),
    authors: lines,
    publishedAt: z.string().optional(),
    language,
    tags: lines.meta({ description: "Its topics: sections may use them" }),
    kicker: line.optional().meta({ description: "A word or two of yours above the headline" }),
    priority: z.number().positive().optional(),
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
    reading: z
      .strictObject({
        confidence: share,
        doubtful: z.boolean().optional(),
        partial: z.enum(["paywall", "stub", "cut", "comments"]).optional(),
        doubts: z.array(z.string()).readonly(),
        fields: z
          .strictObject({ title: share, authors: share, date: share, picture: share })
          .optional(),
      } satisfies Fields<Reading>)
      .readonly()
      .optional()
      .meta({ description: "The confidence that this is the whole story" }),
    source: z.string(),
  } satisfies Fields<Omit<Article, "blocks">>)
  .readonly();

/** Another paper with the same story. Readers see its name and a link. */
export const alsoInSchema = z
  .strictObject({
    site: line.optional().meta({ description: "The paper's name; by default the address's host" }),
    url: webAddress.optional().meta({ description: "Where its own article can be read" }),
    title: line.optional().meta({ description: "Its headline, which readers do not see" }),
    source: z.string().optional().meta({ description: "Where it was read from" }),
    id: z.string().optional().meta({ description: "The id of its article" }),
    reading: z
      .string()
      .optional()
      .meta({ description: "An id that stays the same when its text changes" }),
    as: z.enum(["article", "copy", "event", "joined", "model"]).optional().meta({
      description:
        "The same article, a copy, another article on the event, joined by you, or joined by a model",
    }),
    confidence: share.optional().meta({ description: "The confidence in that" }),
  })
  .readonly();

const placeSchema = z
  .strictObject({
    by: z.enum(["pin", "given", "value", "model"]),
    value: z.number(),
    papers: z.int().positive(),
    ageDays: z.number().nonnegative(),
    central: share,
    newsDays: z.number().nonnegative().optional(),
    weight: z.number().positive(),
  })
  .readonly()
  .meta({ description: "The reason for the position of the story; value is in days" });

const followsSchema = z
  .strictObject({
    slot: z.string().meta({ description: "The earlier issue with the story" }),
    date: z.iso.date().optional().meta({ description: "The day on that issue's front page" }),
    id: z.string(),
    title: line,
    url: webAddress.optional().meta({ description: "Where readers can read it" }),
    as: z
      .enum(["again", "next"])
      .meta({ description: "The same story again, or its continuation" }),
  })
  .readonly()
  .meta({ description: "The earlier story that it follows; delete it if that is wrong" });

/** A story of a digest. */
export const entrySchema = z
  .strictObject({
    id: z
      .string()
      .optional()
      .meta({ description: "The id of the story, which stays the same when its article changes" }),
    article,
    summary,
    hidden: z
      .literal(true)
      .optional()
      .meta({ description: "Leaves the story out of the email; it stays here" }),
    accepted: z
      .literal(true)
      .optional()
      .meta({ description: "You have checked the doubts about it, and it is right" }),
    alsoIn: z
      .array(alsoInSchema)
      .readonly()
      .optional()
      .meta({ description: "Other papers that have the story: merged into this entry" }),
    told: z
      .enum(["chosen", "fullest", "earliest", "latest"])
      .optional()
      .meta({ description: "Why this article tells the story instead of the others" }),
    short: z
      .strictObject({
        headline: line.optional().meta({ description: "The headline where there is less room" }),
        gist: line.optional().meta({ description: "The gist where there is less room" }),
      })
      .readonly()
      .optional()
      .meta({ description: "Your own shorter text; by default the program chooses it" }),
    place: placeSchema.optional(),
    follows: followsSchema.optional(),
    weight: z.enum(["lead", "pair", "row", "line"]).optional().meta({
      description:
        "Its size in a digest: lead is the lead story, pair is beside another story, row has a small picture, line is in brief. By default it follows from its position",
    }),
  })
  .readonly();

function isLanguage(tag: string): boolean {
  const tags = attempt(() => Intl.getCanonicalLocales(tag));
  return tags?.length === 1 && !/^und\b/i.test(tag);
}

/** A separate schema from `line`, because the JSON Schema repeats the length limit of one place at every use of a schema. */
const text = z.string().transform(oneLine);
const HEX = /^#[0-9A-Fa-f]{6}$/;
const colour = z
  .string()
  .refine((written) => HEX.test(written), "is not a colour such as #B01E23")
  .meta({ pattern: HEX.source });

const stack = z
  .string()
  .refine(
    (written) => fontStack(written) !== undefined,
    "is not a list of fonts that ends in a kind, such as serif",
  )
  .transform((written) => fontStack(written) ?? written);

const logo = z
  .strictObject({
    src: pictureSource,
    dark: pictureSource.optional().meta({ description: "The logo for dark backgrounds" }),
    alt: text.meta({ description: "Its alt text" }),
    width: z.int().positive().max(520).meta({ description: "As it is shown, px" }),
    height: z.int().positive().optional(),
    plate: z.literal(true).optional().meta({
      description: "Its background is transparent, so it gets a light background on a dark page",
    }),
  })
  .readonly();

/** The newsletter as an issue shows it, with its colours and fonts. */
export const publicationSchema = z
  .strictObject({
    name: text.meta({ description: "The nameplate" }),
    tagline: text.optional(),
    postalAddress: text
      .optional()
      .meta({ description: "Shown in the footer, as anti-spam laws require" }),
    reason: text.optional().meta({ description: "Why the reader gets this; shown in the footer" }),
    editor: text.optional().meta({ description: "The editor of the issue, named in the footer" }),
    logo: logo.optional().meta({ description: "Replaces the name at the top" }),
    accent: colour.optional(),
    accentDark: colour.optional(),
    fonts: z
      .strictObject({ serif: stack.optional(), sans: stack.optional() })
      .readonly()
      .optional()
      .meta({ description: "Fonts of the reader's device, instead of the template's" }),
    footer: z
      .strictObject({
        lines: z.array(text).readonly().optional(),
        links: z
          .array(z.strictObject({ text, url: webAddress }).readonly())
          .readonly()
          .optional(),
      })
      .readonly()
      .optional()
      .meta({ description: "More lines and links at the foot of the page" }),
  })
  .readonly();
