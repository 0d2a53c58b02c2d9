import path from "node:path";
import type { Article, Image } from "../article/article.ts";
import { hostOf, isWithin } from "../article/identity.ts";
import { composeDigest } from "../digest/compose-digest.ts";
import {
  alsoInOf,
  type Digest,
  digestSchema,
  type Entry,
  shortenDropped,
  cutToLimits,
  firstExcess,
  type Logo,
  type Publication,
} from "../digest/digest.ts";
import type { Slots } from "../digest/copy/slots.ts";
import { loadTemplate } from "../email/io/load-template.ts";
import { slotsOf, type Theme, themeFor } from "../email/theme.ts";
import type { Illustrated } from "./pictures/io/fit-pictures.ts";
import { groundsOf } from "./pictures/look-at-pixels.ts";
import { filled } from "../platform/text.ts";
import { cured } from "../review/cures.ts";
import { isWrittenByModel } from "../review/review.ts";
import { summarize } from "../summary/summarize.ts";
import { withoutBroken } from "../sources/left-out.ts";
import { tooThin } from "../summary/summary.ts";
import type { Build } from "./open-build.ts";
import type { ComposedIssue, SummarisedIssue, SummarisedStory } from "./stages.ts";

/**
 * The issue with its digest. Pictures are cropped to the shape of their place. A story is left out if Broadsheet crashes on
 * it.
 * @throws BroadsheetError CONTENT_NO_STORY if no story is left.
 */
export async function compose(issue: SummarisedIssue, build: Build): Promise<ComposedIssue> {
  const { result, leftOut } = await withoutBroken(issue.stories, async (stories) => {
    const whole = withinLimits(digestOf({ ...issue, stories }, build), build);
    const sound = cured(whole, {
      ...issue.edited,
      unshown: build.isUnseen ? await unshownIn(stories) : undefined,
      slots: await slotsFor(whole, build.config),
      collected: new Set(stories.flatMap(({ id, isCollected }) => (isCollected ? id : []))),
    });
    const { digest, pictures } = await fitted(
      { digest: sound, pictures: issue.pictures },
      build.config,
    );
    const merged = stories.flatMap((story) => mergedEntries(story, build.config));
    return {
      ...issue,
      stories,
      digest: { ...digest, ...(merged.length > 0 && { merged }) },
      pictures,
    };
  });
  return { ...result, leftOut: [...issue.leftOut, ...leftOut] };
}

/**
 * The sentences of a model that its gate only marked. The gate is a large module, so it is loaded only if a model wrote
 * something.
 */
async function unshownIn(stories: readonly SummarisedStory[]) {
  const written = stories.filter(({ summary }) => isWrittenByModel(summary));
  if (written.length === 0) return undefined;
  const { ownWords } = await import("../summary/faithfulness/faithfulness.ts");
  return new Map(
    written.map(({ id, article, summary }) => {
      const { gist, confidence } = summarize(article);
      const lines = new Set(ownWords(article, summary).map(({ text }) => text));
      return [id, { lines, own: { gist, ...(confidence !== undefined && { confidence }) } }];
    }),
  );
}

/** The entries for the articles merged into a story. Their pictures are added by the next build. */
function mergedEntries({ merged, others, place }: SummarisedStory, project: Project): Entry[] {
  return merged.flatMap(({ id, article, print, isCollected }) => {
    const summary = others.get(id);
    if (!summary || tooThin(article)) return [];
    const alone = { id, print, isCollected, place, merged: [], summary, others: new Map() };
    const entry = entryOf({ ...alone, article: { ...article, images: [] } }, project);
    const excess = firstExcess({ sections: [{ entries: [entry] }] });
    return excess ? [] : [entry];
  });
}

function digestOf(issue: SummarisedIssue, { config, flags }: Build): Digest {
  const { stories, letters, logo, advice, date } = issue;
  const entries = stories.map((story) => entryOf(story, config));
  const digest = composeDigest(issue.issue, entries, {
    publication: publicationOf(config, logo),
    template: config.template ?? templateFor(entries),
    date,
    language: config.language,
    languages: config.languages,
    letter: letters[0]?.article,
    subject: flags.subject,
    preheader: flags.preheader,
    hasPreferences: config.urls.preferences === undefined ? undefined : true,
    webUrl: config.urls.web && filled(config.urls.web, { slot: issue.issue.slot }),
    parts: config.parts,
    modules: config.modules,
    sections: config.sections,
    stories: issue.edits,
    offered: issue.offered,
    advice,
  });
  return withSponsorImage(digest, issue.sponsorImage);
}

