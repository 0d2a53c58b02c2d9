import type { Dropped } from "../article.ts";
import { oneLine } from "../clean-text.ts";
import { FURNITURE_REASONS, type Furniture } from "../plain-text/furniture.ts";
import { BLOCK } from "../markup/element-rules.ts";
import { labelOf, childrenOf, isElement, type PageElement } from "./page-dom.ts";
import { textBlocksIn } from "./text-blocks.ts";

const REASONS: Readonly<Record<PageFurniture, string>> = {
  ...FURNITURE_REASONS,
  byline: "the byline",
  bio: "about the author, not the story",
  hidden: "not shown on the page",
  footer: "a footer",
};

// What the HTML standard says these are for (§4.3). A header is left alone: it often has the
// headline.
const BY_NAME: ReadonlyMap<string, PageFurniture> = new Map([
  ["nav", "navigation"],
  ["dialog", "hidden"],
  ["footer", "footer"],
  ["aside", "related"],
  ["form", "subscribe"],
  ["byline", "byline"],
]);

const BY_ROLE: ReadonlyMap<string, PageFurniture> = new Map([
  ["navigation", "navigation"],
  ["search", "navigation"],
  ["banner", "navigation"],
  ["contentinfo", "legal"],
  ["complementary", "related"],
  ["dialog", "hidden"],
  ["alertdialog", "hidden"],
]);

/**
 * Takes out of a page what its markup says is not the story: menus, sharing buttons, pointers to
 * other stories, invitations, bylines, comments. Returns what was taken, in order.
 */
export function prune(body: PageElement): readonly Dropped[] {
  const pruning = new Pruning(body);
  pruning.inside(body);
  return pruning.dropped;
}

class Pruning {
  readonly dropped: Dropped[] = [];
  readonly #most: number;
  #read = 0;

  constructor(body: PageElement) {
    this.#most = Math.max(600, proseIn(body) * 0.15);
  }

  inside(parent: PageElement, isInFigure = false): void {
    const isFigure = isInFigure || parent.localName === "figure";
    for (const child of childrenOf(parent)) {
      if (!isElement(child)) continue;
      const hidden = child.getAttribute("hidden");
      const kind = hidden === null ? kindOf(child, isFigure) : undefined;
      if (hidden !== null) this.#drop(child, hidden);
      else if (kind !== undefined && this.#mayGo(child, kind)) this.#drop(child, REASONS[kind]);
      else {
        if (child.localName === "p") this.#read += child.textContent.length;
        this.inside(child, isFigure);
      }
    }
  }

  // Whatever it is called, an element with a good part of the page's prose in it is the story, or
  // has it inside.
  #mayGo(element: PageElement, kind: PageFurniture): boolean {
    const { length } = element.textContent;
    // A paragraph is the story's before it is anything else.
    if (
      length > (element.localName === "p" ? 300 : 400) &&
      (kind === "byline" || element.localName === "p")
    )
      return false;
    // Comments may well be longer than what they comment on.
    const isLate = kind === "comments" && this.#read > 200 && element.localName !== "article";
    if (!isLate && proseIn(element) > this.#most) return false;
    return element.querySelector("h1, [itemprop=articleBody]") === null;
  }

  #drop(element: PageElement, reason: string): void {
    const text = textBlocksIn(element)
      .map((block) => block.text)
      .join("\n");
    if (text !== "") this.dropped.push({ text, reason });
    element.remove();
  }
}

// Characters in paragraphs long enough to be somebody's prose.
function proseIn(element: PageElement): number {
  let prose = 0;
  for (const paragraph of element.querySelectorAll("p")) {
    const { length } = paragraph.textContent.trim();
    if (length > 80) prose += length;
  }
  return prose;
}

// In a figure, what is named for an author or a licence is a picture's.
const IN_FIGURES: ReadonlySet<PageFurniture> = new Set(["share", "hidden", "advertisement"]);

function kindOf(element: PageElement, isInFigure: boolean): PageFurniture | undefined {
  const name = element.localName;
  if (name === "body" || name === "main") return undefined;
  const kind =
    BY_NAME.get(name) ??
    BY_ROLE.get(element.getAttribute("role") ?? "") ??
    furnitureByLabel(labelOf(element));
  if (kind === undefined || (isInFigure && !IN_FIGURES.has(kind))) return undefined;
  if (kind === "hidden" || BLOCK.has(name) || BY_NAME.has(name) || name.includes("-")) return kind;
  // Inside a sentence, such a name is a link to a topic or an author.
  return isAlone(element) ? kind : undefined;
}

function isAlone(element: PageElement): boolean {
  return oneLine(element.parentElement?.textContent ?? "") === oneLine(element.textContent);
}

/**
 * What an element around a story is there for: as lines of text say it, and as only markup does.
 */
type PageFurniture = Furniture | "byline" | "bio" | "footer" | "hidden";

