/** An element of an email's HTML. */
export interface MailElement {
  /** In lower case, with its prefix: `td`, `v:roundrect`. */
  readonly name: string;
  /** By their names in lower case. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly parent: MailElement | undefined;
  readonly children: readonly (MailElement | string)[];
  /** Where its start tag begins, counted from 1; undefined for one that the parser added. */
  readonly line: number | undefined;
  /** Offsets of the whole element into the source. */
  readonly start: number;
  readonly end: number;
  /** Its place among all elements in reading order, and that of the last one inside it. */
  readonly index: number;
  readonly lastIndex: number;
}

/** A comment, in which a condition for Outlook may stand. */
export interface MailComment {
  readonly text: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** An email's HTML, parsed as browsers do. */
export interface HtmlDocument {
  readonly source: string;
  /** Its name and public identifier in lower case, such as `html`; undefined where there is none. */
  readonly doctype: string | undefined;
  readonly root: MailElement;
  /** In reading order. */
  readonly elements: readonly MailElement[];
  readonly comments: readonly MailComment[];
  /** The line from which on it was nested too deep to be read. */
  readonly cutAtLine: number | undefined;
}

const byName = memo(({ elements }: HtmlDocument) => Map.groupBy(elements, ({ name }) => name));

/** The elements of these names, in reading order. */
export function named(html: HtmlDocument, ...names: readonly string[]): MailElement[] {
  const found = names.flatMap((name) => byName(html).get(name) ?? []);
  return names.length > 1 ? found.sort((a, b) => a.index - b.index) : found;
}

/** The elements inside an element, in reading order. */
export function inside({ elements }: HtmlDocument, { index, lastIndex }: MailElement) {
  return elements.slice(index + 1, lastIndex + 1);
}

/** An attribute's value, trimmed; "" where it is empty or not there. */
export function attribute({ attributes }: MailElement, name: string): string {
  return (attributes.get(name) ?? "").trim();
}

/** An element and all that it is in, from the inside out. */
export function* outwards(element: MailElement): Generator<MailElement> {
  for (let at: MailElement | undefined = element; at; at = at.parent) yield at;
}

/** What has a text that is no part of the page. */
export const MUTE: ReadonlySet<string> = new Set(["style", "script", "title", "template"]);

/** The text in an element, white space as one space each. Parsing has bounded how deep it is nested. */
export function textOf(element: MailElement): string {
  return rawText(element).replace(/\s+/gu, " ").trim();
}

function rawText({ children }: MailElement): string {
  return children
    .map((child) => {
      if (typeof child === "string") return child;
      return MUTE.has(child.name) ? "" : rawText(child);
    })
    .join("");
}

/** The text that stands in an element itself, and not in one inside it. */
export function ownText({ children }: MailElement): string {
  return children.filter((child) => typeof child === "string").join("");
}

/** The same result for the same object: what several rules ask for is worked out once. */
export function memo<Key extends object, Value>(work: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    const entry = known.get(key) ?? { value: work(key) };
    known.set(key, entry);
    return entry.value;
  };
}
