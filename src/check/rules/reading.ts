import { doubtText, headlineDoubtText } from "../../article/article.ts";
import {
  type Digest,
  type Entry,
  flatEntries,
  hasDoubtfulGist,
  headlineOf,
  isDoubted,
  unsureLines,
} from "../../digest/digest.ts";
import { isUncertain } from "../../digest/arrange/weights.ts";
import { lineDoubts } from "../../summary/explanation/explain.ts";
import { atStory, titled, type Fault, faultAt, plural } from "../fault.ts";
import { digestRule, type Shown, shownRule, type Rule } from "../rule.ts";
import { quoted } from "../content/shown-text.ts";
import { shownEntries } from "../content/stories.ts";

/** A word with letters of two alphabets that look alike: "Аpple" with a Cyrillic А. */
const MIXED =
  /(?=[\p{L}\p{M}]*\p{Script=Latin})(?=[\p{L}\p{M}]*[\p{Script=Cyrillic}\p{Script=Greek}])[\p{L}\p{M}]{3,}/u;

/** What was wrong, or doubted, with an article when it was read, and what is doubted of the lines that readers see of it. */
export const READING_RULES: readonly Rule[] = [
  shownRule({
    id: "reading-doubted",
    severity: "warning",
    what: "No story was read with doubt: behind a paywall, cut short, or from a page that says it is about something else",
    source: "Broadsheet: how sure its reader is of an article",
    fix: 'look at the story: accept it ("accepted": true in digest.json, or Accept in the preview), or hide it',
    run: (digest, shown) =>
      shownEntries(digest)
        .filter(isDoubted)
        .map((entry) => ({ entry, doubt: doubtIn(entry, shown) }))
        .filter(({ doubt }) => doubt !== "")
        .map(({ entry, doubt }) =>
          atStory(entry, `The story ${titled(entry)} was read with doubt: ${doubt}`),
        ),
  }),
  shownRule({
    id: "gist-doubted",
    severity: "warning",
    what: "The first line of each story, where it is shown, surely tells what it is about",
    source: "Broadsheet: how sure it is of a gist, trained on lines that editors judged",
    fix: "write the line yourself, or accept it: in the preview, or in digest.json",
    run: (digest, shown) =>
      shownEntries(digest)
        .filter((entry) => hasDoubtfulGist(entry) && !isDoubted(entry))
        .filter(({ summary }) => shown.has(summary.gist.text))
        .map((entry) => {
          const instead =
            entry.summary.origin === "author"
              ? "its page's own description"
              : "the article's first";
          const said = `surely tells what it is about, so it opens with ${instead}`;
          return atStory(entry, `No sentence of ${titled(entry)} ${said}`);
        }),
  }),
  digestRule({
    id: "subject-doubted",
    severity: "warning",
    what: "The subject surely tells the news",
    source: "Broadsheet: how sure it is of the lines that an inbox shows",
    fix: "write the line yourself: in the preview, or in digest.json",
    run: (digest) =>
      unsureLines(digest)
        // Of a preheader readers see the beginning, beside a subject that tells the news.
        .filter((line) => line === "subject" && digest.composed?.[line]?.by !== "model")
        .map((line): Fault => {
          const message = `The ${line} ${quoted(digest[line])} was taken from a headline that asks, teases or is too long, and may not tell the news`;
          return { message };
        }),
  }),
  shownRule({
    id: "line-doubted",
    severity: "warning",
    what: "No key point that is shown is one that an editor would probably strike",
    source: "Broadsheet: how likely a line is kept, trained on lines that editors judged",
    fix: "strike the line or write it yourself, or accept the story as it is",
    run: (digest, shown) =>
      shownEntries(digest)
        .filter(({ accepted, summary }) => accepted !== true && summary.origin !== "model")
        // One look at such a story is asked for already.
        .filter((entry) => !isDoubted(entry) && !hasDoubtfulGist(entry))
        .flatMap((entry) => {
          const doubts = lineDoubts(entry.article, entry.summary);
          return worstLine(
            entry,
            doubts.filter(({ text }) => shown.has(text)),
          );
        }),
  }),
  shownRule({
    id: "own-words",
    severity: "warning",
    what: "What a model wrote of a story is shown to be said in its article",
    source: "Broadsheet: what its gate neither refuses nor finds in the article",
    fix: "compare the line with the article: write it otherwise, strike it, or accept the story as it is",
    run: (digest, shown, { ownWords }) => [
      ...markedByAdvice(digest),
      ...shownEntries(digest).flatMap((entry) => {
        const all = ownWords?.get(entry.article) ?? [];
        const lines = all.filter(({ text }) => shown.has(text));
        const theirs = lines.filter(({ isModels }) => isModels);
        const faults = worstLine(entry, [...new Set([...theirs, ...lines])]);
        return theirs.length > 0 ? faults.map((fault) => ({ ...fault, holds: true })) : faults;
      }),
    ],
  }),
  digestRule({
    id: "in-brief",
    severity: "info",
    what: "Every story stands where its news value puts it: none is told by its headline alone because the rest is doubted",
    source: "Broadsheet: a doubtful line is not shown where there is another place",
    fix: 'write its first line yourself, or set its "weight" to "row" in digest.json',
    run: (digest) => {
      const given = new Set(
        flatEntries(digest)
          .filter(({ weight }) => weight !== undefined)
          .map(({ article }) => article.id),
      );
      const doubted = shownEntries(digest).filter(
        (entry) => entry.weight === "line" && isUncertain(entry) && !given.has(entry.article.id),
      );
      return faultAt(
        doubted.map((entry) => ({ story: headlineOf(entry) })),
        (count) =>
          `${plural(count, "story stands", "stories stand")} in brief, as nothing surely tells more of ${count === 1 ? "it" : "them"}`,
      );
    },
  }),
  digestRule({
    id: "mixed-alphabets",
    severity: "warning",
    what: "No word of a headline or the subject mixes alphabets whose letters look alike",
    source: "Unicode UTS #39 §5.1, mixed scripts: how names are forged, and filters passed",
    fix: "write the word in one alphabet, or hide the story",
    run: mixedWords,
  }),
];

