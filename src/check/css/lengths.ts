/** CSS Fonts 4 §2.5: what the words for sizes are where the medium one is 16 px. */
const WORDS: ReadonlyMap<string, number> = new Map([
  ["xx-small", 9],
  ["x-small", 10],
  ["small", 13],
  ["medium", 16],
  ["large", 18],
  ["x-large", 24],
  ["xx-large", 32],
]);

/** CSS Values 4 §6.2. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ["px", 1],
  ["pt", 4 / 3],
  ["pc", 16],
  ["in", 96],
  ["cm", 96 / 2.54],
  ["mm", 96 / 25.4],
  ["rem", 16],
]);

/**
 * A length in CSS pixels; undefined where it cannot be told. An `em` is `emPx` long, and a percentage is
 * of `wholePx`; words such as `smaller` are of that too.
 */
export function lengthPx(
  value: string,
  emPx: number | undefined,
  wholePx: number | undefined,
): number | undefined {
  const text = value.trim().toLowerCase();
  if (text === "0") return 0;
  if (text === "inherit" || text === "unset" || text === "100%") return wholePx;
  if (text === "smaller") return wholePx && wholePx / 1.2;
  if (text === "larger") return wholePx && wholePx * 1.2;
  const [, number = "", unit = ""] = /^([+-]?(?:\d+\.?\d*|\.\d+))([a-z%]+)$/.exec(text) ?? [];
  if (unit === "") return WORDS.get(text);
  const factor = unit === "em" ? emPx : unit === "%" ? wholePx && wholePx / 100 : UNITS.get(unit);
  return factor === undefined ? undefined : Number(number) * factor;
}

/** How far apart lines are: a length, or a multiple of each inheriting element's own font size. */
export interface LineHeight {
  readonly px?: number | undefined;
  readonly times?: number | undefined;
}

/** Undefined inside for `normal`, which is as each font has it. */
export function lineHeightOf(value: string, fontSizePx: number | undefined): LineHeight {
  if (/^(?:\d+\.?\d*|\.\d+)$/.test(value)) return { times: Number(value) };
  return { px: lengthPx(value, fontSizePx, fontSizePx) };
}
