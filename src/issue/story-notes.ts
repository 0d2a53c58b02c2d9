import type { Article } from "../article/article.ts";
import type { Arranged } from "../digest/arrange/arrange-stories.ts";
import { emptySections, type Grouping } from "../digest/arrange/sections.ts";
import type { Story } from "../digest/stories/gather-stories.ts";
import { sourceName } from "../digest/stories/source-name.ts";

/** So many merged stories are named in a note; digest.json has them all. */
const NAMED = 3;

/**
 * What was made of the articles as a whole, a line each: which were merged, which pins stick to nothing,
 * which sections of the editor's own stay away.
 */
export function storyNotes({ stories, unknownPins }: Arranged, sections: Grouping): string[] {
  const empty = emptySections(
    stories.map(({ article }) => article),
    sections,
  );
  return [
    ...mergedNote(stories.filter(({ alsoIn }) => alsoIn.length > 0)),
    ...unknownPins.map(({ pin, near }) =>
      near === undefined
        ? `Nothing is pinned by ${JSON.stringify(pin)}: no article has that title, address or file`
        : `Nothing is pinned by ${JSON.stringify(pin)}: did you mean ${JSON.stringify(near)}?`,
    ),
    ...empty.map(
      (heading) => `Left out the section ${JSON.stringify(heading)}: no story is for it`,
    ),
  ];
}

function mergedNote(stories: readonly Story[]): string[] {
  const count = stories.length;
  if (count === 0) return [];
  const named = stories.slice(0, NAMED).map(({ article, alsoIn }) => {
    return `${nameOf(article)} (${alsoIn.map((other) => sourceName(other) ?? other.source).join(", ")})`;
  });
  const list = named.join("; ") + (count > NAMED ? " …" : "");
  return [`${count} ${count === 1 ? "story" : "stories"} merged: ${list}`];
}

function nameOf({ title, source }: Article): string {
  return title === "" ? source : JSON.stringify(title);
}
