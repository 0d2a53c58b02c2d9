import { samplesOf, type Sample } from "./corpus.ts";
import { areNames, plainWords } from "./field-examples.ts";
import {
  FIELD_WEIGHTS,
  judgeFields,
  trainFieldsBySite,
  type FieldsBySite,
} from "./field-training.ts";
import { readerFor, readersWith } from "./readers-by-site.ts";
import { answersOf, readPlainly, readWith, type Found, type Read } from "./readers.ts";
import { scoreFields, type Answers } from "./scorers.ts";
import { asPercent, type Row } from "./table.ts";

/** The rows of a story's title, authors, date, picture and opening, read without training on the page's site. */
export async function fieldRows(): Promise<Row[]> {
  const trained = await trainFieldsBySite();
  const readers = await readersWith(FIELD_WEIGHTS, trained.byFold, "by site");
  const read: Read = (sample) => readWith(readerFor(sample, readers).readHtml, sample);
  const [ours, plain] = await bothOn("fields", read);
  const [ourLines, plainLines] = [scoreFields(ours), scoreFields(plain)];
  const names = ["title", "author", "date", "picture", "opening"];
  return [
    ...names.map((name) => ({
      what: `fields, ${name}`,
      ours: countsOf(ourLines, name),
      beside: countsOf(plainLines, name),
      other: "Readability",
    })),
    ...(await multilingualRows(read)),
    ...vettedRows(trained),
    ...chanceRows(trained),
  ];
}

// In `vetted`, only authors and dates are certain.
function vettedRows(trained: FieldsBySite): Row[] {
  const judged = judgeFields(trained).filter(({ example }) => example.sample.folder === "vetted");
  return (["authors", "date"] as const).map((field) => {
    const own = judged.filter(({ example }) => example.field === field);
    const given = own.filter(({ chance }) => chance >= trained.byFold[0]![field].limit);
    const all = trained.examples.filter(
      ({ field: name, sample, weight }) =>
        name === field && sample.folder === "vetted" && weight === 1,
    );
    const right = given.filter(({ isRight }) => isRight).length;
    return { what: `vetted, ${field}`, ours: `${right}, given ${given.length}, of ${all.length}` };
  });
}

const CHANCES = [0, 0.5, 0.8, 0.9, 0.95, 1.01];

// Calibration: the share of right values for each range of probability.
function chanceRows(trained: FieldsBySite): Row[] {
  const judged = judgeFields(trained);
  return CHANCES.slice(1).flatMap((most, index): Row[] => {
    const least = CHANCES[index] ?? 0;
    const own = judged.filter(({ chance }) => chance >= least && chance < most);
    const mean = own.reduce((sum, { chance }) => sum + chance, 0) / own.length;
    const right = own.filter(({ isRight }) => isRight).length;
    return [
      {
        what: `chance from ${least}`,
        ours: `${right} of ${own.length} right, said ${mean.toFixed(2)}`,
      },
    ];
  });
}

function countsOf(printed: string, name: string): string {
  const found = new RegExp(`${name}\\s+right (\\d+), given (\\d+), expected (\\d+)`).exec(printed);
  const [, right = "", given = "", expected = ""] = found ?? [];
  return `${right}, given ${given}, of ${expected}`;
}

async function bothOn(folder: Sample["folder"], read: Read): Promise<[Answers, Answers]> {
  const samples = samplesOf(folder);
  return [await answersOf(samples, read), await answersOf(samples, readPlainly)];
}

const FIELDS = [
  { name: "title", must: "85 %", given: (found: Found) => found.title ?? "", isRight: isSameTitle },
  {
    name: "author",
    must: "60 %",
    given: (found: Found) => found.authors?.join(", ") ?? "",
    isRight: areNames,
  },
  {
    name: "date",
    must: "75 %",
    given: (found: Found) => found.publishedAt ?? "",
    isRight: (given: string, gold: string) => given.slice(0, 10) === gold.slice(0, 10),
  },
] as const;

async function multilingualRows(read: Read): Promise<Row[]> {
  const [ours, plain] = await bothOn("multilingual", read);
  return FIELDS.map(({ name, must, given, isRight }) => {
    const counted = (answers: Answers): string => {
      const told = samplesOf("multilingual").map(({ id, gold }) => {
        const found = answers.get(id);
        return { gold: [gold[name] ?? []].flat().join(", "), given: found ? given(found) : "" };
      });
      const expected = told.filter(({ gold }) => gold !== "");
      const right = expected.filter((one) => one.given !== "" && isRight(one.given, one.gold));
      const all = told.filter((one) => one.given !== "");
      return `${right.length}, given ${all.length}, of ${expected.length}: ${asPercent(right.length, expected.length)}`;
    };
    return {
      what: `multilingual, ${name}`,
      must,
      ours: counted(ours),
      beside: counted(plain),
      other: "Readability",
    };
  });
}

/** Ignores case, punctuation, and the site's name after a title. */
function isSameTitle(given: string, gold: string): boolean {
  const [ours, theirs] = [plainWords(given), plainWords(gold)];
  return ours.startsWith(theirs) || theirs.startsWith(ours);
}
