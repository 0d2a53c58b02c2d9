import { samplesOf, type Sample } from "./corpus.ts";
import { answersOf, readOurs, readPlainly, type Found } from "./readers.ts";
import { scoreFields, type Answers } from "./scorers.ts";
import { asPercent, type Row } from "./table.ts";

/** The rows of what is told of a story: title, authors, date, picture, and its opening. */
export async function fieldRows(): Promise<Row[]> {
  const [ours, plain] = await bothOn("fields");
  const [ourLines, plainLines] = [scoreFields(ours), scoreFields(plain)];
  const names = ["title", "author", "date", "picture", "opening"];
  return [
    ...names.map((name) => ({
      what: `fields, ${name}`,
      ours: countsOf(ourLines, name),
      beside: countsOf(plainLines, name),
      other: "Readability",
    })),
    ...(await multilingualRows()),
  ];
}

// Right, given, expected.
function countsOf(printed: string, name: string): string {
  const found = new RegExp(`${name}\\s+right (\\d+), given (\\d+), expected (\\d+)`).exec(printed);
  const [, right = "", given = "", expected = ""] = found ?? [];
  return `${right}, given ${given}, of ${expected}`;
}

async function bothOn(folder: Sample["folder"]): Promise<[Answers, Answers]> {
  const samples = samplesOf(folder);
  return [await answersOf(samples, readOurs), await answersOf(samples, readPlainly)];
}

const FIELDS = [
  { name: "title", must: "85 %", given: (found: Found) => found.title ?? "", isRight: isSameTitle },
  {
    name: "author",
    must: "60 %",
    given: (found: Found) => found.authors?.join(", ") ?? "",
    isRight: areSameNames,
  },
  {
    name: "date",
    must: "75 %",
    given: (found: Found) => found.publishedAt ?? "",
    isRight: (given: string, gold: string) => given.slice(0, 10) === gold.slice(0, 10),
  },
] as const;

async function multilingualRows(): Promise<Row[]> {
  const [ours, plain] = await bothOn("multilingual");
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

/** Apart from case and punctuation, and from the name of the site behind it. */
function isSameTitle(given: string, gold: string): boolean {
  const [ours, theirs] = [plainWords(given), plainWords(gold)];
  return ours.startsWith(theirs) || theirs.startsWith(ours);
}

/** Most of the words of the shorter list are in the other, and not many besides. */
function areSameNames(given: string, gold: string): boolean {
  const [ours, theirs] = [namesIn(given), namesIn(gold)];
  const both = [...theirs].filter((name) => ours.has(name)).length;
  const least = Math.max(1, Math.ceil(0.6 * Math.min(ours.size, theirs.size)));
  return both >= least && ours.size <= theirs.size + 2;
}

function namesIn(text: string): Set<string> {
  const words = plainWords(text.replace(/^(?:by|von|par|de)\s+/i, "")).split(" ");
  return new Set(words.filter((word) => word.length > 2));
}

function plainWords(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
