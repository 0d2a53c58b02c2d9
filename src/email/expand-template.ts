import Handlebars from "handlebars/dist/handlebars.js";
import { BroadsheetError } from "../errors.ts";
import { escapeMailHtml } from "../platform/references.ts";
import { remembering } from "../platform/remembering.ts";
import { registerHelpers, type Page } from "./helpers.ts";
import type { Template, TemplateFile } from "./email.ts";
import { markedTag, markedText, ownSource, sourceOf, type Source } from "./marks.ts";
import type { View } from "./view.ts";

/** The origin of a tag: its line in the expanded template, and its place in the source. */
export interface Origin {
  readonly line: number;
  readonly tag: string;
  readonly where: { readonly file: string; readonly line: number; readonly column: number };
}

export interface Expanded {
  /** With placeholders for the content. */
  readonly mjml: string;
  readonly origins: readonly Origin[];
  readonly words: readonly Word[];
  /** For each story, the placeholders of all forms of its headline. The HTML must contain one of them. */
  readonly headlines: readonly (readonly string[])[];
  readonly text: string;
}

/**
 * Fills a template with a view. The result is the MJML of the HTML part, and the plain-text part before wrapping.
 * @throws BroadsheetError TEMPLATE_INVALID at the file, line and column of the first fault.
 */
export async function expandTemplate(template: Template, view: View): Promise<Expanded> {
  const { html, text } = await compiled(template, {
    language: view.language,
    direction: view.direction,
    hasLogo: view.publication.logo !== null,
  });
  const { view: shape, words } = withPlaceholders(view);
  const { mjml, origins } = takeOrigins(html(shape));
  const stories = [
    ...(shape.lead ? [shape.lead] : []),
    ...shape.sections.flatMap((section) => section.stories),
  ];
  const headlines = stories.map(({ title, shortTitle, insetTitle, deskTitle }) => [
    title,
    shortTitle,
    insetTitle,
    deskTitle,
  ]);
  return { mjml, origins, words, headlines, text: text(view) };
}

interface Compiled {
  readonly html: (view: View) => string;
  readonly text: (view: View) => string;
}

/** Enough for a preview that switches between three templates. */
const MOST_COMPILED = 4;

const compiled = remembering(
  MOST_COMPILED,
  (template: Template, page: Page) => [template, [...template.partials], page],
  async (template, page): Promise<Compiled> => {
    if (template.isShipped !== true) await check(template);
    const html = compile(template, page, template.html);
    const text = compile(template, page, template.text);
    return { html, text };
  },
);

async function check(template: Template): Promise<void> {
  const { checkTemplate } = await import("./check-template.ts");
  checkTemplate(template, (source) => Handlebars.parse(source));
}

function compile(template: Template, page: Page, file: TemplateFile): (view: View) => string {
  const isText = file === template.text;
  const hbs = Handlebars.create();
  registerHelpers(hbs, template.theme, page);
  const compileOne = (source: TemplateFile) => {
    const marked = isText ? source.source : markOrigins(source);
    const run = hbs.compile(marked, { strict: true, noEscape: isText, preventIndent: true });
    return located(run, source, template.name);
  };
  // Partials are registered as functions and not as source, so that runtime errors name the partial's own file.
  for (const [name, partial] of template.partials) hbs.registerPartial(name, compileOne(partial));
  const run = compileOne(file);
  return (view) => run(view, { allowProtoPropertiesByDefault: false });
}

function located(
  run: Handlebars.TemplateDelegate,
  { file, source }: TemplateFile,
  name: string,
): Handlebars.TemplateDelegate {
  return (context, options) => {
    try {
      return run(context, options);
    } catch (cause) {
      if (cause instanceof BroadsheetError) throw cause;
      throw new BroadsheetError("TEMPLATE_INVALID", `"${name}": ${reasonOf(cause)}`, {
        where: { file, ...positionOf(cause, source) },
        fix: "docs/templates.md lists the fields, helpers and theme tokens",
        cause,
      });
    }
  };
}

function reasonOf(cause: unknown): string {
  if (cause instanceof RangeError) return `there is no theme token "${cause.message}"`;
  return cause instanceof Error ? cause.message.replace(/ - \d+:\d+$/, "") : String(cause);
}

function positionOf(cause: unknown, source: string): { line?: number; column?: number } {
  if (cause instanceof RangeError) {
    // A helper does not know its position in the template. The rejected token is in quotes there.
    const at = source.search(new RegExp(`["']${cause.message.replace(/\W/g, "\\$&")}["']`));
    return at < 0 ? {} : { line: source.slice(0, at).split("\n").length };
  }
  const [, line, column] = /(\d+):(\d+)$/.exec(cause instanceof Error ? cause.message : "") ?? [];
  return line === undefined ? {} : { line: Number(line), column: Number(column) + 1 };
}

