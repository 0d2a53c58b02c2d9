import type { SourceFormat } from "./article.ts";
import { refusal } from "./refusal.ts";
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

/** The endings of documents, whose bytes decide how they are read. Documents may be mostly pictures. */
const OF_DOCUMENTS: ReadonlySet<string> = new Set(["doc", "docm", "docx", "eml", "pdf", "zip"]);

export function isDocumentName(name: string): boolean {
  return OF_DOCUMENTS.has(ending(name));
}

/**
 * Whether a file in a folder is an article, by the ending of its name. Some of these can't be read and are refused with a fix. A
 * file that is named by itself may have any ending.
 */
export function isArticleName(name: string): boolean {
  const written = ending(name);
  return [BY_ENDING, FOREIGN_BY_ENDING, OF_DOCUMENTS].some((known) => known.has(written));
}

/** A document format: a ZIP archive (Word, Notion), Office's older container (OLE), a PDF, or a mail. */
export type DocumentKind = "zip" | "ole" | "pdf" | "mail";

/** The kind of document in some bytes, decided by their beginning; undefined for text. */
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
 * Decides the format of an article: by its first line if that is certain (a page or a feed), then by the ending of
 * its name, then by the amount of Markdown in it.
 * @throws BroadsheetError CONTENT_UNSUPPORTED for an email, a list of feeds or pages, reStructuredText and AsciiDoc,
 * and for JSON, XML and tables that are neither a feed nor an export
 */
export function sniffFormat(text: string, location: string): SourceFormat {
  const certain = fromFirstLine(text);
  if (certain) return certain;
  const written = ending(location);
  refuseForeign(text, location, written);
  return BY_ENDING.get(written) ?? fromMarks(text);
}

function ending(location: string): string {
  const path = /^https?:/i.test(location) ? location.replace(/[?#].*$/s, "") : location;
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

// One mark may be chance ("> " quotes mail, "#1" counts). Two kinds of marks mean Markdown.
function fromMarks(text: string): SourceFormat {
  const start = text.slice(0, 20_000);
  return MARKS.filter((mark) => mark.test(start)).length >= 2 ? "markdown" : "text";
}

/** A text format that is not an article. Read as an article, its markup would be mailed. */
interface Foreign {
  /** The predicate of the message, after the file name. */
  readonly does: string;
  readonly fix: string;
}

const EMAIL: Foreign = {
  does: "does not begin with the header of a mail: From, Date and Message-ID",
  fix: "save the whole mail from a mail program, or copy its text into a .txt file",
};
const OPML: Foreign = {
  does: "is named .opml, but is not OPML, a list of feeds",
  fix: "export it again",
};
const SITEMAP: Foreign = {
  does: "looks like a sitemap, a list of a site's pages",
  fix: "add the site's feed to `sources` in the config, or give the pages themselves",
};
const RST: Foreign = {
  does: "looks like reStructuredText",
  fix: "convert it to Markdown first: pandoc FILE.rst -o FILE.md",
};
const ASCIIDOC: Foreign = {
  does: "looks like AsciiDoc",
  fix: "convert it to HTML first: asciidoctor FILE.adoc",
};
/** A feed or export with one of these endings is recognised by its beginning instead. */
const JSON_DATA: Foreign = {
  does: "is neither a JSON Feed nor an export from Ghost, the only JSON that Broadsheet reads",
  fix: "remove it, or fetch it again if it should be one of them; an article may be .txt, .md or .html",
};
const TABLE: Foreign = {
  does: "is not an export from Substack or Beehiiv, the only tables that Broadsheet reads",
  fix: "remove it, or export it again if it should be one of them; an article may be .txt, .md or .html",
};
const XML: Foreign = {
  does: "is neither RSS nor Atom nor a page, the only XML that Broadsheet reads",
  fix: "remove it, or fetch it again if it should be one of them; an article may be .txt, .md or .html",
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
 * Refuses formats that no reader handles, by the ending of the name, or by marks that plain text and Markdown never
 * have.
 * @throws BroadsheetError CONTENT_UNSUPPORTED
 */
function refuseForeign(text: string, location: string, ending: string): void {
  const found =
    FOREIGN_BY_ROOT.get(rootName(text.slice(0, 5000))?.toLowerCase() ?? "") ??
    FOREIGN_BY_ENDING.get(ending) ??
    (isJson(text) ? JSON_DATA : undefined) ??
    byMarks(text.slice(0, 20_000).replace(/\r\n?/g, "\n"));
  if (found) throw refusal(location, found.does, found.fix);
}

/** Whether the whole text is JSON. An article may begin with a brace. */
function isJson(text: string): boolean {
  if (!/^[\ufeff\s]*(?:\{\s*["}]|\[\s*[{["\]])/.test(text)) return false;
  return parseJson(text.replace(/^\ufeff/, "")) !== undefined;
}

function byMarks(start: string): Foreign | undefined {
  const prose = withoutCode(start);
  if (hasHabitOf(prose, RST_OWN, RST_MARKS)) return RST;
  return hasHabitOf(prose, ASCIIDOC_OWN, ASCIIDOC_MARKS) ? ASCIIDOC : undefined;
}

/** RFC 5322 §2.2: a name, a colon, and indented continuation lines. */
const HEADER = /^([!-9;-~]+):.*(?:\n[ \t].*)*\n/;
/** Headers that mail servers and programs write. People who copy the head of a mail leave them out. */
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

/** Whether a text begins with mail headers. It needs some written by programs, because letters open with "From:" too. */
function isEmail(start: string, machines: number): boolean {
  const names = new Set<string>();
  // mbox (RFC 4155) has a line of its own before the headers.
  let rest = start.replace(/^[\ufeff\s]*(?:>?From \S+ .*\n)?/, "");
  for (let header = HEADER.exec(rest); header; header = HEADER.exec(rest)) {
    names.add(header[1]?.toLowerCase() ?? "");
    rest = rest.slice(header[0].length);
  }
  return names.has("from") && [...names].filter((name) => MACHINES.has(name)).length >= machines;
}

/** Code is ignored, because an article about a format shows it in code. */
function withoutCode(text: string): string {
  return text.replace(/^(```|~~~)[^]*?^\1/gm, "").replace(/^(?: {4}|\t).*$/gm, "");
}

/** A directive or a target. Lines of other texts never begin like this. */
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

/** A title with a mark only in front. MediaWiki has one behind it too. */
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

/** One mark may be chance. Two kinds of marks, one of them unique to the format, are proof. */
function hasHabitOf(text: string, own: RegExp, marks: readonly RegExp[]): boolean {
  return own.test(text) && marks.filter((mark) => mark.test(text)).length >= 2;
}

/** Whether a text begins with the root of a feed, after an XML prolog. */
export function looksLikeFeed(text: string): boolean {
  const start = text.slice(0, 5000);
  if (/^[\ufeff\s]*\{/.test(start))
    return /"version"\s*:\s*"https?:\/\/(?:www\.)?jsonfeed\.org\/version/.test(start);
  return /^(?:rss|feed|rdf|channel)$/i.test(rootName(start) ?? "");
}

/** The local name of the root element, after an XML prolog. */
function rootName(start: string): string | undefined {
  for (const piece of piecesOf(start)) {
    if (piece.is === "open") return piece.name.replace(/^[\w.-]+:/, "");
    if (piece.is !== "text" || piece.text.replace(/^[\ufeff\s]+/, "") !== "") return undefined;
  }
  return undefined;
}

/** The platform that a file was exported from, decided by its beginning; undefined for other files. */
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
