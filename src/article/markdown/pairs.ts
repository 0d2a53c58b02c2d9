import { endOfObsidianComment } from "./comments.ts";

/** Where something with an opening and a closing tag is set aside, `[start, end)`. */
export interface Pair {
  readonly start: number;
  readonly end: number;
  readonly kind: "template" | "element" | "comment" | "literal";
}

const OPENING =
  /\{%-?\s*(?<block>highlight|comment|raw|mermaid)\b[^{}]{0,200}%\}|<(?<element>script|style|title|textarea|xmp|iframe|noembed|noframes|noscript|plaintext|object|svg|math|form|select|button|video|audio|canvas)(?=[\s>/])|<!--|%%/gi;

// HTML reads the text after these as something else until they are closed, be it to the end of the file.
const SWALLOWS =
  /^<(?:script|style|title|textarea|xmp|iframe|noembed|noframes|noscript|plaintext|!--)/i;

/**
 * The template blocks, embedded elements and comments of a text that are closed; where one that would
 * swallow the rest of the text is never closed, its opening tag alone, to be read as the letters it is.
 */
export function pairsIn(text: string): Pair[] {
  const find = closingFinder(text);
  const pairs: Pair[] = [];
  let from = 0;
  for (const match of text.matchAll(OPENING)) {
    if (match.index < from) continue;
    const start = match.index;
    const { block, element } = match.groups ?? {};
    if (match[0] === "%%") {
      const end = endOfObsidianComment(text, start);
      if (end !== undefined) pairs.push({ start, end, kind: "comment" });
      from = pairs.at(-1)?.end ?? from;
      continue;
    }
    const kind = block ? "template" : element ? "element" : "comment";
    const closing = block ? [`end${block}`, "%}"] : element ? [`</${element}`, ">"] : ["-->", ">"];
    const end = find(closing, start + match[0].length);
    if (end !== undefined) pairs.push({ start, end, kind });
    else if (SWALLOWS.test(match[0]))
      pairs.push({ start, end: start + match[0].length, kind: "literal" });
    from = pairs.at(-1)?.end ?? from;
  }
  return pairs;
}

// A closing tag that is not found once is not looked for again: that keeps a file of openings quick.
function closingFinder(
  text: string,
): (closing: readonly string[], from: number) => number | undefined {
  const lower = text.toLowerCase();
  const missing = new Set<string>();
  return ([name = "", mark = ""], from) => {
    const key = name.toLowerCase();
    const at = missing.has(key) ? -1 : lower.indexOf(key, from);
    if (at === -1) missing.add(key);
    const end = at === -1 ? -1 : lower.indexOf(mark, name === "-->" ? at + 2 : at);
    return end === -1 ? undefined : end + mark.length;
  };
}
