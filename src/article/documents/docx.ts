import { BroadsheetError } from "../../errors.ts";
import { piecesOf } from "../feed/xml-pieces.ts";
import { decodeText } from "../../platform/references.ts";
import type { Source } from "../article.ts";
import { personIn } from "./person.ts";
import { refusal } from "../refusal.ts";
import type { Zip } from "./zip.ts";

const STYLES = "word/styles.xml";
const MAP = [
  "p[style-name='Title'] => h1.title:fresh",
  "p[style-name='Subtitle'] => p.subtitle:fresh",
  "p[style-name='Author'] => p.author:fresh",
  "p[style-name^='toc '] => !",
  "p[style-name='TOC Heading'] => !",
  "p[style-name^='Contents '] => !",
  "p[style-name='Caption'] => figcaption:fresh",
  "p[style-name='caption'] => figcaption:fresh",
  "p[style-name='Quote'] => blockquote > p:fresh",
  "p[style-name='Intense Quote'] => blockquote > p:fresh",
  "p[style-name='Quotations'] => blockquote > p:fresh",
];

/**
 * Converts a Word document to HTML, with the metadata in its styles and properties. Comments, deleted and hidden
 * text, pictures and macros are left out.
 * @throws BroadsheetError CONTENT_UNSUPPORTED, CONTENT_TOO_LARGE
 */
export async function readDocx(zip: Zip, location: string): Promise<Source> {
  const { default: mammoth } = await import("mammoth");
  const styles = await textOf(zip, STYLES);
  const hidden = hiddenStyles(styles);
  const file = {
    exists: (name: string) => zip.has(name),
    read: async (name: string, encoding?: string) => {
      if (name === STYLES) return styles;
      const bytes = await zip.read(name);
      if (encoding === undefined) return bytes;
      const xml = bytes.toString("utf8");
      return /^word\/[^/]*\.xml$/.test(name) ? withoutHiddenRuns(xml, hidden) : xml;
    },
  };
  const options = {
    styleMap: MAP,
    // A style map inside the file would be applied like ours.
    includeEmbeddedStyleMap: false,
    convertImage: mammoth.images.imgElement(async () => ({ src: "" })),
  };
  // The package reads `path` before `file` unless it is empty. Its types lack `file`.
  const input = { path: "", file };
  const { value } = await mammoth.convertToHtml(input, options).catch((cause: unknown) => {
    if (cause instanceof BroadsheetError) throw cause;
    throw refusal(location, "is a damaged Word document", "open it in Word and save it again", {
      cause,
    });
  });
  const core = propertiesIn(await textOf(zip, "docProps/core.xml"));
  const { html, notes } = withoutNotes(value);
  return {
    format: "document",
    location,
    body: html,
    document: {
      title: core.get("title"),
      authors: personIn(core.get("creator") ?? ""),
      dropped: notes.map((text) => ({ text, reason: "a footnote" })),
    },
  };
}

async function textOf(zip: Zip, name: string): Promise<string> {
  return zip.has(name) ? (await zip.read(name)).toString("utf8") : "";
}

function propertiesIn(xml: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  let name = "";
  for (const piece of piecesOf(xml)) {
    if (piece.is === "open") name = local(piece.name);
    else if (piece.is === "close") name = "";
    else if (piece.is === "text" && name !== "" && piece.text.trim() !== "")
      properties.set(name, decodeText(piece.text).trim());
  }
  return properties;
}

/** The local name of an element or attribute. Each program chooses its own prefixes. */
function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function valueIn(attributes: string, name = "val"): string | undefined {
  return new RegExp(String.raw`(?:^|[\s:])${name}\s*=\s*(?:"([^"]*)"|'([^']*)')`)
    .exec(attributes)
    ?.slice(1)
    .find((value) => value !== undefined);
}

/** ECMA-376 §17.17.4: a toggle property without a value is on. */
function isOn(attributes: string): boolean {
  return !/^(?:0|false|off)$/.test(valueIn(attributes) ?? "");
}

const VANISH = new Set(["vanish", "webHidden"]);

