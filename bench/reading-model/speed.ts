import { createRequire } from "node:module";
import { boundMarkup } from "../../src/article/html/bound-markup.ts";
import { readMetadata } from "../../src/article/html/metadata/read-metadata.ts";
import { parsePage } from "../../src/article/page/page-dom.ts";
import { chooseStory } from "../../src/article/page/choose-story.ts";
import type { Readability } from "../reading-pages.ts";
import type { Sample } from "./corpus.ts";

const ROUNDS = 3;

/** Prints the processor time a page of finding its story, beside Readability over the same DOM. */
export function printSpeed(samples: readonly Sample[]): void {
  const { Readability }: Readability = createRequire(import.meta.url)("@mozilla/readability");
  const ways: Readonly<Record<string, (sample: Sample) => void>> = {
    "Readability + linkedom": ({ html }) => void new Readability(parsePage(html)).parse(),
    "markup, metadata and chooseStory": ({ id, html }) => {
      const markup = boundMarkup(html.toWellFormed());
      const document = parsePage(markup.html);
      const { titles, descriptions } = readMetadata(document, markup.jsonLd, `${id}.html`);
      chooseStory(document.body, document, { titles, descriptions });
    },
  };
  const times = Object.entries(ways).map(([name, run]) => ({ name, run, all: [] as number[] }));
  // The first round warms up. In turns, so that what else the machine does falls on both.
  for (let round = 0; round <= ROUNDS; round++)
    for (const sample of samples)
      for (const { run, all } of times) {
        const before = process.cpuUsage();
        run(sample);
        const { user, system } = process.cpuUsage(before);
        if (round > 0) all.push((user + system) / 1000);
      }
  console.log("\nCPU a page, ms       p50    mean");
  for (const { name, all } of times) {
    const mean = all.reduce((sum, time) => sum + time, 0) / all.length;
    const middle = all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0;
    console.log(`  ${name.padEnd(34)} ${middle.toFixed(1)}   ${mean.toFixed(1)}`);
  }
}
