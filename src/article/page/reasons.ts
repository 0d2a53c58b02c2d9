import { anyOf, BOILERPLATE_REASONS, boilerplateOf, wordsOf } from "../boilerplate.ts";
import { ORNAMENT, ROLE_REASONS } from "../block.ts";
import { type PageBlock, isHeading, isLink, type Place, placesAround } from "./blocks.ts";
import { boilerplateByLabel, labelOf, type PageBoilerplate } from "./element-labels.ts";

const CONTROL = "a control of the page";
const NOTE = "a note about the text, not the story";
const SUBSCRIBE = BOILERPLATE_REASONS.subscribe;
const LEGAL = BOILERPLATE_REASONS.legal;

// Lines that only web pages have: boilerplateOf knows those that a text copied from one has too.
const SHAPES: readonly (readonly [RegExp, string])[] = [
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
  [new RegExp(String.raw`^(?:${anyOf("sources")})\s?[:：]\s?\S.{0,80}$`, "iu"), NOTE],
  [
    /\b(?:we|our|may|contains?|using)\b.*\baffiliate (?:links?|commissions?|partners?)\b|\b(?:we|may) (?:earn|receive|get) an? .{0,20}commission\b|\baffiliate-?links?\b.*\bprovision\b|\bprovision vom händler\b|\b(?:liens? affiliés?|enlaces? de afiliad\w+|link affiliat\w+)\b/iu,
    LEGAL,
  ],
  [
    /\b(?:sign up|subscribe|register|click|tap|join|download|donate|apply|read more) (?:it |now |for free )?here\b[^.!?]{0,40}[.!]?$|\bclick here (?:to|for)\b/iu,
    SUBSCRIBE,
  ],
];

/** Why a block is boilerplate, where its words alone show it. */
export function reasonByWords(block: PageBlock): string | undefined {
  const { text, measure } = block;
  if (!/[\p{L}\p{N}]/u.test(text)) return ORNAMENT;
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

// "More from the archive", "Mehr zu Lissabon", "Más sobre …": the rest is a name.
const OPEN_ENDED =
  /^(?:more (?:from|on|about|in|by|like|great)|related|trending (?:in|on)|recommended (?:for|by)|mehr (?:zu|aus|von|über)|(?:dernières|toutes les) (?:news|actualités|infos)|plus (?:de|sur)|más (?:sobre|de)|mais (?:sobre|de)|altro su|meer (?:over|van)|mer (?:om|från)) [^.!?]{1,60}$/u;

// How pages point to other stories, by language: what stands in front of one ("Read more: …"), and what stands over
// several of them; small letters, without closing punctuation. A line of text copied from a page is known by
// `boilerplateOf`; these need the markup around them to be sure.
const BEFORE = new RegExp(
  String.raw`^[(\[►▶→»•*]?\s?(?:${anyOf("related", "pointers")})\s?[:：|–—>»-]\s?\S`,
  "iu",
);
const OVER: ReadonlySet<string> = new Set(wordsOf("related"));

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

const REASONS: Readonly<Record<PageBoilerplate, string>> = {
  ...BOILERPLATE_REASONS,
  byline: ROLE_REASONS.byline,
  bio: "about the author, not the story",
  hidden: "not shown on the page",
  footer: "a footer",
};

// What the HTML standard says these are for (§4.3). A header is left alone: it often has the
// headline.
const BY_NAME: ReadonlyMap<string, PageBoilerplate> = new Map([
  ["nav", "navigation"],
  ["footer", "footer"],
  ["aside", "related"],
  ["form", "subscribe"],
  ["byline", "byline"],
]);

const BY_ROLE: ReadonlyMap<string, PageBoilerplate> = new Map([
  ["navigation", "navigation"],
  ["search", "navigation"],
  ["banner", "navigation"],
  ["contentinfo", "legal"],
  ["complementary", "related"],
  ["dialog", "hidden"],
  ["alertdialog", "hidden"],
]);

// In a figure, what is named for an author or a licence is a picture's.
const IN_FIGURES: ReadonlySet<PageBoilerplate> = new Set(["share", "hidden", "advertisement"]);

/** Why an element is not the story, where its markup says what it is there for. */
export function reasonByMarkup({ element, name, parent }: Place): string | undefined {
  if (name === "body" || name === "main") return undefined;
  const kind =
    BY_NAME.get(name) ??
    BY_ROLE.get(element.getAttribute("role") ?? "") ??
    boilerplateByLabel(labelOf(element));
  if (kind === undefined || (isInFigure(parent) && !IN_FIGURES.has(kind))) return undefined;
  return REASONS[kind];
}

function isInFigure(place: Place | undefined): boolean {
  return place !== undefined && placesAround(place).some(({ name }) => name === "figure");
}
