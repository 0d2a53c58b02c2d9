/** A piece of markup as it is written: text, a tag, or an element whose inside is no markup. */
export type MarkupToken = {
  /** Where it begins in the markup. */
  readonly at: number;
  readonly source: string;
} & (
  | { readonly is: "text" }
  | { readonly is: "open"; readonly name: string }
  | { readonly is: "close"; readonly name: string }
  /** The source is that of its start tag. */
  | { readonly is: "raw"; readonly name: string; readonly inside: string }
);

// Up to its own end tag, the inside of these is no markup (HTML standard §13.1.2). Drawings are
// markup, but hold no story: their labels would stand in the text.
const RAW: ReadonlySet<string> = new Set(
  "script style title textarea xmp iframe noembed noframes svg object template".split(" "),
);

/**
 * The tokens of markup, in order; comments and declarations are left out. Made for input that
 * nobody vouches for: it never looks back, so its time grows with the length alone.
 */
export function* tokensOf(markup: string): Generator<MarkupToken> {
  let at = 0;
  while (at < markup.length) {
    const start = nextMark(markup, at);
    if (start > at) yield { is: "text", at, source: markup.slice(at, start) };
    if (start >= markup.length) return;
    const name = nameAt(markup, start);
    at = name === "" ? endOfDeclaration(markup, start) : endOfTag(markup, start);
    if (name === "" || at > markup.length) continue;
    const source = markup.slice(start, at);
    if (source.startsWith("</")) yield { is: "close", at: start, name, source };
    else if (!RAW.has(name) || isShadowRoot(source)) yield { is: "open", at: start, name, source };
    else {
      const end = endOfRaw(markup, at, name);
      yield { is: "raw", at: start, name, source, inside: markup.slice(at, end) };
      at = end < markup.length ? endOfTag(markup, end) : end;
    }
  }
}

// The inside of a template waits for a script, save for one that is shown as it is.
function isShadowRoot(tag: string): boolean {
  return /^<template\s[^>]*shadowrootmode/i.test(tag);
}

const MARK = /<[a-z/!?]/gi;

function nextMark(markup: string, from: number): number {
  MARK.lastIndex = from;
  return MARK.exec(markup)?.index ?? markup.length;
}

const NAME = /<\/?([a-z][^\s/>]{0,60})/iy;

function nameAt(markup: string, at: number): string {
  NAME.lastIndex = at;
  const name = NAME.exec(markup)?.[1]?.toLowerCase() ?? "";
  // "plaintext" would make text of all that follows, which browsers do to this day.
  return name === "plaintext" ? "pre" : name.replace(/[^a-z0-9:_-]/g, "-");
}

// A comment that is never closed comments out the rest of the page, as in a browser.
function endOfDeclaration(markup: string, at: number): number {
  const isComment = markup.startsWith("<!--", at);
  const end = markup.indexOf(isComment ? "-->" : ">", isComment ? at + 2 : at);
  return end === -1 ? markup.length + 1 : end + (isComment ? 3 : 1);
}

const TAG_MARK = /[=>]/g;
const QUOTED = /\s*(["'])/y;

// A quote means something only after "="; elsewhere in a tag it is a typing error. Past the end of
// the file where the tag has none.
function endOfTag(markup: string, start: number): number {
  TAG_MARK.lastIndex = start;
  for (let mark = TAG_MARK.exec(markup); mark; mark = TAG_MARK.exec(markup)) {
    if (mark[0] === ">") return TAG_MARK.lastIndex;
    QUOTED.lastIndex = TAG_MARK.lastIndex;
    const quote = QUOTED.exec(markup)?.[1];
    if (quote === undefined) continue;
    const close = markup.indexOf(quote, QUOTED.lastIndex);
    if (close === -1) break;
    TAG_MARK.lastIndex = close + 1;
  }
  return markup.length + 1;
}

function endOfRaw(markup: string, from: number, name: string): number {
  const end = new RegExp(`</${name}(?=[\\s/>])`, "gi");
  end.lastIndex = from;
  return end.exec(markup)?.index ?? markup.length;
}

// What is read of an element later on. All else goes: scripts, styles and tracking are half of a
// page's attributes.
const WANTED: ReadonlySet<string> = new Set(
  `class id role href src srcset alt lang rel datetime content name property http-equiv width height itemprop aria-hidden
   data-component data-module data-testid data-type`.split(/\s+/),
);

const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;
const MOST = 60;

/** The attributes of a start tag, in order, their names in small letters. */
export function* attributesIn(source: string): Generator<readonly [name: string, value: string]> {
  const written = source.replace(/^<[^\s/>]*/, "").slice(0, -1);
  for (const [, name = "", double, single, bare] of written.matchAll(ATTRIBUTE))
    yield [name.toLowerCase(), double ?? single ?? bare ?? ""];
}

/**
 * A start tag written anew, with the attributes that are read later on, so that no parser can see
 * another tag in it than we did. Of two attributes with one name, the first counts. `hidden` says
 * why the element is not shown, and is the value of its `hidden`.
 */
export function rewriteTag(name: string, source: string, hidden?: string): string {
  const attributes = new Map<string, string>();
  if (hidden !== undefined) attributes.set("hidden", hidden);
  for (const [attribute, value] of attributesIn(source)) {
    const isType = name === "link" && attribute === "type";
    if ((!isType && !isWanted(attribute, value)) || attributes.has(attribute)) continue;
    attributes.set(attribute, value);
    if (attributes.size >= MOST) break;
  }
  const parts = [...attributes].map(
    ([attribute, value]) => ` ${attribute}="${value.replaceAll('"', "&quot;")}"`,
  );
  return `<${name}${parts.join("")}>`;
}

// Pictures that are loaded late have their address in an attribute of the site's own.
function isWanted(attribute: string, value: string): boolean {
  if (WANTED.has(attribute)) return true;
  return (
    attribute.startsWith("data-") &&
    value.length < 4000 &&
    /\.(?:jpe?g|png|webp|gif|avif)(?:[?#&\s]|$)/i.test(value)
  );
}
