import { endsSentence, countWords } from "../../plain-text/prose.ts";
import { isSameTitle } from "../same-title.ts";
import type { Thing } from "./json-ld.ts";
import { plainValue } from "./plain-value.ts";
import type { Survey } from "./survey.ts";

/** The summaries that a page gives of itself, best first. */
export function declaredDescriptions(
  { metas, formats }: Survey,
  story: Thing | undefined,
): string[] {
  return [
    metas.get("og:description")?.[0],
    metas.get("description")?.[0],
    metas.get("twitter:description")?.[0],
    plainValue(story?.["description"]),
    plainValue(formats.get("p-summary")?.[0]?.textContent),
  ].filter((text) => text !== undefined);
}

/**
 * The first of some descriptions that somebody wrote about this story: whole sentences that share
 * its words. What a system cut off the story's beginning, or says of the whole site, is none.
 */
export function ownDescription(
  descriptions: readonly string[],
  title: string,
  text: string,
): string | undefined {
  return descriptions.find((description) => {
    const words = countWords(description);
    if (
      words < 6 ||
      words > 80 ||
      !endsSentence(description) ||
      /(?:\.\.\.|…|\[…\])$/.test(description)
    )
      return false;
    return !isSameTitle(description, title) && sharesWords(description, `${title} ${text}`);
  });
}

function sharesWords(description: string, story: string): boolean {
  const known = new Set(wordsOf(story));
  const own = wordsOf(description).filter((word) => word.length > 3);
  return own.length === 0 || own.filter((word) => known.has(word)).length >= own.length * 0.4;
}

// Scripts without spaces are compared by pairs of characters.
function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).flatMap((word) =>
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(word)
      ? (word.match(/..(?=.?)/gsu) ?? [])
      : [word],
  );
}
