import { memo } from "../memo.ts";
import { type HtmlDocument, type MailElement, outwards } from "./mail-element.ts";

/** How many elements have each id, which should be one. */
const idCounts = memo(({ elements }: HtmlDocument) => {
  const counts = new Map<string, number>();
  for (const { attributes } of elements) {
    const id = attributes.get("id");
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
});

/**
 * A CSS selector that finds this element and no other: its id where it has one of its own, else the way
 * to it from the nearest ancestor that has, or from the root.
 */
export function selectorOf(element: MailElement, html: HtmlDocument): string {
  const steps: string[] = [];
  for (const at of outwards(element)) {
    const id = at.attributes.get("id") ?? "";
    if (PLAIN.test(id) && idCounts(html).get(id) === 1) return [`#${id}`, ...steps].join(" > ");
    steps.unshift(step(at));
  }
  return steps.join(" > ");
}

/** What needs no escape in a selector (CSS Selectors 4 §6.7). */
const PLAIN = /^[a-z][\w-]*$/i;

/** The element among its siblings; a name with a colon or worse in it is no type selector. */
function step({ name, parent, index }: MailElement): string {
  const siblings = (parent?.children ?? []).filter((child) => typeof child !== "string");
  const own = PLAIN.test(name) ? name : "*";
  const alike = own === "*" ? siblings : siblings.filter((sibling) => sibling.name === name);
  if (alike.length <= 1) return own;
  const at = alike.findIndex((sibling) => sibling.index === index) + 1;
  return `${own}:nth-${own === "*" ? "child" : "of-type"}(${at})`;
}
