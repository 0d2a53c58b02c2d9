import { computedInLight } from "./css/computed.ts";
import {
  attribute,
  type HtmlDocument,
  inside,
  type MailElement,
  memo,
  MUTE,
  named,
  outwards,
  ownText,
} from "./html-document.ts";
import WORDS from "./link-words.json" with { type: "json" };

/** Characters that are invisible or blank. They fill the space that an inbox shows after the preheader. */
const PADDING = /(?:[\s\p{Cf}\p{Zs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]|\u034F|\u17B4|\u17B5)+/gu;

/** The elements with visible text of their own, in reading order. Separators such as rules and dots are not text. */
export const shownTexts = memo((html: HtmlDocument): MailElement[] =>
  html.elements.filter((element) => {
    const isText = /[\p{L}\p{N}]/u.test(ownText(element));
    return isText && isShown(element, html);
  }),
);

/** Whether readers see an element, at any screen width. */
export function isShown(element: MailElement, html: HtmlDocument): boolean {
  return computedInLight(html).get(element)?.isHidden === false;
}

/** The visible text in reading order. */
export const visibleText = memo((html: HtmlDocument): string =>
  shownTexts(html).map(ownText).join(" ").replace(PADDING, " ").trim(),
);

/** The text of an element, including the alt texts of pictures. */
export function nameOf(element: MailElement): string {
  const label = (element.attributes.get("aria-label") ?? "").trim();
  return label || textWithAlts(element).replace(/\s+/gu, " ").trim();
}

function textWithAlts(element: MailElement): string {
  if (element.name === "img") return element.attributes.get("alt") ?? "";
  return element.children
    .map((child) => (typeof child === "string" ? child : textWithAlts(child)))
    .join("");
}

/** The text that an inbox shows after the subject. */
interface Preheader {
  /** The hidden text at the beginning; "" if there is none. */
  readonly text: string;
  /** The element that contains it. */
  readonly element: MailElement | undefined;
  /** The number of invisible and blank characters after it. */
  readonly padding: number;
  /** The first visible text of the message. It follows in an inbox with enough space. */
  readonly next: string;
}

/** No inbox shows more characters. */
const LONGEST_SHOWN = 300;

export const preheaderOf = memo((html: HtmlDocument): Preheader => {
  const { before, firstShown } = beginning(html);
  const written = before.map(ownText).join(" ");
  const text = written.replace(PADDING, " ").trim();
  return {
    text,
    element: before.find((element) => /[\p{L}\p{N}]/u.test(ownText(element))),
    padding: paddingAfter(written, text),
    next: firstShown
      ? ownText(firstShown).replace(PADDING, " ").trim().slice(0, LONGEST_SHOWN)
      : "",
  };
});

/** The hidden texts at the beginning of the body, including mere padding, and the first visible text. */
function beginning(html: HtmlDocument) {
  const [body] = named(html, "body");
  const before: MailElement[] = [];
  for (const element of body ? [body, ...inside(html, body)] : []) {
    if (!hasText(element)) continue;
    if (isShown(element, html)) return { before, firstShown: element };
    before.push(element);
  }
  return { before, firstShown: undefined };
}

function hasText(element: MailElement): boolean {
  return (
    ownText(element).trim() !== "" && ![...outwards(element)].some(({ name }) => MUTE.has(name))
  );
}

function paddingAfter(written: string, text: string): number {
  const last = text.at(-1);
  const end = last === undefined ? 0 : written.lastIndexOf(last) + 1;
  return Array.from(written.slice(end).replace(/[\t\n\r ]+/g, " ")).length;
}

/** A link of an email for its readers. */
export interface MailLink {
  readonly element: MailElement;
  /** The address as written, without the characters that browsers remove (URL §4.4). */
  readonly href: string;
  /** The accessible name: its text, or the alt text of its pictures. */
  readonly name: string;
  readonly isShown: boolean;
}

export const linksOf = memo((html: HtmlDocument): MailLink[] =>
  named(html, "a", "area")
    .filter(({ attributes }) => attributes.has("href"))
    .map((element) => ({
      element,
      href: attribute(element, "href").replace(/[\t\n\r]/g, ""),
      name: element.name === "area" ? attribute(element, "alt") : nameOf(element),
      isShown: isShown(element, html),
    })),
);

/** The faults that the address of a link can have. */
export type LinkFault =
  "script" | "credentials" | "local" | "reserved" | "nowhere" | "broken" | "insecure";

/** Returns the fault of an address in an email; undefined if it has none. */
export function linkFaultOf(href: string): LinkFault | undefined {
  if (href === "" || href === "#") return "nowhere";
  // An anchor in the message itself. Merge tags have a rule of their own.
  if (href.startsWith("#") || isMergeTag(href)) return undefined;
  // A scheme of one letter is a Windows drive.
  const [, scheme = ""] = /^([a-z][a-z0-9+.-]+):/i.exec(href) ?? [];
  if (/^(?:javascript|vbscript|data|file|blob)$/i.test(scheme)) return "script";
  if (/^(?:mailto|tel|sms|webcal|facetime|geo|maps|xmpp|cid|mid)$/i.test(scheme))
    return /^[a-z]+:\s*$/i.test(href) ? "nowhere" : undefined;
  const url = URL.parse(href);
  if (!url || !/^https?:\/\//i.test(href))
    return scheme && !/^https?$/i.test(scheme) && url ? undefined : "broken";
  if (url.username || url.password) return "credentials";
  if (/\.(?:test|invalid)$/i.test(url.hostname)) return "reserved";
  if (isLocal(url.hostname)) return "local";
  return url.protocol === "http:" ? "insecure" : undefined;
}

/** `{{ url }}`, `*|URL|*`, `%%url%%`, `[url]`, `<%= url %>`: tags that a sending service fills in. */
function isMergeTag(href: string): boolean {
  return /^\s*(?:https?:\/\/)?(?:\{\{|\{%|\*\||%%|\[|<%|\$\{|%[a-z]|\{[a-z_])/i.test(href);
}

/** RFC 6761, RFC 1918, RFC 3927, RFC 4193: names and addresses that are only valid on one machine or network. */
function isLocal(host: string): boolean {
  return (
    /^(?:localhost|[^.]+|.*\.(?:localhost|local|internal|lan|home\.arpa))$/i.test(host) ||
    /^(?:127|10|0)\.|^192\.168\.|^169\.254\.|^172\.(?:1[6-9]|2\d|3[01])\./.test(host) ||
    /^\[(?:::1?|f[cd][0-9a-f]{2}:.*|fe[89ab][0-9a-f]:.*|::ffff:.*)\]$/i.test(host)
  );
}

/** Whether a link is for unsubscribing, by its text or its address. */
export function isUnsubscribe({ name, href, isShown }: MailLink): boolean {
  if (!isShown) return false;
  const says = `${wordsAlone(name)}${wordsAlone(href)}`;
  return UNSUBSCRIBE.some((part) => says.includes(part));
}

/** Parts of words and phrases. After a space, a part must begin a word: "granular" does not contain "anular". */
const UNSUBSCRIBE = Object.values(WORDS).flatMap(({ unsubscribe }) => unsubscribe);

function wordsAlone(text: string): string {
  return ` ${text.toLowerCase().replace(/[^\p{L}\p{M}]+/gu, " ")} `;
}

/** Whether a link's text has no meaning without its context. */
export function isVague({ name }: MailLink): boolean {
  return VAGUE.has(plainName(name));
}

const VAGUE: ReadonlySet<string> = new Set(Object.values(WORDS).flatMap(({ vague }) => vague));

/** A name without arrows and dots around it. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu, "")
    .replace(/\s+/gu, " ");
}
