import rows from "./countries.json" with { type: "json" };

/** A country in a text: its own name, or the name of its people, capital or region. `[start, end)` are offsets. */
export interface CountryName {
  readonly codes: readonly string[];
  readonly form: "country" | "capital" | "region";
  readonly start: number;
  readonly end: number;
}

type Known = Pick<CountryName, "codes" | "form">;

const FORMS = ["country", "capital", "region"] as const;
const KNOWN = new Map<string, Known>();
const FIRST_WORDS = new Set<string>();
const MOST_WORDS = 6;

for (const [at, form] of FORMS.entries()) {
  for (const [code = "", ...names] of rows) {
    for (const name of names[at]?.split("|").filter(Boolean) ?? []) {
      const known = KNOWN.get(name);
      // A capital with the same name as its country ("Luxembourg") counts as the country.
      if (known && known.form !== form) continue;
      KNOWN.set(name, { form, codes: [...(known?.codes ?? []), code] });
      FIRST_WORDS.add(name.split(" ")[0] ?? "");
    }
  }
}

const WORD = /[\p{L}\p{M}](?:[\p{L}\p{M}.-]|'(?!s(?!\p{L})))*/gu;

/** Returns the countries that an English text (see `plainText`) mentions. */
export function countriesIn(text: string): readonly CountryName[] {
  const words = [...text.matchAll(WORD)];
  const found: CountryName[] = [];
  for (const [at, { 0: first, index: start }] of words.entries()) {
    if (start < (found.at(-1)?.end ?? 0) || !/^\p{Lu}/u.test(first)) continue;
    if (!FIRST_WORDS.has(first) && !FIRST_WORDS.has(barely(first))) continue;
    for (let count = Math.min(MOST_WORDS, words.length - at); count > 0; count--) {
      const last = words[at + count - 1];
      const name = text.slice(start, last ? last.index + last[0].length : start);
      const known = KNOWN.get(name) ?? KNOWN.get(barely(name));
      if (!known) continue;
      found.push({ ...known, start, end: start + name.length });
      break;
    }
  }
  return found;
}

/** Removes a full stop and a plural ending: "Swedes." becomes "Swede". */
function barely(name: string): string {
  return name.replace(/\.$/, "").replace(/s$/, "");
}

const WHERE = /\b(?:in|at|from|near|to|of|outside) (?:the )?$/i;

/**
 * Whether other mentions include the same country, in any form. A capital may stand for the government and so for the
 * country, but not in a statement of place.
 */
export function isShown(
  { codes, form, start }: CountryName,
  others: readonly CountryName[],
  text: string,
): boolean {
  if (form === "region" || (form === "capital" && WHERE.test(text.slice(0, start)))) return false;
  return others.some(
    (other) =>
      (form === "country" || other.form !== "region") &&
      other.codes.some((code) => codes.some((own) => isWithin(code, own) || isWithin(own, code))),
  );
}

/** Whether a code is the same or a part of another: "GB-WLS" is within "GB". */
function isWithin(code: string, whole: string): boolean {
  return code === whole || code.startsWith(`${whole}-`);
}
