import type { Build } from "./open-build.ts";
import type { PlacedPictures } from "./pictures/place-pictures.ts";
import type { IllustratedIssue, IssueDraft } from "./stages.ts";

/** Makes the pictures of an issue fit for mail. Its articles then refer to each picture by its file in the issue's folder. */
export async function illustrate(draft: IssueDraft, build: Build): Promise<IllustratedIssue> {
  const { pictures, logo, fetched, articles } = await placedPictures(draft, build);
  const { letters, stories } = draft;
  const inPlace = <Part extends { readonly article: unknown }>(part: Part, at: number): Part => ({
    ...part,
    article: articles[at] ?? part.article,
  });
  return {
    ...draft,
    letters: letters.map((letter, at) => inPlace(letter, at)),
    stories: stories.map((story, at) => inPlace(story, letters.length + at)),
    pictures,
    logo,
    fetched: draft.fetched + fetched,
  };
}

/** The pictures of the letters, then of the stories. The code for pictures is loaded only if the issue has one. */
async function placedPictures(
  { letters, stories }: IssueDraft,
  { config, ...build }: Build,
): Promise<PlacedPictures> {
  const parts = [...letters, ...stories];
  const articles = parts.map(({ article }) => article);
  if (!config.logo && articles.every(({ images }) => images.length === 0))
    return { articles, pictures: [], logo: undefined, fetched: 0 };
  const { placePictures } = await import("./pictures/place-pictures.ts");
  const names = build.names.length > 0 ? build.names : config.sources.map(({ from }) => from);
  return placePictures(parts, config, { ...build, names });
}
