import type { Summary } from "../summary/summary.ts";
import {
  checked,
  line as settingLine,
  quote as quoted,
  urlComplaint,
  webUrl,
} from "../platform/setting.ts";
import { filled, countCharacters, oneLine, SPACELESS } from "../platform/text.ts";
import { lacksVerb, lexiconOf } from "../summary/language/lexicon.ts";
import type { Article } from "../article/article.ts";
import { pictureSource, webAddress } from "./schema.ts";
import * as z from "zod";

/**
 * The modules of an issue: everything besides its stories. The keys of the config, the fields of digest.json and the values
 * for templates follow from the table below.
 */

interface Story {
  readonly article: Pick<Article, "id" | "text" | "language">;
  readonly summary: Summary;
}

/** The inputs from which a module is composed. */
interface IssueStories {
  readonly issue: { readonly newsletter: string; readonly slot: string };
  /** The stories without the parts that are switched off. */
  readonly stories: readonly Story[];
  /** The modules before it in the table. */
  readonly before: { readonly quote?: { readonly articleId: string } | undefined };
}

interface Module<Setting extends z.ZodType, Shown extends z.ZodType> {
  /** The schema of its setting in the config. */
  readonly setting: Setting;
  /** The schema of its content in digest.json. */
  readonly shown: Shown;
  /** An example with all fields, for checking templates. */
  readonly example: NonNullable<z.output<Shown>>;
  /** Composes the module for an issue; undefined if there is nothing to show. */
  compose(setting: z.output<Setting>, stories: IssueStories): z.output<Shown>;
}

function moduleOf<Setting extends z.ZodType, Shown extends z.ZodType>(
  module: Module<Setting, Shown>,
): Module<Setting, Shown> {
  return module;
}

/** A setting with its description and example in docs/config.md. */
function described<Setting extends z.ZodType>(
  setting: Setting,
  description: string,
  example?: string,
) {
  const shown = example === undefined ? {} : { example };
  return setting.meta({ description, ...shown, since: "the next version" });
}

