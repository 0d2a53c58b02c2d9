import { tokensOf } from "./tokens.ts";

/** What stands in the value of a declaration. All names are in lower case. */
export interface ValueParts {
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
