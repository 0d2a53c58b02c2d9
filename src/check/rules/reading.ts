import { doubtText } from "../../article/reading.ts";
import { headlineOf, isDoubted } from "../../digest/digest.ts";
import { quoted } from "../content/shown-text.ts";
import { toldEntries } from "../content/stories.ts";
import { type Fault, NothingToCheck, type Rule } from "../rule.ts";

/** A word with letters of two alphabets that look alike: "Аpple" with a Cyrillic А. */
const MIXED =
  /(?=[\p{L}\p{M}]*\p{Script=Latin})(?=[\p{L}\p{M}]*[\p{Script=Cyrillic}\p{Script=Greek}])[\p{L}\p{M}]{3,}/u;

/** What was wrong, or doubted, with an article when it was read. */
export const READING_RULES: readonly Rule[] = [
  {
    id: "reading-doubted",
    severity: "warning",
    what: "No story was read with doubt: behind a paywall, cut short, or from a page that says it is about something else",
    source: "Broadsheet: how sure its reader is of an article",
    fix: 'look at the story: accept it ("accepted": true in digest.json, or Accept in the preview), or hide it',
    run: ({ digest }) =>
      digest
        ? toldEntries(digest)
            .filter(isDoubted)
            .map((entry): Fault => {
              const { reading } = entry.article;
              const doubt = reading ? doubtText(reading) : "";
              const headline = headlineOf(entry);
              return {
                message: `The story ${quoted(headline)} was read with doubt: ${doubt}`,
                at: [{ story: headline }],
              };
            })
        : new NothingToCheck("it takes an issue"),
  },
  {
    id: "mixed-alphabets",
    severity: "warning",
    what: "No word of a headline or the subject mixes alphabets whose letters look alike",
    source: "Unicode UTS #39 §5.1, mixed scripts: how names are forged, and filters passed",
    fix: "write the word in one alphabet, or hide the story",
    run: ({ digest }) => {
      if (!digest) return new NothingToCheck("it takes an issue");
      const stories = toldEntries(digest).map(headlineOf);
      const faults = stories.flatMap((headline): Fault[] => {
        const word = MIXED.exec(headline)?.[0];
        return word === undefined
          ? []
          : [
              {
                message: `${quoted(word)} mixes alphabets that look alike`,
                at: [{ story: headline }],
              },
            ];
      });
      const word = MIXED.exec(digest.subject)?.[0];
      if (word === undefined || faults.length > 0) return faults;
      return [{ message: `${quoted(word)} in the subject mixes alphabets that look alike` }];
    },
  },
];
