/** A piece of text that is meant to be XML. */
export type XmlPiece =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "cdata"; readonly text: string }
  | {
      readonly is: "open";
      readonly name: string;
      readonly attributes: string;
      readonly isEmpty: boolean;
    }
  | { readonly is: "close"; readonly name: string }
  /** The text ends inside a tag or a CDATA section: it was cut off. */
  | { readonly is: "cut" };

/**
 * Splits malformed XML into pieces, in linear time. Comments, processing instructions and document types are left
 * out. So are entity declarations: no entity is ever expanded or fetched. A `<` that opens no tag is text.
 */
export function* piecesOf(xml: string): Generator<XmlPiece> {
  // Each missing end mark is searched for only once. Otherwise many unclosed "<!--" would take quadratic time.
  const missing = new Set<string>();
  let at = 0;
  let text = 0;
  while (at < xml.length) {
    const start = xml.indexOf("<", at);
    if (start === -1) break;
    const found = pieceAt(xml, start, missing);
    at = found?.end ?? start + 1;
    if (found === undefined) continue;
    if (start > text) yield { is: "text", text: xml.slice(text, start) };
    text = at;
    if (found.piece) yield found.piece;
    if (found.piece?.is === "cut") return;
  }
  if (text < xml.length) yield { is: "text", text: xml.slice(text) };
}

interface Found {
  readonly piece?: XmlPiece;
  readonly end: number;
}

function pieceAt(xml: string, start: number, missing: Set<string>): Found | undefined {
  const next = xml[start + 1] ?? "";
  if (next === "!") return declarationAt(xml, start, missing);
  if (next === "?") return { end: after(xml, ">", start) };
  if (next === "/") return closingTagAt(xml, start);
  return NAME_START.test(next) ? openingTagAt(xml, start) : undefined;
}

const NAME_START = /[\p{L}_]/u;

function declarationAt(xml: string, start: number, missing: Set<string>): Found | undefined {
  if (xml.startsWith("<![CDATA[", start)) {
    const end = xml.indexOf("]]>", start);
    if (end === -1) return { piece: { is: "cut" }, end: xml.length };
    return { piece: { is: "cdata", text: xml.slice(start + 9, end) }, end: end + 3 };
  }
  if (xml.startsWith("<!--", start)) {
    // An unclosed comment would swallow the rest of the text.
    return { end: findEnd(xml, /-->/g, start + 4, missing) ?? start + 4 };
  }
  return /^<!doctype/i.test(xml.slice(start, start + 9))
    ? { end: doctypeEnd(xml, start, missing) }
    : undefined;
}

// The internal subset, in brackets, contains `>` too.
function doctypeEnd(xml: string, start: number, missing: Set<string>): number {
  const end = after(xml, ">", start);
  const hasSubset = xml.slice(start, end).includes("[");
  return (hasSubset ? findEnd(xml, /\]\s*>/g, start, missing) : undefined) ?? end;
}

function findEnd(
  xml: string,
  mark: RegExp,
  from: number,
  missing: Set<string>,
): number | undefined {
  if (missing.has(mark.source)) return undefined;
  mark.lastIndex = from;
  if (mark.exec(xml)) return mark.lastIndex;
  missing.add(mark.source);
  return undefined;
}

function closingTagAt(xml: string, start: number): Found | undefined {
  const next = nextMark(xml, start + 2);
  const name = xml.slice(start + 2, next).trim();
  if (!IS_NAME.test(name)) return undefined;
  // "</item" without a ">" still is a closing tag.
  return { piece: { is: "close", name }, end: xml[next] === ">" ? next + 1 : next };
}

const IS_NAME = /^[\p{L}_][\p{L}\p{N}_.:-]*$/u;
const TAG_NAME = /[\p{L}_][\p{L}\p{N}_.:-]*/uy;

function openingTagAt(xml: string, start: number): Found | undefined {
  TAG_NAME.lastIndex = start + 1;
  const name = TAG_NAME.exec(xml)?.[0] ?? "";
  const from = start + 1 + name.length;
  if (!/[\s/>]/.test(xml[from] ?? "")) return undefined;
  const end = tagEnd(xml, from);
  if (end === undefined) return undefined;
  if (end === xml.length) return { piece: { is: "cut" }, end };
  const inside = xml.slice(from, end).trimEnd();
  const isEmpty = inside.endsWith("/");
  const attributes = isEmpty ? inside.slice(0, -1).trimEnd() : inside;
  return { piece: { is: "open", name, attributes, isEmpty }, end: end + 1 };
}

// The position of the tag's ">", ignoring any in quotes. If a "<" comes first, the quote was never closed and the
// first ">" counts, or the text is not a tag.
function tagEnd(xml: string, from: number): number | undefined {
  let quote = "";
  for (let at = from; at < xml.length; at++) {
    const character = xml[at] ?? "";
    if (character === "<") {
      const first = xml.slice(from, at).indexOf(">");
      return first === -1 ? undefined : from + first;
    }
    if (quote === "" && character === ">") return at;
    if (character === quote) quote = "";
    else if (quote === "" && (character === '"' || character === "'")) quote = character;
  }
  return xml.length;
}

function nextMark(xml: string, from: number): number {
  let at = from;
  while (at < xml.length && xml[at] !== ">" && xml[at] !== "<") at++;
  return at;
}

function after(xml: string, mark: string, from: number): number {
  const end = xml.indexOf(mark, from);
  return end === -1 ? xml.length : end + mark.length;
}