/** Of a story that is told by its headline alone, only what is doubted of that. */
function doubtIn({ article: { reading, title }, summary }: Entry, shown: Shown): string {
  if (!reading) return "";
  const isTold = title === "" || shown.has(summary.gist.text);
  return isTold ? doubtText(reading) : headlineDoubtText(reading);
}

/** The lines for the inbox that a model wrote, that were only marked, and that no editor has changed. */
function markedByAdvice(digest: Digest): Fault[] {
  return (["subject", "preheader"] as const).flatMap((name): Fault[] => {
    const { text, used, why } = digest.advice?.[name] ?? {};
    if (used !== true || why === undefined || text !== digest[name]) return [];
    const fix = "write the line yourself: in the preview, or in digest.json";
    return [{ message: `${quoted(text)} in the ${name}: ${why}`, fix, holds: true }];
  });
}

/** All of a story in one fault: it is looked at once. */
function worstLine(
  entry: Entry,
  [first, ...others]: readonly { readonly text: string; readonly why: string }[],
): Fault[] {
  if (!first) return [];
  const more = others.length > 0 ? `, and ${others.length} more` : "";
  return [atStory(entry, `${quoted(first.text)} under ${titled(entry)}: ${first.why}${more}`)];
}

function mixedWords(digest: Digest): Fault[] {
  const faults = shownEntries(digest).flatMap((entry): Fault[] => {
    const word = MIXED.exec(headlineOf(entry))?.[0];
    return word === undefined
      ? []
      : [atStory(entry, `${quoted(word)} mixes alphabets that look alike`)];
  });
  const word = MIXED.exec(digest.subject)?.[0];
  if (word === undefined || faults.length > 0) return faults;
  return [{ message: `${quoted(word)} in the subject mixes alphabets that look alike` }];
}
