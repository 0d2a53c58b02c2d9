import { resolve } from "node:path";
import type { Article } from "../../src/article/article.ts";
import { articleOf, rowsOf } from "../training/examples.ts";
import { ENTRY, METHODS, type Method } from "./methods.ts";
import { defectsOf, type Defect } from "./readability.ts";

/** How many summaries have something that a reader would trip over, and what. `isShown` prints each. */
export function printDefects(corpus: string, file: string, isShown: boolean): void {
  const articles = rowsOf(resolve(corpus, file)).map((row) => articleOf(row, "en"));
  console.log(`\n${file}: summaries with a defect that a reader would trip over`);
  for (const [name, method] of METHODS) count(name, articles, method, isShown);
}

function count(name: string, articles: readonly Article[], method: Method, isShown: boolean): void {
  const kinds = new Map<Defect, number>();
  let defective = 0;
  for (const article of articles) {
    const readings = defectsOf(method(article), article.text, name !== ENTRY);
    if (readings.length > 0) defective++;
    for (const { defect, sentence } of readings) {
      kinds.set(defect, (kinds.get(defect) ?? 0) + 1);
      if (isShown && name === ENTRY) console.log(`  ${name} | ${defect} | ${sentence}`);
    }
  }
  const share = ((100 * defective) / articles.length).toFixed(1);
  const found = [...kinds].map(([defect, number]) => `${defect} ${number}`).join(", ");
  console.log(`${name.padEnd(20)}${share.padStart(5)} %   ${found}`);
}
