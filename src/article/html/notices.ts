import { FURNITURE_REASONS, furnitureOf } from "../plain-text/furniture.ts";
import { pointsByWords } from "./pointer-words.ts";
import type { StoryLine } from "./story-line.ts";

const CONTROL = "a control of the page";
const NOTE = "a note about the text, not the story";
const ADVERT = FURNITURE_REASONS.advertisement;
const SUBSCRIBE = FURNITURE_REASONS.subscribe;
const LEGAL = FURNITURE_REASONS.legal;

// Lines that only web pages have: furnitureOf knows those that a text copied from one has too.
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/^(?:advert|adverts|publicidade|inzerát|mainos|reklame)$/iu, ADVERT],
  [
    /^(?:enlarge|expand|zoom|view|show|hide|open|close|toggle) (?:image|photo|picture|caption|gallery|slideshow|full ?screen|transcript)s?$/iu,
    CONTROL,
  ],
  [/^(?:image|photo|slide|foto|bild)?\s?\d{1,3} (?:of|von|de|di|van|\/) ?\/? ?\d{1,3}$/iu, CONTROL],
  [
    /^(?:text size|font size|caption|close|play|pause|mute|unmute|replay|loading|loading content|copy|copied|expand|collapse|show less|read less|toggle \w+)[\s.…]*$/iu,
    CONTROL,
  ],
  [
    /^.{0,60}(?:\brequires? JavaScript\b|\benable JavaScript\b|\bbrowser does not support\b|JavaScript (?:aktivieren|activé)).{0,40}$/iu,
    CONTROL,
  ],
  [/^\[\/?\w+[^\]]*\](?:.*\[\/\w+\])?$/u, CONTROL],
  [
    /^.{0,160}\bcontributed (?:reporting|research|to this (?:report|story|article|piece|post))\b|^(?:(?:additional )?reporting|editing|writing) by .{3,120}$/iu,
    NOTE,
  ],
  [
    /^(?:sources?|via|fonte|quellen?|fuentes?|bron|źródło|zdroj|kilde|källa|источник|джерело|出典|来源|來源|출처)\s?[:：]\s?\S.{0,80}$/iu,
    NOTE,
  ],
  [
    /\b(?:we|our|may|contains?|using)\b.*\baffiliate (?:links?|commissions?|partners?)\b|\b(?:we|may) (?:earn|receive|get) an? .{0,20}commission\b|\baffiliate-?links?\b.*\bprovision\b|\bprovision vom händler\b|\b(?:liens? affiliés?|enlaces? de afiliad\w+|link affiliat\w+)\b/iu,
    LEGAL,
  ],
  [
    /\b(?:sign up|subscribe|register|click|tap|join|download|donate|apply|read more) (?:it |now |for free )?here\b[^.!?]{0,40}[.!]?$|\bclick here (?:to|for)\b/iu,
    SUBSCRIBE,
  ],
];

/** Why a line is not the story, where its words alone show it. */
export function noticeIn(line: StoryLine): string | undefined {
  const { text, words, isHeading, isLink, isSentence } = line;
  if (!/[\p{L}\p{N}]/u.test(text)) return "an ornament";
  if (text.length <= 300) {
    if (pointsByWords(text)) return FURNITURE_REASONS.related;
    const shape = SHAPES.find(([pattern]) => pattern.test(text));
    if (shape) return shape[1];
  }
  const kind = furnitureOf(text);
  // "News", "Email" and "Latest" are words of a menu, and also headings that people write.
  const isMenu = kind === "navigation" || kind === "share" || kind === "related" || kind === "tags";
  if (kind === undefined || (isMenu && !isLink && isHeading)) return undefined;
  return kind === "legal" && isSentence && words > 40 ? undefined : FURNITURE_REASONS[kind];
}