/** Adds an attribute with its origin to every MJML tag. `takeOrigins` removes it again. */
function markOrigins({ file, source }: TemplateFile): string {
  return source.replace(/<(mj[a-z-]*)(?=[\s/>])/g, (match, _tag, offset: number) => {
    const before = source.slice(0, offset);
    const line = before.split("\n").length;
    const column = offset - before.lastIndexOf("\n");
    return `${match} data-at="${file}:${line}:${column}"`;
  });
}

function takeOrigins(marked: string): { mjml: string; origins: Origin[] } {
  const origins: Origin[] = [];
  const lines = marked.split("\n").map((text, index) =>
    text.replace(
      /<(mj[a-z-]*) data-at="([^"]*):(\d+):(\d+)"/g,
      (_match, tag, file, line, column) => {
        const where = { file: String(file), line: Number(line), column: Number(column) };
        origins.push({ line: index + 1, tag: String(tag), where });
        return `<${tag}`;
      },
    ),
  );
  return { mjml: lines.join("\n"), origins };
}

/**
 * While Handlebars and MJML work, each text of the view is a numbered placeholder. Then the finished HTML is filled with
 * the escaped texts. So no text of an article can become a tag, and issues of the same shape share one MJML result.
 *
 * The marks are noncharacters, which no text contains (Unicode §23.7).
 */
const OPEN = "\uFDD0";
const CLOSE = "\uFDD1";

/** Fields that templates use in conditions or as markup, so they need the real values. */
const STRUCTURE = new Set(
  "language direction start end hang beside style leadStyle briefStyle numberStyle kind plate labels tag".split(
    " ",
  ),
);

/** The text of a placeholder. `isHtml` marks our own markup. */
interface Word {
  readonly text: string;
  readonly isHtml: boolean;
  /** The field of the digest that contains the text. Undefined for labels and the like. */
  readonly source: Source | undefined;
}

/** Returns the view with its texts replaced by placeholders, and the numbered texts. */
function withPlaceholders(view: View): { view: View; words: readonly Word[] } {
  const words: Word[] = [];
  return { view: replaceTexts(view, "", { words, seen: new Map(), part: {}, path: "" }), words };
}

/** Fills every placeholder of the HTML with its text, escaped for text and for quoted attributes. */
export function fillPlaceholders(html: string, words: readonly Word[]): string {
  return html.replace(PLACEHOLDER, (_mark, index: string) => filledWord(words[Number(index)]));
}

function filledWord(word: Word | undefined): string {
  return word === undefined || word.isHtml ? (word?.text ?? "") : escapeMailHtml(word.text);
}

/** Fills the placeholders, and marks the source of every visible text and picture. It works for any template. */
export function fillWithMarks(html: string, words: readonly Word[]): string {
  const body = html.indexOf("<body");
  const sourceIn = (mark: string) => words[Number(PLACE.exec(mark)?.[1])]?.source;
  const filled = (mark: string, index: string) => {
    const source = sourceIn(mark);
    const text = filledWord(words[Number(index)]);
    return source ? markedText(text, source) : text;
  };
  const marked = html.slice(body).replace(/<!--[^]*?-->|<[^>]*>|[^<]+/g, (piece) => {
    if (!piece.startsWith("<")) return piece.replace(PLACEHOLDER, filled);
    const source = piece.startsWith("<img") ? sourceIn(piece) : undefined;
    return fillPlaceholders(source ? markedTag(piece, source) : piece, words);
  });
  return fillPlaceholders(html.slice(0, body), words) + marked;
}

const PLACE = new RegExp(`${OPEN}(\\d+)${CLOSE}`);
const PLACEHOLDER = new RegExp(PLACE, "g");

interface Replacing {
  readonly words: Word[];
  /** A story in several places of the view has the same placeholders in each. */
  readonly seen: Map<object, unknown>;
  /** The source of the current part of the view, and the path from there to the text. */
  readonly part: Source;
  readonly path: string;
}

function replaceTexts<T>(value: T, key: string, replacing: Replacing): T;
function replaceTexts(value: unknown, key: string, replacing: Replacing): unknown {
  const { words, seen, path } = replacing;
  if (STRUCTURE.has(key) || value === "") return value;
  if (typeof value === "string") {
    const source = sourceOf(path, replacing.part);
    words.push({ text: value, isHtml: key === "html", source });
    return `${OPEN}${words.length - 1}${CLOSE}`;
  }
  if (Array.isArray(value))
    return value.map((element: unknown, at) =>
      replaceTexts(element, key, within(replacing, String(at), element)),
    );
  if (typeof value !== "object" || value === null) return value;
  const before = seen.get(value);
  if (before !== undefined) return before;
  const replaced = Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      replaceTexts(inner, name, within(replacing, name, inner)),
    ]),
  );
  seen.set(value, replaced);
  return replaced;
}

function within(replacing: Replacing, name: string, inner: unknown): Replacing {
  const { part, path } = replacing;
  const own = ownSource(inner, part);
  if (own) return { ...replacing, part: own, path: "" };
  return { ...replacing, path: path === "" ? name : `${path}.${name}` };
}
