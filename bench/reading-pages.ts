import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { readHtml } from "../src/article/html.ts";
import { declaredCharset } from "../src/article/decode-source.ts";
import { parsePage, type PageDocument } from "../src/article/page/page-dom.ts";
import { BroadsheetError } from "../src/errors.ts";
import type { Row } from "./reading.ts";

const project = path.join(import.meta.dirname, "..");
export const corpora = path.resolve(project, process.env.BROADSHEET_CORPORA ?? "../shared/corpora");
export const scorers = path.resolve(project, process.env.BROADSHEET_SCORERS ?? "../shared/bench");

/** A page of a corpus: its file without ending, and its text. */
export interface SavedPage {
  readonly name: string;
  readonly html: string;
}

/** What the scorers look at. */
interface Reading {
  readonly articleBody: string;
  readonly title?: string | null | undefined;
  readonly authors?: readonly string[];
  readonly date?: string | null | undefined;
}

/** The rows of web pages: the story's text, and what is told of it. */
export function pageRows(): Row[] {
  const [oursEn, plainEn] = scoreBoth("en", "score-articles.mjs", "ground-truth.json");
  const [ours, plain] = scoreBoth("multilingual", "score-multilingual.mjs", "gold.json");
  const english = row(oursEn, plainEn);
  const others = row(ours, plain);
  return [
    english("articles/en F1", ".975", /F1 (\S+)/),
    english("articles/en precision", "", /P (\S+)/),
    english("articles/en recall", "", /R (\S+)/),
    others("articles/multilingual F1", ".92", /F1 (\S+)/),
    others("articles/multilingual recall", "plain's", /R (\S+)/),
    others("multilingual titles", "85 %", /title (\S+)/),
    others("multilingual authors", "60 %", /author (\S+)/),
    others("multilingual dates", "75 %", /date (\S+)/),
  ];
}

function row(ours: string, plain: string) {
  return (what: string, must: string, figure: RegExp): Row => ({
    what,
    must,
    ours: asShare(figure.exec(ours)?.[1]),
    beside: asShare(figure.exec(plain)?.[1]),
    other: "plain Readability",
  });
}

function asShare(figure = "-"): string {
  const [right, all] = figure.split("/").map(Number);
  return right !== undefined && all ? `${figure} ${((right / all) * 100).toFixed(0)} %` : figure;
}

function scoreBoth(folder: string, scorer: string, gold: string): [string, string] {
  const truth = path.join(corpora, "articles", folder, gold);
  const pages = savedPages(folder);
  const ids = Object.keys(JSON.parse(readFileSync(truth, "utf8")));
  const scoreOf = (read: (page: SavedPage) => Reading): string => {
    const byName = new Map(pages.map((page) => [page.name, read(page)]));
    const answers = ids.map((id) => [id, byName.get(id.replace(/\.html\.gz$/, ""))]);
    return score(path.join(scorers, scorer), truth, Object.fromEntries(answers));
  };
  return [scoreOf(readOurs), scoreOf(readPlainly)];
}

/** The pages of one folder of `articles`. */
export function savedPages(folder: string): SavedPage[] {
  const files = path.join(corpora, "articles", folder);
  return readdirSync(files)
    .filter((file) => file.endsWith(".html.gz"))
    .map((file) => ({
      name: file.replace(/\.html\.gz$/, ""),
      html: decode(gunzipSync(readFileSync(path.join(files, file)))),
    }));
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder(declaredCharset(bytes) ?? "windows-1252").decode(bytes);
  }
}

function readOurs({ name, html }: SavedPage): Reading {
  try {
    const location = `${name}.html`;
    const { text, title, authors, publishedAt } = readHtml({
      format: "html",
      location,
      body: html,
    });
    return { articleBody: text, title, authors, date: publishedAt };
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    console.error(`${name}: ${error.code} ${error.message}`);
    return { articleBody: "" };
  }
}

export interface Readability {
  readonly Readability: new (document: PageDocument) => {
    parse(): {
      textContent?: string;
      title?: string;
      byline?: string;
      publishedTime?: string;
    } | null;
  };
}

// What a script has without us: the page as it is, and everything as Readability says it.
function readPlainly({ html }: SavedPage): Reading {
  const { Readability }: Readability = createRequire(import.meta.url)("@mozilla/readability");
  const found = new Readability(parsePage(html)).parse();
  const { textContent = "", title, byline, publishedTime } = found ?? {};
  return { articleBody: textContent, title, authors: byline ? [byline] : [], date: publishedTime };
}

/** What a scorer prints of some answers. */
export function score(scorer: string, truth: string, answers: object): string {
  const work = mkdtempSync(path.join(tmpdir(), "broadsheet-reading-"));
  try {
    const predictions = path.join(work, "pred.json");
    writeFileSync(predictions, JSON.stringify(answers));
    return spawnSync(process.execPath, [scorer, truth, predictions], { encoding: "utf8" }).stdout;
  } finally {
    rmSync(work, { recursive: true });
  }
}
