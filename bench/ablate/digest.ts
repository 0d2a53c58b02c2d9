import { isDeepStrictEqual } from "node:util";
import { loadTrees } from "../../src/platform/boosted-trees.ts";
import type { Bench, Room } from "../ablate.ts";
import { judgedStories } from "../issues/judged-pages.ts";
import * as stories from "../stories/examples.ts";
import { DIGEST_FAMILIES } from "./digest-families.ts";
import * as rows from "./digest-rows.ts";
import { loadWithout } from "./without.ts";

/** Measures which stories are merged, their order and their subjects, with a family of digest/ switched off. */
export const DIGEST: Room = {
  families: DIGEST_FAMILIES,
  measures: { merged: 1, apart: 2, order: 1, subjects: 1 },
  untrained: { pages: "the order of stories and the subject have no trained weights" },
  open: openDigest,
};

function openDigest(): Bench {
  const examples = stories.readExamples();
  const forests = forestsOf(stories, examples);
  const pages = judgedStories();
  return {
    rows: async (family) => {
      const { storyRows, pageRows } = family
        ? await loadWithout<typeof rows>(ROWS, family.name, family.changes)
        : rows;
      return [
        ...(family?.from === "pages" ? [] : storyRows(examples, forests.map(loadTrees))),
        ...(family?.from === "stories" ? [] : pageRows(pages)),
      ];
    },
    rowsTrainedWithout: async ({ name, changes }) => {
      const { storyRows } = await loadWithout<typeof rows>(ROWS, name, changes);
      const script = "bench/stories/examples.ts";
      const without = await loadWithout<typeof stories>(script, name, changes);
      const own = without.readExamples();
      const trained = forestsOf(without, own);
      return isDeepStrictEqual(trained, forests)
        ? undefined
        : storyRows(own, trained.map(loadTrees));
    },
  };
}

const ROWS = "bench/ablate/digest-rows.ts";

/** For each fold, trees that never saw its events. */
function forestsOf(
  { fitted, foldOf, FOLDS }: typeof stories,
  examples: readonly stories.Example[],
) {
  return Array.from({ length: FOLDS }, (_, fold) =>
    fitted(examples.filter(({ pair }) => foldOf(pair.event, 0) !== fold)),
  );
}
