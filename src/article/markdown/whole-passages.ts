import { oneLine } from "../clean-text.ts";
import { escapeHtml } from "../paragraph-html.ts";
import { captionOf } from "../plain-text/caption.ts";
import type { HtmlToken, InlineToken } from "./html-tokens.ts";
import { readInline, type InlineContext } from "./inline.ts";
import { MARKER, type Mask } from "./mask.ts";
import { besidesOf, type Passage } from "./passage.ts";
import type { Whole } from "./wholes.ts";

/** The passages of code, a table or a caption. */
export function toWhole({ tag, inside }: Whole, context: InlineContext): Passage[] {
  if (tag === "pre") return [toCode(inside, context.masks)];
  return tag === "table" ? toTable(inside, context) : toCaption(inside, context);
}

function toCode(tokens: readonly HtmlToken[], masks: readonly Mask[]): Passage {
  const code = tokens
    .map((token) => (token.is === "text" ? token.text : ""))
    .join("")
    .replace(MARKER, (_, index: string) => masks[Number(index)]?.written ?? "")
    .replace(/\n$/, "");
  const html = `<pre><code>${escapeHtml(code)}</code></pre>`;
  return { is: "aside", html, dropped: { text: code, reason: "code, not story prose" } };
}

function toTable(tokens: readonly HtmlToken[], context: InlineContext): Passage[] {
  const html: string[] = [];
  const rows: string[][] = [];
  const besides: Passage[] = [];
  let cell: InlineToken[] = [];
  for (const token of tokens) {
    if (token.is === "text" || token.is === "inline") {
      cell.push(token);
      continue;
    }
    const read = readInline(cell, context);
    cell = [];
    html.push(read.html, token.html);
    besides.push(...besidesOf(read));
    if (read.text !== "") rows.at(-1)?.push(oneLine(read.text));
    if (token.tag === "tr" && token.is === "open") rows.push([]);
  }
  const text = rows.map((row) => row.join(" | ")).join("\n");
  const table = `<table>${html.join("")}</table>`;
  return [...besides, { is: "aside", html: table, dropped: { text, reason: "a table" } }];
}

function toCaption(tokens: readonly HtmlToken[], context: InlineContext): Passage[] {
  const inline = tokens.filter((token) => token.is === "text" || token.is === "inline");
  const read = readInline(inline, context);
  const caption = captionOf(read.text) ?? { text: read.text };
  const own: Passage[] = read.text === "" ? [] : [{ is: "caption", caption, html: "" }];
  return [...besidesOf(read), ...own];
}