function withSponsorImage(digest: Digest, image: Image | undefined): Digest {
  const { modules: { sponsor, ...others } = {} } = digest;
  if (!sponsor || !image) return digest;
  const { src, alt, widthPx, heightPx } = image;
  const size = { ...(widthPx && { widthPx }), ...(heightPx && { heightPx }) };
  return {
    ...digest,
    modules: { ...others, sponsor: { ...sponsor, image: { src, alt, ...size } } },
  };
}

/** A digest with its texts and lists cut to the limits of its schema. A cut is reported. */
function withinLimits(digest: Digest, { reporter }: Build): Digest {
  const excess = firstExcess(digest);
  if (!excess) return digest;
  reporter.note(`Cut: ${excess.path.join(".")} ${excess.message}`);
  return digestSchema.parse(cutToLimits(digest));
}

/** The template if neither the digest nor the config names one: a brief for one story, a digest for several. */
export function templateFor(entries: readonly unknown[]): "brief" | "digest" {
  return entries.length === 1 ? "brief" : "digest";
}

/**
 * A digest with pictures cropped for their places. The code that decodes pictures is loaded only if the issue has a picture.
 */
export async function withCrops(
  issue: Illustrated,
  config: TemplateSettings,
): Promise<Illustrated> {
  if (issue.pictures.length === 0) return issue;
  const { cropPictures } = await import("./pictures/io/fit-pictures.ts");
  return cropPictures(issue, await pageOf(issue, config));
}

/** A built issue with pictures cropped for their places. Pictures inside the message are made small enough for a mail. */
async function fitted(issue: Illustrated, config: Build["config"]): Promise<Illustrated> {
  if (issue.pictures.length === 0 || config.images.baseUrl !== undefined)
    return withCrops(issue, config);
  const { fitMessage } = await import("./pictures/io/fit-pictures.ts");
  return fitMessage(issue, await pageOf(issue, config));
}

/** The limits for texts and the colours of the page that shows an issue. */
async function pageOf({ digest }: Illustrated, config: TemplateSettings) {
  const theme = await themeOf(digest, config);
  return { slots: slotsOf(theme), grounds: groundsOf(theme) };
}

export interface TemplateSettings {
  /** The template of an issue whose digest names none. */
  readonly template?: string | undefined;
  /** The folder of the newsletter's own templates, absolute. */
  readonly templates: string;
}

/** The theme of the template with which a digest is rendered. */
export async function themeOf(
  { template, language }: Partial<Pick<Digest, "template" | "language">>,
  config: TemplateSettings,
): Promise<Theme> {
  const name = template ?? config.template ?? "digest";
  const { theme } = await loadTemplate(name, config.templates);
  return themeFor(theme, language ?? "en");
}

export async function slotsFor(
  { template, language }: Pick<Digest, "template" | "language">,
  config: TemplateSettings,
): Promise<Slots> {
  return slotsOf(await themeOf({ template, language }, config));
}

function entryOf(
  { id, article, summary, merged, told, place, follows }: SummarisedStory,
  project: Project,
): Entry {
  const fault = tooThin(article);
  if (fault) throw fault;
  const dropped = shortenDropped(article.dropped);
  const alsoIn = merged.map(({ id: reading, article: other, merge }) => ({
    ...alsoInOf(asInProject(other, project), merge),
    reading,
  }));
  return {
    id,
    article: { ...asInProject(article, project), dropped },
    summary,
    ...(alsoIn.length > 0 && { alsoIn }),
    ...(told && { told }),
    place,
    ...(follows && { follows }),
  };
}

/** The settings for turning an article into an entry of a digest. */
interface Project {
  readonly folder: string;
  /** The names of papers by host. */
  readonly papers: Readonly<Record<string, string>>;
}

/**
 * The article with its paper named as in the config, and its source relative to the project: a digest contains no absolute
 * path.
 */
function asInProject(article: Article, { folder, papers }: Project): Article {
  const host = hostOf(article.url) ?? "";
  const own = Object.keys(papers).find((paper) => host === paper || isWithin(host, paper));
  const named = own === undefined ? article : { ...article, site: papers[own] ?? own };
  const { source } = named;
  if (!path.isAbsolute(source)) return named;
  const inside = path.relative(folder, source);
  const isOutside = inside.startsWith("..") || path.isAbsolute(inside);
  return { ...named, source: isOutside ? path.basename(source) : inside };
}

/** The settings that a digest takes from the config. */
type PublicationSettings = Omit<Publication, "logo">;

function publicationOf(config: PublicationSettings, logo: Logo | undefined): Publication {
  const { name, tagline, postalAddress, reason, editor, accent, accentDark, fonts, footer } =
    config;
  const texts = { name, tagline, postalAddress, reason, editor, footer };
  const look = { logo, accent, accentDark, fonts };
  const given: Readonly<Record<keyof Publication, unknown>> = { ...texts, ...look };
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(entries), name };
}
