import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import type { Article } from "../../../src/article/article.ts";
import { arrangedDigest } from "../../../src/digest/arrange/weights.ts";
import { readPictures } from "../../../src/issue/pictures/io/read-pictures.ts";
import { article, digestOf, summary } from "../../fixtures.ts";
import { newFolder } from "../../temporary.ts";
import { DIFFICULT, imageOf, type Labelled } from "./difficult-pictures.ts";

const GROUNDS = { page: [251, 250, 247], ink: [26, 26, 24] } as const;

/** The articles of pictures that were read, in their order. */
async function read(labelled: readonly Labelled[]) {
  const folder = await newFolder();
  for (const { name, make } of labelled)
    if (make) await writeFile(path.join(folder, name), await make());
  const stories = labelled.map((one) =>
    article({
      id: one.name,
      title: one.name,
      source: path.join(folder, "a.md"),
      images: [imageOf(one)],
    }),
  );
  return readPictures(stories, folder, { grounds: GROUNDS });
}

/** What was seen of the picture of an article, in the words of a label. */
function labelOf({ id: name, images: [image] }: Article, places: string): Labelled {
  const look = image?.look;
  const isBlank = look !== undefined && look.colours < 2 && look.clear === 1;
  const kind = isBlank ? "blank" : (look?.kind ?? "unknown");
  return { name, kind, places, ...(look?.ground && { ground: look.ground }) };
}

test("of 24 difficult pictures each has the places, the kind and the ground of its label", async () => {
  const { articles } = await read(DIFFICULT);
  // Rows, so that each shows its picture and the first of two that are one keeps it.
  const entries = articles.map((one) => ({
    article: one,
    summary: summary(),
    weight: "row" as const,
  }));
  const placed = new Map(
    arrangedDigest(digestOf(entries))
      .sections.flatMap((section) => section.entries)
      .map(({ article: { id }, picturePlaces: places }) => [id, places.join(" ")] as const),
  );
  const found = articles.map((one) => labelOf(one, placed.get(one.id) ?? ""));
  expect(DIFFICULT).toHaveLength(24);
  expect(found).toEqual(DIFFICULT.map(({ make: _make, ...label }) => label));
});
