import { BroadsheetError } from "../errors.ts";
import { rootName } from "./feed/looks-like-feed.ts";

/** A format that is text and no article: read as one, its marks would be mailed. */
interface Foreign {
  readonly what: string;
  /** What to do instead. */
  readonly fix: string;
}

const EMAIL: Foreign = {
  what: "an email with its headers",
  fix: "save its text from a mail program as .txt, or give the address at which it can be read on the web",
};
const OPML: Foreign = {
  what: "OPML, a list of feeds",
  fix: "add the addresses of the feeds in it to `sources` in the config",
};
const SITEMAP: Foreign = {
  what: "a sitemap, a list of a site's pages",
  fix: "add the site's feed to `sources` in the config, or name the pages themselves",
};
const RST: Foreign = {
  what: "reStructuredText",
  fix: "make Markdown of it first: pandoc FILE.rst -o FILE.md",
};
const ASCIIDOC: Foreign = {
  what: "AsciiDoc",
  fix: "make a page of it first: asciidoctor FILE.adoc",
};

const BY_ENDING: ReadonlyMap<string, Foreign> = new Map([
  ["eml", EMAIL],
  ["opml", OPML],
  ["rst", RST],
  ["adoc", ASCIIDOC],
  ["asciidoc", ASCIIDOC],
]);

const BY_ROOT: ReadonlyMap<string, Foreign> = new Map([
  ["opml", OPML],
  ["urlset", SITEMAP],
  ["sitemapindex", SITEMAP],
]);

/**
 * Refuses what is written in a format that nothing here reads: by the ending of its name, or under another name by what
 * no plain text and no Markdown has.
 * @throws BroadsheetError CONTENT_UNSUPPORTED
 */
export function refuseForeign(text: string, location: string, ending: string): void {
  const found =
    BY_ENDING.get(ending) ??
    BY_ROOT.get(rootName(text.slice(0, 5000))?.toLowerCase() ?? "") ??
    byMarks(text.slice(0, 20_000).replace(/\r\n?/g, "\n"));
  if (!found) return;
  throw new BroadsheetError("CONTENT_UNSUPPORTED", `${location} looks like ${found.what}`, {
    where: { file: location },
    fix: found.fix,
  });
}

function byMarks(start: string): Foreign | undefined {
  if (isEmail(start)) return EMAIL;
  const prose = withoutCode(start);
  if (hasHabitOf(prose, RST_OWN, RST_MARKS)) return RST;
  return hasHabitOf(prose, ASCIIDOC_OWN, ASCIIDOC_MARKS) ? ASCIIDOC : undefined;
}

/** RFC 5322 §2.2: a name, a colon, and lines that go on indented. */
const HEADER = /^([!-9;-~]+):.*(?:\n[ \t].*)*\n/;
/** What mail servers and programs write, and nobody who copies the head of a mail. */
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

/** A text that begins with the headers of a mail: "From:" and "Subject:" alone open letters too. */
function isEmail(start: string): boolean {
  const names = new Set<string>();
  // mbox (RFC 4155) puts a line of its own before them.
  let rest = start.replace(/^[\ufeff\s]*(?:>?From \S+ .*\n)?/, "");
  for (let header = HEADER.exec(rest); header; header = HEADER.exec(rest)) {
    names.add(header[1]?.toLowerCase() ?? "");
    rest = rest.slice(header[0].length);
  }
  return names.has("from") && [...names].filter((name) => MACHINES.has(name)).length >= 2;
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
