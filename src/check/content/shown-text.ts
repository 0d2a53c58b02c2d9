import { computedInLight } from "../css/computed.ts";
import {
  memo,
  type HtmlDocument,
  type MailElement,
  ownText,
  inside,
  MUTE,
  named,
  outwards,
} from "../html/mail-element.ts";

/** Characters that take no room, or only room: they fill what an inbox shows after the preheader. */
const PADDING = /(?:[\s\p{Cf}\p{Zs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]|\u034F|\u17B4|\u17B5)+/gu;

/** Elements whose own text a reader sees, in reading order. Rules and dots that part things are no text. */
export const shownTexts = memo((html: HtmlDocument): MailElement[] =>
  html.elements.filter((element) => {
    const isText = /[\p{L}\p{N}]/u.test(ownText(element));
    return isText && isShown(element, html);
  }),
);

/** Whether readers see an element, whatever the width of their screen. */
export function isShown(element: MailElement, html: HtmlDocument): boolean {
  return computedInLight(html).get(element)?.isHidden === false;
}

/** All that readers see, in reading order. */
export const visibleText = memo((html: HtmlDocument): string =>
  shownTexts(html).map(ownText).join(" ").replace(PADDING, " ").trim(),
);

/** A text as it is quoted in a finding: on one line, and not all of a long one. */
export function quoted(text: string): string {
  const line = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
  return `“${line.length > 48 ? `${line.slice(0, 47).trimEnd()}…` : line}”`;
}

/** The text of an element, pictures counted by what stands in their place. */
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

/** What an inbox shows after the subject. */
interface Preheader {
  /** The hidden text before all else; "" where there is none. */
  readonly text: string;
  /** Where it stands. */
  readonly element: MailElement | undefined;
  /** How many characters of no width, or of width alone, follow it. */
  readonly padding: number;
  /** What is shown first in the message itself, and follows in the inbox where there is room. */
  readonly next: string;
}

/** More than the widest inbox shows. */
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

/** The hidden texts with which the body begins, also those that are only padding, and the first text shown. */
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
