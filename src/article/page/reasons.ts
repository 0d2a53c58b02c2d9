import { anyOf, BOILERPLATE_REASONS, boilerplateOf, wordsOf } from "../boilerplate.ts";
import { ORNAMENT, ROLE_REASONS } from "../block.ts";
import { type PageBlock, isHeading, isLink, type Place, placesAround } from "./blocks.ts";
import { boilerplateByLabel, labelOf, type PageBoilerplate } from "./element-labels.ts";

const CONTROL = "a control of the page";
const NOTE = "a note about the text, not the story";
const SUBSCRIBE = BOILERPLATE_REASONS.subscribe;
const LEGAL = BOILERPLATE_REASONS.legal;

// Lines that only web pages contain. `boilerplateOf` knows the ones that are also in copied text.
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
  // A shortcode: "[button link=/x]Send us yours[/button]".
  [/^\[(\w+)[^\]]*\].*\[\/\1\]$/u, CONTROL],
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

/** Returns the reason why a block is boilerplate, if its words show it. */
export function reasonByWords(block: PageBlock): string | undefined {
  const { text, measure } = block;
  if (!/[\p{L}\p{N}]/u.test(text)) return ORNAMENT;
  if (text.length <= 300) {
    if (pointsByWords(text)) return BOILERPLATE_REASONS.related;
    const shape = SHAPES.find(([pattern]) => pattern.test(text));
    if (shape) return shape[1];
  }
  const kind = boilerplateOf(text);
  // "News", "Email" and "Latest" are words of a menu, but also headings that authors write.
  const isMenu = kind === "navigation" || kind === "share" || kind === "related" || kind === "tags";
  if (kind === undefined || (isMenu && !isLink(block) && isHeading(block))) return undefined;
  return kind === "legal" && measure.endsSentence && measure.words > 40
    ? undefined
    : BOILERPLATE_REASONS[kind];
}

// "More from the archive", "Mehr zu Lissabon", "Más sobre …": the rest of the line varies.
const OPEN_ENDED =
  /^(?:more (?:from|on|about|in|by|like|great)|related|trending (?:in|on)|recommended (?:for|by)|mehr (?:zu|aus|von|über)|(?:dernières|toutes les) (?:news|actualités|infos)|plus (?:de|sur)|más (?:sobre|de)|mais (?:sobre|de)|altro su|meer (?:over|van)|mer (?:om|från)) [^.!?]{1,60}$/u;

// Links to other stories, by language: words before one ("Read more: …"), and headings of a list of them, in lower case and
// without closing punctuation. `boilerplateOf` recognises such lines in plain text; these need the markup around them.
const BEFORE = new RegExp(
  String.raw`^[(\[►▶→»•*]?\s?(?:${anyOf("related", "pointers")})\s?[:：|–—>»-]\s?\S`,
  "iu",
);
const OVER: ReadonlySet<string> = new Set(wordsOf("related"));

/** Whether a line begins like a link to another story. */
function pointsByWords(text: string): boolean {
  return text.length <= 300 && BEFORE.test(text.replaceAll("’", "'"));
}

/** Whether a line is the heading of a list of other stories. */
export function headsOtherStories(text: string): boolean {
  // The search for marks at the end takes quadratic time on other marks.
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

// The purpose of elements by the HTML standard (§4.3). A header is not included, because it often contains the headline.
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

// In a figure, a label for an author or a licence refers to the picture.
const IN_FIGURES: ReadonlySet<PageBoilerplate> = new Set(["share", "hidden", "advertisement"]);

/** Returns the reason why an element is not the story, if its markup shows its purpose. */
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
