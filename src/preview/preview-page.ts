import { createHash, type Hash } from "node:crypto";
import { clientCode } from "./io/client-code.ts";
import {
  ISSUE_FILES,
  type IssueData,
  type PageData,
  type PictureData,
  type SizeData,
} from "./page-data.ts";
import { storyCosts, tallyOf } from "../review/review.ts";
import {
  type Digest,
  type Entry,
  flatEntries,
  withEntries,
  shownDigest,
  headlineOf,
} from "../digest/digest.ts";
import { CLIPPED_BYTES, digestHash } from "../email/email.ts";
import { hashOf } from "../article/identity.ts";
import { remembering } from "../platform/remembering.ts";
import { unescapeHtml } from "../platform/references.ts";
import { pictureTypeOf } from "../platform/picture.ts";
import { parseReport } from "../check/finding.ts";
import { explain, type Explanation, type Judged } from "../summary/explanation/explain.ts";

/** Where a page from a file asks whether it is still the newest: see `previewStamp`. */
export const STAMP_FILE = "preview-stamp.js";

/**
 * The preview page as one self-contained HTML document. What it is given is quoted, never markup; the
 * emails in it are put into frames without scripts.
 */
export function previewPage(data: PageData): string {
  const { script, style } = clientCode(data.mode);
  const json = quotedJson(data);
  return `<!doctype html>
<html lang="en" data-stamp="${stampOf(json, data.mode)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(data.mode)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Broadsheet preview</title>
<link rel="icon" href="data:,">
<style>
${style}</style>
</head>
<body>
<noscript>This page shows an issue with JavaScript. The email itself is email.html, beside this file.</noscript>
<script type="application/json" id="page-data">${json}</script>
<script type="module">
${script}</script>
</body>
</html>
`;
}

/**
 * The script by which an open page learns that the file was written again: over file:// a page can read
 * nothing else. It says what the page is made of, and no time, so that the same build gives the same bytes.
 */
export function previewStamp(page: string): string {
  const [, stamp = ""] = / data-stamp="(\w+)"/.exec(page) ?? [];
  return `globalThis.broadsheetStamp?.("${stamp}");\n`;
}

function stampOf(json: string, mode: PageData["mode"]): string {
  const hash = sha256(json).update(codeHash(mode)).update(clientCode(mode).style);
  return hash.digest("hex").slice(0, 16);
}

/**
 * Nothing is loaded from anywhere. Frames inherit the policy, and what an email links to can't be opened in
 * them either; their styles are all inline.
 */
