import type { SourceFormat } from "./article.ts";
import { BroadsheetError } from "../errors.ts";
import { piecesOf } from "./feed/xml-pieces.ts";
import { parseJson } from "../platform/attempt.ts";

const BY_ENDING: ReadonlyMap<string, SourceFormat> = new Map([
  ["md", "markdown"],
  ["markdown", "markdown"],
  ["mdown", "markdown"],
  ["mkd", "markdown"],
  ["mdx", "markdown"],
  ["txt", "text"],
  ["text", "text"],
  ["html", "html"],
  ["htm", "html"],
  ["xhtml", "html"],
  ["rss", "feed"],
  ["atom", "feed"],
]);

/** A document that is more than text: a ZIP archive (Word, Notion), Office's older container (OLE), a PDF, or a mail. */
export type DocumentKind = "zip" | "ole" | "pdf" | "mail";

/** Which document some bytes are, by how they begin, whatever their name says; undefined where they are text. */
export function documentKind(bytes: Uint8Array, location: string): DocumentKind | undefined {
  const start = LATIN_1.decode(bytes.subarray(0, 1024));
  if (start.startsWith("PK\u0003\u0004")) return "zip";
  if (start.startsWith("\u00d0\u00cf\u0011\u00e0")) return "ole";
  if (/^[\u00ef\u00bb\u00bf\s]*%PDF-/.test(start)) return "pdf";
  const lines = LATIN_1.decode(bytes.subarray(0, 20_000)).replace(/\r\n?/g, "\n");
  return isEmail(lines, ending(location) === "eml" ? 0 : 2) ? "mail" : undefined;
}

const LATIN_1 = new TextDecoder("latin1");

/**
 * What an article is written in: by its content where that is certain (a page or a feed says so in its
 * first line), then by the ending of its name, then by how much Markdown is in it.
 * @throws BroadsheetError CONTENT_UNSUPPORTED for an email, a list of feeds or pages, reStructuredText and AsciiDoc, and
 * for JSON, XML and tables that are neither a feed nor an export
 */
export function sniffFormat(text: string, location: string): SourceFormat {
  const certain = fromFirstLine(text);
  if (certain) return certain;
  const written = ending(location);
  refuseForeign(text, location, written);
  return BY_ENDING.get(written) ?? fromMarks(text);
}

