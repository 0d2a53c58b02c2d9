import { type XmlPiece, piecesOf } from "./xml-pieces.ts";
import { attempt } from "../../platform/attempt.ts";

export type FeedRoot = "rss" | "feed" | "rdf";

interface OpenElement {
  readonly name: string;
  /** The number of pieces written before the element. */
  readonly at: number;
  /** False for an element deeper than MOST_LEVELS. */
  readonly isWritten: boolean;
}

type Opening = Extract<XmlPiece, { is: "open" }>;
type Characters = Extract<XmlPiece, { is: "text" | "cdata" }>;

// The parser refuses feeds with more levels of elements. Normal feeds have five, and articles in them ten.
const MOST_LEVELS = 80;
// The parser searches these for a name and an address, in quadratic time.
const PERSON = /(?:^|:)(?:author|managingeditor|webmaster|creator|contributor|publisher)$/;
const LONGEST_PERSON = 1000;
const MOST_PIECES = 8;
// Some descriptions contain unescaped HTML. These elements of it have no end tag.
const VOID: ReadonlySet<string> = new Set(["br", "hr", "img", "input", "wbr"]);

/** Writes a feed as well-formed XML, piece by piece. It keeps track of the open elements. */
class FeedWriter {
  root: FeedRoot | undefined;
  /** Whether the rest of the text is outside the feed. */
  isDone = false;
  readonly #mostItems: number;
  readonly #written: string[] = [];
  readonly #open: OpenElement[] = [];
  readonly #openNames = new Map<string, number>();
  #rootPrefix = "";
  #items = 0;
  #hasChannel = false;
  #isInContents = false;

  constructor(mostItems: number) {
    this.#mostItems = mostItems;
  }

  write(piece: XmlPiece): void {
    if (piece.is === "open") this.#openElement(piece);
    else if (this.root === undefined) return;
    else if (piece.is === "close") this.#closeElement(this.#plainName(piece.name));
    else if (piece.is !== "cut" && !this.#isInContents) this.#written.push(this.#text(piece));
  }

  #text(piece: Characters): string {
    const { name = "", at = 0 } = this.#open.at(-1) ?? {};
    if (!PERSON.test(name)) return characters(piece);
    const isLate = this.#written.length - at > MOST_PIECES;
    return isLate ? "" : characters({ ...piece, text: piece.text.slice(0, LONGEST_PERSON) });
  }

  /** Closes the feed and returns its XML. An item that is still open may be incomplete, so it is left out. */
  end(): string {
    const half = this.#open.findIndex(({ name }) => isItem(name));
    if (half !== -1) {
      this.#written.length = this.#open[half]?.at ?? 0;
      this.#open.length = half;
    }
    while (this.#open.length > 0) this.#closeLast();
    return this.#written.join("");
  }

  #openElement(piece: Opening): void {
    if (this.root === undefined) return this.#openRoot(piece);
    const name = this.#plainName(piece.name);
    if (isItem(name)) this.#makeWayForItem();
    // A channel's table of contents is skipped. The parser would search all items for each entry.
    if (this.root === "rdf" && name === "items") this.#isInContents = !piece.isEmpty;
    if (this.isDone || this.#isInContents) return;
    const attributes = escapeStray(quoteBare(piece.attributes));
    // HTML reads "<br></br>" as two line breaks, and "<a/>" as a link that stays open.
    if (VOID.has(name)) return void this.#written.push(`<${name}${attributes}/>`);
    this.#push(name, attributes);
    if (isItem(name)) this.#written.push(elementsOfAttributes(attributes));
    if (piece.isEmpty) this.#closeLast();
  }

  // CDF has no root around its channel, and a few RSS feeds have lost theirs.
  #openRoot({ name, attributes, isEmpty }: Opening): void {
    const [, prefix = "", local = ""] = /^([^:]+:)?(rss|feed|rdf|channel)$/i.exec(name) ?? [];
    if (local === "") return;
    const plain = local.toLowerCase();
    this.root = plain === "feed" || plain === "rdf" ? plain : "rss";
    this.#rootPrefix = plain === "rdf" ? "" : prefix;
    this.#push(this.root, escapeStray(plain === "channel" ? "" : quoteBare(attributes)));
    if (plain === "channel") this.#push("channel", escapeStray(quoteBare(attributes)));
    if (isEmpty) this.#closeElement(this.root);
  }

  /** Items are never nested. RSS items are in a channel, which is opened if the feed has none. */
  #makeWayForItem(): void {
    this.#closeElement("item");
    this.#closeElement("entry");
    this.isDone ||= ++this.#items > this.#mostItems;
    if (this.root === "rss" && !this.#hasChannel) this.#push("channel", "");
  }

  #closeElement(name: string): void {
    if (this.root === "rdf" && name === "items") this.#isInContents = false;
    if (!this.#openNames.has(name)) return;
    while (this.#openNames.has(name) && this.#closeLast() !== name);
    this.isDone ||= this.#open.length === 0;
  }

  #push(name: string, attributes: string): void {
    const isWritten = this.#open.length < MOST_LEVELS;
    this.#open.push({ name, at: this.#written.length, isWritten });
    this.#openNames.set(name, (this.#openNames.get(name) ?? 0) + 1);
    this.#hasChannel ||= name === "channel";
    if (isWritten) this.#written.push(`<${name}${attributes}>`);
  }

