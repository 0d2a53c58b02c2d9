import { compileJudgement, judgeSentences, type Judgement } from "../../src/summary/judgement.ts";
import { loadTrees } from "../../src/platform/boosted-trees.ts";
import { entryOf } from "../../src/summary/summarize.ts";
import type { Sentence } from "../../src/summary/summary.ts";
import { TABLES } from "../idioms/tables.ts";
import { readAgain } from "../judged/examples.ts";
import { foldOf } from "../judged/folds.ts";
import { contextOf, verdictOn } from "../judged/gists.ts";
import { answerOf, type Example } from "../judged/judge.ts";
import type { Row } from "./family.ts";
import type { SummaryWeights } from "./summary-weights.ts";

/** An article with the judgements of its sentences, by trees that never saw it. */
export interface Judged {
  readonly example: Example;
  readonly judgements: readonly Judgement[];
}

/** Reads the articles again, by rules that may have changed, and judges their sentences with the same trees. */
export function readAnew(examples: readonly Example[], weights: SummaryWeights): readonly Judged[] {
  const judgements = weights.judgements.map(compileJudgement);
  return examples.map((known) => {
    const read = readAgain(known);
    const fold = foldOf(read);
    const example: Example = { ...known, ...read };
    const { article, document } = example;
    return { example, judgements: judgeSentences(article, document, judgements[fold]) };
  });
}

/** A gist with this probability or more is sent without a question. */
const ASKED_BELOW = 0.5;
/** A missed failure costs twice a needless question. */
const COST_OF_MISSED = 2;

/** The figures of each article's entry, from the editors' labels. */
export function rowsOf(judged: readonly Judged[], weights: SummaryWeights): readonly Row[] {
  const gists = weights.gists.map(loadTrees);
  const lineTrees = weights.lines.map(loadTrees);
  return judged.map(({ example, judgements }) => {
    const { label } = example;
    const entry = entryOf(
      contextOf(example, judgements),
      gists[foldOf(example)],
      lineTrees[foldOf(example)],
    );
    const gist = worthOfGist(entry.gist, example);
    const lines = worthOfLines([entry.gist, ...entry.keyPoints], example);
    const isAsked = entry.confidence < ASKED_BELOW;
    return {
      id: `${label.set} ${label.id}`,
      group: label.set === "train" ? label.id : label.group,
      figures: {
        ...(gist !== undefined && {
          gist: 100 * gist,
          doubt: isAsked ? gist : COST_OF_MISSED * (1 - gist),
        }),
        ...(example.letters.length > 0 && {
          kept: lines.reduce((sum, { keep }) => sum + keep, 0),
          struck: lines.reduce((sum, { keep }) => sum + 1 - keep, 0),
          misleading: lines.filter(({ misleads }) => misleads).length,
        }),
        ...hashOf([entry.gist, ...entry.keyPoints], entry.confidence),
      },
    };
  });
}

/** A number by which equal entries are recognised. */
function hashOf(lines: readonly Sentence[], confidence: number) {
  let entry = Math.round(confidence * 1000);
  for (const char of lines.map(({ text }) => text).join("\n"))
    entry = (Math.imul(entry, 31) + char.charCodeAt(0)) >>> 0;
  return { entry };
}

/** An editor's verdict on this gist. Without one, whether its likeliest sentence has the main point. */
function worthOfGist(gist: Sentence, example: Example): number | undefined {
  const places = placesOf(gist, example);
  const verdict = verdictOn(example, places);
  if (verdict !== undefined) return Number(verdict === "good");
  const answers = places.flatMap((place) => {
    const letters = example.letters[place];
    const additions = example.document.candidates[place]?.additions ?? [];
    return letters ? [answerOf("main", letters, additions.length > 0)] : [];
  });
  return answers.length > 0 ? Math.max(...answers) : undefined;
}

interface Line {
  readonly keep: number;
  readonly misleads: boolean;
}

/** The degree to which the two labelling passes keep each line below the gist. */
function worthOfLines(lines: readonly Sentence[], example: Example): readonly Line[] {
  const places = lines.map((line) => placesOf(line, example).at(-1));
  return places.flatMap((place, at): readonly Line[] => {
    const letters = place === undefined ? undefined : example.letters[place];
    if (at === 0 || place === undefined || !letters) return [];
    const additions = example.document.candidates[place]?.additions ?? [];
    const content = answerOf("content", letters, false);
    const isFollowing = places[at - 1] === place - 1;
    const alone = Math.max(
      answerOf("keep", letters, additions.length > 0),
      answerOf("main", letters, false),
    );
    const misleads = letters.first === "M" || letters.second === "M";
    return [{ keep: content > 0 && isFollowing ? content : alone, misleads }];
  });
}

function placesOf({ start, end = 0 }: Sentence, { document }: Example): readonly number[] {
  if (start === undefined) return [];
  return document.candidates.filter((it) => it.end <= end && it.end > start).map((it) => it.index);
}

/** Tables in which each wrong row is a false statement, or text from outside the story. */
const IDIOMS = ["denials", "headlines", "live-blogs", "antecedents"] as const;

export function idiomRows(): readonly Row[] {
  return IDIOMS.flatMap((table) =>
    (TABLES[table]?.() ?? []).map(({ language, text, isRight }, at) => {
      const id = `${table} ${at} ${language} ${text.slice(0, 20)}`;
      return { id, group: id, figures: { idioms: Number(isRight) } };
    }),
  );
}
