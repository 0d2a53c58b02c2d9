import { createRequire } from "node:module";
import type sanitizeHtml from "sanitize-html";
import { escapeHtml } from "../platform/references.ts";
import { once } from "../platform/remembering.ts";

type Options = sanitizeHtml.IOptions;
type Attributes = sanitizeHtml.Attributes;

// Loaded with the first article that needs it, because it takes 25 ms.
const sanitise = once((): typeof sanitizeHtml => createRequire(import.meta.url)("sanitize-html"));

const TEXT_TAGS =
  "p h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong del a br hr sup sub table thead tbody tr th td".split(
    " ",
  );

const STRICT: Options = {
  allowedTags: TEXT_TAGS,
  allowedAttributes: {
    a: ["href"],
    ol: ["start"],
    th: ["colspan", "rowspan"],
    td: ["colspan", "rowspan"],
  },
  allowedSchemes: ["http", "https", "mailto"],
  allowProtocolRelative: false,
  nestingLimit: 60,
};

// A mail has no address of its own, so relative links in it don't work.
function mailLink(tagName: string, { href = "" }: Attributes): sanitizeHtml.Tag {
  const attribs: Attributes = {};
  if (/^(?:https?:\/\/|mailto:)/i.test(href)) attribs["href"] = href;
  return { tagName, attribs };
}

/**
 * Reduces HTML to text markup: paragraphs, headings, lists, quotations, code, tables, emphasis, and links to http,
 * https and mailto addresses. No styles, classes, pictures, forms or scripts remain.
 */
export function sanitiseHtml(html: string): string {
  return sanitise()(html, { ...STRICT, transformTags: { a: mailLink } });
}

const LOOSE: Options = {
  ...STRICT,
  allowedTags: [
    ...TEXT_TAGS,
    ..."h1 img figure figcaption caption div section article main header footer aside nav details summary dl dt dd address center".split(
      " ",
    ),
  ],
  allowedAttributes: { ...STRICT.allowedAttributes, img: ["src", "alt", "title"] },
  transformTags: { b: "strong", i: "em", s: "del", strike: "del", cite: "em", tfoot: "tbody" },
};

/**
 * Makes HTML safe and well-formed, but keeps pictures, figures and the containers that separate blocks. An unclosed
 * comment or script becomes text, so that it cannot swallow the rest.
 */
export function structuralHtml(html: string): string {
  return sanitise()(SWALLOWERS.reduce(disarm, html), LOOSE);
}

const SWALLOWERS = [
  ["<!--", "-->"],
  ...["script", "style", "title", "textarea", "xmp", "iframe", "noscript"].map((name) => [
    `<${name}`,
    `</${name}`,
  ]),
];

function disarm(html: string, [opening = "", closing = ""]: readonly string[]): string {
  const lastClosing = html.toLowerCase().lastIndexOf(closing);
  const safe = lastClosing === -1 ? 0 : lastClosing;
  const pattern = new RegExp(`${opening}(?![a-z])`, "gi");
  return html.slice(0, safe) + html.slice(safe).replace(pattern, (tag) => `&lt;${tag.slice(1)}`);
}

/** Converts plain paragraphs to HTML, with all characters escaped. */
export function toHtml(paragraphs: readonly string[]): string {
  return paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`).join("\n");
}
