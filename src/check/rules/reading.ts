import { doubtText } from "../../article/reading.ts";
import {
  type Entry,
  hasDoubtfulGist,
  headlineOf,
  isDoubted,
  unsureLines,
} from "../../digest/digest.ts";
import { quoted } from "../content/shown-text.ts";
import { lineDoubts } from "../../summary/line-doubts.ts";
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
    id: "gist-doubted",
    severity: "warning",
    what: "The first line of each story surely tells what it is about",
    source: "Broadsheet: how sure it is of a gist, trained on lines that editors judged",
    fix: "write the line yourself, or accept it: in the preview, or in digest.json",
    run: ({ digest }) =>
      digest
        ? toldEntries(digest)
            .filter((entry) => hasDoubtfulGist(entry) && !isDoubted(entry))
            .map((entry): Fault => {
              const headline = headlineOf(entry);
              const message = `No sentence of ${quoted(headline)} surely tells what it is about, so it opens with the article's first`;
              return { message, at: [{ story: headline }] };
            })
        : new NothingToCheck("it takes an issue"),
  },
  {
    id: "subject-doubted",
    severity: "warning",
    what: "The subject surely tells the news",
    source: "Broadsheet: how sure it is of the lines that an inbox shows",
    fix: "write the line yourself: in the preview, or in digest.json",
    run: ({ digest }) =>
      digest
        ? unsureLines(digest)
            // Of a preheader readers see the beginning, beside a subject that tells the news.
            .filter((line) => line === "subject")
            .map((line): Fault => {
              const message = `The ${line} ${quoted(digest[line])} was taken from a headline that asks, teases or is too long, and may not tell the news`;
              return { message };
            })
        : new NothingToCheck("it takes an issue"),
  },
  {
    id: "line-doubted",
    severity: "warning",
    what: "No key point is one that an editor would probably strike",
    source: "Broadsheet: how likely a line is kept, trained on lines that editors judged",
    fix: "strike the line or write it yourself, or accept the story as it is",
    run: ({ digest }) =>
      digest
        ? toldEntries(digest)
            .filter(({ accepted, summary }) => accepted !== true && summary.origin !== "model")
            // One look at such a story is asked for already.
            .filter((entry) => !isDoubted(entry) && !hasDoubtfulGist(entry))
            .flatMap(doubtfulLines)
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

/** All of a story in one fault: it is looked at once. */
function doubtfulLines(entry: Entry): Fault[] {
  const [first, ...others] = lineDoubts(entry.article, entry.summary);
  if (!first) return [];
  const headline = headlineOf(entry);
  const more = others.length > 0 ? `, and ${others.length} more` : "";
  const message = `${quoted(first.text)} under ${quoted(headline)}: ${first.why}${more}`;
  return [{ message, at: [{ story: headline }] }];
}
