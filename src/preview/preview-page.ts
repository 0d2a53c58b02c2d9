import { createHash } from "node:crypto";
import { clientCode } from "./io/link-client.ts";
import type { PageData } from "./page-data.ts";

/** Where a page from a file asks whether it is still the newest: see `previewStamp`. */
export const STAMP_FILE = "preview-stamp.js";

/**
 * The preview page as one self-contained HTML document. What it is given is quoted, never markup; the
 * emails in it are put into frames without scripts.
 */
export function previewPage(data: PageData): string {
  const { script, style } = clientCode();
  const json = quotedJson(data);
  return `<!doctype html>
<html lang="en" data-stamp="${stampOf(json)}">
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

function stampOf(json: string): string {
  const { script, style } = clientCode();
  return sha256([json, script, style].join("\n")).toString("hex").slice(0, 16);
}

/**
 * Nothing is loaded from anywhere. Frames inherit the policy, and what an email links to can't be opened in
 * them either; their styles are all inline.
 */
function contentPolicy(mode: PageData["mode"]): string {
  const { script } = clientCode();
  const own = `'sha256-${sha256(`\n${script}`).toString("base64")}'`;
  return [
    "default-src 'none'",
    `script-src ${own}${mode === "file" ? " file:" : ""}`,
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

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
