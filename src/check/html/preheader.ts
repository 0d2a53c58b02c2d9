import { memo } from "../memo.ts";
import {
  type HtmlDocument,
  type MailElement,
  MUTE,
  named,
  outwards,
  ownText,
} from "./mail-element.ts";
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
  const [body] = named(html, "body");
  const texts = html.elements.filter((element) => isTextOf(element, body));
  const firstShown = texts.find((element) => isShown(element, html));
  const before = texts.filter(
    (element) => element.index < (firstShown?.index ?? Infinity) && !isShown(element, html),
  );
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

/** Comments for Outlook apart, every text in the body counts, also one that is only padding. */
function isTextOf(element: MailElement, body: MailElement | undefined): boolean {
  if (!body || element.index < body.index || element.index > body.lastIndex) return false;
  const isMute = [...outwards(element)].some(({ name }) => MUTE.has(name));
  return !isMute && ownText(element).trim() !== "";
}

function paddingAfter(written: string, text: string): number {
  const last = text.at(-1);
  const end = last === undefined ? 0 : written.lastIndexOf(last) + 1;
  return Array.from(written.slice(end).replace(/[\t\n\r ]+/g, " ")).length;
}
