import { BalancedMarkup } from "./balanced-markup.ts";
import { hiddenIn, type HiddenText } from "../hidden/hidden-text.ts";
import { rewriteTag } from "../markup/rewrite-tag.ts";
import { tokensOf, type MarkupToken } from "../markup/markup-tokens.ts";

/** A page as it may be parsed, and what was taken out of it on the way. */
export interface BoundedMarkup {
  /** One well-formed document: what describes the page in its head, all else in its body. */
  readonly html: string;
  /** The contents of its `application/ld+json` scripts. */
  readonly jsonLd: readonly string[];
  /** How much work it is to parse, in elements. */
  readonly weight: number;
  /**
   * Whether it is a piece of a page, as exports and feeds have them, with nothing around the story.
   */
  readonly isFragment: boolean;
}

const HEAD: ReadonlySet<string> = new Set(["meta", "base"]);
// What has no inside, and says nothing of a story.
const MUTE: ReadonlySet<string> = new Set(
  "input source track param embed area wbr col link".split(" "),
);
const FRAME: ReadonlySet<string> = new Set(["html", "head", "body"]);

/**
 * Markup that a parser takes in bounded time: without scripts, styles and drawings, well-formed,
 * and nothing nested deeper than pages are. What readers do not see has a `hidden` that says why.
 * Linear in the length.
 */
export function boundMarkup(markup: string): BoundedMarkup {
  const frame = new Map<string, string>();
  const head: string[] = [];
  const jsonLd: string[] = [];
  const body = new BalancedMarkup();
  const hiddenAt = coverer(hiddenIn(markup));
  let pieces = 0;
  for (const token of tokensOf(markup)) {
    const hidden = hiddenAt(token.at);
    if (token.is === "text") {
      const isAlone = hidden !== undefined && !hidden.isElement;
      if (isAlone) body.open("span", rewriteTag("span", "<span>", hidden.reason));
      // A sign that is no tag here must not become one beside what is left out.
      body.text(token.source.replaceAll("<", "&lt;"));
      if (isAlone) body.close("span");
      pieces += token.source.match(PIECE)?.length ?? 0;
    } else if (FRAME.has(token.name)) {
      if (token.is === "open" && !frame.has(token.name))
        frame.set(token.name, rewriteTag(token.name, token.source));
    } else if (token.is === "open" && (HEAD.has(token.name) || isTelling(token.source)))
      head.push(rewriteTag(token.name, token.source));
    else if (token.is === "raw") readRaw(token, head, jsonLd, body);
    else if (token.is === "close") body.close(token.name);
    else if (!MUTE.has(token.name))
      body.open(token.name, rewriteTag(token.name, token.source, hidden?.reason));
  }
  const html = [
    "<!DOCTYPE html>",
    frame.get("html") ?? "<html>",
    `<head>${head.join("")}</head>`,
    frame.get("body") ?? "<body>",
    body.toString(),
    "</body></html>",
  ].join("");
  return {
    html,
    jsonLd,
    weight: body.weight + head.length + Math.floor(pieces / PIECES_IN_ELEMENT),
    isFragment: frame.size === 0 && head.length === 0,
  };
}

// What covers a place, for places in their order.
function coverer(all: readonly HiddenText[]): (at: number) => HiddenText | undefined {
  let next = 0;
  return (at) => {
    while ((all[next]?.end ?? Infinity) <= at) next++;
    const hidden = all[next];
    return hidden && hidden.start <= at ? hidden : undefined;
  };
}

// Of a page's links to other files, these say what the page is, and where its site's feed is.
function isTelling(tag: string): boolean {
  return /^<link\s[^>]*(?:canonical|application\/(?:rss|atom|feed)\+)/i.test(tag);
}

// The parser hands on a text piece by piece, and starts a new one at each of these.
const PIECE = /[&<]/g;
const PIECES_IN_ELEMENT = 8;

type RawToken = Extract<MarkupToken, { is: "raw" }>;

function readRaw(
  { name, source, inside }: RawToken,
  head: string[],
  jsonLd: string[],
  body: BalancedMarkup,
): void {
  if (name === "title") head.push(`<title>${inside.replaceAll("<", "&lt;")}</title>`);
  else if (name === "script" && /ld\+json/i.test(source)) jsonLd.push(inside);
  else body.text(" ");
}
