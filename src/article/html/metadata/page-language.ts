import { detectLanguage, FUNCTION_WORDS } from "../../detect-language.ts";
import { languageTag } from "../../field-values.ts";
import type { Thing } from "./json-ld.ts";
import type { Survey } from "./survey.ts";

/**
 * The language that a page declares: its `lang`, then Open Graph, then its headers, then JSON-LD.
 */
export function declaredLanguage(survey: Survey, story: Thing | undefined): string | undefined {
  return [
    survey.language,
    survey.metas.get("og:locale")?.[0],
    survey.metas.get("content-language")?.[0]?.split(",")[0],
    survey.metas.get("language")?.[0],
    survey.metas.get("dc.language")?.[0],
    story?.["inLanguage"],
  ]
    .map((tag) => languageTag(typeof tag === "string" ? tag.trim() : undefined))
    .find((tag) => tag !== undefined);
}

/**
 * The language of a story: what its page declares, unless the words say otherwise. Themes come with
 * `lang="en"`, and many a German or Arabic page has never been told.
 */
export function languageOf(
  text: string,
  declared: string | undefined,
  fallback: string | undefined,
): string {
  if (declared === undefined) return detectLanguage(text, fallback);
  const sample = text.slice(0, 5000).toLowerCase();
  if (isLatin(base(declared)) !== hasLatin(sample)) return detectLanguage(text, declared);
  const words = sample.match(/[\p{L}\p{M}]+/gu) ?? [];
  const ofDeclared = smallWords(words, declared);
  if (ofDeclared === undefined || ofDeclared > 0.2 || words.length < 60) return declared;
  const detected = detectLanguage(text, declared);
  const ofDetected = smallWords(words, detected) ?? 0;
  return ofDetected >= 0.15 && ofDetected > ofDeclared * 2 ? detected : declared;
}

// How many of some words are small words of a language.
function smallWords(words: readonly string[], language: string): number | undefined {
  const own = FUNCTION_WORDS.get(base(language));
  return own && words.filter((word) => own.has(word)).length / words.length;
}

function base(tag: string): string {
  return tag.split("-")[0] ?? tag;
}

function isLatin(language: string): boolean {
  return new Intl.Locale(language).maximize().script === "Latn";
}

function hasLatin(sample: string): boolean {
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  return (sample.match(/\p{Script=Latin}/gu)?.length ?? 0) > letters / 2;
}