  #closeLast(): string | undefined {
    const last = this.#open.pop();
    if (!last) return undefined;
    const left = (this.#openNames.get(last.name) ?? 1) - 1;
    if (left === 0) this.#openNames.delete(last.name);
    else this.#openNames.set(last.name, left);
    if (last.isWritten) this.#written.push(`</${last.name}>`);
    return last.name;
  }

  #plainName(written: string): string {
    const lower = written.toLowerCase();
    const plain =
      this.#rootPrefix === "" ? lower : lower.replace(this.#rootPrefix.toLowerCase(), "");
    if (isOwnedByObjects(plain)) return `x-${plain}`;
    return (this.#openNames.has("item") ? IN_ITEMS.get(plain) : undefined) ?? plain;
  }
}

/** Property names that every JavaScript object inherits. Parsers refuse a feed with such a field. */
function isOwnedByObjects(name: string): boolean {
  return name === "prototype" || Object.hasOwn(Object.prototype, name);
}

function isItem(name: string): boolean {
  return name === "item" || name === "entry" || name === "rss:item";
}

function characters(piece: Characters): string {
  return piece.is === "text" ? escapeStray(piece.text) : `<![CDATA[${piece.text}]]>`;
}

// "AT&T", "?a=1&b=2", "a < b": anything without the full form of a reference is escaped.
function escapeStray(text: string): string {
  return text
    .replace(/&(?!#\d{1,7};|#x[\da-f]{1,6};|[a-z][a-z\d]{1,31};)/gi, "&amp;")
    .replace(/</g, "&lt;");
}

// `isPermaLink=false`. If any attribute is quoted, a "=" may be inside its quotes.
function quoteBare(attributes: string): string {
  if (!/=\s*[^\s"']/.test(attributes) || /["']/.test(attributes)) return attributes;
  return attributes.replace(/=\s*([^\s"'=<>]+)/g, '="$1"');
}

// Elements of older feeds, and their present names. They occur in items, where they have no other meaning.
const IN_ITEMS: ReadonlyMap<string, string> = new Map([
  // RSS 2.0 feeds with whole stories before content:encoded existed, such as Scripting News and Userland.
  ["body", "content:encoded"],
  ["xhtml:body", "content:encoded"],
  ["fullitem", "content:encoded"],
  ["dc:author", "dc:creator"],
  // The Channel Definition Format of Internet Explorer, which still occurs in archives.
  ["abstract", "description"],
]);

/** Converts the attributes of a CDF item to the elements of other feeds. */
function elementsOfAttributes(attributes: string): string {
  const link = valueOf("href", attributes);
  const date = valueOf("lastmod", attributes);
  return (
    (link === undefined ? "" : `<link>${link}</link>`) +
    (date === undefined ? "" : `<pubDate>${date}</pubDate>`)
  );
}

function valueOf(name: string, attributes: string): string | undefined {
  const [, double, single] =
    new RegExp(String.raw`\s${name}\s*=\s*(?:"([^"]*)"|'([^']*)')`, "i").exec(attributes) ?? [];
  return double ?? single;
}

/** Parses JSON. If the text breaks off, the incomplete entry is left out. Undefined if it is not a JSON object. */
export function repairJson(text: string): unknown {
  // Some servers write a prefix that prevents the JSON from running as a script: `)]}',`
  const start = text.indexOf("{");
  if (start === -1 || start > 50) return undefined;
  const json = text.slice(start).trimEnd();
  return parse(json) ?? parse(wholePart(json));
}

function parse(json: string): unknown {
  return attempt((): unknown =>
    JSON.parse(json, (key, value: unknown) => (isOwnedByObjects(key) ? undefined : value)),
  );
}

const STRING_OR_BRACKET = /"(?:[^"\\]|\\.)*"|[[\]{}]/gs;

// Cuts broken JSON back to the last complete entry of its outermost list, and closes the brackets.
function wholePart(json: string): string {
  const open: string[] = [];
  let end = 0;
  let closing = "";
  for (const { 0: token, index } of json.matchAll(STRING_OR_BRACKET)) {
    if (token === "{" || token === "[") open.push(token === "{" ? "}" : "]");
    else if (token === "}" || token === "]") open.pop();
    if (token !== "}" || open.length !== 2) continue;
    end = index + 1;
    closing = open.toReversed().join("");
  }
  return json.slice(0, end) + closing;
}

/**
 * Extracts a feed as well-formed XML with one root; undefined if the text contains no feed. Repairs stray ampersands
 * and `<`, control characters, tags left open or closed twice, missing roots, and names of older feeds. Of a feed
 * that breaks off, the complete items are kept, up to `mostItems`.
 */
export function repairXml(
  broken: string,
  mostItems: number,
): { root: FeedRoot; xml: string } | undefined {
  const writer = new FeedWriter(mostItems);
  let script: string | undefined;
  for (const piece of piecesOf(broken.toWellFormed().replace(NO_XML, ""))) {
    // Scripts of a page around the feed are skipped, because they may contain text that looks like a feed.
    if (script !== undefined)
      script = piece.is === "close" && isSame(piece.name, script) ? undefined : script;
    else if (!writer.root && piece.is === "open" && /^(?:script|style|textarea)$/i.test(piece.name))
      script = piece.name;
    else writer.write(piece);
    if (writer.isDone) break;
  }
  return writer.root && { root: writer.root, xml: writer.end() };
}

// XML 1.0 §2.2
const NO_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