function contentPolicy(mode: PageData["mode"]): string {
  return [
    "default-src 'none'",
    `script-src 'sha256-${codeHash(mode)}'${mode === "file" ? " file:" : ""}`,
    "style-src 'unsafe-inline'",
    "img-src data:",
    ...(mode === "server" ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** JSON inside a script element: no `</script>` and no `<!--` in it (HTML §4.12.1.3). */
function quotedJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

/** The hash of a page's script, as its policy names it. */
const codeHash = remembering(
  2,
  (mode: PageData["mode"]) => [mode],
  (mode) => sha256(`\n${clientCode(mode).script}`).digest("base64"),
);

function sha256(text: string): Hash {
  return createHash("sha256").update(text);
}

/** The files of an issue by name, as the outbox has them. */
export type IssueFiles = ReadonlyMap<string, string | Buffer>;

/** What the preview page shows of an issue, from its files alone. */
export function issueData(digest: Digest, files: IssueFiles): IssueData {
  const html = textOf(files, "email.html");
  const pictures = picturesIn(html, files);
  const written = files.get(ISSUE_FILES.report);
  const report = written === undefined ? null : parseReport(written.toString());
  return {
    hash: digestHash(files.get(ISSUE_FILES.digest) ?? ""),
    digest: withoutSources(digest),
    html,
    text: textOf(files, "email.txt"),
    message: inPieces(files.get("email.eml") ?? "", pictures),
    pictures,
    sizes: sizesOf(html, shownDigest(digest)),
    clippedBytes: CLIPPED_BYTES,
    report,
    tally: report && tallyOf(report),
    explanations: flatEntries(digest).map(explanationOf),
  };
}

function textOf(files: IssueFiles, name: string): string {
  return (files.get(name) ?? "").toString();
}

/** The page quotes an article's text, and has no use for the rest of what was read. */
function withoutSources(digest: Digest): Digest {
  const { $schema: _hint, ...shown } = digest;
  return withEntries(shown, (entry) => ({
    ...entry,
    article: { ...entry.article, html: "", dropped: [] },
  }));
}

/** The pictures that the HTML shows and the issue has, wherever readers get them from. */
function picturesIn(html: string, files: IssueFiles): PictureData[] {
  const sources = new Set([...html.matchAll(/<img\b[^>]*?\ssrc="([^"]+)"/g)].map(([, src]) => src));
  return [...files].flatMap(([file, content]) => {
    const name = /^images\/(.+)$/.exec(file)?.[1];
    const type = typeof content === "string" ? undefined : pictureTypeOf(content);
    if (name === undefined || typeof content === "string" || !type) return [];
    const shown = [...sources].filter((src = "") => nameIn(src) === name);
    if (shown.length === 0) return [];
    const base64 = content.toString("base64");
    return [{ name, sources: shown.map(String), contentType: type.contentType, base64 }];
  });
}

/** The file that an address ends in, as it is called on the disk. */
function nameIn(src: string): string {
  const written = unescapeHtml(src).split("/").at(-1) ?? "";
  return src.startsWith("images/") ? written : decoded(written);
}

function decoded(written: string): string {
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

/** A message is all ASCII, and most of it is pictures, which the page has already. */
function inPieces(eml: string | Buffer, pictures: readonly PictureData[]): IssueData["message"] {
  let pieces: (string | { picture: string })[] = [
    typeof eml === "string" ? eml : eml.toString("latin1"),
  ];
  for (const { name, base64 } of pictures) {
    const written = base64.replace(/.{76}(?=.)/g, "$&\r\n");
    pieces = pieces.flatMap((piece) => {
      if (typeof piece !== "string" || !piece.includes(written)) return [piece];
      const [before = "", ...after] = piece.split(written);
      return [before, ...after.flatMap((rest) => [{ picture: name }, rest])];
    });
  }
  return pieces;
}

/** What the HTML of an issue is made of, in bytes; of the digest the stories that it shows. */
function sizesOf(html: string, digest: Digest): SizeData[] {
  const { head, stories, rest } = storyCosts(html, digest);
  const styles = Buffer.byteLength(html.slice(0, Math.max(0, html.indexOf("<body"))));
  return [
    { name: "Head and styles", bytes: Math.min(styles, head) },
    { name: digest.letter ? "Masthead and letter" : "Masthead", bytes: Math.max(0, head - styles) },
    ...stories.map(({ headline, bytes }) => ({
      name: headline,
      bytes,
      story: numberOf(headline, digest),
    })),
    { name: "Headings and footer", bytes: rest },
  ];
}

function numberOf(headline: string, { sections }: Digest): number {
  const entries = sections.flatMap((section) => section.entries);
  return entries.findIndex((entry) => headlineOf(entry) === headline) + 1;
}

/** Somewhat more stories than an issue has. */
const KEPT = 200;

/**
 * Why a story's sentences were chosen. An article is ranked for it, so that of an issue which is built again
 * and again only the stories that have changed are explained anew.
 */
export const explanationOf = remembering(
  KEPT,
  ({ article, summary }: Entry) => [hashOf(article), summary],
  ({ article, summary }) => rounded(explain(article, summary)),
);

/** Two digits of a worth are enough to read, and make the page shorter. */
function rounded({ sentences, chosen, nearMisses }: Explanation): Explanation {
  return { sentences, chosen: chosen.map(inShort), nearMisses: nearMisses.map(inShort) };
}

function inShort(judged: Judged): Judged {
  return { ...round(judged), reasons: judged.reasons.map(round) };
}

function round<T extends { readonly worth?: number }>(one: T): T {
  return one.worth === undefined ? one : { ...one, worth: Math.round(one.worth * 100) / 100 };
}
