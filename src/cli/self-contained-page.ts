import { escapeHtml } from "../platform/references.ts";
import { writePage } from "../platform/files/write-new-files.ts";
import type { PageFlag } from "./flags.ts";
import type { Terminal } from "./terminal.ts";
import path from "node:path";

interface PageParts {
  /** The mark that identifies a page written by Broadsheet. Such a page may be overwritten. */
  readonly mark: string;
  readonly title: string;
  readonly style: string;
  readonly body: string;
}

/** A page without scripts that loads nothing. */
export function selfContainedPage({ mark, title, style, body }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${escapeHtml(mark)}">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>
${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

/** The colours and fonts of the pages that commands write, as in the preview page. */
export const PAGE_TOKENS = `:root {
  --paper: #fbfaf7; --ink: #1a1a18; --ink2: #45433e; --muted: #65625b; --accent: #b01e23;
  --rule: #1a1a18; --hair: #d8d4ca; --tint: #f7e4e1; --look: #8a5a00; --ok: #1f6b3a;
  --serif: Georgia, "Times New Roman", serif;
  --sans: -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #141413; --ink: #ebe8e1; --ink2: #cbc7be; --muted: #a39f95; --accent: #ff9285;
    --rule: #bfbbb1; --hair: #3a3834; --tint: #3a2320; --look: #e0b15a; --ok: #7cc795;
  }
}
`;

/**
 * Writes a page to a file or to stdout. A file with the same mark is replaced.
 * @throws BroadsheetError FILE_EXISTS, OUTPUT_UNWRITABLE.
 */
export async function writePageTo(
  to: PageFlag,
  { html, mark }: { readonly html: string; readonly mark: string },
  terminal: Terminal,
): Promise<void> {
  if (to === true) return terminal.print(html.trimEnd());
  const file = path.resolve(terminal.cwd, to);
  await writePage(file, html, mark);
  terminal.note(`Written: ${terminal.shown(file)}`);
}
