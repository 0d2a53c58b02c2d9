import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { decodeText } from "../../src/article/decode-source.ts";
import { readArticle } from "../../src/article/read-articles.ts";
import { sniffFormat } from "../../src/article/sniff-format.ts";
import { BroadsheetError } from "../../src/errors.ts";
import { corpora } from "./corpus.ts";
import { score } from "./scorers.ts";
import type { Row } from "./table.ts";

const texts = path.join(corpora, "texts");

interface TextReading {
  readonly title?: string | undefined;
  readonly authors: readonly string[];
  readonly text: string;
}

type Read = (body: string, file: string) => TextReading;

/** The rows of plain texts and Markdown. */
export function textRows(): Row[] {
  const [ours, bare] = [readOurs, readBarely].map(scoreOf);
  const row = (what: string, must: string, figure: RegExp): Row => ({
    what,
    must,
    ours: figure.exec(ours ?? "")?.[1] ?? "-",
    beside: figure.exec(bare ?? "")?.[1] ?? "-",
    other: "the file as it is, its first line the title",
  });
  return [
    row("texts, body F1", ".88", /F1 (\S+)/),
    row("texts, titles", "all", /titles (\S+)/),
    row("texts, no title kept empty", "all but 1", /empty (\S+)/),
    row("texts, authors", "", /authors (\S+)/),
  ];
}

function scoreOf(read: Read): string {
  return score("score-texts.mjs", texts, JSON.stringify(Object.fromEntries(readTexts(read))));
}

/** The text of each file, by its name. */
export function textsByFile(): ReadonlyMap<string, string> {
  return new Map([...readTexts(readOurs)].map(([name, { text }]) => [name, text]));
}

function readTexts(read: Read): ReadonlyMap<string, TextReading> {
  const answers = new Map<string, TextReading>();
  for (const file of readdirSync(texts).filter((name) => /\.(?:txt|md)$/.test(name))) {
    const name = file.replace(/\.[^.]*$/, "");
    if (!existsSync(path.join(texts, `${name}.expected.json`))) continue;
    answers.set(name, read(decodeText(readFileSync(path.join(texts, file)), file), file));
  }
  return answers;
}

function readOurs(body: string, location: string): TextReading {
  try {
    return readArticle({ format: sniffFormat(body, location), location, body });
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    console.error(`${location}: ${error.code} ${error.message}`);
    return { authors: [], text: "" };
  }
}

function readBarely(body: string): TextReading {
  const [title = ""] = body.trim().split("\n", 1);
  return { title: title.replace(/^#+\s*/, ""), authors: [], text: body };
}
