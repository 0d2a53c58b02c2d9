import { tokenize, tokenNames } from "css-tree/tokenizer";

/** A token of CSS Syntax 3 §4. */
export interface Token {
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

/** What stands in the value of a declaration. All names are in lower case. */
interface ValueParts {
  /** Without their bracket: `calc`, `url`. */
  readonly functions: readonly string[];
  /** Of numbers: `px`, `%`. */
  readonly units: readonly string[];
  readonly words: readonly string[];
  readonly urls: readonly string[];
}

export function valueParts(value: string): ValueParts {
  const functions: string[] = [];
  const units: string[] = [];
  const words: string[] = [];
  const urls: string[] = [];
  let isUrl = false;
  for (const { type, text } of tokensOf(value)) {
    if (type === "function") functions.push(text.slice(0, -1).toLowerCase());
    else if (type === "dimension") units.push(text.replace(NUMBER, "").toLowerCase());
    else if (type === "percentage") units.push("%");
    else if (type === "ident") words.push(text.toLowerCase());
    else if (type === "url") urls.push(text.replace(/^url\(\s*|\s*\)$/gi, ""));
    else if (type === "string" && isUrl) urls.push(text.slice(1, -1));
    isUrl = type === "function" && /^url\($/i.test(text);
  }
  return { functions: urls.length > 0 ? [...functions, "url"] : functions, units, words, urls };
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/i;
