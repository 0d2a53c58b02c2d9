import { type XmlPiece, piecesOf } from "./xml-pieces.ts";
import { attempt } from "../../platform/attempt.ts";

export type FeedRoot = "rss" | "feed" | "rdf";

interface OpenElement {
  readonly name: string;
  /** How many pieces had been written before it. */
  readonly at: number;
  /** False beyond MOST_LEVELS. */
  readonly isWritten: boolean;
}

type Opening = Extract<XmlPiece, { is: "open" }>;
type Characters = Extract<XmlPiece, { is: "text" | "cdata" }>;

// A parser that is given more levels than this refuses the feed. Feeds have five, articles in them ten.
const MOST_LEVELS = 80;
// The parser looks for a name and an address in these, in time with the square of their length.
const PERSON = /(?:^|:)(?:author|managingeditor|webmaster|creator|contributor|publisher)$/;
const LONGEST_PERSON = 1000;
const MOST_PIECES = 8;
// HTML without escapes stands in some descriptions; these elements of it have no end.
const VOID: ReadonlySet<string> = new Set(["br", "hr", "img", "input", "wbr"]);

/** Writes a feed down as well-formed XML, piece by piece. It knows which elements are open. */
class FeedWriter {
  root: FeedRoot | undefined;
  /** Whether what comes now does not belong to the feed any more. */
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

  /** All that was written, closed. An item that is still open may be half an item, and is left out. */
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
    // A channel's list of its items: the parser would look up each of them among all items.
    if (this.root === "rdf" && name === "items") this.#isInContents = !piece.isEmpty;
    if (this.isDone || this.#isInContents) return;
    const attributes = escapeStray(quoteBare(piece.attributes));
    // HTML takes "<br></br>" for two line breaks, and "<a/>" for a link that is left open.
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

  /** Items are not in items; those of RSS are in a channel, except where one was closed before them. */
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
    return this.#openNames.has("item") ? presentName(plain) : plain;
  }
}

/** Names of properties that every JavaScript object inherits. Parsers refuse what has a field of such a name. */
function isOwnedByObjects(name: string): boolean {
  return name === "prototype" || Object.hasOwn(Object.prototype, name);
}

function isItem(name: string): boolean {
  return name === "item" || name === "entry" || name === "rss:item";
}

function characters(piece: Characters): string {
  return piece.is === "text" ? escapeStray(piece.text) : `<![CDATA[${piece.text}]]>`;
}

// "AT&T", "?a=1&b=2", "a < b": only what has the whole shape of a reference is one.
function escapeStray(text: string): string {
  return text
    .replace(/&(?!#\d{1,7};|#x[\da-f]{1,6};|[a-z][a-z\d]{1,31};)/gi, "&amp;")
    .replace(/</g, "&lt;");
}

// `isPermaLink=false`. Where some attributes have quotes, "=" may stand inside them.
function quoteBare(attributes: string): string {
  if (!/=\s*[^\s"']/.test(attributes) || /["']/.test(attributes)) return attributes;
  return attributes.replace(/=\s*([^\s"'=<>]+)/g, '="$1"');
}

// What only older feeds say, in today's words. Their parents are items, where no other meaning is known.
const IN_ITEMS: ReadonlyMap<string, string> = new Map([
  // RSS 2.0 feeds with whole stories, before content:encoded; Scripting News and Userland's.
  ["body", "content:encoded"],
  ["xhtml:body", "content:encoded"],
  ["fullitem", "content:encoded"],
  ["dc:author", "dc:creator"],
  // Channel Definition Format, which Internet Explorer read and archives still hold.
  ["abstract", "description"],
]);

/** Today's name of an element in an item, in the spelling it came in where it has no other. */
function presentName(name: string): string {
  return IN_ITEMS.get(name.toLowerCase()) ?? name;
}

/** What the attributes of a CDF item say, as the elements that other feeds have for it. */
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

/**
 * The value that a text of JSON holds. Of one that breaks off, what stands before the cut, the entry that it
 * goes through left out; undefined where it is no JSON object at all.
 */
export function repairJson(text: string): unknown {
  // Some servers put a prefix before it that keeps it from being run as a script: `)]}',`
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

// Where JSON breaks off, it is cut back to the last whole entry of its outermost list, and closed.
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
 * A feed as well-formed XML with one root, whatever stood around it; undefined where no feed is in the text.
 * Mended are stray ampersands and `<`, control characters, tags left open or closed twice, missing roots,
 * names that only older feeds use, and a feed that breaks off: its whole items are kept, `mostItems` at most.
 */
export function repairXml(
  broken: string,
  mostItems: number,
): { root: FeedRoot; xml: string } | undefined {
  const writer = new FeedWriter(mostItems);
  let script: string | undefined;
  for (const piece of piecesOf(broken.toWellFormed().replace(NO_XML, ""))) {
    // The scripts of a page around the feed may hold anything, also what looks like a feed.
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