function ending(location: string): string {
  const path = location.replace(/[?#].*$/s, "");
  return /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
}

function fromFirstLine(text: string): SourceFormat | undefined {
  const start = text.slice(0, 2000).replace(/^[\ufeff\s]+/u, "");
  if (/^(?:<!doctype html|<html|<head|<body)[\s>]/i.test(start)) return "html";
  if (looksLikeFeed(text)) return "feed";
  if (/^html$/i.test(rootName(start) ?? "")) return "html";
  if (/^opml$/i.test(rootName(start) ?? "")) return "opml";
  if (exportKind(text) !== undefined) return "export";
  return undefined;
}

const MARKS: readonly RegExp[] = [
  /^#{1,6} \S/m,
  /\]\(\S+\)/,
  /^(?:```|~~~)/m,
  /\*\*\S[^*\n]*\*\*/,
  /^\[[^\]\n]+\]: \S/m,
  /^> \S/m,
];

// One mark may be chance ("> " quotes mail, "#1" counts); two of different kinds are a habit.
function fromMarks(text: string): SourceFormat {
  const start = text.slice(0, 20_000);
  return MARKS.filter((mark) => mark.test(start)).length >= 2 ? "markdown" : "text";
}

/** A format that is text and no article: read as one, its marks would be mailed. */
interface Foreign {
  /** What a file of it does, said after its name. */
  readonly does: string;
  /** What to do instead. */
  readonly fix: string;
}

const EMAIL: Foreign = {
  does: "has no header of a mail, which begins with From, Date and Message-ID",
  fix: "save the whole mail from a mail program, or copy its text into a .txt file",
};
const OPML: Foreign = {
  does: "is not OPML, a list of feeds, though its name says so",
  fix: "export it once more",
};
const SITEMAP: Foreign = {
  does: "looks like a sitemap, a list of a site's pages",
  fix: "add the site's feed to `sources` in the config, or name the pages themselves",
};
const RST: Foreign = {
  does: "looks like reStructuredText",
  fix: "make Markdown of it first: pandoc FILE.rst -o FILE.md",
};
const ASCIIDOC: Foreign = {
  does: "looks like AsciiDoc",
  fix: "make a page of it first: asciidoctor FILE.adoc",
};
/** What these endings name is read where it is a feed or an export, which its beginning says. */
const JSON_DATA: Foreign = {
  does: "is neither a JSON Feed nor an export from Ghost, the two kinds of JSON with articles in them",
  fix: "take it out, or fetch it once more where it should be one of them; an article may be .txt, .md or .html",
};
const TABLE: Foreign = {
  does: "is an export neither from Substack nor from Beehiiv, the two kinds of table with articles in them",
  fix: "take it out, or export it once more where it should be one of them; an article may be .txt, .md or .html",
};
const XML: Foreign = {
  does: "is neither RSS nor Atom nor a page, the kinds of XML with articles in them",
  fix: "take it out, or fetch it once more where it should be one of them; an article may be .txt, .md or .html",
};

const FOREIGN_BY_ENDING: ReadonlyMap<string, Foreign> = new Map([
  ["eml", EMAIL],
  ["opml", OPML],
  ["rst", RST],
  ["adoc", ASCIIDOC],
  ["asciidoc", ASCIIDOC],
  ["json", JSON_DATA],
  ["csv", TABLE],
  ["xml", XML],
]);

const FOREIGN_BY_ROOT: ReadonlyMap<string, Foreign> = new Map([
  ["urlset", SITEMAP],
  ["sitemapindex", SITEMAP],
]);

/**
 * Refuses what is written in a format that nothing here reads: by the ending of its name, or under another name by what
 * no plain text and no Markdown has.
 * @throws BroadsheetError CONTENT_UNSUPPORTED
 */
function refuseForeign(text: string, location: string, ending: string): void {
  const found =
    FOREIGN_BY_ROOT.get(rootName(text.slice(0, 5000))?.toLowerCase() ?? "") ??
    FOREIGN_BY_ENDING.get(ending) ??
    (isJson(text) ? JSON_DATA : undefined) ??
    byMarks(text.slice(0, 20_000).replace(/\r\n?/g, "\n"));
  if (!found) return;
  throw new BroadsheetError("CONTENT_UNSUPPORTED", `${location} ${found.does}`, {
    where: { file: location },
    fix: found.fix,
  });
}

/** Whether a text under any name is JSON as a whole; an article may open with a brace. */
function isJson(text: string): boolean {
  if (!/^[\ufeff\s]*(?:\{\s*["}]|\[\s*[{["\]])/.test(text)) return false;
  return parseJson(text.replace(/^\ufeff/, "")) !== undefined;
}

function byMarks(start: string): Foreign | undefined {
  const prose = withoutCode(start);
  if (hasHabitOf(prose, RST_OWN, RST_MARKS)) return RST;
  return hasHabitOf(prose, ASCIIDOC_OWN, ASCIIDOC_MARKS) ? ASCIIDOC : undefined;
}

/** RFC 5322 §2.2: a name, a colon, and lines that go on indented. */
const HEADER = /^([!-9;-~]+):.*(?:\n[ \t].*)*\n/;
/** What mail servers and programs write, and people who copy the head of a mail do not. */
const MACHINES = new Set([
  "arc-seal",
  "authentication-results",
  "content-transfer-encoding",
  "content-type",
  "delivered-to",
  "dkim-signature",
  "message-id",
  "mime-version",
  "received",
  "return-path",
]);

/** A text that begins with the headers of a mail: without those of machines, "From:" and "Subject:" open letters too. */
function isEmail(start: string, machines: number): boolean {
  const names = new Set<string>();
  // mbox (RFC 4155) puts a line of its own before them.
  let rest = start.replace(/^[\ufeff\s]*(?:>?From \S+ .*\n)?/, "");
  for (let header = HEADER.exec(rest); header; header = HEADER.exec(rest)) {
    names.add(header[1]?.toLowerCase() ?? "");
    rest = rest.slice(header[0].length);
  }
  return names.has("from") && [...names].filter((name) => MACHINES.has(name)).length >= machines;
}

/** An article about a format shows it in code. */
function withoutCode(text: string): string {
  return text.replace(/^(```|~~~)[^]*?^\1/gm, "").replace(/^(?: {4}|\t).*$/gm, "");
}

