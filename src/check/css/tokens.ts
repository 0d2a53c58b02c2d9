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
