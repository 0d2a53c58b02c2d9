import type { HtmlDocument, MailElement } from "../html/mail-element.ts";
import { stylesOf } from "./document-styles.ts";
import { expand } from "./expand.ts";
import { classesOf, matches } from "./matches.ts";
import { holds, type Scheme } from "./media.ts";
import type { Declaration, Selector, Simple, StyleRule } from "./style-sheet.ts";

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

function rulesThatHold(html: HtmlDocument, scheme: Scheme): StyleRule[] {
  return stylesOf(html)
    .sheets.filter(({ element }) => holdsSheet(element, scheme))
    .flatMap(({ sheet }) => sheet.rules)
    .filter(({ within, isNested }) => !isNested && holds(within, scheme));
}

function holdsSheet({ attributes, line = 0 }: MailElement, scheme: Scheme): boolean {
  const prelude = attributes.get("media") ?? "";
  return holds([{ name: "media", prelude, line, declarations: [], within: [] }], scheme);
}

interface Candidate {
  readonly selector: Selector;
  readonly rule: StyleRule;
  readonly specificity: number;
  readonly order: number;
}

/** Rules by what the element must have that they find, since most find few. */
class RuleIndex {
  readonly #byKey = new Map<string, Candidate[]>();

  constructor(rules: readonly StyleRule[]) {
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
