import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type * as Eld from "eld/extrasmall";

/** Letter groups don't tell Malay and Indonesian apart, and the second has ten times the writers. */
const MALAY = "ms";

/** Below this a text is mostly names, or in none of the languages of the tables. */
const LEAST_SCORE = 0.4;

/** How much better than the usual language another one has to fit. */
const LEAST_MARGIN = 0.05;

/**
 * Which of some languages (ISO 639-1) a text is in by its letter groups; undefined where it may as well be the
 * `usual` one. The tables take a fifth of a second to load, so they are asked last, and loaded then.
 */
export function tellByLetterGroups(
  text: string,
  languages: readonly string[],
  usual: string,
): string | undefined {
  detector ??= load();
  const scores = Object.entries(detector.detect(text).getScores());
  const fits = new Map(scores.map(([code, score]) => [code === MALAY ? "id" : code, score]));
  const [language = "", score = 0] =
    [...fits].filter(([code]) => languages.includes(code)).sort((a, b) => b[1] - a[1])[0] ?? [];
  const ofUsual = fits.get(usual) ?? (languages.includes(usual) && !isKnown(usual) ? score : 0);
  return score >= LEAST_SCORE && score - ofUsual >= LEAST_MARGIN ? language : undefined;
}

function isKnown(language: string): boolean {
  return language === "id" || Object.values(detector?.info().Languages ?? {}).includes(language);
}

let detector: typeof Eld.eld | undefined;

/** The package is for `import` alone, which can't wait here: readers are synchronous. */
function load(): typeof Eld.eld {
  const { eld }: typeof Eld = createRequire(import.meta.url)(
    fileURLToPath(import.meta.resolve("eld/extrasmall")),
  );
  return eld;
}
