import { countCharacters } from "../digest/one-line.ts";

/** A number as it is set in a column or on its own. */
export interface FigureView {
  readonly value: string;
  readonly what: string;
  /** Its text style: a long one is set smaller. */
  readonly style: string;
}

export function figureOf(value: string, unit: string | undefined, what: string): FigureView {
  const whole =
    unit === undefined
      ? value
      : `${value}${/^[%‰]/.test(unit) ? "" : "\u00A0"}${fittingUnit(unit)}`;
  const length = countCharacters(whole);
  return {
    // Its column holds nine; then the unit goes to a line of its own.
    value: length > 9 ? whole.replace("\u00A0", " ") : whole,
    what,
    style: length > 7 ? "figure-long" : "figure",
  };
}

/**
 * The international symbols (SI brochure, 9th edition, tables 2 and 8) of units whose words are wider
 * than the column of figures, which would break them. In English and German; others fit or have no symbol.
 */
const SYMBOLS: readonly (readonly [words: RegExp, symbol: string])[] = [
  [/^(?:millimet(?:re|er)s?|Millimetern?)$/, "mm"],
  [/^(?:centimet(?:re|er)s?|Zentimetern?)$/, "cm"],
  [/^(?:kilomet(?:re|er)s?|Kilometern?)$/, "km"],
  [/^(?:square kilomet(?:re|er)s?|Quadratkilometern?)$/, "km²"],
  [/^(?:square met(?:re|er)s?|Quadratmetern?)$/, "m²"],
  [/^(?:cubic met(?:re|er)s?|Kubikmetern?)$/, "m³"],
  [/^(?:milligrams?|Milligramm)$/, "mg"],
  [/^(?:kilograms?|Kilogramm)$/, "kg"],
  [/^(?:millilit(?:re|er)s?|Millilitern?)$/, "ml"],
  [/^(?:kilowatts?|Kilowatt)$/, "kW"],
  [/^(?:megawatts?|Megawatt)$/, "MW"],
  [/^(?:gigawatts?|Gigawatt)$/, "GW"],
];

/** A unit as it fits beside its number: by its symbol where its word doesn't. */
export function fittingUnit(unit: string): string {
  return SYMBOLS.find(([words]) => words.test(unit))?.[1] ?? unit;
}
