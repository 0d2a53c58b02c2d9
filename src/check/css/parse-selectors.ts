import { tokenize, tokenNames } from "css-tree/tokenizer";

/** One thing that a selector asks of an element (Selectors 4 §3). */
export interface Simple {
  readonly kind:
    | "type"
    | "universal"
    | "class"
    | "id"
    | "attribute"
    | "pseudo-class"
    | "pseudo-element"
    | "nesting";
  /** In lower case, save for classes and ids. */
  readonly name: string;
  /** Of an attribute: `=`, `~=`, `|=`, `^=`, `$=` or `*=`. */
  readonly operator?: string | undefined;
  /** What the attribute is compared to, or what stands in a pseudo-class's brackets. */
  readonly value?: string | undefined;
}

/** What is asked of one element, and how it stands to the one before. */
export interface Compound {
  readonly combinator: "" | " " | ">" | "+" | "~";
  readonly simples: readonly Simple[];
}

export type Selector = readonly Compound[];

/** The selectors of a list; none where one of them cannot be understood, as in a browser. */
export function parseSelectors(prelude: string): readonly Selector[] {
  const selectors = splitAtCommas(tokensOf(prelude)).map(selectorOf);
  const known = selectors.filter((selector) => selector !== undefined);
  return known.length === selectors.length ? known : [];
}

/** Longer than selectors are in practice; brackets in brackets without end would take the square of their number. */
const LONGEST_INNER = 500;

/** The selectors in the brackets of `:not()`, `:is()` and `:has()`. */
export function innerSelectors(list: string): readonly Selector[] {
  return list.length > LONGEST_INNER ? [] : parseSelectors(list);
}

function splitAtCommas(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    depth += OPENS.has(token.type) ? 1 : CLOSES.has(token.type) ? -1 : 0;
    if (token.type === "," && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

const OPENS: ReadonlySet<string> = new Set(["(", "[", "function"]);
const CLOSES: ReadonlySet<string> = new Set([")", "]"]);
const COMBINATORS: ReadonlyMap<string, Compound["combinator"]> = new Map([
  [">", ">"],
  ["+", "+"],
  ["~", "~"],
]);

function selectorOf(tokens: readonly Token[]): Selector | undefined {
  const compounds: Compound[] = [];
  let simples: Simple[] | undefined;
  let combinator: Compound["combinator"] = "";
  for (let at = 0; at < tokens.length;) {
    const { type = "", text = "" } = tokens[at] ?? {};
    const written = COMBINATORS.get(text);
    if (type === "whitespace" || written) {
      combinator = written ?? (combinator || " ");
      simples = undefined;
      at++;
      continue;
    }
    const read = simpleAt(tokens, at);
    if (!read) return undefined;
    if (!simples) {
      simples = [];
      // Only a nested rule may begin with a combinator; white space before the first means nothing.
      const isFirst = compounds.length === 0 && combinator === " ";
      compounds.push({ combinator: isFirst ? "" : combinator, simples });
      combinator = "";
    }
    simples.push(read.simple);
    at = read.next;
  }
  return compounds.length > 0 && (combinator === "" || combinator === " ") ? compounds : undefined;
}

interface Read {
  readonly simple: Simple;
  /** The token after it. */
  readonly next: number;
}

function simpleAt(tokens: readonly Token[], at: number): Read | undefined {
  const { type = "", text = "" } = tokens[at] ?? {};
  const after = tokens[at + 1];
  const one = (simple: Simple): Read => ({ simple, next: at + 1 });
  switch (type) {
    case "ident":
      return one({ kind: "type", name: plain(text).toLowerCase() });
    case "hash":
      return one({ kind: "id", name: plain(text.slice(1)) });
    case ":":
      return pseudoAt(tokens, at);
    case "[":
      return attributeAt(tokens, at);
    case "delim":
      if (text === "*") return one({ kind: "universal", name: "*" });
      if (text === "&") return one({ kind: "nesting", name: "&" });
      if (text !== "." || after?.type !== "ident") return undefined;
      return { simple: { kind: "class", name: plain(after.text) }, next: at + 2 };
    default:
      return undefined;
  }
}

/** The four that are elements with one colon too (Selectors 4 §3.4). */
const OLD_ELEMENTS: ReadonlySet<string> = new Set([
  "before",
  "after",
  "first-line",
  "first-letter",
]);

function pseudoAt(tokens: readonly Token[], at: number): Read | undefined {
  const isDouble = tokens[at + 1]?.type === ":";
  const from = at + (isDouble ? 2 : 1);
  const token = tokens[from];
  if (token?.type !== "ident" && token?.type !== "function") return undefined;
  const name = plain(token.text).replace(/\($/, "").toLowerCase();
  const kind = isDouble || OLD_ELEMENTS.has(name) ? "pseudo-element" : "pseudo-class";
  if (token.type === "ident") return { simple: { kind, name }, next: from + 1 };
  const end = closing(tokens, from);
  return { simple: { kind, name, value: written(tokens.slice(from + 1, end)) }, next: end + 1 };
}

function attributeAt(tokens: readonly Token[], at: number): Read | undefined {
  const end = closing(tokens, at);
  const parts = tokens.slice(at + 1, end).filter(({ type }) => type !== "whitespace");
  const name = parts[0];
  if (name?.type !== "ident") return undefined;
  const operator = parts.slice(1).filter(({ type }) => type === "delim");
  const value = parts.slice(1).find(({ type }) => type === "ident" || type === "string");
  return {
    simple: {
      kind: "attribute",
      name: plain(name.text).toLowerCase(),
      ...(value && { operator: written(operator), value: plain(unquoted(value.text)) }),
    },
    next: end + 1,
  };
}

/** Where the bracket closes that is open at a token; after the last where it doesn't. */
function closing(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const { type = "" } = tokens[at] ?? {};
    depth += OPENS.has(type) ? 1 : CLOSES.has(type) ? -1 : 0;
    if (depth === 0) return at;
  }
  return tokens.length;
}

function written(tokens: readonly Token[]): string {
  return tokens
    .map(({ text }) => text)
    .join("")
    .trim();
}

function unquoted(text: string): string {
  return text.replace(/^(["'])([^]*)\1$/, "$2");
}

/** Without the escapes in it (CSS Syntax 3 §4.3.7). */
function plain(text: string): string {
  if (!text.includes("\\")) return text;
  return text
    .replace(/\\([0-9a-f]{1,6})\s?/gi, (_escape, hex: string) => {
      const code = Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\uFFFD";
    })
    .replace(/\\(.)/gs, "$1");
}

/** A token of CSS Syntax 3 §4. */
interface Token {
  /** Its name there without `-token`, or the sign it is: `ident`, `function`, `;`, `{`. */
  readonly type: string;
  readonly text: string;
  readonly start: number;
}

/** The tokens of a style sheet, a value or a selector, comments left out. */
export function tokensOf(css: string): Token[] {
  const tokens: Token[] = [];
  tokenize(css, (type, start, end) => {
    const name = TYPES[type] ?? "";
    if (name !== "comment") tokens.push({ type: name, text: css.slice(start, end), start });
  });
  return tokens;
}

const SIGNS: ReadonlyMap<string, string> = new Map([
  ["colon", ":"],
  ["comma", ","],
  ["semicolon", ";"],
]);

const TYPES = tokenNames
  .map((name) => name.replace(/-token$/, ""))
  .map((name) => SIGNS.get(name) ?? name);
