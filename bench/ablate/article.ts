import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Bench, Room } from "../ablate.ts";
import { scorerByRoles, WITH_ROLES } from "../reading/block-roles.ts";
import { corpora, samplesOf, type Sample } from "../reading/corpus.ts";
import { pageF1, segmentF1 } from "../reading/page-scores.ts";
import { readWith, type Found } from "../reading/readers.ts";
import { fieldMisses, scoreFields } from "../reading/scorers.ts";
import type * as texts from "../reading/text-rows.ts";
import { readerFor, readersBySite } from "../reading/readers-by-site.ts";
import { growByFold, judgedPages } from "../reading/training.ts";
import { ARTICLE_FAMILIES } from "./article-families.ts";
import { kept } from "./cache.ts";
import type { Row } from "./family.ts";
import { loadWithout } from "./without.ts";

/** The files that the weights depend on. */
const SOURCES = ["src/article/**/*.{ts,json}", "src/platform/*.ts", "bench/reading/*"];
const PAGES = ["en", "multilingual", "vetted"] as const;

/** The labelled pages and files, which are read with a family of article/ switched off. */
export const ARTICLE: Room = {
  families: ARTICLE_FAMILIES,
  measures: { en: 2, multilingual: 2, vetted: 2, roles: 2, fields: 2, texts: 2 },
  open: openArticle,
};

function openArticle(): Bench {
  const trees = kept("article", SOURCES, () => growByFold(judgedPages()));
  return {
    rows: async (family) => {
      const { name, changes } = family ?? { name: "none", changes: [] };
      const readers = await readersBySite(trees, name, changes);
      const read = readOnce((sample) => readWith(readerFor(sample, readers).readHtml, sample));
      const script = "bench/reading/text-rows.ts";
      const { textsByFile } = await loadWithout<typeof texts>(script, name, changes);
      return [...pageRows(read), ...roleRows(read), ...fieldRows(read), ...textRows(textsByFile())];
    },
  };
}

/** Reads a page once for all its figures. */
function readOnce(read: (sample: Sample) => Found): (sample: Sample) => Found {
  const found = new Map<Sample, Found>();
  return (sample) => {
    const known = found.get(sample) ?? read(sample);
    found.set(sample, known);
    return known;
  };
}

function pageRows(read: (sample: Sample) => Found): readonly Row[] {
  return PAGES.flatMap((folder) =>
    samplesOf(folder).map((sample) => {
      const { text } = read(sample);
      const { gold } = sample;
      const f1 =
        folder === "multilingual"
          ? segmentF1(text, gold.with ?? [], gold.without ?? [])
          : pageF1(text, gold.articleBody ?? "");
      return { id: `${folder} ${sample.id}`, group: sample.site, figures: { [folder]: 100 * f1 } };
    }),
  );
}

/** F1 by the roles that readers gave to the blocks. */
function roleRows(read: (sample: Sample) => Found): readonly Row[] {
  return WITH_ROLES.flatMap((folder) =>
    samplesOf(folder).flatMap((sample) => {
      const score = scorerByRoles(sample);
      if (!score) return [];
      const roles = 100 * score(read(sample).text);
      return [{ id: `roles ${folder} ${sample.id}`, group: sample.site, figures: { roles } }];
    }),
  );
}

/** The number of right answers among title, author, date, picture and opening, as negative misses. */
function fieldRows(read: (sample: Sample) => Found): readonly Row[] {
  const samples = samplesOf("fields");
  const answers = new Map(samples.map((sample) => [sample.id, read(sample)]));
  const misses = fieldMisses(scoreFields(answers, "--misses"));
  return samples.map(({ id, site }) => ({
    id: `fields ${id}`,
    group: site,
    figures: { fields: -misses.filter((missed) => missed === id).length },
  }));
}

function textRows(found: ReadonlyMap<string, string>): readonly Row[] {
  const folder = path.join(corpora, "texts");
  return readdirSync(folder).flatMap((file) => {
    const name = file.replace(/\.[^.]*$/, "");
    const expected = path.join(folder, `${name}.expected.json`);
    const text = found.get(name);
    if (text === undefined || !existsSync(expected)) return [];
    const { body }: { body?: string } = JSON.parse(readFileSync(expected, "utf8"));
    if (body === undefined) return [];
    return [{ id: `texts ${name}`, group: name, figures: { texts: 100 * pageF1(text, body) } }];
  });
}
