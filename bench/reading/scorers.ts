import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { goldFile, scorers } from "./corpus.ts";
import type { Found } from "./readers.ts";

/** The results for the pages of a folder, by id. */
export type Answers = ReadonlyMap<string, Found>;

/** F1, precision and recall of the stories' texts, as the scorer prints them. */
export interface Figures {
  readonly f1: string;
  readonly precision: string;
  readonly recall: string;
}

export function scoreEnglish(answers: Answers): Figures {
  return figuresIn(score("score-articles.mjs", goldFile("en"), bodiesOf(answers, "")));
}

export function scoreMultilingual(answers: Answers): Figures {
  const gold = goldFile("multilingual");
  return figuresIn(score("score-multilingual.mjs", gold, bodiesOf(answers, ".html.gz")));
}

/**
 * A line for each field with the numbers of right, given and expected values. `--misses` adds a line for each wrong
 * value.
 */
export function scoreFields(answers: Answers, ...options: readonly string[]): string {
  const lines = [...answers].map(([id, { text, authors = [], ...fields }]) =>
    JSON.stringify({ source: `${id}.html`, text, authors, ...fields }),
  );
  return score("score-fields.mjs", goldFile("fields"), lines.join("\n"), ...options);
}

/** The ids of the pages with a wrong or missing field, once for each field. */
export function fieldMisses(printed: string): readonly string[] {
  return [...printed.matchAll(/^ {3}(.*?): wanted /gm)].map(([, id = ""]) => id);
}

function figuresIn(printed: string): Figures {
  const [f1 = "-", precision = "-", recall = "-"] = [/F1 (\S+)/, /P (\S+)/, /R (\S+)/].map(
    (figure) => figure.exec(printed)?.[1],
  );
  return { f1, precision, recall };
}

function bodiesOf(answers: Answers, ending: string): string {
  const bodies = [...answers].map(([id, { text }]) => [`${id}${ending}`, { articleBody: text }]);
  return JSON.stringify(Object.fromEntries(bodies));
}

/** Runs a scorer on some answers and returns its output. */
export function score(
  scorer: string,
  gold: string,
  answers: string,
  ...options: readonly string[]
): string {
  const work = mkdtempSync(path.join(tmpdir(), "broadsheet-reading-"));
  try {
    const file = path.join(work, "answers.json");
    writeFileSync(file, answers);
    const call = [path.join(scorers, scorer), gold, file, ...options];
    return spawnSync(process.execPath, call, { encoding: "utf8" }).stdout;
  } finally {
    rmSync(work, { recursive: true });
  }
}