const shownLine = z.string().transform(oneLine);
const link = z.union([z.httpUrl(), z.string().regex(/^mailto:[^\s"<>]+$/)]);
const articleId = z.string().meta({ description: "The id of the article that contains it" });

/** A setting for content that is shown if available, unless it is switched off. */
function switchOf(description: string) {
  return described(z.boolean().optional(), `${description}; shown by default.`);
}

/** A module whose content is in the template. digest.json only says whether it is switched off. */
function ofTemplate(description: string, shown: string) {
  return moduleOf({
    setting: switchOf(description),
    shown: z.boolean().optional().meta({ description: shown }),
    example: true,
    compose: (setting) => (setting === false ? false : undefined),
  });
}

const quotationSchema = z
  .strictObject({ text: shownLine, speaker: shownLine, articleId })
  .readonly();
const figureSchema = z
  .strictObject({ value: shownLine, unit: shownLine.optional(), what: shownLine, articleId })
  .readonly();
type Quotation = z.output<typeof quotationSchema>;
type Figure = z.output<typeof figureSchema>;

const SPONSOR = {
  name: "Halyard & Tow",
  title: "Rope that floats",
  text: "Forty metres, spliced by hand.",
  url: "https://rope.example/",
  link: "See the rope",
  image: { src: "images/rope.png", alt: "A coil of rope", widthPx: 880, heightPx: 440 },
};

const pixels = z.int().positive().optional();
const sponsorImage = z
  .strictObject({ src: pictureSource, alt: shownLine, widthPx: pixels, heightPx: pixels })
  .readonly();

const sponsorSetting = z.strictObject({
  name: described(settingLine, "The sponsor, whose name readers see.", SPONSOR.name),
  title: described(settingLine, "Its headline.", SPONSOR.title),
  text: described(settingLine.optional(), "A sentence or two below it.", SPONSOR.text),
  url: described(webUrl(), "The address of the link.", SPONSOR.url),
  link: described(settingLine, "The text of its link, which says where it leads.", SPONSOR.link),
  image: described(
    z
      .strictObject({
        src: described(
          settingLine,
          "A file, relative to the config, or an https address.",
          "art/rope.png",
        ),
        alt: described(settingLine.optional(), "The alt text.", "A coil of rope"),
      })
      .optional(),
    "A picture above its headline.",
  ),
});

/** Two pages or an email address. An answer says whether the issue was useful, and identifies the issue but not the reader. */
const feedbackSetting = checked(
  (value) => {
    const isPage =
      value.includes("{answer}") && urlComplaint(filled(value, SOME_ANSWER)) === undefined;
    return isPage || ADDRESS.test(value) ? value : undefined;
  },
  (value) => [
    `is ${quoted(value)}, which is neither an https address with {answer} in it nor an email address`,
    'write it as "https://letters.example/{slot}/{answer}" or "desk@letters.example"',
  ],
);

/** An email address that a `mailto:` link can contain unchanged (RFC 6068 §2). */
const ADDRESS = /^[^\s@"<>?&#%/]+@[^\s@"<>?&#%/]+\.[^\s@"<>?&#%/.]+$/u;

const SOME_ANSWER = { answer: "yes", slot: "2026-11-24" };

function feedbackLink(
  setting: string,
  answer: "yes" | "no",
  { newsletter, slot }: IssueStories["issue"],
): string {
  return setting.includes("{answer}")
    ? filled(setting, { answer, slot })
    : `mailto:${setting}?subject=${encodeURIComponent(`${newsletter} ${slot}: ${answer}`)}`;
}

const MODULES = {
  contents: ofTemplate(
    "Numbered contents, from four stories on",
    "Numbered contents, from four stories on: false switches them off",
  ),
  quote: moduleOf({
    setting: switchOf("A pull quote of a story"),
    shown: quotationSchema.optional().meta({ description: "A pull quote of one of the stories" }),
    example: { text: "“We moved it twice.”", speaker: "Bo Reed", articleId: "quay" },
    compose: (setting, { stories }) => (setting === false ? undefined : chosenQuote(stories)),
  }),
  // The quote comes first in this table, so that a number of another story can be chosen.
  number: moduleOf({
    setting: switchOf("A number of a story in large type"),
    shown: figureSchema
      .optional()
      .meta({ description: "A number of one of the stories in large type" }),
    example: { value: "12", unit: "m", what: "of quay moved in a year", articleId: "quay" },
    compose: (setting, { stories, before }) =>
      setting === false ? undefined : numberOf(stories, before.quote?.articleId),
  }),
  sponsor: moduleOf({
    setting: described(sponsorSetting.optional(), "One advertisement, marked as such."),
    shown: z
      .strictObject({
        name: shownLine.meta({ description: "The sponsor, whose name readers see" }),
        title: shownLine,
        text: shownLine.optional(),
        url: z.httpUrl(),
        link: shownLine.meta({ description: "The text of the link, which names its target" }),
        image: sponsorImage.optional().meta({ description: "A picture above its headline" }),
      })
      .readonly()
      .optional()
      .meta({ description: "One advertisement, marked as such" }),
    example: SPONSOR,
    // The picture of a sponsor is a file of the project. It is first placed in the issue.
    compose: (setting) => {
      if (setting === undefined) return undefined;
      const { image: _image, ...sponsor } = setting;
      return sponsor;
    },
  }),
  feedback: moduleOf({
    setting: described(
      feedbackSetting.optional(),
      "Whether an issue was worth the time: a page in whose address `{answer}` becomes yes or no and `{slot}` the issue's slot, such as its date, or an email address.",
      "https://letter.example/{slot}/{answer}",
    ),
    shown: z
      .strictObject({
        question: shownLine.optional().meta({ description: "By default in the issue's language" }),
        yes: link.meta({ description: "An https or mailto link; it names no reader" }),
        no: link,
      })
      .readonly()
      .optional(),
    example: {
      question: "Was this issue worth your time?",
      yes: "https://slip.example/yes",
      no: "https://slip.example/no",
    },
    compose: (setting, { issue }) =>
      setting === undefined
        ? undefined
        : {
            yes: feedbackLink(setting, "yes", issue),
            no: feedbackLink(setting, "no", issue),
          },
  }),
  subscribe: moduleOf({
    setting: described(
      webUrl().optional(),
      "Where a reader of a forwarded issue can subscribe.",
      "https://letter.example/subscribe",
    ),
    shown: webAddress
      .optional()
      .meta({ description: "Where a reader of a forwarded issue can subscribe" }),
    example: "https://slip.example/subscribe",
    compose: (setting) => setting,
  }),
  share: ofTemplate(
    "Links to forward an issue and to share its page, where `urls.web` says where that is",
    "Links that pass the issue on: false switches them off",
  ),
  closing: moduleOf({
    setting: described(
      settingLine.optional(),
      "A note at the end of every issue.",
      "Back on Thursday.",
    ),
    shown: shownLine.optional().meta({ description: "A note of the editor's at the end" }),
    example: "Back on Thursday.",
    compose: (setting) => setting,
  }),
};

type Table = typeof MODULES;

function column<Column extends "setting" | "shown" | "example">(
  name: Column,
): { readonly [Name in keyof Table]: Table[Name][Column] };
function column(name: "setting" | "shown" | "example"): object {
  return Object.fromEntries(Object.entries(MODULES).map(([key, module]) => [key, module[name]]));
}

/** The settings of the modules in the config. */
export const modulesSetting = described(
  z.strictObject(column("setting")).default({}),
  "The parts of an issue beside its stories.",
);

/** The content of the modules in digest.json. */
export const modulesSchema = z.strictObject(column("shown")).readonly();

export type ModuleSettings = Readonly<z.output<typeof modulesSetting>>;
export type Modules = z.output<typeof modulesSchema>;

/** An example of each module with all fields. */
export const MODULE_EXAMPLES = column("example");

/** Returns the modules with every possible field. Missing ones are null for the template. */
export function withEveryField(modules: Modules): Readonly<Record<keyof Modules, unknown>>;
export function withEveryField(modules: Readonly<Record<string, unknown>>): object {
  return filledLike(MODULE_EXAMPLES, modules);
}

function filledLike(example: object, given: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(example).map(([name, one]: [string, unknown]) => {
      const value = given[name];
      return [name, isRecord(one) && isRecord(value) ? filledLike(one, value) : (value ?? null)];
    }),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

interface AnyModule {
  compose(setting: unknown, stories: IssueStories): unknown;
}

/**
 * Composes the modules of an issue. The quote is the first one of a story. The number comes from another story if possible.
 * Both must be in their article word for word.
 */
export function composeModules(
  entries: readonly Story[],
  issue: IssueStories["issue"],
  options?: { readonly settings?: ModuleSettings | undefined; readonly parts?: Parts | undefined },
): Modules;
export function composeModules(
  entries: readonly Story[],
  issue: IssueStories["issue"],
  {
    settings = {},
    parts = {},
  }: {
    readonly settings?: Readonly<Record<string, unknown>> | undefined;
    readonly parts?: Parts | undefined;
  } = {},
): object {
  const stories = entries.map((entry) => ({
    ...entry,
    summary: withoutParts(entry.summary, parts),
  }));
  const modules: Readonly<Record<string, AnyModule>> = MODULES;
  const shown: Record<string, unknown> = {};
  for (const [name, module] of Object.entries(modules)) {
    const composed = module.compose(settings[name], { issue, stories, before: shown });
    if (composed !== undefined) shown[name] = composed;
  }
  return shown;
}

/** A single story is shown completely, and needs no quote to attract readers. */
function chosenQuote(stories: readonly Story[]): Quotation | undefined {
  if (stories.length === 1) return undefined;
  for (const { article, summary } of stories) {
    const { quote } = summary;
    if (quote && stands(quote.text, article.text))
      return { text: quote.text, speaker: quote.speaker, articleId: article.id };
  }
  return undefined;
}

/** A number needs three stories around it, or a brief, which shows that of its own story. */
const LEAST_FOR_NUMBER = 3;
/** A longer number would fill more than half a line on a phone. */
const LONGEST_NUMBER = 7;
const LONGEST_CAPTION = 110;

function numberOf(stories: readonly Story[], quotedId: string | undefined): Figure | undefined {
  if (stories.length > 1 && stories.length < LEAST_FOR_NUMBER) return undefined;
  const found: Figure[] = [];
  for (const { article, summary } of stories) {
    const told = summary.figures.find(
      (figure) => isTelling(figure, article.language) && stands(figure.value, article.text),
    );
    if (!told) continue;
    const { value, unit, what } = told;
    found.push({ value, ...(unit && { unit }), what, articleId: article.id });
  }
  return found.find(({ articleId }) => articleId !== quotedId) ?? found[0];
}

function isTelling(
  { value, unit = "", what }: Summary["figures"][number],
  language: string,
): boolean {
  return (
    isClause(what, language) &&
    countCharacters(value + unit) <= LONGEST_NUMBER &&
    countCharacters(what) <= LONGEST_CAPTION &&
    /\p{L}/u.test(what) &&
    !numbersIn(what).some((number) => numbersIn(value).includes(number))
  );
}

/**
 * Whether a caption contains a verb. "Of quay" alone has no meaning. A last word that only looks like a verb may be a noun or
 * a name: "megapixels into MicroOLED panels". In a language without a list of verbs, one or two words count as no clause.
 */
function isClause(caption: string, language: string): boolean {
  const lexicon = lexiconOf(language);
  const words = caption.match(/\p{L}+/gu) ?? [];
  const isVerb = (word: string) =>
    lexicon.verbs.has(word.toLowerCase()) || /^\p{Ll}{2,}ed$/u.test(word);
  if (lexicon.verbs.size > 0) return words.some(isVerb) && !lacksVerb(caption, lexicon);
  return caption.trim().split(/\s+/).length > 2 || SPACELESS.test(caption);
}

/** The numbers in a text. A caption must not repeat its number. */
function numbersIn(text: string): string[] {
  return text.match(/\p{Nd}+(?:[.,\u00A0\u202F ]\p{Nd}+)*/gu) ?? [];
}

/** Whether an article contains these words, regardless of quotation marks and spaces. */
function stands(words: string, text: string): boolean {
  return bare(words) !== "" && bare(text).includes(bare(words));
}

function bare(text: string): string {
  return text.replace(/[\s"“”„«»'‘’「」『』]+/gu, "");
}

/** The optional parts of a story. Each is shown unless it is switched off. */
export const PARTS = ["keyPoints", "quote", "people", "timeline", "figures"] as const;

const isShown = z.boolean().optional();

/** The switches of these parts by name. */
export const partsSchema = z
  .strictObject({
    keyPoints: isShown.meta({ description: "Key points." }),
    quote: isShown.meta({ description: "The pull quote." }),
    people: isShown.meta({ description: "Who's who." }),
    timeline: isShown.meta({ description: "The timeline." }),
    figures: isShown.meta({ description: "What is counted, in figures." }),
    follows: isShown.meta({
      description: "The earlier story that it follows; shown if true.",
      since: "the next version",
    }),
  } satisfies Record<(typeof PARTS)[number] | "follows", z.ZodType>)
  .readonly();

export type Parts = z.output<typeof partsSchema>;

/** Removes the switched-off parts of a summary, so that a template does not show them. */
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
