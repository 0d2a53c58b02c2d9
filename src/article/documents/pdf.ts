import type { getDocumentProxy } from "unpdf";
import { escapeHtml } from "../../platform/references.ts";
import type { Dropped, Reading, Source } from "../article.ts";
import { text as fieldText } from "../field-values.ts";
import { endsSentence } from "../measure-text.ts";
import { personIn } from "./person.ts";
import { linesOn, type Line, PAGE_END, type PdfItem, paragraphsOf } from "./pdf-lines.ts";
import { refusal, WITHOUT_PASSWORD } from "../refusal.ts";

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

const MOST_PAGES = 500;
const FEWEST_CHARACTERS = 20;

/**
 * Converts a PDF to HTML, by its tags or otherwise by the positions of its lines. Scripts never run. Comments, forms
 * and hidden layers are left out.
 * @throws BroadsheetError CONTENT_UNSUPPORTED, CONTENT_TOO_LARGE, CONTENT_EMPTY
 */
export async function readPdf(bytes: Uint8Array, location: string): Promise<Source> {
  const pdf = await open(bytes, location);
  try {
    return await readPages(pdf, location);
  } finally {
    await pdf.loadingTask.destroy();
  }
}

async function readPages(pdf: Pdf, location: string): Promise<Source> {
  if (pdf.numPages > MOST_PAGES)
    throw refusal(
      location,
      `has ${pdf.numPages} pages; a PDF has ${MOST_PAGES} at most`,
      "save the pages of the article as a PDF of their own",
      { code: "CONTENT_TOO_LARGE" },
    );
  const pages = await pagesOf(pdf);
  const text = pages.map(({ items }) => items.map(textOf).join("")).join("");
  refuseUnreadable(text, location);
  const tagged = pages.flatMap(({ tree }) => (tree ? [tree] : []));
  const isTagged = lengthOf(tagged.join("").replace(/<[^>]*>/g, "")) > lengthOf(text) / 2;
  const laid = isTagged ? undefined : paragraphsOf(pages.map(({ lines }) => lines));
  const { info } = await pdf.getMetadata().catch(() => ({ info: {} }));
  const said = new Map<string, unknown>(Object.entries(info));
  const title = fieldText(said.get("Title")) ?? "";
  return {
    format: "document",
    location,
    body: joined(laid?.html ?? tagged.join(PAGE_END), text),
    document: {
      title: FILE_NAME.test(title) ? "" : title,
      authors: personIn(fieldText(said.get("Author")) ?? ""),
      dropped: (laid?.repeated ?? []).map((line): Dropped => ({ text: line, reason: HEAD })),
      ...(laid && { reading: readingOf(laid.isSure) }),
    },
  };
}

const HEAD = "a running head or a page number";
/** Titles that programs make from a file name. */
const FILE_NAME =
  /^(?:microsoft word\b|untitled|document\s?\d*$|slide 1$)|\.(?:docx?|pdf|indd|tex|dvi|odt|html?|qxp)$/i;

/** Without tags, the order of columns, boxes and notes is a guess. */
function readingOf(isSure: boolean): Reading {
  const doubts = isSure ? [] : ["the PDF does not give the order of its columns"];
  return { confidence: isSure ? 0.8 : 0.45, doubtful: !isSure, doubts };
}

async function open(bytes: Uint8Array, location: string): Promise<Pdf> {
  const { getDocumentProxy } = await import("unpdf");
  // The library takes over the memory of its input, so it gets a copy.
  const data = Uint8Array.from(bytes);
  const options = { verbosity: 0, isEvalSupported: false, useSystemFonts: false };
  return getDocumentProxy(data, options).catch((cause: unknown) => {
    if (cause instanceof Error && cause.name === "PasswordException")
      throw refusal(location, "is protected with a password", WITHOUT_PASSWORD, { cause });
    throw refusal(location, "is a damaged PDF", "save it again with the program that made it", {
      cause,
    });
  });
}

interface PdfPage {
  readonly items: readonly PdfItem[];
  readonly lines: readonly Line[];
  /** The HTML of its tags. */
  readonly tree: string | undefined;
}

async function pagesOf(pdf: Pdf): Promise<PdfPage[]> {
  const layers = await pdf.getOptionalContentConfig();
  const hasHidden = [...layers].some(([, layer]) => !layer.visible);
  const pages: PdfPage[] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    const { items: all } = await page.getTextContent({ includeMarkedContent: true });
    const tree: TagNode | null = await page.getStructTree();
    const byTag = new Map<string, PdfItem[]>();
    const items: PdfItem[] = [];
    const open: { readonly id: string | undefined; readonly isHidden: boolean }[] = [];
    for (const item of all) {
      if ("str" in item) {
        if (open.some(({ isHidden }) => isHidden)) continue;
        items.push(item);
        const id = open.findLast(({ id }) => id !== undefined)?.id ?? "";
        byTag.set(id, [...(byTag.get(id) ?? []), item]);
      } else if (item.type === "endMarkedContent") open.pop();
      else
        open.push({
          id: item.id ?? undefined,
          isHidden: hasHidden && "tag" in item && item.tag === "OC",
        });
    }
    const html = tree
      ? htmlOf(tree, (id) => (byTag.get(id) ?? []).map(textOf).join(""))
      : undefined;
    const [, bottom = 0, , top = 0] = page.view;
    pages.push({ items, lines: linesOn(items, { bottom, top }), tree: html?.html });
    page.cleanup();
  }
  return pages;
}

