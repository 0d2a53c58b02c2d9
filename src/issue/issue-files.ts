import { filled } from "../platform/placeholders.ts";
import type { Failure } from "../platform/reporter.ts";
import type { Email } from "../email/email.ts";
import type { Picture } from "../email/picture.ts";
import path from "node:path";
import type { Article } from "../article/article.ts";
import type { Config } from "../config/config.ts";
import { fillMergeFields } from "../delivery/merge-fields.ts";
import {
  alsoInOf,
  type Digest,
  digestSchema,
  type Entry,
  shortenDropped,
  type Advice,
} from "../digest/digest.ts";
import { cutToLimits, firstExcess } from "../digest/limits.ts";
import { digestJsonSchema } from "../digest/digest-json.ts";
import { composeDigest } from "../digest/compose-digest.ts";
import type { ArrangedStory } from "../digest/arrange/arrange-stories.ts";
import type { Earlier, Follows } from "../digest/stories/follows.ts";
import type { Logo, Publication } from "../digest/publication.ts";
import { renderEmail, type MjmlCache } from "../email/render-email.ts";
import { digestHash, type StoredEmail } from "../email/email-json.ts";
import type { Template } from "../email/template.ts";
import { SAMPLE_READER, sampleOf, withHostedPictures } from "./mailing.ts";
import { tooThin } from "../summary/too-thin.ts";
import { summarize } from "../summary/summarize.ts";
import type { Summary } from "../summary/summary.ts";
import { issueData } from "../preview/issue-data.ts";
import { previewPage, previewStamp, STAMP_FILE } from "../preview/preview-page.ts";

/** What an issue's files are made with. */
export interface Rendering {
  readonly config: Config;
  readonly template: Template;
  readonly pictures?: readonly Picture[] | undefined;
  readonly cache?: MjmlCache | undefined;
  /** The text of the digest that was built from the articles, where an editor may have changed it since. */
  readonly built?: string | undefined;
}

export interface IssueRequest extends Rendering {
  /** Reports a text or a list that is cut, in one line. */
  readonly note?: ((text: string) => void) | undefined;
  /** In the order of the issue: the first story leads. */
  readonly articles: readonly Article[];
  /** The stories that those tell: what was merged into them, and why they stand where they do. */
  readonly stories?: ReadonlyMap<Article | undefined, ArrangedStory> | undefined;
  /** What the outbox knows of the issue, and of those before it. */
  readonly earlier?: Earlier | undefined;
  /** What a model said of the issue. */
  readonly advice?: Advice | undefined;
  /** Summaries made beforehand, by a model say; the stories without one are summarised in their own sentences. */
  readonly summaries?: ReadonlyMap<Article, Summary> | undefined;
  readonly slot: string;
  /** The day on the front page, YYYY-MM-DD. */
  readonly date: string;
  readonly number?: number | undefined;
  readonly subject?: string | undefined;
  readonly preheader?: string | undefined;
  /** The newsletter's logo, whose files are among the pictures. */
  readonly logo?: Logo | undefined;
}

/** An issue as the outbox keeps it: file names relative to its folder. */
export interface BuiltIssue {
  readonly digest: Digest;
  readonly email: Email;
  readonly files: ReadonlyMap<string, string | Buffer>;
  /** Where it was edited before it was built again. */
  readonly edits?: KeptEdits;
}

/** An issue that lies in the outbox. */
export interface WrittenIssue {
  readonly built: BuiltIssue;
  /** Absolute. */
  readonly folder: string;
  /** What the issue had to go without; a digest rendered again has nothing to read. */
  readonly failures?: readonly Failure[];
  /** How many addresses of the web were asked for it. */
  readonly fetched?: number;
}

/** One story makes a brief, several a round-up. */
export function templateFor(articles: readonly Article[]): "brief" | "digest" {
  return articles.filter(({ kind }) => kind === "story").length === 1 ? "brief" : "digest";
}

/**
 * The files of an issue of articles: summarised where that wasn't done before, composed into a digest, rendered and
 * checked. The same request gives the same bytes.
 * @throws BroadsheetError CONTENT_NO_STORY where nothing is left to tell, TEMPLATE_INVALID,
 * CONFIG_INVALID.
 */
export async function issueFiles(request: IssueRequest): Promise<BuiltIssue> {
  const { articles, earlier, config, template, slot, number = config.number } = request;
  const issue = { newsletter: config.slug, slot, ...(number === undefined ? {} : { number }) };
  const follows = await followsIn(articles.filter(isStory), earlier?.told);
  const stories = articles
    .filter(isStory)
    .map((article) =>
      withStory(
        summarised(article, config.folder, request.summaries),
        { story: request.stories?.get(article), follows: follows.get(article) },
        config,
      ),
    );
  const composed = composeDigest(issue, stories, {
    publication: publicationOf(config, request.logo),
    template: template.name,
    date: request.date,
    language: config.language,
    letter: articles.find(({ kind }) => kind === "letter"),
    subject: request.subject,
    preheader: request.preheader,
    webUrl: config.urls.web && filled(config.urls.web, { slot }),
    parts: config.parts,
    modules: config.modules,
    sections: config.sections,
    stories: earlier?.edits,
    advice: request.advice,
  });
  const excess = firstExcess(composed);
  if (excess) request.note?.(`Cut: ${excess.path.join(".")} ${excess.message}`);
  const digest = excess ? digestSchema.parse(cutToLimits(composed)) : composed;
  return filesOf(digest, request, (digestJson) => digestJson);
}

