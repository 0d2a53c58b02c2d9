import { isUncertain, shownEntries } from "../../digest/arrange/weights.ts";
import { doubtText, headlineDoubtText } from "../../article/article.ts";
import {
  type Digest,
  type Entry,
  flatEntries,
  headlineOf,
  isDoubted,
  isUnchanged,
  unsureLines,
} from "../../digest/digest.ts";
import { LEAST_SENDABLE, sendableOf } from "../../summary/entry-judgement.ts";
import { lineDoubts } from "../../summary/explanation/explain.ts";
import { LEAST_SURE, type Sentence } from "../../summary/summary.ts";
import { atStory, titled, issueRule, type Shown, storyRule, type ReviewInput } from "../rule.ts";
import { isPrinted, type Printed } from "../lines.ts";
import { readyOf } from "../ready.ts";
import {
  type Fault,
  faultAt,
  NothingToCheck,
  plural,
  type Rule,
  quoted,
} from "../../check/rule.ts";

/** A word with letters of two alphabets that look alike: "Аpple" with a Cyrillic А. */
const MIXED =
  /(?=[\p{L}\p{M}]*\p{Script=Latin})(?=[\p{L}\p{M}]*[\p{Script=Cyrillic}\p{Script=Greek}])[\p{L}\p{M}]{3,}/u;

/** Rules for doubts from the reading of an article, and for doubtful lines that readers see. */
export const READING_RULES: readonly Rule<ReviewInput>[] = [
  storyRule({
    id: "reading-doubted",
    severity: "warning",
    what: "Every story was read reliably: none is behind a paywall, cut short, or from a page that names another topic",
    source: "Broadsheet: how sure its reader is of an article",
    fix: 'look at the story: accept it ("accepted": true in digest.json, or Accept in the preview), or hide it',
    says: (entry, lines) => {
      const doubt = isDoubted(entry) && doubtIn(entry, lines);
      return doubt && `The story ${titled(entry)} was read with doubt: ${doubt}`;
    },
  }),
  storyRule({
    id: "gist-doubted",
    severity: "warning",
    what: "The first line of each story and the key points below it can be sent after at most a light edit",
    source: "Broadsheet: its confidence in an entry, trained on entries that editors judged",
    fix: "write the lines yourself, or accept the story: in the preview, or in digest.json",
    says: (entry, lines) => {
      const { origin, confidence = 0 } = entry.summary;
      const what = pointsIn(entry, lines).length > 0 ? "The lines" : "The first line";
      const sendable = sendableIn(entry, lines);
      if (sendable === undefined || sendable >= LEAST_SENDABLE || isDoubted(entry))
        return undefined;
      const line = origin === "author" ? "Its page's own description" : "The first line";
      return confidence < LEAST_SURE
        ? `${line} may not say what ${titled(entry)} is about (confidence ${percent(confidence)})`
        : `${what} of ${titled(entry)} may need rewriting (${percent(sendable)} likely to need at most a light edit)`;
    },
  }),
  issueRule({
    id: "subject-doubted",
    severity: "warning",
    what: "Subject and preheader clearly give the news",
    source: "Broadsheet: its confidence in the lines that an inbox shows",
    fix: "write the line yourself: in the preview, or in digest.json",
    run: (digest, { lines }) =>
      lines.flatMap(({ as, text }) => {
        const isDoubted = unsureLines(digest).some((name) => name === as);
        if (!isDoubted || (as !== "subject" && as !== "preheader")) return [];
        // The line of a model is reported with its reason by another rule.
        if (digest.composed?.[as]?.by === "model") return [];
        return [{ message: `The ${as} ${quoted(text)} may not give the news` }];
      }),
  }),
  issueRule({
    id: "ready",
    severity: "warning",
    what: "An editor would probably send the issue unchanged: `leastReady` in the config sets the least probability",
    source: "Broadsheet: a model trained on issues that editors judged line by line",
    fix: "correct or remove these lines, or accept the story as it is: in the preview, or in digest.json",
    run: (digest, printed, { built, leastReady = 0 }) => {
      const ready = readyOf(printed, digest, built);
      if (typeof ready === "string") return new NothingToCheck(ready);
      const { chance, because } = ready;
      const [worst] = because;
      if (chance >= leastReady || !worst) return [];
      const lines = because.map(({ as, text }) => `${as} ${quoted(text)}`).join(", ");
      const message = `An editor would send this unchanged with a probability of ${Math.round(chance * 100)} %. Least certain: ${lines}`;
      const { story, id } = because.find((line) => line.story !== undefined) ?? {};
      return [
        {
          message,
          ...(story !== undefined && { at: [{ story, ...(id !== undefined && { id }) }] }),
        },
      ];
    },
  }),
  storyRule({
    id: "line-doubted",
    severity: "warning",
    what: "No key point is shown that an editor would probably remove",
    source:
      "Broadsheet: the probability that an editor keeps a line, trained on lines that editors judged",
    fix: "remove the line or write it yourself, or accept the story as it is",
    says: (entry, lines) => {
      const { article, summary, accepted } = entry;
      if (accepted === true || summary.origin === "model") return undefined;
      // An earlier finding already asks to look at this story.
      if (isDoubted(entry) || (sendableIn(entry, lines) ?? 1) < LEAST_SENDABLE) return undefined;
      return worstLine(
        entry,
        lineDoubts(article, summary).filter(({ text }) => isPrinted(text, lines)),
      );
    },
  }),
  issueRule({
    id: "own-words",
    severity: "warning",
    what: "The article of a story supports every sentence that a model wrote",
    source: "Broadsheet: sentences that its gate neither refuses nor finds in the article",
    fix: "compare the line with the article: rewrite it, remove it, or accept the story as it is",
    run: (_digest, { stories }, { ownWords = [] }) =>
      ownWords.flatMap(({ entry, lines: all }) => {
        const lines = all.filter(({ text }) =>
          stories.some((story) => isPrinted(text, story.lines)),
        );
        const theirs = lines.filter(({ isModels }) => isModels);
        const message = worstLine(entry, [...new Set([...theirs, ...lines])]);
        const holds = theirs.length > 0 && { holds: true };
        return message === undefined ? [] : [{ ...atStory(entry, message), ...holds }];
      }),
  }),
  issueRule({
    id: "in-brief",
    severity: "info",
    what: "Every story has the place that its news value gives it: none is reduced to its headline because its other lines are doubtful",
    source: "Broadsheet: a doubtful line is not shown if there is another place",
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
          `${plural(count, "story is", "stories are")} in brief, because no reliable line says more about ${count === 1 ? "it" : "them"}`,
      );
    },
  }),
  issueRule({
    id: "mixed-alphabets",
    severity: "warning",
    what: "No word of a headline or the subject mixes alphabets whose letters look alike",
    source: "Unicode UTS #39 §5.1, mixed scripts: how names are forged, and filters passed",
    fix: "write the word in one alphabet, or hide the story",
    run: mixedWords,
  }),
];

