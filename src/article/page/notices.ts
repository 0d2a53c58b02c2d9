import { BOILERPLATE_REASONS, boilerplateOf } from "../boilerplate.ts";
import { type Block, isHeading, isLink, labelAround } from "./blocks.ts";
import type { Caption } from "../article.ts";
import { captionOf } from "../caption.ts";
import written from "./pointers.json" with { type: "json" };

const CONTROL = "a control of the page";
const NOTE = "a note about the text, not the story";
const ADVERT = BOILERPLATE_REASONS.advertisement;
const SUBSCRIBE = BOILERPLATE_REASONS.subscribe;
const LEGAL = BOILERPLATE_REASONS.legal;

// Lines that only web pages have: boilerplateOf knows those that a text copied from one has too.
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

/** Why a block is not the story, where its words alone show it. */
export function noticeIn(block: Block): string | undefined {
  const { text, measure } = block;
  if (!/[\p{L}\p{N}]/u.test(text)) return "an ornament";
  if (text.length <= 300) {
    if (pointsByWords(text)) return BOILERPLATE_REASONS.related;
    const shape = SHAPES.find(([pattern]) => pattern.test(text));
    if (shape) return shape[1];
  }
  const kind = boilerplateOf(text);
  // "News", "Email" and "Latest" are words of a menu, and also headings that people write.
  const isMenu = kind === "navigation" || kind === "share" || kind === "related" || kind === "tags";
  if (kind === undefined || (isMenu && !isLink(block) && isHeading(block))) return undefined;
  return kind === "legal" && measure.endsSentence && measure.words > 40
    ? undefined
    : BOILERPLATE_REASONS[kind];
}

const NAMED =
  / (?:fig ?captions?|captions?|caption text|wp caption|legend|bildunterschrift|legende|didascalia|pie de foto|cutline|(?:image|photo|picture|media|img) (?:credits?|caption|source|info|meta|copyright|description)|credits?|photographer|photo by) /;
const PICTURED =
  / (?:image|images|img|photo|photos|picture|figure|foto|bild|gallery|slide|slider|slideshow) /;
const SET_APART = /^(?:blockquote|pre|code|table|td|th|li|h[1-6])$/;

/**
 * A picture's caption and credit, where a block is one: by its shape ("… Photo: A. Name"), by the
 * name of the element that it is in, or by its place in a figure or right under a picture.
 * Undefined for other blocks.
 */
export function captionIn(block: Block): Caption | undefined {
  const { text } = block;
  const shaped = captionOf(withoutCounter(text));
  if (shaped)
    return { ...shaped, ...(shaped.credit ? { credit: withoutLabel(shaped.credit) } : {}) };
  const isOne = isNamedCaption(block) || isInFigure(block) || isUnderPicture(block);
  return isOne ? { text: withoutCounter(text) } : undefined;
}

function isNamedCaption(block: Block): boolean {
  return block.text.length < 1000 && !isHeading(block) && NAMED.test(labelAround(block));
}

// Figures also hold quotations, code and tables.
function isInFigure(block: Block): boolean {
  if (block.text.length > 600 || SET_APART.test(block.place.name)) return false;
  const label = labelAround(block);
  return (
    label.includes(" figure ") && !/ (?:blockquote|table|pre|code|quote|pullquote) /.test(label)
  );
}

// A line in italics or small print, or one that names its maker in brackets, right under a picture.
// Bold ones head what follows.
function isUnderPicture(block: Block): boolean {
  const { text } = block;
  if (!block.isUnderPicture || isHeading(block) || text.length > 350) return false;
  if (block.aside >= text.length * 0.9) return true;
  if (/\((?:[^()]*\/[^()]*|[^()]*©[^()]*)\)\.?$/.test(text)) return true;
  return text.length <= 200 && PICTURED.test(labelAround(block));
}

// Galleries count their pictures in front of the caption.
function withoutCounter(text: string): string {
  return text.replace(
    /^(?:(?:image|photo|foto|bild|slide)\s)?\d{1,3}\s?(?:of|von|de|di|van|\/)\s?\/?\s?\d{1,3}(?=\s|\p{L}|$)\s?[:|–-]?\s?/iu,
    "",
  );
}

// "(Image: A. Name / Agency)"
function withoutLabel(credit: string): string {
  return credit.replace(
    /^(?:image|photo|picture|foto|bild|credit|courtesy)s?(?: credit| by| of)?\s?[:|]\s?/iu,
    "",
  );
}

// "More from the archive", "Mehr zu Lissabon", "Más sobre …": the rest is a name.
const OPEN_ENDED =
  /^(?:more (?:from|on|about|in|by|like|great)|related|trending (?:in|on)|recommended (?:for|by)|mehr (?:zu|aus|von|über)|(?:dernières|toutes les) (?:news|actualités|infos)|plus (?:de|sur)|más (?:sobre|de)|mais (?:sobre|de)|altro su|meer (?:over|van)|mer (?:om|från)) [^.!?]{1,60}$/u;

// How pages point to other stories, by language: what stands in front of one ("Read more: …"), and what stands over
// several of them; small letters, without closing punctuation. A line of text copied from a page is known by
// `boilerplateOf`; these need the markup around them to be sure.
const BEFORE = new RegExp(
  String.raw`^[(\[►▶→»•*]?\s?(?:${alternatives(written.beforeOne)})\s?[:：|–—>»-]\s?\S`,
  "iu",
);
const OVER: ReadonlySet<string> = new Set(phrases(written.overSeveral));

/** Whether a line starts as a pointer to another story does. */
function pointsByWords(text: string): boolean {
  return text.length <= 300 && BEFORE.test(text.replaceAll("’", "'"));
}

/** Whether a line is what stands over a list of other stories. */
export function headsOtherStories(text: string): boolean {
  // Looking for the marks at the end takes time with the square of all marks that are not there.
  if (text.length > LONGEST_HEADING) return false;
  const plain = text
    .toLowerCase()
    .replaceAll("’", "'")
    .replace(/[^\p{L}\p{M}\p{N}]+$/u, "")
    .trim();
  return plain.length < 80 && (OVER.has(plain) || OPEN_ENDED.test(plain));
}

const LONGEST_HEADING = 120;

function alternatives(words: Readonly<Record<string, string>>): string {
  return phrases(words)
    .toSorted((a, b) => b.length - a.length)
    .join("|");
}

function phrases(words: Readonly<Record<string, string>>): string[] {
  return Object.values(words).flatMap((list) => list.split("|"));
}
