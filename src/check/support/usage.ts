import { stylesOf } from "../css/document-styles.ts";
import { innerSelectors } from "../css/parse-selectors.ts";
import type { AtRule, Declaration, Selector, Simple, StyleSheet } from "../css/style-sheet.ts";
import { valueParts } from "../css/values.ts";
import type { Place } from "../finding.ts";
import { linksOf } from "../content/links.ts";
import { attribute, type HtmlDocument, type MailElement, ownText } from "../html/mail-element.ts";
import { memo } from "../memo.ts";

/** Where something is used. */
export interface Use {
  readonly at: MailElement | Place;
  /** Whether it stands in @supports, so that a client without it takes what stands before. */
  readonly isOptional: boolean;
}

/** What a mail uses of HTML and CSS, by traces such as `element:video` or `value:display=grid`. */
export type Usage = ReadonlyMap<string, readonly Use[]>;

export const usageOf = memo((html: HtmlDocument): Usage => {
  const uses = new Uses();
  for (const element of html.elements) addElement(element, uses);
  for (const { element, href } of linksOf(html)) {
    if (/^#./.test(href)) uses.add("link:#", element);
    if (/^mailto:/i.test(href)) uses.add("link:mailto", element);
  }
  for (const { text, line } of html.comments) {
    if (!/^\s*\[if|<!\[endif\]/i.test(text) && text !== "") uses.add("html-comment", { line });
  }
  if (html.doctype !== undefined) uses.add("doctype", { line: 1 });
  const { sheets, inline } = stylesOf(html);
  for (const { element, sheet } of sheets) {
    if (/\/\*/.test(ownText(element))) uses.add("css-comment", element);
    addSheet(sheet, uses);
  }
  for (const [element, declarations] of inline) {
    for (const declaration of shown(declarations)) addDeclaration(declaration, element, uses);
  }
  return uses.all;
});

class Uses {
  readonly all = new Map<string, Use[]>();
  /** Values come again and again in a mail. */
  readonly #values = new Map<string, readonly string[]>();

  add(trace: string, at: Use["at"], isOptional = false): void {
    const uses = this.all.get(trace) ?? [];
    uses.push({ at, isOptional });
    this.all.set(trace, uses);
  }

  valueTraces(property: string, value: string): readonly string[] {
    const key = `${property}:${value}`;
    const traces = this.#values.get(key) ?? valueTraces(property, value);
    this.#values.set(key, traces);
    return traces;
  }
}

function addElement(element: MailElement, uses: Uses): void {
  // What the parser adds is nothing that anybody uses.
  if (element.line === undefined) return;
  const { name } = element;
  const rel = attribute(element, "rel");
  if (name !== "link" || /\bstylesheet\b/i.test(rel)) uses.add(`element:${name}`, element);
  for (const key of element.attributes.keys()) {
    uses.add(`attribute:${key}`, element);
    if (key.startsWith("aria-")) uses.add(`aria:${key.slice("aria-".length)}`, element);
  }
  if (name === "input")
    uses.add(`input:${attribute(element, "type").toLowerCase() || "text"}`, element);
  if (name === "button")
    uses.add(`button:${attribute(element, "type").toLowerCase() || "submit"}`, element);
  if (name === "meta") uses.add(`meta:${attribute(element, "name").toLowerCase()}`, element);
  for (const source of picturesOf(element)) uses.add(`image:${kindOf(source)}`, element);
}

function picturesOf(element: MailElement): string[] {
  const { name } = element;
  const set = name === "img" || name === "source" ? attribute(element, "srcset") : "";
  const listed = set.split(",").map((entry) => entry.trim().split(/\s/)[0] ?? "");
  const own = name === "img" ? attribute(element, "src") : attribute(element, "background");
  return [own, ...listed].filter(Boolean);
}

/** What kind of picture an address names: by its ending, or `data` for one that is the picture. */
function kindOf(source: string): string {
  if (/^data:/i.test(source)) return "data";
  return /\.([a-z0-9]{2,5})(?:[?#]|$)/i.exec(source)?.[1]?.toLowerCase() ?? "unknown";
}

function addSheet({ rules, atRules }: StyleSheet, uses: Uses): void {
  for (const rule of atRules) addAtRule(rule, uses);
  for (const { selectors, prelude, declarations, within, isNested, line } of rules) {
    const at = { line };
    const isOptional = isInSupports(within);
    if (isNested || /&/.test(prelude)) uses.add("nesting", at, isOptional);
    if (selectors.length > 1) uses.add("selector:grouping", at, isOptional);
    for (const selector of selectors) {
      for (const trace of selectorTraces(selector)) uses.add(trace, at, isOptional);
    }
    for (const declaration of shown(declarations))
      addDeclaration(declaration, { line: declaration.line }, uses, isOptional);
  }
}

/** What hides a text once more that isn't shown anyway matters nowhere. */
function shown(declarations: readonly Declaration[]): readonly Declaration[] {
  const isHidden = declarations.some(({ property, value }) => {
    return property === "display" && value.toLowerCase() === "none";
  });
  return isHidden ? declarations.filter(({ property }) => !HIDING.has(property)) : declarations;
}

const HIDING: ReadonlySet<string> = new Set(
  "visibility opacity overflow max-height max-width height width font-size line-height color mso-hide".split(
    " ",
  ),
);

function addAtRule({ name, prelude, line, declarations, within }: AtRule, uses: Uses): void {
  const isOptional = isInSupports(within);
  const plain = name.replace(/^-(?:webkit|moz|ms|o)-/, "");
  uses.add(`at:${plain}`, { line }, isOptional);
  if (name === "media") {
    for (const [, feature = ""] of prelude.matchAll(/\(\s*([a-z-]+)/gi)) {
      const bare = feature
        .toLowerCase()
        .replace(/^-(?:webkit|moz|ms|o)-/, "")
        .replace(/^(?:min|max)-+/, "");
      uses.add(`media:${bare}`, { line }, isOptional);
    }
  }
  if (name === "font-face") return;
  for (const declaration of declarations)
    addDeclaration(declaration, { line: declaration.line }, uses, isOptional);
}

function isInSupports(within: readonly AtRule[]): boolean {
  return within.some(({ name }) => name === "supports");
}

function addDeclaration(
  { property, value, isImportant }: Declaration,
  at: Use["at"],
  uses: Uses,
  isOptional = false,
): void {
  const add = (trace: string) => uses.add(trace, at, isOptional);
  add(property.startsWith("--") ? "custom-property" : `property:${property}`);
  if (isImportant) add("important");
  for (const trace of uses.valueTraces(property, value)) add(trace);
}

function valueTraces(property: string, value: string): readonly string[] {
  const { functions, units, words, urls } = valueParts(value);
  return [
    ...functions.map((name) => `function:${name}`),
    ...units.map((unit) => `unit:${unit}`),
    ...words.flatMap((word) => [`word:${word}`, `value:${property}=${word}`]),
    ...urls.map((url) => `image:${kindOf(url)}`),
  ];
}

const COMBINATORS: ReadonlyMap<string, string> = new Map([
  [" ", "descendant"],
  [">", "child"],
  ["+", "adjacent-sibling"],
  ["~", "general-sibling"],
]);

function selectorTraces(selector: Selector): string[] {
  return selector.flatMap(({ combinator, simples }) => [
    ...(COMBINATORS.has(combinator) ? [`selector:${COMBINATORS.get(combinator)}`] : []),
    ...(simples.filter(({ kind }) => kind === "class" || kind === "id").length > 1
      ? ["selector:chaining"]
      : []),
    ...simples.flatMap(simpleTraces),
  ]);
}

function simpleTraces({ kind, name, value = "" }: Simple): string[] {
  switch (kind) {
    case "pseudo-class":
      return [`pseudo-class:${name}`, ...innerSelectors(value).flatMap(selectorTraces)];
    case "pseudo-element":
      return [`pseudo-element:${name}`];
    case "nesting":
      return ["nesting"];
    default:
      return [`selector:${kind}`];
  }
}
