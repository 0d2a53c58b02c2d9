import { AGENCY } from "./boilerplate.ts";

/** "PORTHMOOR, May 3 (AP) — The ferry", "Porthmoor (CNN)The ferry" and "PORTHMOOR — The ferry". */
const DATELINES: readonly RegExp[] = [
  new RegExp(String.raw`^\((?:${AGENCY})\)[\s–—-]*`),
  new RegExp(
    String.raw`^[A-Z][^,()]{1,30}(?:,[^,()]{1,30}){0,3}\((?:${AGENCY})\)(?:\s*[–—-]+\s*|(?=["“\w]))`,
  ),
  /^[A-Z][A-Z.'’ -]{2,30}(?:,[^,()]{1,30}){0,3}(?:\s\([A-Z][A-Za-z ]{1,20}\))?\s(?:[–—]|--?)\s(?=\p{Lu}\p{Ll}|A [a-z])/u,
];

/** How many code units at the start of a text are a dateline: where the story was written, and the agency's mark. */
export function datelineLength(text: string): number {
  const opening = text.slice(0, LONGEST);
  return Math.max(0, ...DATELINES.map((pattern) => pattern.exec(opening)?.[0].length ?? 0));
}

const LONGEST = 160;

/** A text and its markup without the dateline that they begin with, and that dateline; undefined where there is none. */
export function takeDateline(
  text: string,
  html: string,
): { readonly text: string; readonly html: string; readonly dateline: string } | undefined {
  const length = datelineLength(text);
  const dateline = text.slice(0, length);
  const rest = length === 0 ? undefined : withoutBeginning(html, dateline);
  if (rest === undefined || /\n/.test(dateline)) return undefined;
  return { text: text.slice(length).trimStart(), html: rest, dateline: dateline.trim() };
}

/** Markup without the text that it begins with, whatever elements that is in; undefined where it begins otherwise. */
function withoutBeginning(html: string, beginning: string): string | undefined {
  let at = 0;
  let tags = "";
  for (const character of beginning) {
    for (let tag = TAG.exec(html.slice(at)); tag; tag = TAG.exec(html.slice(at))) {
      tags += tag[0];
      at += tag[0].length;
    }
    if (!html.startsWith(character, at)) return undefined;
    at += character.length;
  }
  return `${tags}${html.slice(at)}`.replace(EMPTY, "$1");
}

const TAG = /^<[^<>]{1,200}>/;
const EMPTY = /^(<p>)?(?:<(strong|em|b|i|span)>\s*<\/\2>\s*)+/;