/** The ids of the styles that hide their text, directly or through the style that they are based on. */
function hiddenStyles(xml: string): ReadonlySet<string> {
  if (!/vanish/.test(xml)) return new Set();
  const styles = new Map<string, { isHidden?: boolean; base?: string | undefined }>();
  let style: { isHidden?: boolean; base?: string | undefined } = {};
  for (const piece of piecesOf(xml)) {
    if (piece.is !== "open") continue;
    const name = local(piece.name);
    if (name === "style") {
      style = {};
      styles.set(valueIn(piece.attributes, "styleId") ?? "", style);
    } else if (name === "basedOn") style.base = valueIn(piece.attributes);
    else if (name === "vanish") style.isHidden = isOn(piece.attributes);
  }
  const isHidden = (id: string, depth = 0): boolean => {
    const { isHidden: own, base } = styles.get(id) ?? {};
    return own ?? (base !== undefined && depth < 20 && isHidden(base, depth + 1));
  };
  return new Set([...styles.keys()].filter((id) => isHidden(id)));
}

interface Run {
  readonly name: string;
  /** The number of pieces kept before the run. */
  readonly from: number;
  isHidden: boolean;
  /** Whether the run itself decides `isHidden`, and not its style. */
  isDirect: boolean;
}

/** Removes hidden runs and placeholder text from a part of a Word document. */
function withoutHiddenRuns(xml: string, styles: ReadonlySet<string>): string {
  if (styles.size === 0 && !/vanish|webHidden|showingPlcHdr/.test(xml)) return xml;
  const kept: string[] = [];
  // `path` holds the open elements; `runs` holds those of them that can be hidden.
  const path: string[] = [];
  const runs: Run[] = [];
  const close = (name: string): void => {
    path.length = Math.max(path.lastIndexOf(name), 0);
    if (runs.at(-1)?.name !== name) return;
    const run = runs.pop();
    // A hidden paragraph hides its runs, but the paragraph itself remains.
    if (run?.isHidden && name !== "p") kept.length = run.from;
  };
  for (const piece of piecesOf(xml)) {
    if (piece.is === "text") kept.push(piece.text);
    else if (piece.is === "cdata") kept.push(`<![CDATA[${piece.text}]]>`);
    else if (piece.is === "open") {
      const { attributes, isEmpty } = piece;
      const name = local(piece.name);
      if (HIDEABLE.has(name) && !isEmpty) {
        const isHidden = name === "r" && runs.findLast((run) => run.name === "p")?.isHidden;
        runs.push({ name, from: kept.length, isHidden: isHidden === true, isDirect: false });
      }
      judge(runs.at(-1), name, { attributes, path, styles });
      kept.push(`<${piece.name}${attributes}${isEmpty ? "/>" : ">"}`);
      if (!isEmpty) path.push(name);
    } else if (piece.is === "close") {
      kept.push(`</${piece.name}>`);
      close(local(piece.name));
    }
  }
  return kept.join("");
}

const HIDEABLE = new Set(["p", "r", "sdt"]);

function judge(
  run: Run | undefined,
  name: string,
  {
    attributes,
    path,
    styles,
  }: {
    readonly attributes: string;
    readonly path: readonly string[];
    readonly styles: ReadonlySet<string>;
  },
): void {
  if (!run) return;
  // A paragraph mark has properties of its own. They hide no text.
  const isOfRun = run.name === "r" && path.at(-1) === "rPr" && path.at(-2) === "r";
  if (isOfRun && VANISH.has(name)) {
    run.isHidden = isOn(attributes);
    run.isDirect = true;
  } else if (isOfRun && name === "rStyle") {
    if (!run.isDirect && styles.has(valueIn(attributes) ?? "")) run.isHidden = true;
  } else if (run.name === "p" && name === "pStyle") {
    run.isHidden = styles.has(valueIn(attributes) ?? "");
  } else if (run.name === "sdt" && name === "showingPlcHdr") run.isHidden = isOn(attributes);
}

/** The package lists footnotes at the end, each with a link back to its mark. */
function withoutNotes(html: string): { html: string; notes: string[] } {
  const marks = /<sup><a [^>]*href="#(?:foot|end)note-[^"]*"[^>]*>\[\d+\]<\/a><\/sup>/g;
  const list = /<ol><li id="(?:foot|end)note-[^]*$/.exec(html);
  const notes = list?.[0].split(/<li id="(?:foot|end)note-/).slice(1) ?? [];
  return {
    html: html.slice(0, list?.index ?? html.length).replace(marks, ""),
    notes: notes.map((note) =>
      decodeText(note.replace(/^[^>]*>|<a href="#[^]*?<\/a>|<[^>]*>/g, "")).trim(),
    ),
  };
}