/** A first issue follows nothing, and what compares its stories with earlier ones is not loaded for it. */
async function followsIn(
  stories: readonly Article[],
  told: Earlier["told"] = [],
): Promise<ReadonlyMap<Article, Follows>> {
  if (told.length === 0) return new Map();
  const { followsOf } = await import("../digest/stories/follows.ts");
  return followsOf(stories, told);
}

/**
 * The files of an issue from its digest, as built or as an editor left it.
 * @throws BroadsheetError TEMPLATE_INVALID, CONFIG_INVALID, EMAIL_INVALID.
 */
export async function renderIssue(digest: Digest, rendering: Rendering): Promise<BuiltIssue> {
  return filesOf(digest, rendering, () => rendering.built);
}

async function filesOf(
  given: Digest,
  { config, template, pictures: own = [], cache }: Rendering,
  builtFrom: (digestJson: string) => string | undefined,
): Promise<BuiltIssue> {
  const { digest, pictures } = await withCrops(given, own);
  const email = withHostedPictures(await renderEmail(digest, template, { cache }), config, digest);
  // Loaded only here: sending an issue, which is checked by then, takes none of it.
  const { checkIssue } = await import("../check/check-issue.ts");
  const digestJson = toJson({ $schema: "./digest.schema.json", ...digest });
  const built = builtFrom(digestJson);
  const sample = sampleOf({ digest, built, email, pictures }, config);
  const filled = fillMergeFields(email, SAMPLE_READER, sample.mailing);
  const stored: StoredEmail = { digest: digestHash(digestJson), ...email };
  const files = new Map<string, string | Buffer>([
    ["email.html", filled.html],
    ["email.txt", filled.text],
    ["email.eml", sample.message.raw],
    ["email.json", toJson(stored)],
    ["report.json", toJson(await checkIssue(sample))],
    ["digest.json", digestJson],
    ...(built === undefined ? [] : [[BUILT_DIGEST, built] as const]),
    ["digest.schema.json", toJson(digestJsonSchema())],
    ...pictures.map(({ name, content }) => [`images/${name}`, content] as const),
  ]);
  return { digest, email, files };
}

/** What became of an editor's changes to a digest when its issue was built again. */
export interface KeptEdits {
  /** What could not be kept: titles of stories that are others by now, or gone, headings, lines that a command said itself. */
  readonly lost: readonly string[];
  /** Where the digest lies as it was edited, in the issue's folder: given where not all of it was kept. */
  readonly file?: string;
}

/** Where a digest is kept as it was edited: another file for each, so that none is written over. */
export function editedFile(digestJson: string): string {
  return `edited/digest-${digestHash(digestJson).slice(0, 8)}.json`;
}

/** The digest as `build` made it, beside the one that an editor changes: the edits are the difference. */
export const BUILT_DIGEST = "digest.built.json";

/** Where an issue has no picture, nothing that decodes one is loaded. */
async function withCrops(digest: Digest, pictures: readonly Picture[]) {
  if (pictures.length === 0) return { digest, pictures };
  const { cropPictures } = await import("./pictures/io/fit-pictures.ts");
  return cropPictures({ digest, pictures });
}

/** Whether an article is a story, and not the editor's own letter. */
export function isStory(article: Article): boolean {
  return article.kind === "story";
}

function summarised(
  article: Article,
  folder: string,
  summaries?: ReadonlyMap<Article, Summary>,
): Entry {
  const fault = tooThin(article);
  if (fault) throw fault;
  const source = placeIn(folder, article.source);
  const dropped = shortenDropped(article.dropped);
  return {
    article: { ...article, source, dropped },
    summary: summaries?.get(article) ?? summarize(article),
  };
}

interface StoryFacts {
  readonly story: ArrangedStory | undefined;
  readonly follows: Follows | undefined;
}

function withStory(entry: Entry, { story, follows }: StoryFacts, { folder }: Config): Entry {
  const { alsoIn = [], merges = [], told, place } = story ?? {};
  const others = alsoIn.map((article, at) =>
    alsoInOf({ ...article, source: placeIn(folder, article.source) }, merges[at]),
  );
  return {
    ...entry,
    ...(others.length > 0 && { alsoIn: others }),
    ...(told && { told }),
    ...(place && { place }),
    ...(follows && { follows }),
  };
}

/** Where an article was read, as the project sees it: no folder of this machine goes into a digest. */
function placeIn(folder: string, source: string): string {
  if (!path.isAbsolute(source)) return source;
  const inside = path.relative(folder, source);
  return inside.startsWith("..") || path.isAbsolute(inside) ? path.basename(source) : inside;
}

function publicationOf(config: Config, logo: Logo | undefined): Publication {
  const { name, tagline, postalAddress, reason, accent, accentDark, fonts, footer } = config;
  const texts = { name, tagline, postalAddress, reason, footer };
  const given = { ...texts, logo, accent, accentDark, fonts };
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(entries), name };
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** An issue with the page that shows it, and what tells an open page that it was written again. */
export function withPreview(built: BuiltIssue): BuiltIssue {
  const page = previewPage({
    mode: "file",
    issue: issueData(built.digest, built.files),
    desk: null,
  });
  const files = new Map(built.files);
  return {
    ...built,
    files: files.set("preview.html", page).set(STAMP_FILE, previewStamp(page)),
  };
}
