import written from "./numbers.json" with { type: "json" };
import { anyCase } from "../language/any-case.ts";
import { perLanguage } from "../language/lexicon.ts";
import { numbersIn, type StatedNumber } from "./numbers.ts";

/** A number in figures as it is shown; `[start, end)` are offsets in its sentence, the unit inside. */
export interface Amount {
  /** With its qualifier, currency and scale: "at least 33", "£6,400", "61 million". */
  readonly value: string;
  readonly unit: string | undefined;
  readonly kind: "count" | "money" | "share" | "measure";
  readonly amount: number;
  readonly start: number;
  readonly end: number;
}

/** What is around the figures of one language. */
interface Surroundings {
  /** Qualifiers and a currency's sign, and before them nothing that the number could belong to. */
  readonly before: RegExp;
  readonly measure: RegExp;
}

interface Written {
  readonly units: string;
  readonly qualifiers?: string;
  readonly measures?: string;
}

const LANGUAGES = new Map<string, Written>(Object.entries(written.languages));

const surroundingsOf = perLanguage((primary): Surroundings | undefined => {
  const { qualifiers, measures } = LANGUAGES.get(primary) ?? {};
  if (qualifiers === undefined || measures === undefined) return undefined;
  return {
    before: new RegExp(
      String.raw`(?<![\p{L}\p{N}.,:/#@'’“"-])(?<qualifier>(?:(?:${anyCase(qualifiers)})\s){0,2})(?<sign>US\$|A\$|C\$|[$£€¥])?$`,
      "u",
    ),
    measure: new RegExp(String.raw`^\s?(?:${written.measures}|${measures})(?![\p{L}\p{N}])`, "u"),
  };
});

/** A number before these is a part of something: "737-800", "10:30", "16-year-old". */
const GOES_ON = /^(?:[\p{L}\p{N}:/°'’]|[.,]\p{N}|-\p{N}|[-–]\p{L})/u;
const YEAR = /^(?:1[5-9]|20)\d\d$/;

/** What a sentence counts and measures in figures, in its order; in English and German only. */
export function amountsIn(sentence: string, language: string): readonly Amount[] {
  const surroundings = surroundingsOf(language);
  if (!surroundings || !/\d/.test(sentence)) return [];
  return numbersIn(sentence, language).flatMap(
    (number) => amountOf(number, sentence, surroundings) ?? [],
  );
}

function amountOf(
  { start, end, text, values, kinds, unitEnd, form }: StatedNumber,
  sentence: string,
  { before, measure }: Surroundings,
): Amount | undefined {
  const [amount = 0] = values;
  const lead = before.exec(sentence.slice(0, start));
  if (form !== "figures" || !lead) return undefined;
  const after = sentence.slice(end);
  const measured = unitEnd === undefined ? measure.exec(after)?.[0] : undefined;
  const whole = unitEnd ?? end + (measured?.length ?? 0);
  if (GOES_ON.test(sentence.slice(whole))) return undefined;
  const { qualifier = "", sign = "" } = lead.groups ?? {};
  const [kind = "plain"] = kinds;
  if (qualifier === "" && kind === "plain" && !measured && YEAR.test(text)) return undefined;
  // "some" and "only" colour a number, they don't change it.
  const shown = qualifier.replace(/^(?:some|only|nur)\s/i, "");
  return {
    value: shown + sign + text,
    unit: whole === end ? undefined : sentence.slice(end, whole).trim(),
    kind:
      kind === "plain" ? (measured ? "measure" : "count") : kind === "percent" ? "share" : "money",
    amount,
    start: lead.index,
    end: whole,
  };
}
