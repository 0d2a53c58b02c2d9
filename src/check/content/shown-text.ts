import { computedInLight } from "../css/computed.ts";
import { memo } from "../memo.ts";
import { type HtmlDocument, type MailElement, ownText } from "../html/mail-element.ts";

/** Characters that take no room, or only room: they fill what an inbox shows after the preheader. */
export const PADDING =
  /(?:[\s\p{Cf}\p{Zs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]|\u034F|\u17B4|\u17B5)+/gu;

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
