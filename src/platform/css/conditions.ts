import { createRequire } from "node:module";
import type * as CssTree from "css-tree";
import { parseSelectors, splitOutside } from "./selectors.ts";
import type { AtRule } from "./style-sheet.ts";
import { lengthPx } from "./values.ts";
import { once } from "../remembering.ts";

export type Scheme = "light" | "dark";

/** The screen for which styles are computed. */
export interface Screen {
  /** The width in px. Undefined if it is unknown; then no rule for certain widths holds. */
  readonly widthPx?: number | undefined;
  readonly scheme: Scheme;
}

/** Undefined if it depends on an unknown condition. */
type Truth = boolean | undefined;

/** Whether the rules inside these at-rules apply on a screen. */
export function holdsWithin(within: readonly AtRule[], screen: Screen): Truth {
  return every(within, (rule) => atRuleHolds(rule, screen));
}

function atRuleHolds({ name, prelude }: AtRule, screen: Screen): Truth {
  if (name === "media") return mediaHolds(prelude, screen);
  if (name === "supports") return condition(prelude.toLowerCase(), isSupported);
  if (name === "layer") return true;
  // Rules inside other at-rules, such as `@keyframes`, do not style elements.
  return name === "container" || name === "scope" ? undefined : false;
}

/** Whether a list of media queries holds on a screen (Media Queries 4 §3). */
export function mediaHolds(queries: string, screen: Screen): Truth {
  if (queries.trim() === "") return true;
  return some(splitOutside(queries.toLowerCase(), [","]), (query) => queryHolds(query, screen));
}

const QUERY = /^\s*(?:(not|only)\s+)?([a-z-]+)\s*(?:\band\b(.*))?$/s;

function queryHolds(query: string, screen: Screen): Truth {
  const isSo = (feature: string): Truth => featureHolds(feature, screen);
  const [, modifier, type, features] = QUERY.exec(query) ?? [];
  if (type === undefined) return condition(query, isSo);
  const isType = type === "all" || type === "screen";
  const isAll = isType && (features === undefined || condition(features, isSo));
  return modifier === "not" ? not(isAll) : isAll;
}

/** Evaluates a condition of `@media` or `@supports`. `isSo` evaluates a single feature. */
function condition(text: string, isSo: (feature: string) => Truth): Truth {
  const whole = text.trim();
  const of = (part: string): Truth => condition(part, isSo);
  if (/^not\b/.test(whole)) return not(of(whole.slice(3)));
  const either = splitOutside(whole, ["or"]);
  if (either.length > 1) return some(either, of);
  const all = splitOutside(whole, ["and"]);
  if (all.length > 1) return every(all, of);
  if (!whole.startsWith("(")) return isSo(whole);
  const inside = whole.slice(1, whole.endsWith(")") ? -1 : undefined).trim();
  return /^(?:\(|not\b)/.test(inside) ? of(inside) : isSo(inside);
}

const PREFIXED = /^(min|max)-(?:device-)?width\s*:/;
const RANGE = /^(?:(.+?)\s*([<>]=?|=)\s*)?width\s*(?:([<>]=?|=|:)\s*(.+))?$/;
const MIRRORED: Readonly<Record<string, string>> = { "<": ">", ">": "<", "<=": ">=", ">=": "<=" };

function featureHolds(feature: string, { widthPx, scheme }: Screen): Truth {
  const [, wanted] = /^prefers-color-scheme\s*:\s*(\w+)/.exec(feature) ?? [];
  if (wanted !== undefined) return wanted === scheme;
  if (/^prefers-(?:reduced|contrast)/.test(feature)) return /no-preference/.test(feature);
  const plain = feature.replace(PREFIXED, (_, end) => `width ${end === "min" ? ">" : "<"}=`);
  const [found, low, lowSign = "", highSign = "", high] = RANGE.exec(plain) ?? [];
  if (found === undefined) return undefined;
  if (widthPx === undefined) return false;
  const is = (sign: string, value = "0"): Truth => {
    const px = lengthPx(value, 16, undefined);
    return px === undefined ? undefined : compare(widthPx, sign, px);
  };
  return every(
    [
      [MIRRORED[lowSign] ?? lowSign, low],
      [highSign, high],
    ],
    ([sign = "", value]) => (sign === "" ? true : is(sign, value)),
  );
}

function compare(a: number, sign: string, b: number): boolean {
  if (sign.endsWith("=") && a === b) return true;
  if (sign.startsWith(">")) return a > b;
  return sign.startsWith("<") ? a < b : a === b;
}

/** Whether browsers support the feature in `@supports`: css-tree's tables decide, except for prefixes of other engines. */
function isSupported(feature: string): Truth {
  const [, selector] = /^selector\((.*)\)$/s.exec(feature) ?? [];
  if (selector !== undefined) return parseSelectors(selector).length > 0;
  const [, property, value] = /^([\w-]+)\s*:\s*(.+)$/s.exec(feature) ?? [];
  if (property === undefined || value === undefined) return undefined;
  if (property.startsWith("--")) return true;
  if (/(?:^|[\s:])-(?:moz|ms|o)-/.test(feature)) return false;
  const { lexer } = library();
  return lexer.matchProperty(property, value).error === null;
}

/** The syntax of all properties. It is loaded only for `@supports`. */
const library = once((): typeof CssTree => createRequire(import.meta.url)("css-tree"));

function not(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

function every<Item>(items: readonly Item[], is: (item: Item) => Truth): Truth {
  return not(some(items, (item) => not(is(item))));
}

function some<Item>(items: readonly Item[], is: (item: Item) => Truth): Truth {
  let found: Truth = false;
  for (const item of items) {
    const truth = is(item);
    if (truth === true) return true;
    if (truth === undefined) found = undefined;
  }
  return found;
}
