import { loadTrees } from "../../src/platform/boosted-trees.ts";
import type { Bench, Room } from "../ablate.ts";
import { judgedStories } from "../issues/judged-pages.ts";
import { fitted, FOLDS, foldOf, readExamples } from "../stories/examples.ts";
import { DIGEST_FAMILIES } from "./digest-families.ts";
import * as rows from "./digest-rows.ts";
import { loadWithout } from "./without.ts";

/** Which stories are merged, their order and their subjects, with a family of digest/ switched off. */
export const DIGEST: Room = {
  families: DIGEST_FAMILIES,
  measures: { merged: 1, apart: 2, order: 1, subjects: 1 },
  open: openDigest,
};

function openDigest(): Bench {
  const examples = readExamples();
  const forests = Array.from({ length: FOLDS }, (_, fold) =>
    loadTrees(fitted(examples.filter(({ pair }) => foldOf(pair.event, 0) !== fold))),
  );
  const pages = judgedStories();
  return {
    rows: async (family) => {
      const { storyRows, pageRows } = family
        ? await loadWithout<typeof rows>("bench/ablate/digest-rows.ts", family.name, family.changes)
        : rows;
      return [
        ...(family?.from === "pages" ? [] : storyRows(examples, forests)),
        ...(family?.from === "stories" ? [] : pageRows(pages)),
      ];
    },
  };
}
