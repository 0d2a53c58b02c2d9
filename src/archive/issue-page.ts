import type { Email } from "../email/email.ts";
import { labelsFor } from "../email/labels.ts";
import { themeFor } from "../email/theme.ts";
import { anchor, escapeHtml, escapeMailHtml } from "../platform/references.ts";
import { headTags } from "./head-tags.ts";
import type { Site, SentIssue } from "./sent-issue.ts";
import { themeCss } from "./look.ts";

/** The issues that were sent before and after an issue. */
export interface Neighbours {
  readonly previous?: SentIssue | undefined;
  readonly next?: SentIssue | undefined;
}

/** The page of an issue: the sent email without the values of a reader, with links to other issues. */
export function issuePage(
  issue: SentIssue,
  email: Email,
  { previous, next, ...site }: Site & Neighbours,
): string {
  const { slot, language, publication, cover } = issue;
  const labels = labelsFor(language);
  const { words, archive } = labels;
  const theme = themeFor(site.theme, language, site.publication);
  const head = headTags(site, {
    title: `${issue.title} · ${publication.name}`,
    description: issue.description,
    path: `${slot}/`,
    root: "../",
    name: publication.name,
    sentAt: issue.sentAt,
    image: cover && `${slot}/images/${encodeURIComponent(cover.name)}`,
  });
  const css = `${themeCss(theme, ["meta", "label", "enclosure"])}\n${AROUND_CSS}`;
  const bar = [
    anchor("../", archive.allIssues),
    ...(site.subscribe ? [anchor(site.subscribe, words.subscribe)] : []),
  ];
  const others = [
    ...(previous ? [neighbour(previous, "prev", archive.previous)] : []),
    ...(next ? [neighbour(next, "next", archive.next)] : []),
  ];
  const top = `<nav class="w-bar w-meta" aria-label="${escapeHtml(publication.name)}">${bar.join("")}</nav>\n<main>`;
  const foot = `</main>\n<nav class="w-around" aria-label="${escapeHtml(archive.allIssues)}">${others.join("")}</nav>\n`;
  const page = `${site.url}/${slot}/`;
  return neutral(email, page, words.viewInBrowser)
    .replace(paragraph(publication.reason ?? labels.reason(publication.name)), "")
    .replace(/<title>[^]*?<\/title>/i, "")
    .replace(/<head\b[^>]*>/i, (tag) => `${tag}\n${head}\n<style>\n${css}\n</style>\n`)
    .replace(/<body\b(?:"[^"]*"|'[^']*'|[^>"'])*>/i, (tag) => `${tag}\n${top}`)
    .replace(/<\/body>(?![^]*<\/body>)/i, (tag) => `${foot}${tag}`);
}

function neighbour({ slot, title }: SentIssue, rel: "prev" | "next", label: string): string {
  const text = `<span class="w-label">${escapeHtml(label)}</span> <span class="w-enclosure">${escapeHtml(title)}</span>`;
  return `<a class="w-${rel}" rel="${rel}" href="../${slot}/">${text}</a>`;
}

/**
 * The HTML of an email for the public. The links for unsubscribing and for preferences are removed, and the places for a
 * name or an address are empty. Conditional comments are removed too, as they are for Outlook.
 */
function neutral({ html, slots }: Email, page: string, viewInBrowser: string): string {
  const { webUrl, ...own } = slots;
  // The longest token first, because a token may be the beginning of another.
  const tokens = Object.values(own).sort((a, b) => b.length - a.length);
  const shared = tokens.reduce(
    (text, token) => text.replace(link(token, "[^]*?"), "").replaceAll(token, ""),
    html.replace(/<!--[^]*?-->/g, ""),
  );
  if (webUrl === undefined) return shared;
  const isHere = link(webUrl, escaped(escapeMailHtml(viewInBrowser)));
  return shared.replace(isHere, "").replaceAll(webUrl, () => escapeHtml(page));
}

/** Finds the links to an address, with the space after them. */
function link(address: string, text: string): RegExp {
  return new RegExp(
    `<a\\b[^>]*?\\bhref=["']?${escaped(address)}[^>]*>${text}</a>(?:&nbsp;|\\s)*`,
    "gi",
  );
}

/** Finds a paragraph. It removes the reason why a reader gets the issue, which is only for readers. */
function paragraph(text: string): RegExp {
  return new RegExp(`<p\\b[^>]*>${escaped(escapeMailHtml(text))}</p>`, "i");
}

function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N}\s-]/gu, "\\$&");
}

const AROUND_CSS = `.w-bar,.w-around{box-sizing:border-box;max-width:600px;margin:0 auto;padding:0 20px;display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 24px}
.w-bar a{padding:12px 0;color:var(--ink);text-underline-offset:4px}
.w-around{padding-bottom:56px}
.w-around a{flex:1 1 200px;padding:20px 0;border-top:1px solid var(--rule);text-decoration:none}
.w-around a:hover .w-enclosure{text-decoration:underline;text-underline-offset:4px}
.w-around span{display:block}
.w-label{margin-bottom:4px}
.w-bar a:focus-visible,.w-around a:focus-visible{outline:2px solid var(--ink);outline-offset:2px}
@media (min-width:480px){.w-bar,.w-around{padding-left:40px;padding-right:40px}}
@media print{.w-bar,.w-around{display:none}}`;
