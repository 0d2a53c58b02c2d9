import { doubtText, isDoubtful } from "../../article/reading.ts";
import { headlineOf } from "../../digest/digest.ts";
import { quoted } from "../content/shown-text.ts";
import { toldEntries } from "../content/stories.ts";
import { type Fault, NothingToCheck, type Rule } from "../rule.ts";

/** What the reader was not sure of when it read an article. */
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
            .filter(({ article, accepted }) => !accepted && isDoubtful(article.reading))
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
];
