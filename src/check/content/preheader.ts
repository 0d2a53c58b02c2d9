import { memo } from "../memo.ts";
import {
  type HtmlDocument,
  inside,
  type MailElement,
  MUTE,
  named,
  outwards,
  ownText,
} from "../html/mail-element.ts";
import { isShown, PADDING } from "./shown-text.ts";

/** What an inbox shows after the subject. */
export interface Preheader {
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
