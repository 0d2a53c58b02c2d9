import path from "node:path";
import type { Article, Image } from "../article/article.ts";
import { flatBlocks, type LetterPicture, withPictures } from "../article/letter-block.ts";
import { lostPicture, withoutLost } from "../digest/letter-blocks.ts";
import { themeOf } from "./compose.ts";
import type { Build } from "./open-build.ts";
import { groundsOf } from "./pictures/look-at-pixels.ts";
import type { PlacedPictures } from "./pictures/place-pictures.ts";
import type { IllustratedIssue, IssueDraft } from "./stages.ts";

/**
 * Prepares the pictures of an issue for mail. Its articles and its letter then refer to each picture by its file in the
 * issue's folder.
 */
export async function illustrate(draft: IssueDraft, build: Build): Promise<IllustratedIssue> {
  // The first picture is kept even if all pictures together are too large, so the lead story comes before the letter and the
  // sponsor.
  const [leads, others] = [draft.stories.slice(0, 1), draft.stories.slice(1)];
  const inLetter = draft.letters.slice(0, 1).flatMap(picturesIn);
  const sponsor = sponsorPart(draft, build);
  const parts = [...leads, ...inLetter, ...sponsor, ...others];
  const { articles, pictures, logo, fetched } = await placedPictures(parts, build);
  const before = leads.length + inLetter.length;
  const shown = [...articles.slice(0, leads.length), ...articles.slice(before + sponsor.length)];
  const images = articles.slice(leads.length, before).map((article) => article.images[0]);
  return {
    ...draft,
    letters: draft.letters.map((one, at) =>
      at === 0 ? { ...one, article: withPlaced(one.article, images) } : one,
    ),
    stories: draft.stories.map((story, at) => ({ ...story, article: shown[at] ?? story.article })),
    pictures,
    logo,
    sponsorImage: articles.slice(before, before + sponsor.length)[0]?.images[0],
    fetched: draft.fetched + fetched,
  };
}

/** An owner of pictures: a story, or one picture of the letter or the sponsor. */
interface Part {
  readonly article: Article;
  readonly isCollected: boolean;
}

/** Each picture of a letter is a part of its own, because all of them are shown. A story shows only one. */
function picturesIn({ article, isCollected }: Part): Part[] {
  return lettersPictures(article).map(({ src = "", alt, caption }) => {
    const image = { src, alt, ...(caption !== undefined && { caption }) };
    return { article: { ...article, images: [image] }, isCollected };
  });
}

function lettersPictures({ blocks = [] }: Article): LetterPicture[] {
  return flatBlocks(blocks).filter((block) => block.kind === "picture");
}

/** The letter with the final addresses of its pictures. A picture that can't be loaded or shown loses its file. */
function withPlaced(letter: Article, images: readonly (Image | undefined)[]): Article {
  if (!letter.blocks) return letter;
  const pictures = lettersPictures(letter);
  const placed = new Map(pictures.map((picture, at) => [picture.src, images[at]]));
  const blocks = withPictures(letter.blocks, (picture) => {
    const image = placed.get(picture.src);
    if (!image) return lostPicture(picture);
    const { src, alt, widthPx, heightPx } = image;
    return { ...picture, src, alt, widthPx, heightPx };
  });
  return { ...letter, blocks: withoutLost(blocks) };
}

function sponsorPart({ letters, stories }: IssueDraft, { config }: Build): Part[] {
  const image = config.modules.sponsor?.image;
  const [any] = [...stories, ...letters];
  if (!image || !any) return [];
  const { src, alt = "" } = image;
  const source = path.join(config.folder, "the sponsor in the config");
  const article = { ...any.article, source, images: [{ src, alt }], dropped: [] };
  return [{ article, isCollected: false }];
}

/** The code for pictures is loaded only if the issue has a picture. */
async function placedPictures(
  parts: readonly Part[],
  { config, ...build }: Build,
): Promise<PlacedPictures> {
  const articles = parts.map(({ article }) => article);
  if (!config.logo && articles.every(({ images }) => images.length === 0))
    return { articles, pictures: [], logo: undefined, fetched: 0 };
  const { placePictures } = await import("./pictures/place-pictures.ts");
  const names = build.names.length > 0 ? build.names : config.sources.map(({ from }) => from);
  const grounds = groundsOf(await themeOf({}, config));
  return placePictures(parts, config, { ...build, names, grounds });
}
