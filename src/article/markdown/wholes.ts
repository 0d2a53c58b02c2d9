import type { HtmlToken } from "./html-tokens.ts";

/** An element that is read as one: code, a table, a caption. */
export interface Whole {
  readonly is: "whole";
  readonly tag: string;
  readonly inside: readonly HtmlToken[];
}

const WHOLE: ReadonlySet<string> = new Set(["pre", "table", "figcaption"]);

/** The tokens of HTML, with every element that is read as one gathered up. */
export function* gatherWholes(tokens: Iterable<HtmlToken>): Generator<HtmlToken | Whole> {
  let tag: string | undefined;
  let inside: HtmlToken[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (tag === undefined) {
      if (token.is === "open" && WHOLE.has(token.tag)) tag = token.tag;
      else yield token;
      continue;
    }
    if (token.is === "open" && token.tag === tag) depth++;
    if (token.is === "close" && token.tag === tag) depth--;
    if (depth >= 0) inside.push(token);
    else {
      yield { is: "whole", tag, inside };
      [tag, inside, depth] = [undefined, [], 0];
    }
  }
  if (tag !== undefined) yield { is: "whole", tag, inside };
}
