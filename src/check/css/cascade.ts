import {
  attribute,
  type HtmlDocument,
  type MailElement,
  outwards,
  memo,
} from "../html/mail-element.ts";
import { stylesOf, holds, queriesHold, type Scheme, type SelectorRule } from "./document-styles.ts";
import type { Declaration } from "../../platform/css/style-sheet.ts";
import { type Compound, type Selector, type Simple, innerSelectors } from "./parse-selectors.ts";
import { parseColour } from "../../platform/css/colour.ts";

/** What a style that may or may not hold sets. */
export const UNKNOWN = "unknown";

/** The longhands that an email's styles set on an element: what wins of each. */
export type Declared = ReadonlyMap<string, string>;

/** No mail has so many; what comes after is looked at in a browser. */
const MOST_ELEMENTS = 20_000;

/**
 * What is declared for each element on a screen in a colour scheme (CSS Cascade 5 §6), without what only
 * holds from some width on.
 */
export function declaredFor(html: HtmlDocument, scheme: Scheme): Map<MailElement, Declared> {
  const rules = new RuleIndex(rulesThatHold(html, scheme));
  const { inline } = stylesOf(html);
  const declared = new Map<MailElement, Declared>();
  for (const element of html.elements.slice(0, MOST_ELEMENTS)) {
    declared.set(element, winners(element, rules, inline.get(element) ?? []));
  }
  return declared;
}

function rulesThatHold(html: HtmlDocument, scheme: Scheme): SelectorRule[] {
  return stylesOf(html)
    .sheets.filter(({ element }) => queriesHold(attribute(element, "media"), scheme))
    .flatMap(({ sheet }) => sheet.rules)
    .filter(({ within, nestedIn }) => nestedIn === undefined && holds(within, scheme));
}

interface Candidate {
  readonly selector: Selector;
  readonly rule: SelectorRule;
  readonly specificity: number;
  readonly order: number;
}

/** Rules by what the element must have that they find, since most find few. */
class RuleIndex {
  readonly #byKey = new Map<string, Candidate[]>();

  constructor(rules: readonly SelectorRule[]) {
    for (const [order, rule] of rules.entries()) {
      for (const selector of rule.selectors) {
        const candidates = this.#byKey.get(keyOf(selector)) ?? [];
        candidates.push({ selector, rule, specificity: specificityOf(selector), order });
        this.#byKey.set(keyOf(selector), candidates);
      }
    }
  }

