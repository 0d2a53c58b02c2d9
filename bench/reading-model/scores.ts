import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readHtml } from "../../src/article/html.ts";
import { BroadsheetError } from "../../src/errors.ts";
import { goldFile, samplesOf, scorers, type Folder, type Sample } from "./corpus.ts";

/** The text that was found on each page, by folder and by page. */
export type Texts = Readonly<Partial<Record<Folder, Readonly<Record<string, string>>>>>;

/** A row of figures, as the scorers print them. */
export function scoresOf({ en, multilingual, fields }: Texts): string {
  const english = en ? score("score-articles.mjs", "en", bodiesOf(en)) : "";
  const others = multilingual
    ? score("score-multilingual.mjs", "multilingual", bodiesOf(multilingual, ".html.gz"))
    : "";
  const openings = fields ? score("score-fields.mjs", "fields", linesOf(fields)) : "";
  const opening = /opening\s+right (\d+), given \d+, expected (\d+)/.exec(openings);
  return [
    ...figures(english),
    "          ",
    ...figures(others),
    "",
    opening?.slice(1).join("/") ?? "-",
  ].join(" ");
}

function figures(printed: string): string[] {
  return [/F1 (\S+)/, /P (\S+)/, /R (\S+)/].map((figure) =>
    (figure.exec(printed)?.[1] ?? "-").padEnd(5),
  );
}

function bodiesOf(texts: Readonly<Record<string, string>>, ending = ""): string {
  const bodies = Object.entries(texts).map(([id, articleBody]) => [
    `${id}${ending}`,
    { articleBody },
  ]);
  return JSON.stringify(Object.fromEntries(bodies));
}

function linesOf(texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts)
    .map(([id, text]) => JSON.stringify({ source: `${id}.html`, text, authors: [] }))
    .join("\n");
}

function score(scorer: string, folder: Folder, answers: string): string {
  const work = mkdtempSync(path.join(tmpdir(), "broadsheet-reading-"));
  try {
    const file = path.join(work, "answers.json");
    writeFileSync(file, answers);
    const call = [path.join(scorers, scorer), goldFile(folder), file];
    return spawnSync(process.execPath, call, { encoding: "utf8" }).stdout;
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** What the reader of today finds. */
export function todaysTexts(): Texts {
  return { en: todaysIn("en"), multilingual: todaysIn("multilingual"), fields: todaysIn("fields") };
}

function todaysIn(folder: Folder): Record<string, string> {
  return Object.fromEntries(samplesOf(folder).map((sample) => [sample.id, todaysText(sample)]));
}

function todaysText({ id, html }: Sample): string {
  try {
    return readHtml({ format: "html", location: `${id}.html`, body: html }).text;
  } catch (error) {
    if (error instanceof BroadsheetError) return "";
    throw error;
  }
}