/**
 * The words that sites name such elements by (see labelOf). Only words that are used for nothing
 * else: "promo" names a box beside a story, "content" and "body" name the story, "header" and
 * "widget" name anything.
 */
const WORDS: readonly (readonly [PageFurniture, string])[] = [
  [
    "related",
    `related|relateds|relatedposts|relatedcontent|relatedarticles|recirc|recirculation|recommended|recommendations?|recommend|
     read (?:more|next|also)|readmore|readnext|see also|more (?:stories|news|articles|posts|from|on|like)|most (?:read|popular|viewed|recent)|trending|
     popular|popularposts|recent (?:posts|articles|stories|news)|latest (?:posts|articles|stories|news)|up next|upnext|outbrain|taboola|
     revcontent|zergnet|yarpp|crosslinks?|teasers?|promos?|promobox|next (?:article|post|story)|prev(?:ious)? (?:article|post|story)|
     post navigation|nav links|nav previous|nav next|story package|linkbox|hashover`,
  ],
  [
    "subscribe",
    `newsletters?|newsletter signup|sign ?up|signups?|singup|subscribe|subscription|subscriptions|opt ?in|mailchimp|mailing list|email (?:capture|signup|form)|
     donate|donation|membership|become a member|call to action|cta|register|login|app promo|get the app`,
  ],
  [
    "share",
    `share|shares|sharing|sharebar|sharethis|sharedaddy|share (?:buttons?|bar|tools|links|icons)|socials?|social (?:media|share|links|icons|bar)|addthis|addtoany|
     shareaholic|ssba|heateor|follow (?:us|me|links)|(?:article|post|page|story|print|reader) (?:tools|actions|controls|utilities)|print link|
     mistape|reprint|copy link|like button|fb like`,
  ],
  [
    "comments",
    `comments?|comment (?:list|form|area|respond|section|count|thread)|commentlist|commentform|comments? (?:area|section)|disqus|disqus thread|respond|
     replies|livefyre|spot im|spotim|coral|webmentions?|pingbacks?|trackbacks?|guestbook`,
  ],
  [
    "bio",
    `author (?:bio|box|info|card|description|desc|profile|about|block|biography|gear)|authorbox|authorbio|about (?:the )?author|about author|bio|biography|
     post author|entry author bio|contributor bio|vcard bio|author (?:archive|links|flyout)|author flyout`,
  ],
  [
    "byline",
    `bylines?|by line|byline section|author (?:name|byline|line)|authors? names?|dateline|date line|pubdate|pub date|publish(?:ed)? (?:date|time|on|at)|publication date|
     post (?:meta|date|info|details)|entry (?:meta|date|info|details)|article (?:meta|date|info|dateline)|story (?:meta|date|info)|posted (?:on|by|in)|postmetadata|
     timestamps?|time stamp|updated|last updated|date published|date modified|reading time|read time|view count|post views`,
  ],
  [
    "tags",
    `tags|tag (?:list|links|cloud)|taglist|tagcloud|(?:post|entry|article|story) (?:tags|categories|topics|keywords)|tags links|cat links|
     categories|topics (?:list|links)|keywords|filed under`,
  ],
  [
    "advertisement",
    `ad|ads|advert|adverts|advertisement|advertisements|advertising|advertorial|adsense|adsbygoogle|ad (?:unit|slot|container|wrapper|banner|break|label|box|placeholder)|
     adslot|adbox|adunit|dfp|gpt ad|sponsor|sponsors|sponsored|sponsorship|promoted|commercial|affiliate (?:box|links|disclosure)`,
  ],
  [
    "navigation",
    `breadcrumbs?|bread crumbs?|breadcrumb trail|pagination|pager|paging|page links|site nav|main nav|nav bar|navbar|navigation|skip (?:link|to content|nav)|
     table of contents|toc|toc container|site (?:header|footer)|masthead|back to top|language (?:switcher|selector)|search (?:form|box|bar)`,
  ],
  [
    "legal",
    `cookies?|cookie (?:banner|notice|consent|bar)|cookiebanner|consent|gdpr|copyright|copyrights|disclaimer|site info|privacy|colophon`,
  ],
  [
    "hidden",
    `screen reader(?: text| only)?|sr only|visually hidden|visuallyhidden|print only|only print|print header|noprint|no print|robots nocontent|
     modal|popup|pop up|lightbox|overlay|tooltip|player (?:controls|ui)|video (?:controls|playlist)|vjs|jw controls`,
  ],
];

const PATTERNS = WORDS.map(
  ([kind, words]) =>
    [
      kind,
      new RegExp(` (?:${words.replace(/\s*\|\s*/g, "|").replace(/\s*\n\s*/g, "")}) `),
    ] as const,
);

/** What an element with this label is there for, where its name says that it is not the story. */
export function furnitureByLabel(label: string): PageFurniture | undefined {
  if (label === "") return undefined;
  return PATTERNS.find(([, pattern]) => pattern.test(label))?.[0];
}
