import {
  rowsOf,
  type FieldName,
  type FieldOffers,
  type Offer,
} from "../../src/article/page/metadata/field-choice.ts";
import type { Sample } from "./corpus.ts";

/** The values that a page gives for one of its fields, with labels. */
export interface FieldExample {
  readonly field: FieldName;
  readonly sample: Pick<Sample, "folder" | "id" | "site">;
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
  /** 1 for a page as it is; less if it was read without some of its places. */
  readonly weight: number;
}

/** The folders whose pages have labelled fields. */
export const FOLDERS = ["fields", "multilingual", "vetted"] as const;

/** Examples of the labelled fields of a page. `others` are the offers of another page. */
export function fieldExamples(
  sample: Sample,
  offers: FieldOffers,
  others: FieldOffers,
): FieldExample[] {
  const { gold, folder, id, site } = sample;
  const { title, authors, date, picture } = offers;
  const example = <Value>(
    field: FieldName,
    own: readonly Offer<Value>[],
    foreign: readonly Offer<Value>[],
    truth: string,
    isRight: (value: Value) => boolean,
  ): FieldExample[] => {
    if (truth === "") return [];
    const versions = versionsOf(own, foreign);
    return versions.map((version, index) => {
      const distinct = rowsOf(version);
      return {
        field,
        sample: { folder, id, site },
        rows: distinct.map(({ row }) => row),
        labels: distinct.map(({ value }) => (isRight(value) ? 1 : 0)),
        weight: index === 0 ? 1 : 0.5 / versions.length,
      };
    });
  };
  const truth = new Map<string, unknown>(Object.entries(gold));
  const first = (...names: string[]): string =>
    textOf(names.map((name) => truth.get(name)).find(Boolean));
  // The titles in `vetted` come from Readability and contain the site's name.
  const trueTitle = folder === "vetted" ? "" : first("title");
  const trueAuthors = first("author", "byline");
  const trueDate = first("date_published", "publishedAt", "date");
  const truePicture = first("lead_image_url");
  return [
    ...example("title", title, others.title, trueTitle, (value) => isTitle(value, trueTitle)),
    ...example("authors", authors, others.authors, trueAuthors, (value) =>
      areNames(value.join(" "), trueAuthors),
    ),
    ...example("date", date, others.date, trueDate, (value) => isDay(value, trueDate)),
    ...example(
      "picture",
      picture,
      others.picture,
      truePicture,
      ({ src }) => stemOf(src) === stemOf(truePicture),
    ),
  ];
}

/**
 * The offers as they are, without each place, of each place alone, and with each place replaced by another page's.
 * Most pages declare less than these, and few contradict themselves.
 */
function versionsOf<Value>(
  offers: readonly Offer<Value>[],
  others: readonly Offer<Value>[],
): (readonly Offer<Value>[])[] {
  const places = [...new Set(offers.map(({ place }) => place))];
  const parts = places.flatMap((name) => {
    const own = offers.findIndex(({ place }) => place === name);
    const rest = offers.filter(({ place }) => place !== name);
    const foreign = others.filter(({ place }) => place === name);
    const alone = offers.filter(({ place }) => place === name);
    if (foreign.length === 0) return [rest, alone];
    return [rest, alone, rest.toSpliced(own, 0, ...foreign)];
  });
  return [offers, ...parts];
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : typeof value === "string" ? value : "";
}

function isTitle(given: string, gold: string): boolean {
  return plainWords(given).startsWith(plainWords(gold));
}

/** Whether most words of the shorter list of names are in the other list, without many additional words. */
export function areNames(given: string, gold: string): boolean {
  const [ours, theirs] = [namesIn(given), namesIn(gold)];
  const both = [...theirs].filter((name) => ours.has(name)).length;
  const least = Math.max(1, Math.ceil(0.6 * Math.min(ours.size, theirs.size)));
  return both >= least && ours.size <= theirs.size + 2;
}

function namesIn(text: string): Set<string> {
  const words = plainWords(text.replace(/^(?:by|von|par|de)\s+/i, "")).split(" ");
  return new Set(words.filter((word) => word.length > 2 && !/^(?:and|the|und)$/.test(word)));
}

const HOURS_36 = 36 * 3_600_000;

function isDay(given: string, gold: string): boolean {
  return Math.abs(Date.parse(given) - new Date(gold).getTime()) < HOURS_36;
}

function stemOf(url: string): string {
  const file = url.split(/[?#]/)[0]?.split("/").at(-1) ?? "";
  return file.replace(/\.\w+$/, "").toLowerCase();
}

/** The words of a text, without case, punctuation and character references. */
export function plainWords(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/&#?\w+;/g, " ")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
