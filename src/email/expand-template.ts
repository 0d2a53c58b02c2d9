import Handlebars from "handlebars";
import { BroadsheetError } from "../errors.ts";
import { escapeMailHtml } from "../platform/references.ts";
import { remembering } from "../platform/remembering.ts";
import { registerHelpers, type Page } from "./helpers.ts";
import type { Template, TemplateFile } from "./email.ts";
import { markedTag, markedText, ownSource, sourceOf, type Source } from "./marks.ts";
import type { View } from "./view.ts";

/** A place in an expanded template: the line it came out on, the tag, and where it was written. */
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
  /** The placeholders of each story's headline, whole and short, one of which the HTML must hold. */
  readonly headlines: readonly (readonly string[])[];
  readonly text: string;
}

/**
 * A template filled with a view: MJML for the HTML part, and the plain-text part before wrapping.
 * @throws BroadsheetError TEMPLATE_INVALID at the file, line and column of the first fault.
 */
export async function expandTemplate(template: Template, view: View): Promise<Expanded> {
  const { html, text } = await compiled(template, pageOf(view));
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

function pageOf({ language, direction, publication }: View): Page {
  return { language, direction, hasLogo: publication.logo !== null };
}

interface Compiled {
  readonly html: (view: View) => string;
  readonly text: (view: View) => string;
}

/** As many as a preview of a newsletter with three templates goes back and forth between. */
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
  // A partial as a function, not as source: its runtime errors then name the partial's own file.
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
    // A helper doesn't know where it was called from; the token that it refused stands in quotes there.
    const at = source.search(new RegExp(`["']${cause.message.replace(/\W/g, "\\$&")}["']`));
    return at < 0 ? {} : { line: source.slice(0, at).split("\n").length };
  }
  const [, line, column] = /(\d+):(\d+)$/.exec(cause instanceof Error ? cause.message : "") ?? [];
  return line === undefined ? {} : { line: Number(line), column: Number(column) + 1 };
}

/** Every MJML tag of a template says where it was written, in an attribute taken off again. */
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
 * Content stays out of the templates' way: while Handlebars and MJML work, each text of the view is
 * a numbered placeholder, and the finished HTML is filled with the texts, escaped. Nothing an article
 * says can then be taken for a tag, and issues of one shape share one MJML result.
 *
 * The marks are noncharacters, which no text holds (Unicode §23.7).
 */
const OPEN = "\uFDD0";
const CLOSE = "\uFDD1";

/** What templates branch on or set as markup, and so must see itself. */
const STRUCTURE = new Set(
  "language direction start end hang beside style leadStyle briefStyle numberStyle kind plate labels tag".split(
    " ",
  ),
);

/** The text behind a placeholder; `isHtml` where it is markup that we wrote ourselves. */
interface Word {
  readonly text: string;
  readonly isHtml: boolean;
  /** The field of the digest that holds it; undefined for labels and the like. */
  readonly source: Source | undefined;
}

/** The view with its texts replaced by placeholders, and the texts by number. */
function withPlaceholders(view: View): { view: View; words: readonly Word[] } {
  const words: Word[] = [];
  return { view: replaceTexts(view, "", { words, seen: new Map(), part: {}, path: "" }), words };
}

/** HTML with every placeholder filled by its text, escaped for text and for quoted attributes. */
export function fillPlaceholders(html: string, words: readonly Word[]): string {
  return html.replace(PLACEHOLDER, (_mark, index: string) => filledWord(words[Number(index)]));
}

function filledWord(word: Word | undefined): string {
  return word === undefined || word.isHtml ? (word?.text ?? "") : escapeMailHtml(word.text);
}

/** The same with the sources of all texts and pictures that are seen, whatever template they stand in. */
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
  /** A story that stands in several places of the view has the same placeholders in each. */
  readonly seen: Map<object, unknown>;
  /** The source of the part of the view, and the names that lead from there to a text. */
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