function textOf({ str, hasEOL }: PdfItem): string {
  return hasEOL ? `${str}\n` : str;
}

function lengthOf(text: string): number {
  return text.replace(/\s+/g, "").length;
}

/** Characters that only the PDF's font can explain: private use, controls, and U+FFFD. */
const UNKNOWN = /[\p{Co}\p{Cn}\ufffd]|(?!\s)\p{Cc}/gu;

function refuseUnreadable(text: string, location: string): void {
  const length = lengthOf(text);
  if (length < FEWEST_CHARACTERS)
    throw refusal(location, "is scanned: no text in it", "run a text recognition (OCR) over it", {
      code: "CONTENT_EMPTY",
    });
  if ((text.match(UNKNOWN)?.length ?? 0) > length / 5)
    throw refusal(
      location,
      "has fonts that do not map their glyphs to letters",
      "run a text recognition (OCR) over it, or copy the text from the original document",
    );
}

interface TagNode {
  readonly role: string;
  readonly children: readonly (TagNode | { readonly type: string; readonly id: string })[];
}

/** The HTML elements for standard tags (ISO 32000-2 §14.8.4). */
const TAGS: ReadonlyMap<string, string> = new Map([
  ["Title", "h1"],
  ["H", "h2"],
  ...Array.from({ length: 6 }, (_, at): [string, string] => [`H${at + 1}`, `h${at + 1}`]),
  ["P", "p"],
  ["L", "ul"],
  ["LI", "li"],
  ["Table", "table"],
  ["TR", "tr"],
  ["TH", "th"],
  ["TD", "td"],
  ["Caption", "figcaption"],
  ["BlockQuote", "blockquote"],
  ["Code", "pre"],
]);
const SKIPPED = new Set(
  "Artifact Figure Formula Form Annot TOC Index Note FENote Lbl Watermark".split(" "),
);
const IN_LINE = new Set("Span Link Quote Em Strong Reference Ruby RB Sub".split(" "));
const MOST_LEVELS = 100;

function htmlOf(node: TagNode, textIn: (id: string) => string, depth = 0): Rendered {
  const inside: Rendered[] = node.children.map((child) => {
    if ("id" in child) return { html: escapeHtml(textIn(child.id)), isInLine: true };
    if (SKIPPED.has(child.role) || !("children" in child) || depth > MOST_LEVELS) return NOTHING;
    return htmlOf(child, textIn, depth + 1);
  });
  const html = inside.map((one) => one.html).join("");
  const tag = TAGS.get(node.role);
  if (html.trim() === "") return NOTHING;
  if (tag !== undefined) return { html: `<${tag}>${html}</${tag}>`, isInLine: false };
  const isInLine = inside.every((one) => one.isInLine);
  if (!isInLine || IN_LINE.has(node.role)) return { html, isInLine };
  return { html, isInLine: depth > 1 || node.role === "NonStruct" };
}

interface Rendered {
  readonly html: string;
  readonly isInLine: boolean;
}

const NOTHING: Rendered = { html: "", isInLine: true };

const PARTED = new RegExp(
  String.raw`</p>\s*${PAGE_END}\s*<p>|</li>\s*</ul>\s*${PAGE_END}\s*<ul>\s*<li>`,
  "g",
);
const HYPHENATED = /([\p{L}\p{N}-]*\p{L})[-\u2010\u00ad]\n\s*(\p{Ll}[\p{L}-]*)/gu;
const LONGEST_END = 300;

/** Joins lines into paragraphs, also across the end of a page. */
function joined(html: string, text: string): string {
  const words = new Set(text.toLowerCase().match(/[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*/gu));
  return html
    .replace(PARTED, (between, at: number) => {
      const before = html.slice(Math.max(0, at - LONGEST_END), at).replace(/<[^>]*>/g, "");
      return endsSentence(before.trim()) ? between : "\n";
    })
    .replaceAll(PAGE_END, "\n")
    .replace(HYPHENATED, (_all, one: string, two: string) => {
      const isKnown = words.has(`${one}-${two}`.toLowerCase());
      return isKnown ? `${one}-${two}` : one + two;
    });
}
