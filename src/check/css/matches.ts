import { type MailElement, outwards } from "../html/mail-element.ts";
import { memo } from "../memo.ts";
import { innerSelectors } from "./parse-selectors.ts";
import type { Compound, Selector, Simple } from "./style-sheet.ts";

/** Whether a selector finds an element; "maybe" where that hangs on what is not looked at here. */
export type Match = "yes" | "no" | "maybe";

/** Remembered by place and element, or a selector of many parts would be tried in every combination. */
const known = memo((_selector: Selector) => new Map<string, Match>());

/** Twice as many as anybody writes; each multiplies the work. */
const MOST_PARTS = 16;

export function matches(selector: Selector, element: MailElement): Match {
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

export function classesOf({ attributes }: MailElement): string[] {
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