/** Returns the doubts about a story. If only its headline is printed, only doubts about the headline count. */
function doubtIn({ article: { reading, title }, summary }: Entry, lines: Shown): string {
  if (!reading) return "";
  const isShown = title === "" || isPrinted(summary.gist.text, lines);
  return isShown ? doubtText(reading) : headlineDoubtText(reading);
}

/**
 * The probability that an editor sends a story's printed lines with at most a light edit. Undefined if the gist is not
 * printed, or if an editor has accepted or changed it.
 */
function sendableIn(entry: Entry, lines: Shown): number | undefined {
  const { article, summary } = entry;
  if (!isUnchanged(entry) || !isPrinted(summary.gist.text, lines)) return undefined;
  return sendableOf(article, { ...summary, keyPoints: pointsIn(entry, lines) });
}

function pointsIn({ summary }: Entry, lines: Shown): readonly Sentence[] {
  return summary.keyPoints.filter(({ text }) => isPrinted(text, lines));
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** Reports all lines of a story in one fault, because the editor looks at it once. */
function worstLine(
  entry: Entry,
  [first, ...others]: readonly { readonly text: string; readonly why: string }[],
): string | undefined {
  if (!first) return undefined;
  const more = others.length > 0 ? `, and ${others.length} more` : "";
  return `${quoted(first.text)} under ${titled(entry)}: ${first.why}${more}`;
}

function mixedWords(_digest: Digest, { lines }: Printed): Fault[] {
  const faults = lines.flatMap(({ as, text, entry }) =>
    entry && (as === "headline" || as === "brief")
      ? mixedIn(text).map((message) => atStory(entry, message))
      : [],
  );
  if (faults.length > 0) return faults;
  const subject = lines.find(({ as }) => as === "subject")?.text ?? "";
  return mixedIn(subject, " in the subject").map((message) => ({ message }));
}

function mixedIn(text: string, where = ""): string[] {
  const word = MIXED.exec(text)?.[0];
  return word === undefined ? [] : [`${quoted(word)}${where} mixes alphabets that look alike`];
}
