import { tokenize, TokenType } from "@csstools/css-tokenizer";
import type { AtRule, Declaration } from "../../platform/css/style-sheet.ts";
import { stylesOf, type MailSheet } from "../css/document-styles.ts";
import {
  COMBINATORS,
  compoundsOf,
  isClass,
  isId,
  type Selector,
  SelectorType,
} from "../../platform/css/selectors.ts";
import { linksOf } from "../content.ts";
import { attribute, type HtmlDocument, type MailElement, ownText, memo } from "../html-document.ts";

export interface Use {
  readonly at: MailElement | { readonly line: number };
  /** Whether it is inside @supports, so that a client without it uses the earlier declarations. */
  readonly isOptional: boolean;
}

/** The features of HTML and CSS that a mail uses, by traces such as `element:video` or `value:display=grid`. */
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
  /** Cached, because the same values recur in a mail. */
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
  // An element that the parser added is not in the source.
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

/** The kind of picture by its address: the file extension, or `data` for an embedded picture. */
function kindOf(source: string): string {
  if (/^data:/i.test(source)) return "data";
  return /\.([a-z0-9]{2,5})(?:[?#]|$)/i.exec(source)?.[1]?.toLowerCase() ?? "unknown";
}

function addSheet({ rules, atRules }: MailSheet, uses: Uses): void {
  for (const rule of atRules) addAtRule(rule, uses);
  for (const { selectors, prelude, declarations, within, nestedIn, line } of rules) {
    const at = { line };
    const isOptional = isInSupports(within);
    if (nestedIn !== undefined || /&/.test(prelude)) uses.add("nesting", at, isOptional);
    if (selectors.length > 1) uses.add("selector:grouping", at, isOptional);
    for (const selector of selectors) {
      for (const trace of selectorTraces(selector)) uses.add(trace, at, isOptional);
    }
    for (const declaration of shown(declarations))
      addDeclaration(declaration, { line: declaration.line }, uses, isOptional);
  }
}

/** Declarations that hide a text which is already hidden make no difference. */
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

function selectorTraces(selector: Selector): string[] {
  const isChained = compoundsOf(selector).some(
    (parts) => parts.filter((part) => isClass(part) || isId(part)).length > 1,
  );
  return [...(isChained ? ["selector:chaining"] : []), ...selector.flatMap(partTraces)];
}

function partTraces(part: Selector[number]): string[] {
  switch (part.type) {
    case SelectorType.Pseudo: {
      if (part.name === "nesting") return ["nesting"];
      const inside = Array.isArray(part.data) ? part.data : [];
      return [`pseudo-class:${part.name}`, ...inside.flatMap(selectorTraces)];
    }
    case SelectorType.PseudoElement:
      return [`pseudo-element:${part.name}`];
    case SelectorType.Attribute:
      return [`selector:${isId(part) ? "id" : isClass(part) ? "class" : "attribute"}`];
    case SelectorType.Tag:
      return ["selector:type"];
    default:
      return [`selector:${COMBINATORS.get(part.type) ?? part.type}`];
  }
}

/**
 * The traces by which a feature is detected (see `usageOf`), if they do not follow from its slug. A feature with an empty
 * list is not part of HTML or CSS, and is never reported.
 */
const TRACES: Readonly<Record<string, string>> = {
  amp: "attribute:⚡4email attribute:amp4email",
  // A record of the domain's DNS.
  bimi: "",

  "css-animation": properties(
    "animation",
    "name duration delay timing-function iteration-count direction fill-mode play-state",
  ),
  "css-at-media-device-pixel-ratio": "media:device-pixel-ratio media:resolution",
  "css-at-media-hover": "media:hover media:any-hover",
  "css-at-media-orientation": "media:orientation",
  "css-at-media-prefers-color-scheme": "media:prefers-color-scheme",
  "css-at-media-prefers-reduced-motion": "media:prefers-reduced-motion",
  "css-background-position": properties("background-position", "x y"),
  "css-block-inline-size": "property:block-size property:inline-size",
  "css-border": properties("border", "top right bottom left width style color"),
  "css-border-image": properties("border-image", "source slice width outset repeat"),
  "css-border-inline-block": "property:border-inline property:border-block",
  "css-border-inline-block-individual": each(
    "property:border",
    "inline-start inline-end block-start block-end",
  ),
  "css-border-inline-block-longhand": each(
    "property:border",
    "inline-width inline-style inline-color block-width block-style block-color inline-start-width inline-start-style " +
      "inline-start-color inline-end-width inline-end-style inline-end-color block-start-width block-start-style " +
      "block-start-color block-end-width block-end-style block-end-color",
  ),
  "css-border-radius":
    properties("border-radius", "") +
    " " +
    each(
      "property:border",
      "top-left-radius top-right-radius bottom-left-radius bottom-right-radius",
    ),
  "css-border-radius-logical": each(
    "property:border",
    "start-start-radius start-end-radius end-start-radius end-end-radius",
  ),
  "css-column-layout-properties":
    "property:columns property:column-width property:column-fill property:column-span property:column-rule property:column-rule-color property:column-rule-style property:column-rule-width",
  "css-comments": "css-comment",
  "css-display-flex": "value:display=flex value:display=inline-flex",
  "css-display-grid": "value:display=grid value:display=inline-grid",
  "css-display-none": "value:display=none",
  "css-flex-direction":
    "value:flex-direction=column value:flex-direction=column-reverse value:flex-flow=column",
  "css-flex-wrap": "value:flex-wrap=wrap value:flex-wrap=wrap-reverse value:flex-flow=wrap",
  "css-gap": "property:gap property:column-gap property:row-gap property:grid-gap",
  "css-grid-template":
    "property:grid-template property:grid-template-columns property:grid-template-rows property:grid-template-areas",
  "css-important": "important",
  "css-inert-attribute": "attribute:inert",
  "css-intrinsic-size": "word:fit-content word:min-content word:max-content function:fit-content",
  "css-left-right-top-bottom": "property:left property:right property:top property:bottom",
  "css-margin": properties("margin", "top right bottom left"),
  "css-margin-block-start-end": each("property:margin", "block-start block-end"),
  "css-margin-inline-block": each("property:margin", "inline block"),
  "css-margin-inline-start-end": each("property:margin", "inline-start inline-end"),
  "css-mask-image":
    "property:mask-image property:mask property:-webkit-mask-image property:-webkit-mask",
  // These functions of CSS Color 4 and 5 became available together, so support for one usually means support for all.
  "css-modern-color": each("function", "lch oklch lab oklab color color-mix hwb", ":"),
  "css-nesting": "nesting",
  "css-outline": properties("outline", "width style color"),
  "css-overflow": properties("overflow", "x y"),
  "css-padding": properties("padding", "top right bottom left"),
  "css-padding-block-start-end": each("property:padding", "block-start block-end"),
  "css-padding-inline-block": each("property:padding", "inline block"),
  "css-padding-inline-start-end": each("property:padding", "inline-start inline-end"),
  "css-rgb": "function:rgb",
  "css-rgba": "function:rgba",
  "css-scroll-snap": each("property:scroll-snap", "type align stop"),
  "css-sytem-ui": each("word", "system-ui ui-serif ui-sans-serif ui-rounded ui-monospace", ":"),
  "css-text-emphasis": properties("text-emphasis", "color style"),
  "css-transition": properties("transition", "property duration delay timing-function behavior"),
  "css-unit-calc": "function:calc",
  "css-unit-initial": "word:initial",
  "css-unit-percent": "unit:%",
  "css-variables": "function:var custom-property",

  "html-anchor-links": "link:#",
  "html-comments": "html-comment",
  "html-doctype": "doctype",
  "html-h1-h6": "element:h1 element:h2 element:h3 element:h4 element:h5 element:h6",
  "html-image-maps": "attribute:usemap element:map",
  "html-link": "element:link",
  "html-lists": "element:ul element:ol element:dl",
  "html-loading-attribute": "attribute:loading",
  "html-mailto-links": "link:mailto",
  "html-meta-color-scheme": "meta:color-scheme",
  "html-popover": "attribute:popover attribute:popovertarget",
  "html-required": "attribute:required",
  "html-semantics": each(
    "element",
    "article aside details figcaption figure footer header hgroup main mark nav search section summary time",
    ":",
  ),
  "html-srcset": "attribute:srcset attribute:sizes",

  "image-base64": "image:data",
  "image-heif": "image:heif image:heic",
  "image-jpg": "image:jpg image:jpeg",
  "image-mp4": "image:mp4 image:webm image:mov",
  "image-tiff": "image:tiff image:tif",
  "image-ico": "image:ico",
};

/** Features that are attributes. Most other features with `html-…` are elements. */
const ATTRIBUTES: ReadonlySet<string> = new Set(
  "align background cellpadding cellspacing dir height hidden lang role target valign width".split(
    " ",
  ),
);

/** The beginnings of slugs whose kind follows from the beginning. */
const PREFIXES: readonly (readonly [prefix: string, kind: string])[] = [
  ["css-at-", "at"],
  ["css-pseudo-class-", "pseudo-class"],
  ["css-pseudo-element-", "pseudo-element"],
  ["css-selector-", "selector"],
  ["css-function-", "function"],
  ["css-unit-", "unit"],
  ["html-input-", "input"],
  ["html-button-", "button"],
  ["html-aria-", "aria"],
  ["image-", "image"],
];

/** Returns the traces of a feature. Any of them in a mail shows that it is used. */
export function tracesOf(slug: string): readonly string[] {
  const written = TRACES[slug];
  if (written !== undefined) return written.split(" ").filter(Boolean);
  const [prefix, kind] = PREFIXES.find(([start]) => slug.startsWith(start)) ?? [];
  if (prefix !== undefined) return [`${kind}:${slug.slice(prefix.length)}`];
  const name = slug.replace(/^(?:css|html)-/, "");
  if (slug.startsWith("html-"))
    return [ATTRIBUTES.has(name) ? `attribute:${name}` : `element:${name}`];
  return name.endsWith("-gradient")
    ? [`function:${name}`, `function:repeating-${name}`]
    : [`property:${name}`];
}

/** The traces of a shorthand property and its longhands. */
function properties(shorthand: string, parts: string): string {
  return `property:${shorthand} ${each(`property:${shorthand}`, parts)}`.trim();
}

function each(start: string, ends: string, between = "-"): string {
  return ends
    .split(" ")
    .filter(Boolean)
    .map((end) => `${start}${between}${end}`)
    .join(" ");
}

/** The parts of a declaration's value. All names are in lower case. */
interface ValueParts {
  /** The names of functions without the bracket: `calc`, `url`. */
  readonly functions: readonly string[];
  /** The units of numbers: `px`, `%`. */
  readonly units: readonly string[];
  readonly words: readonly string[];
  readonly urls: readonly string[];
}

function valueParts(value: string): ValueParts {
  const functions: string[] = [];
  const units: string[] = [];
  const words: string[] = [];
  const urls: string[] = [];
  let isUrl = false;
  for (const token of tokenize({ css: value })) {
    if (token[0] === TokenType.Function) functions.push(token[4].value.toLowerCase());
    else if (token[0] === TokenType.Dimension) units.push(token[4].unit.toLowerCase());
    else if (token[0] === TokenType.Percentage) units.push("%");
    else if (token[0] === TokenType.Ident) words.push(token[4].value.toLowerCase());
    else if (token[0] === TokenType.URL || (isUrl && token[0] === TokenType.String))
      urls.push(token[4].value);
    isUrl = token[0] === TokenType.Function && /^url$/i.test(token[4].value);
  }
  return { functions: urls.length > 0 ? [...functions, "url"] : functions, units, words, urls };
}
