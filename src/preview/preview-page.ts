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
  idOf,
} from "../digest/digest.ts";
import { CLIPPED_BYTES, digestHash } from "../email/email.ts";
import { hashOf } from "../article/identity.ts";
import { remembering, STORIES_CACHED } from "../platform/remembering.ts";
import { unescapeHtml } from "../platform/references.ts";
import { pictureTypeOf } from "../platform/picture.ts";
import { parseReport } from "../check/finding.ts";
import { explain, type Explanation, type Judged } from "../summary/explanation/explain.ts";

/** The script that tells a page opened from disk whether it is still current: see `previewStamp`. */
export const STAMP_FILE = "preview-stamp.js";

/** The preview page as one HTML document. Its data never becomes markup, and frames without scripts show the emails. */
export function previewPage(data: PageData): string {
  const { script, style } = clientCode(data.mode);
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
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
 * The script that tells an open page that its file was rebuilt; over file:// a page can read nothing else. It contains a
 * hash of the page and no time, so that the same build gives the same bytes.
 */
export function previewStamp(page: string): string {
  const [, stamp = ""] = / data-stamp="(\w+)"/.exec(page) ?? [];
  return `globalThis.broadsheetStamp?.("${stamp}");\n`;
}

function stampOf(json: string, mode: PageData["mode"]): string {
  const hash = sha256(json).update(codeHash(mode)).update(clientCode(mode).style);
  return hash.digest("hex").slice(0, 16);
}

/** The policy blocks all loading. Frames inherit it, and their links can't be opened. All styles are inline. */
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

/** The hash of the page's script for its content security policy. */
const codeHash = remembering(
  2,
  (mode: PageData["mode"]) => [mode],
  (mode) => sha256(`\n${clientCode(mode).script}`).digest("base64"),
);

function sha256(text: string): Hash {
  return createHash("sha256").update(text);
}

/** The files of an issue by name, as in the outbox. */
export type IssueFiles = ReadonlyMap<string, string | Buffer>;

/** The data of an issue for the preview page, from its files alone. */
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

/** The page quotes the text of an article and does not need the other fields. */
function withoutSources(digest: Digest): Digest {
  const { $schema: _hint, ...shown } = digest;
  return withEntries(shown, (entry) => ({
    ...entry,
    article: { ...entry.article, html: "", dropped: [] },
  }));
}

/** The pictures of the issue that the HTML shows, whether hosted or embedded. */
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

/** The file name at the end of an address, decoded as on disk. */
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

/** A message is ASCII and consists mostly of pictures, which the page already has. */
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

/** The sizes in bytes of the HTML's parts. Only the stories that the email shows are included. */
function sizesOf(html: string, digest: Digest): SizeData[] {
  const { head, stories, rest } = storyCosts(html, digest);
  const styles = Buffer.byteLength(html.slice(0, Math.max(0, html.indexOf("<body"))));
  const byHeadline = Map.groupBy(flatEntries(digest), headlineOf);
  return [
    { name: "Head and styles", bytes: Math.min(styles, head) },
    { name: digest.letter ? "Masthead and letter" : "Masthead", bytes: Math.max(0, head - styles) },
    ...stories.map(({ headline, bytes }) => {
      const entry = byHeadline.get(headline)?.shift();
      return { name: headline, bytes, id: entry && idOf(entry) };
    }),
    { name: "Headings and footer", bytes: rest },
  ];
}

/**
 * The reasons for a story's sentences. This requires ranking the article, so results are cached: a rebuilt issue explains
 * only the changed stories again.
 */
export const explanationOf = remembering(
  STORIES_CACHED,
  ({ article, summary }: Entry) => [hashOf(article), summary],
  ({ article, summary }) => rounded(explain(article, summary)),
);

/** Two digits are enough to read and keep the page small. */
function rounded({ sentences, chosen, nearMisses }: Explanation): Explanation {
  return { sentences, chosen: chosen.map(inShort), nearMisses: nearMisses.map(inShort) };
}

function inShort(judged: Judged): Judged {
  return { ...round(judged), reasons: judged.reasons.map(round) };
}

function round<T extends { readonly worth?: number }>(one: T): T {
  return one.worth === undefined ? one : { ...one, worth: Math.round(one.worth * 100) / 100 };
}
