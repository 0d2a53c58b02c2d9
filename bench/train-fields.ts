/**
 * Trains the choice of a page's title, authors, date and lead picture, and writes the weights. The same corpora give the same
 * bytes.
 *
 *   npm run train:fields
 *
 * BROADSHEET_CORPORA names the folder with articles/. Leaves with 66 where there is none. `bench/reading.ts fields` prints
 * how good it is on sites that it has not seen.
 */
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { corpora } from "./reading/corpus.ts";
import { FIELD_WEIGHTS, growFields, trainFieldsBySite } from "./reading/field-training.ts";

process.exitCode = await main();

async function main(): Promise<number> {
  if (!existsSync(path.join(corpora, "articles"))) {
    console.error(`bench/train-fields: ${corpora} has no articles; nothing was trained`);
    return 66;
  }
  const { examples } = await trainFieldsBySite();
  const stored = `${JSON.stringify(growFields(examples))}\n`;
  writeFileSync(path.join(import.meta.dirname, "../src", FIELD_WEIGHTS), stored);
  console.log(`${path.basename(FIELD_WEIGHTS)}: ${Math.ceil(stored.length / 1024)} KB`);
  return 0;
}