  /** In the order in which they are written: of two that weigh the same the later one wins. */
  candidates(element: MailElement): Candidate[] {
    const classes = classesOf(element).map((name) => `.${name}`);
    const keys = new Set(["*", element.name, `#${element.attributes.get("id")}`, ...classes]);
    const found = [...keys].flatMap((key) => this.#byKey.get(key) ?? []);
    return found.sort((a, b) => a.order - b.order);
  }
}

function keyOf(selector: Selector): string {
  const simples = selector.at(-1)?.simples ?? [];
  const find = (wanted: string) => simples.find(({ kind }) => kind === wanted)?.name;
  const [id, name, type] = [find("id"), find("class"), find("type")];
  if (id !== undefined) return `#${id}`;
  return name === undefined ? (type ?? "*") : `.${name}`;
}

const WEIGHTS: ReadonlyMap<Simple["kind"], number> = new Map([
  ["id", 1e6],
  ["class", 1e3],
  ["attribute", 1e3],
  ["pseudo-class", 1e3],
  ["type", 1],
]);

/** Selectors 4 §17, in one number. */
function specificityOf(selector: Selector): number {
  const simples = selector.flatMap((compound) => compound.simples);
  return simples.reduce((sum, { kind }) => sum + (WEIGHTS.get(kind) ?? 0), 0);
}

/** More than any selector has. */
const INLINE = 1e12;
const IMPORTANT = 1e15;

function winners(element: MailElement, rules: RuleIndex, inline: readonly Declaration[]): Declared {
  const won = new Map<string, { readonly value: string; readonly weight: number }>();
  const offer = (declaration: Declaration, specificity: number, isSure: boolean) => {
    const weight = specificity + (declaration.isImportant ? IMPORTANT : 0);
    for (const [property, value] of expand(declaration)) {
      if (weight >= (won.get(property)?.weight ?? 0))
        won.set(property, { value: isSure ? value : UNKNOWN, weight });
    }
  };
  for (const { selector, rule, specificity } of rules.candidates(element)) {
    const match = matches(selector, element);
    if (match === "no") continue;
    for (const declaration of rule.declarations) offer(declaration, specificity, match === "yes");
  }
  for (const declaration of inline) offer(declaration, INLINE, true);
  return new Map([...won].map(([property, { value }]) => [property, value]));
}

/** A longhand property that rules ask for, and its value. */
type Longhand = readonly [property: string, value: string];

/** Declarations as longhands: a shorthand sets all of its properties, those that it leaves out too. */
function expand({ property, value }: Declaration): readonly Longhand[] {
  switch (property) {
    case "background":
      return [
        ["background-color", colourIn(value)],
        ["background-image", /url\(|gradient\(/i.test(value) ? "image" : "none"],
      ];
    case "font":
      return font(value);
    case "text-decoration":
      return [["text-decoration-line", /\b(?:underline|none)\b/i.exec(value)?.[0] ?? value]];
    default:
      return [[property, value]];
  }
}

/** The one part of a background that is a colour; `transparent` where it has none. */
function colourIn(value: string): string {
  if (/^(?:inherit|initial|unset|revert)$/i.test(value)) return value;
  const parts = value.match(/[\w#-]+(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?/g) ?? [];
  const colour = parts.findLast((part) => parseColour(part) !== undefined && !/^\d/.test(part));
  return colour ?? (parts.some(isUnknownColour) ? "unknown" : "transparent");
}

function isUnknownColour(part: string): boolean {
  return /^(?:var|color|color-mix|light-dark)\(/i.test(part);
}

function font(value: string): Longhand[] {
  const [, before = "", size, height, family = ""] =
    /^(.*?)(?:^|\s)([\d.]+(?:px|pt|em|rem|%))(?:\s*\/\s*([\w.%]+))?\s+(.+)$/i.exec(value) ?? [];
  if (size === undefined) return [["font-size", "unknown"]];
  return [
    ["font-size", size],
    ["line-height", height ?? "normal"],
    ["font-weight", /\b(?:bold|bolder|[6-9]00)\b/i.test(before) ? "bold" : "normal"],
    ["font-family", family],
  ];
}

/** Whether a selector finds an element; "maybe" where that hangs on what is not looked at here. */
type Match = "yes" | "no" | "maybe";

/** Remembered by place and element, or a selector of many parts would be tried in every combination. */
const known = memo((_selector: Selector) => new Map<string, Match>());

/** Twice as many as a selector has in practice; each multiplies the work. */
const MOST_PARTS = 16;

function matches(selector: Selector, element: MailElement): Match {
  if (selector.length > MOST_PARTS) return "maybe";
  return matchFrom(selector, selector.length - 1, element);
}

function matchFrom(selector: Selector, at: number, element: MailElement): Match {
  const compound = selector[at];
  if (!compound) return "yes";
  const here = matchCompound(compound, element);
  if (here === "no" || at === 0) return here;
  const key = `${at} ${element.index}`;
  const before = known(selector).get(key) ?? matchBefore(selector, at, element);
  known(selector).set(key, before);
  return both(here, before);
}

/** Whether what stands before a combinator finds something that the element is in, or comes after. */
function matchBefore(selector: Selector, at: number, element: MailElement): Match {
  const { combinator } = selector[at] ?? {};
  const { parent } = element;
  if (combinator === "+" || combinator === "~") {
    const before = siblingsBefore(element);
    const asked = combinator === "+" ? before.slice(-1) : before;
    return any(asked, (sibling) => matchFrom(selector, at - 1, sibling));
  }
  if (!parent) return "no";
  const parents = combinator === ">" ? [parent] : outwards(parent);
  return any(parents, (above) => matchFrom(selector, at - 1, above));
}

function siblingsBefore({ parent, index }: MailElement): MailElement[] {
  return (parent?.children ?? [])
    .filter((child) => typeof child !== "string")
    .filter((child) => child.index < index);
}

function matchCompound({ simples }: Compound, element: MailElement): Match {
  let found: Match = "yes";
  for (const simple of simples) {
    found = both(found, matchSimple(simple, element));
    if (found === "no") break;
  }
  return found;
}

function matchSimple(simple: Simple, element: MailElement): Match {
  switch (simple.kind) {
    case "universal":
      return "yes";
    case "type":
      return truth(element.name === simple.name);
    case "id":
      return truth(element.attributes.get("id") === simple.name);
    case "class":
      return truth(classesOf(element).includes(simple.name));
    case "attribute":
      return truth(hasAttribute(simple, element));
    case "pseudo-class":
      return matchPseudo(simple, element);
    case "pseudo-element":
      return "no";
    default:
      return "maybe";
  }
}

function classesOf({ attributes }: MailElement): string[] {
  return (attributes.get("class") ?? "").split(/\s+/).filter(Boolean);
}

function hasAttribute(
  { name, operator, value = "" }: Simple,
  { attributes }: MailElement,
): boolean {
  const actual = attributes.get(name);
  if (actual === undefined) return false;
  switch (operator) {
    case undefined:
      return true;
    case "~=":
      return actual.split(/\s+/).includes(value);
    case "|=":
      return actual === value || actual.startsWith(`${value}-`);
    case "^=":
      return value !== "" && actual.startsWith(value);
    case "$=":
      return value !== "" && actual.endsWith(value);
    case "*=":
      return value !== "" && actual.includes(value);
    default:
      return actual === value;
  }
}

/** What a reader does makes these true; a mail that is only looked at has none of them. */
const ACTED: ReadonlySet<string> = new Set(
  "hover active focus focus-within focus-visible checked target visited".split(" "),
);

function matchPseudo({ name, value = "" }: Simple, element: MailElement): Match {
  if (ACTED.has(name)) return "no";
  if (name === "root") return truth(element.parent === undefined);
  if (name === "link" || name === "any-link")
    return truth(element.name === "a" && element.attributes.has("href"));
  if (name === "first-child") return truth(siblingsBefore(element).length === 0);
  if (name === "not") return not(anyOf(value, element));
  if (name === "is" || name === "where") return anyOf(value, element);
  return "maybe";
}

function anyOf(list: string, element: MailElement): Match {
  return any(innerSelectors(list), (selector) => matches(selector, element));
}

function any<Item>(items: Iterable<Item>, match: (item: Item) => Match): Match {
  let best: Match = "no";
  for (const item of items) {
    const found = match(item);
    if (found === "yes") return "yes";
    if (found === "maybe") best = "maybe";
  }
  return best;
}

function both(a: Match, b: Match): Match {
  if (a === "no" || b === "no") return "no";
  return a === "maybe" || b === "maybe" ? "maybe" : "yes";
}

function not(match: Match): Match {
  if (match === "maybe") return "maybe";
  return match === "yes" ? "no" : "yes";
}

function truth(isTrue: boolean): Match {
  return isTrue ? "yes" : "no";
}
