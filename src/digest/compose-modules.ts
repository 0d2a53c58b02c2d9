import type { Entry } from "./digest.ts";
import type { Modules, ModuleSettings } from "./modules.ts";
import { countCharacters } from "./one-line.ts";
import { withoutParts, type Parts } from "./parts.ts";

/** Three stories have room for a number between them, and a brief for that of its story. */
const LEAST_FOR_NUMBER = 3;
/** More, and it fills no more than half a line of a phone. */
const LONGEST_NUMBER = 7;
const LONGEST_CAPTION = 110;

/**
 * The modules of an issue. The quote is the first that a story has; the number comes from another story where one has a
 * number. Each stands in its article word for word, or it isn't shown.
 */
export function composeModules(
  entries: readonly Entry[],
  settings: ModuleSettings = {},
  parts: Parts = {},
): Modules {
  const { quote: hasQuote = true, number: hasNumber = true, ...given } = settings;
  const told = entries.map(({ article, summary }) => ({
    article,
    summary: withoutParts(summary, parts),
  }));
  const isBrief = told.length === 1;
  const quote = hasQuote && !isBrief ? quoteOf(told) : undefined;
  const room = hasNumber && (isBrief || told.length >= LEAST_FOR_NUMBER);
  const number = room ? numberOf(told, quote?.articleId) : undefined;
  return {
    ...(given.contents === false && { contents: false }),
    ...(quote && { quote }),
    ...(number && { number }),
    ...(given.sponsor && { sponsor: given.sponsor }),
    ...(given.feedback && { feedback: given.feedback }),
    ...(given.subscribe && { subscribe: given.subscribe }),
    ...(given.share === false && { share: false }),
    ...(given.closing && { closing: given.closing }),
  };
}

function quoteOf(told: readonly Entry[]): Modules["quote"] {
  for (const { article, summary } of told) {
    const { quote } = summary;
    if (quote && stands(quote.text, article.text))
      return { text: quote.text, speaker: quote.speaker, articleId: article.id };
  }
  return undefined;
}

function numberOf(told: readonly Entry[], other: string | undefined): Modules["number"] {
  const found: NonNullable<Modules["number"]>[] = [];
  for (const { article, summary } of told) {
    const figure = summary.figures.find(
      (figure) => isTelling(figure) && stands(figure.value, article.text),
    );
    if (!figure) continue;
    const { value, unit, what } = figure;
    found.push({ value, ...(unit && { unit }), what, articleId: article.id });
  }
  return found.find(({ articleId }) => articleId !== other) ?? found[0];
}

function isTelling({ value, unit = "", what }: Entry["summary"]["figures"][number]): boolean {
  return (
    countCharacters(value + unit) <= LONGEST_NUMBER &&
    countCharacters(what) <= LONGEST_CAPTION &&
    /\p{L}/u.test(what) &&
    !numbersIn(what).some((number) => numbersIn(value).includes(number))
  );
}

/** What the words beside a number say of it is not that number once more. */
function numbersIn(text: string): string[] {
  return text.match(/\p{Nd}+(?:[.,\u00A0\u202F ]\p{Nd}+)*/gu) ?? [];
}

/** Whether an article has these words, however it sets its quotation marks and spaces. */
function stands(words: string, text: string): boolean {
  return bare(words) !== "" && bare(text).includes(bare(words));
}

function bare(text: string): string {
  return text.replace(/[\s"“”„«»'‘’「」『』]+/gu, "");
}
