/**
 * Reads and summarises inputs of up to 10 MB that no writer would make: random bytes, repeated tags, deep nesting, huge
 * attributes, endless lines. Each has ten seconds on the processor; what takes longer, or ends in another error
 * than a refusal, is printed, and the command ends with 1. `npm run fuzz:size -- [seed] [rounds]`
 */
import { Worker, isMainThread, parentPort } from "node:worker_threads";
import { BroadsheetError } from "../src/errors.ts";
import type { SourceFormat } from "../src/article/article.ts";
import { randomFrom } from "../bench/training/random.ts";

const LONGEST_MS = 10_000;
const LARGEST = 10_000_000;

interface Task {
  readonly seed: number;
  readonly format: SourceFormat;
  readonly shape: number;
  readonly size: number;
}

const STORY =
  "The ferry at Sallow Ness leaves when the post van has come, and not before. The van comes at eight on most days. ";

const PIECES =
  "< > & \" ' = / \\ * _ ` ~ # - + ! [ ] ( ) { } | : ; , . ? @ $ % ^ \n \n\n \t \r \u00a0 \u200b \u3000 。 、 “ ” « » ‘ ’ — … <p> </p> <div> </div> <b> </b> <br> <li> <td> <table> <a href= <img src= <!-- --> <![CDATA[ ]]> <script> </script> <style> <h1> </h1> &amp; &#65; &nbsp; &#xD800; ![a](b) [a]: **a** ``` --- +++ {{ }} title: <item> </item> <entry> <title> </title> <description> https://x.example/ a@b.example 2024 3/4/2024 March 1, By Ana Ruiz Photo: (AP) said \ud800 \u0000 é ы 漢字 ไทย عربي 🛟".split(
    " ",
  );

type Shape = (random: () => number, size: number) => string;

const pick = (random: () => number): string => PIECES[Math.floor(random() * PIECES.length)] ?? "a";

const fill = (piece: string, size: number): string =>
  piece.repeat(Math.max(1, Math.floor(size / Math.max(1, piece.length))));

const SHAPES: Readonly<Record<string, Shape>> = {
  "one piece": (random, size) => fill(pick(random), size),
  "two pieces": (random, size) => fill(pick(random) + pick(random), size),
  "five pieces": (random, size) =>
    fill(Array.from({ length: 5 }, () => pick(random)).join(""), size),
  "a piece and a word": (random, size) => fill(`${pick(random)}word `, size),
  "pieces in any order": (random, size) => {
    const parts = Array.from({ length: 20_000 }, () => pick(random)).join(
      random() < 0.5 ? "" : " ",
    );
    return fill(parts, size);
  },
  "random characters": (random, size) => {
    const part = Array.from({ length: 50_000 }, () => String.fromCharCode(random() * 0x3000)).join(
      "",
    );
    return fill(part, size);
  },
  "deep nesting": (random, size) => {
    const [name = "div"] = ["div", "b", "ul", "blockquote", "table", "a", "x"].toSorted(
      () => random() - 0.5,
    );
    return `${fill(`<${name}>`, size / 2)}${STORY}${fill(`</${name}>`, size / 2)}`;
  },
  "a huge attribute": (random, size) =>
    `<p class="${fill(pick(random).replaceAll('"', ""), size)}">${STORY}</p>`,
  "an endless word": (random, size) => `${STORY}${fill(pick(random).trim() || "x", size)} ${STORY}`,
  "a huge heading": (random, size) =>
    `<h1>${fill(`${pick(random)}a `, size)}</h1>\n\n# ${fill(pick(random), size / 4)}\n\n`,
  "many lines": (random, size) => fill(`${pick(random)}${STORY.slice(0, random() * 100)}\n`, size),
  "many paragraphs": (random, size) => fill(`${pick(random)} ${STORY}\n\n`, size),
  "many words": (_random, size) => {
    let words = "";
    for (let at = 0; words.length < size; at++)
      words += `w${at.toString(36)}${at % 13 ? " " : ". W"}`;
    return words;
  },
  "many sentences": (random, size) =>
    fill(`On ${pick(random)} 3 March 1998 Ana Ruiz said 5 people left. `, size),
};

const NAMES = Object.keys(SHAPES);
const FORMATS: readonly SourceFormat[] = ["text", "markdown", "html", "feed"];

function bodyOf({ seed, format, shape, size }: Task): string {
  const inside = SHAPES[NAMES[shape] ?? ""]?.(randomFrom(seed), size) ?? "";
  const story = `${STORY.repeat(4)}${inside}`;
  if (format === "html")
    return `<html><head><title>The ferry</title></head><body><h1>The ferry</h1><p>${story}</p></body></html>`;
  if (format === "feed")
    return `<rss version="2.0"><channel><title>The Quay</title><item><title>The ferry</title><description><![CDATA[${story}]]></description></item></channel></rss>`;
  return `The ferry\n\n${story}`;
}

async function work(): Promise<void> {
  const { readArticles, summarize } = await import("../src/index.ts");
  parentPort?.on("message", (task: Task) => {
    try {
      const source = {
        format: task.format,
        location: `a.${task.format}`,
        body: bodyOf(task).slice(0, LARGEST),
      };
      const before = process.cpuUsage();
      const { items, broken } = readArticles(source);
      for (const { article } of items) if (article.text !== "") summarize(article);
      const ms = process.cpuUsage(before).user / 1000;
      const [first] = broken;
      parentPort?.postMessage(
        first
          ? `broke: ${String(first.error)}`
          : ms > LONGEST_MS
            ? `took ${Math.round(ms)} ms`
            : "",
      );
    } catch (error) {
      parentPort?.postMessage(error instanceof BroadsheetError ? "" : `threw ${String(error)}`);
    }
  });
  parentPort?.postMessage("");
}

/** What is wrong with the reading of an input; empty where nothing is. */
async function faultOf(worker: Worker, task: Task): Promise<string> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve("did not end"), LONGEST_MS * 2);
    worker.once("message", (fault: string) => {
      clearTimeout(late);
      resolve(fault);
    });
    worker.postMessage(task);
  });
}

async function opened(): Promise<Worker> {
  const worker = new Worker(new URL(import.meta.url));
  await new Promise((resolve) => worker.once("message", resolve));
  return worker;
}

async function main(): Promise<void> {
  const [first = Date.now() % 1_000_000, rounds = 1] = process.argv.slice(2).map(Number);
  let worker = await opened();
  let faults = 0;
  for (let round = 0; round < rounds; round++) {
    for (const format of FORMATS) {
      for (const shape of NAMES.keys()) {
        const seed = first + round * 1000 + shape;
        const size =
          [30_000, 300_000, 3_000_000, LARGEST][Math.floor(randomFrom(seed)() * 4)] ?? LARGEST;
        const task = { seed, format, shape, size };
        const fault = await faultOf(worker, task);
        if (fault === "") continue;
        faults++;
        console.log(
          `${format}, ${NAMES[shape]}, ${size} characters, seed ${seed}: ${fault.slice(0, 200)}`,
        );
        if (fault !== "did not end") continue;
        await worker.terminate();
        worker = await opened();
      }
    }
  }
  await worker.terminate();
  console.log(`${rounds * FORMATS.length * NAMES.length} inputs, ${faults} faults`);
  process.exitCode = faults === 0 ? 0 : 1;
}

await (isMainThread ? main() : work());
