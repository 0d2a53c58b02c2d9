import { dateIn, sitePage } from "../archive/look.ts";
import type { Publication } from "../digest/digest.ts";
import { labelsFor } from "../email/labels.ts";
import { type Theme, themeFor } from "../email/theme.ts";
import { anchor, escapeHtml } from "../platform/references.ts";
import { filled } from "../platform/text.ts";
import { type DoorWords, doorWords } from "./words.ts";

/** The values that all pages share. */
export interface Look {
  /** The address of the newsletter's pages, without a slash at its end. */
  readonly site: string;
  /** Whether the sent issues can be read there. */
  readonly hasArchive: boolean;
  /** The theme of the newsletter's template. */
  readonly theme: Theme;
  readonly publication: Publication;
}

/** The parts of a page in one language. Text arguments are escaped, and HTML arguments are not. */
export interface PageParts {
  /** A language tag by BCP 47. */
  readonly language: string;
  readonly words: DoorWords;
  readonly labels: ReturnType<typeof labelsFor>;
  /** Fills in the newsletter's name for `{newsletter}`, and other values. */
  readonly say: (text: string, values?: Readonly<Record<string, string>>) => string;
  /** A day, YYYY-MM-DD. */
  readonly date: (day: string) => string;
  /** The whole page. `corner`: a text beside the newsletter's name. */
  readonly page: (title: string, body: readonly string[], corner?: string) => string;
}

export function pageParts(language: string, look: Look): PageParts {
  const { site, hasArchive, publication } = look;
  const words = doorWords(language);
  const labels = labelsFor(language);
  const say: PageParts["say"] = (text, values) =>
    filled(text, { newsletter: publication.name, ...values });
  const name = hasArchive ? anchor(`${site}/`, publication.name) : escapeHtml(publication.name);
  const address = publication.postalAddress ?? "";
  const [start = "", middle = "", end = ""] = sitePage({
    language,
    theme: themeFor(look.theme, language, publication),
    styles: STYLES,
    css: CSS,
    head: `<meta charset="utf-8">\n<title>${HOLE}</title>\n<meta name="robots" content="noindex">`,
    body: `<header><p class="w-nameplate-letter">${name}</p>${HOLE}</main>
${address ? `<footer class="w-meta">${escapeHtml(address)}</footer>` : ""}`,
  }).split(HOLE);
  return {
    language,
    words,
    labels,
    say,
    date: (day) => dateIn(language, day),
    page(title, body, corner = "") {
      const beside = corner && `<p class="w-meta"><bdi>${escapeHtml(corner)}</bdi></p>`;
      const heading = `<h1 class="w-headline">${escapeHtml(title)}</h1>`;
      return [
        `${start}${escapeHtml(`${title} · ${publication.name}`)}${middle}${beside}</header>\n<main>`,
        heading,
        ...body,
        end,
      ].join("\n");
    },
  };
}

/** Marks the places at which pages differ. No text contains this character. */
const HOLE = "\0";

/** A paragraph below the title. */
export function lead(text: string): string {
  return `<p class="w-dek">${escapeHtml(text)}</p>`;
}

/** A paragraph with an error. */
export function fault(text: string): string {
  return `<p class="w-label fault" role="alert">${escapeHtml(text)}</p>`;
}

export function note(text: string): string {
  return `<p class="w-meta">${escapeHtml(text)}</p>`;
}

/** A part of a page, below a rule. */
export function section(heading: string, body: readonly string[]): string {
  return `<section><h2 class="w-section">${escapeHtml(heading)}</h2>\n${body.join("\n")}\n</section>`;
}

interface FormParts {
  /** Hidden fields, by name. */
  readonly fields: Readonly<Record<string, string>>;
  readonly button: string;
  readonly isOutlined?: boolean;
  /** HTML before the button. */
  readonly inputs?: string;
  /** The challenge of a proof of work. The script of the page puts the answer into the field `proof`. */
  readonly challenge?: string;
}

/** A form that is posted to its own page. It contains no path, because a proxy may have changed the path. */
export function form(parts: FormParts): string {
  const { fields, button, isOutlined = false, inputs = "", challenge } = parts;
  const work = challenge === undefined ? "" : ` data-challenge="${escapeHtml(challenge)}"`;
  const hidden = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`,
  );
  return `<form method="post" autocomplete="off"${work}>${hidden.join("")}${inputs}<button class="w-button${isOutlined ? " outlined" : ""}">${escapeHtml(button)}</button></form>`;
}

/** Links in a row. */
export function links(all: readonly string[]): string {
  return all.length === 0 ? "" : `<nav class="w-meta">${all.join("")}</nav>`;
}

const STYLES = "nameplate-letter headline section dek label meta body button".split(" ");

const CSS = `body{max-width:600px;margin:0 auto;padding:28px 20px 56px}
header{display:flex;flex-wrap:wrap;align-items:baseline;justify-content:space-between;gap:4px 24px}
header::after{content:"";flex-basis:100%;height:2px;margin-top:12px;border:solid var(--rule);border-width:3px 0 1px}
header a{text-decoration:none}
header bdi,dd{overflow-wrap:anywhere}
h1{padding:36px 0 12px;text-wrap:balance}
h2{padding-bottom:4px}
p{text-wrap:pretty}
.fault{border-inline-start:3px solid var(--accent);margin-bottom:12px;padding:2px 0;padding-inline-start:12px}
form{padding-top:24px}
form+p{padding-top:12px}
label{display:block}
button,input{min-height:48px;width:100%;border:1px solid var(--ink);border-radius:2px;padding:12px 16px}
button{background:var(--ink);cursor:pointer}
button.outlined{background:none;color:var(--ink)}
button:hover{text-decoration:underline;text-underline-offset:4px}
input{background:var(--page);color:var(--ink);font:400 1rem/1.25 var(--sans);margin:8px 0 12px}
button:focus-visible,input:focus-visible{outline:2px solid var(--ink);outline-offset:3px}
section{margin-top:36px;padding-top:24px;border-top:1px solid var(--rule)}
section form{padding-top:12px}
dl{margin:0}
dt{padding-top:16px}
dd{margin:0}
nav{display:flex;flex-wrap:wrap;gap:0 24px;padding-top:20px}
nav a{padding:12px 0;color:var(--ink)}
main{padding-bottom:32px}
footer{padding-top:16px;border-top:1px solid var(--hair)}
@media (min-width:480px){body{padding:40px 40px 72px}h1{padding-top:48px}button,input{width:auto;min-width:280px}input{display:block}}`;
