import { type Counted, mayStand } from "./quantities.ts";

/** A number of an article with the index of its sentence. */
export interface Placed extends Counted {
  readonly sentence: number;
}

/** The greatest distance between sentences whose numbers are combined. */
const NEIGHBOURS = 3;
const YEAR_DAYS = 365.25;
const DAY_HOURS = 24;

/** Returns the sentences from whose numbers a number can be calculated: a sum, difference, share, age or duration. */
export function derivationsOf(
  number: Counted,
  sentence: string,
  {
    counted: numbers,
    year,
  }: { readonly counted: readonly Placed[]; readonly year: number | undefined },
): readonly number[] {
  const isMade = (exact: number) =>
    number.amounts.some((value) => mayStand(number, value, exact, sentence));
  const found = numbers
    .filter((one) => fromOne(number, one, year).some(isMade))
    .map((one) => one.sentence);
  const isSum = number.noun !== "" && TOGETHER.test(sentence);
  for (const [at, one] of numbers.entries()) {
    for (const other of numbers.slice(at + 1)) {
      const isFar = other.sentence - one.sentence > NEIGHBOURS;
      if (isFar && !isSum) break;
      // Numbers of one noun are added over any distance.
      if (isFar && !(one.near.has(number.noun) && other.near.has(number.noun))) continue;
      const isUsed = [...fromTwo(number, one, other), ...fromTwo(number, other, one)].some(isMade);
      if (isUsed) found.push(one.sentence, other.sentence);
    }
  }
  return found;
}

const TOGETHER =
  /\b(?:together|in total|total(?:led|ling)?|combined|in all|altogether|joint(?:ly)?)\b/i;

/** Returns the numbers that can be calculated from one number. */
function fromOne({ measure }: Counted, one: Counted, year: number | undefined): readonly number[] {
  const made = (make: (amount: number) => number) => one.amounts.map(make);
  if (measure === one.measure && measure === "percent") return made((share) => 100 - share);
  if (year === undefined) return [];
  if (measure === "time" && one.measure === "year")
    return made((then) => (year - then) * YEAR_DAYS).filter((days) => days > 0);
  if (measure === "year" && one.measure === "time") return made((days) => year - days / YEAR_DAYS);
  return [];
}

/** Returns the numbers that can be calculated from two. The caller tries both orders. */
function fromTwo(number: Counted, one: Placed, other: Placed): readonly number[] {
  const gap = Math.abs(one.sentence - other.sentence);
  const made = (make: (a: number, b: number) => number) =>
    one.amounts.flatMap((a) => other.amounts.map((b) => make(a, b)));
  switch (`${number.measure} of ${one.measure} and ${other.measure}`) {
    case "time of year and year":
      return made((from, to) => (to - from) * YEAR_DAYS);
    case "time of age and age":
      return made((a, b) => Math.abs(a - b) * YEAR_DAYS);
    case "time of clock and clock":
      return made((from, to) => ((to - from + DAY_HOURS) % DAY_HOURS) / DAY_HOURS);
    case "clock of clock and time":
      return made((from, days) => (from + days * DAY_HOURS) % DAY_HOURS).concat(
        made((from, days) => (from - days * DAY_HOURS + DAY_HOURS) % DAY_HOURS),
      );
    case "year of year and time":
      if (gap > 1) return [];
      return made((from, days) => from + days / YEAR_DAYS).concat(
        made((from, days) => from - days / YEAR_DAYS),
      );
    case "percent of percent and percent":
      return made((a, b) => Math.abs(a - b)).concat(made((a, b) => 100 - a - b));
  }
  if (/^(?:year|clock|age|date)$/.test(number.measure)) return [];
  if (
    number.measure === "percent" &&
    (isMoney(one.measure) || one.measure === "plain") &&
    (one.measure === other.measure ||
      (isMoney(one.measure) && mayBeOf(one.measure, other, one)) ||
      (isMoney(other.measure) && mayBeOf(other.measure, one, other))) &&
    isOfOneKind(one, other)
  )
    return made((part, all) => (100 * part) / all).concat(
      made((from, to) => (100 * Math.abs(to - from)) / from),
    );
  if (one.measure === "percent" && other.measure === number.measure && isOfOneKind(number, other))
    return made((share, all) => (all * share) / 100).concat(
      made((share, all) => (all * (100 - share)) / 100),
      made((share, part) => (share > 100 ? (100 * part) / share : Number.NaN)),
    );
  // In "24 years, lengthened by six", the second number has the unit of the first.
  const unit = other.measure === one.measure ? 1 : (one.amounts[0] ?? 1) / (one.values[0] ?? 1);
  const isAlike = one.measure === number.measure && mayBeOf(number.measure, other, one);
  return isAlike && isOfOneKind(one, other) && isOfOneKind(number, one, other)
    ? made((a, b) => a + b * unit).concat(made((a, b) => Math.abs(a - b * unit)))
    : [];
}

/** Whether a number without its own unit may have that of another: "Of 9 million pounds, after 3 million". */
function mayBeOf(measure: string, other: Placed, one: Placed): boolean {
  if (other.measure === measure) return true;
  const gap = Math.abs(one.sentence - other.sentence);
  const isBare = other.noun === "" ? gap <= 1 : gap === 0 && isMoney(measure);
  return other.measure === "plain" && isBare;
}

function isMoney(measure: string): boolean {
  return !/^(?:plain|percent|time|year|clock|age|date)$/.test(measure);
}

/** Whether numbers may count the same thing: their surroundings share a noun, or one of them has none. */
function isOfOneKind(number: Counted, ...others: readonly Counted[]): boolean {
  if (number.measure !== "plain" || number.noun === "") return true;
  return others.some(
    ({ noun, near }) => noun === "" || near.has(number.noun) || number.near.has(noun),
  );
}