/** A directive, or a target: what a line of no other text begins with. */
const RST_OWN = /^\.\. (?:[a-z][\w-]*::(?: |$)|_[^\n:]+:(?: |$))/m;
const RST_MARKS: readonly RegExp[] = [
  /^\.\. [a-z][\w-]*::(?: |$)/m,
  /^\.\. [a-z][\w-]*:: [^]*^\.\. [a-z][\w-]*:: /m,
  /^\.\. _[^\n:]+:(?: |$)/m,
  /(?<![\w:]):[a-z][\w.+-]*:`[^`\n]+`/,
  /`[^`\n]+ <[^<>\s]+>`__?/,
  /(?<!`)``[^`\n]+``(?!`)/,
  /^([=~^*#"-])\1{3,}\n.+\n\1{4,}$/m,
  /^:[A-Z][\w -]*: \S/m,
  /^ {1,8}:[a-z-]+: \S/m,
];

/** A title with its mark before it, and not behind it too, as in MediaWiki. */
const ASCIIDOC_OWN = /^={1,5} \S(?:.*[^=\s])?$/m;
const ASCIIDOC_MARKS: readonly RegExp[] = [
  /^= \S(?:.*[^=\s])?$/m,
  /^={2,5} \S(?:.*[^=\s])?$/m,
  /^:!?[a-z][\w-]*!?:(?: .*)?$/m,
  /^(?:image|include|video|audio|toc)::\S*\[.*\]$/m,
  /^\[(?:source|quote|verse|NOTE|TIP|IMPORTANT|WARNING|CAUTION|listing|abstract)\b.*\]$/m,
  /\bhttps?:\/\/[^\s[\]]+\[[^\]\n]+\]/,
  /<<[\w-]+(?:,[^<>\n]+)?>>/,
];

/** A mark may be chance; two kinds of them, one of which no other format has, are a habit. */
function hasHabitOf(text: string, own: RegExp, marks: readonly RegExp[]): boolean {
  return own.test(text) && marks.filter((mark) => mark.test(text)).length >= 2;
}

/** Whether a text begins as a feed does: with the root of one, after whatever XML may have before it. */
export function looksLikeFeed(text: string): boolean {
  const start = text.slice(0, 5000);
  if (/^[\ufeff\s]*\{/.test(start))
    return /"version"\s*:\s*"https?:\/\/(?:www\.)?jsonfeed\.org\/version/.test(start);
  return /^(?:rss|feed|rdf|channel)$/i.test(rootName(start) ?? "");
}

/** The name of the element that a text begins with, after whatever XML may have before it, and without a namespace. */
function rootName(start: string): string | undefined {
  for (const piece of piecesOf(start)) {
    if (piece.is === "open") return piece.name.replace(/^[\w.-]+:/, "");
    if (piece.is !== "text" || piece.text.replace(/^[\ufeff\s]+/, "") !== "") return undefined;
  }
  return undefined;
}

/** Which platform a file was exported from, by how it begins; undefined where it is no such export. */
export function exportKind(body: string): "ghost" | "substack" | "beehiiv" | undefined {
  const start = body.slice(0, 2000).replace(/^[\ufeff\s]+/, "");
  if (/^\{\s*"db"\s*:\s*\[/.test(start)) return "ghost";
  const [header = ""] = start.split(/\r?\n|\r/, 1);
  const names = new Set(
    header
      .toLowerCase()
      .split(/[,;\t]/)
      .map((name) => name.replace(/["\s]/g, "")),
  );
  if (names.has("post_id") && names.has("is_published")) return "substack";
  return names.has("web_title") && names.has("content_html") ? "beehiiv" : undefined;
}
