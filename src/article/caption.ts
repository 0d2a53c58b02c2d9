import type { Caption, Image } from "./article.ts";
import { AGENCY, anyOf } from "./boilerplate.ts";
import { countWords, endsSentence } from "./measure-text.ts";

/**
 * The caption and credit in a line that has the shape of one: "… Image | Rex Agency", "… (AP Photo/A. Name)", "… A.
 * Name/Getty Images", "… © A. Name". The text is empty if the line is only a credit. Undefined for any other line.
 */
export function captionOf(line: string): Caption | undefined {
  if (line.length > LONGEST_CHARACTERS) return undefined;
  return labelled(line) ?? inBrackets(line) ?? byAgency(line) ?? copyrighted(line);
}

/** A longer line is a paragraph of the story with a credit at its end. */
const LONGEST_CHARACTERS = 350;

export function withCaption(
  picture: Image,
  { text, credit }: { readonly text: string; readonly credit?: string | undefined },
): Image {
  return { ...picture, ...(text ? { caption: text } : {}), ...(credit ? { credit } : {}) };
}

// "Image", "photo" and similar words. English pages often put another word before or after them.
const LABELS = String.raw`(?:main |featured |cover |lead |header )?(?:${anyOf("credits")})(?: credits?| courtesy)?`;

const LABEL = new RegExp(
  String.raw`(?<=^|[\s(（\[【|.。–—-])(?:${LABELS})(?:\s?[|:：/／=＝©]\s?|\s+(?:of|${anyOf("by")})(?: of)?\s+|\s[–—-]\s)`,
  "giu",
);

function labelled(line: string): Caption | undefined {
  const label = [...line.matchAll(LABEL)].at(-1);
  if (!label) return undefined;
  const before = line.slice(0, label.index);
  const after = line.slice(label.index + label[0].length).trim();
  // The label begins a line or a sentence, or is in brackets. Elsewhere it is an ordinary word.
  if (!/(?:^|[.!?…。！？"”’'»)\]）】|–—-]\s?|[(（[【]\s?)$/u.test(before)) return undefined;
  if (before.trim() === "" && isSentence(after)) return { text: after };
  return isCredit(after) || isCollection(before, after) ? caption(before, after) : undefined;
}

// A name, a slash and an agency are a credit in every language.
const IN_BRACKETS = /[(（[]([^()（）[\]]{2,90})[)）\]]\.?$/u;
const PICTURE_BRACKET = new RegExp(
  String.raw`\b(?:AP Photo|Photo|Image|Picture|Foto|Bild|Images)\b|/\s?(?:${AGENCY})\b|^(?:${AGENCY})\s?/`,
  "u",
);

function inBrackets(line: string): Caption | undefined {
  const match = IN_BRACKETS.exec(line);
  if (!match?.[1] || !PICTURE_BRACKET.test(match[1])) return undefined;
  return caption(line.slice(0, match.index), match[1]);
}

// "K. E. Lund": a full stop after a single capital does not end a sentence.
const INITIAL = String.raw`(?<=(?<![\p{L}\p{N}])\p{Lu})\.`;

const BY_AGENCY = new RegExp(
  String.raw`(?:^|[.!?…"”’)]\s)((?:[^.!?…]|${INITIAL}){2,70}?\s?[/|]\s?(?:${AGENCY})(?:\s?[/|][^.!?/|]{2,30}|\s(?:file|via [^.!?]{2,30}))?)$`,
  "u",
);

function byAgency(line: string): Caption | undefined {
  if (!/[/|]/.test(line.slice(-80))) return undefined;
  const match = BY_AGENCY.exec(line);
  if (!match?.[1] || countWords(match[1]) > 10) return undefined;
  const before = line.slice(0, line.length - match[1].length);
  return caption(before, match[1]);
}

// Copyright with a year is the page's legal line: "© 2019 The Paper".
const COPYRIGHT = new RegExp(
  String.raw`(?:^|\s)(?:©|\([cC]\))\s?(?=[\p{Lu}\p{Lo}@])((?:[^.!?©]|${INITIAL}){2,60})$`,
  "u",
);

function copyrighted(line: string): Caption | undefined {
  const match = COPYRIGHT.exec(line);
  return match?.[1] ? caption(line.slice(0, match.index), match[1]) : undefined;
}

function caption(text: string, credit: string): Caption {
  return {
    text: text.replace(/[\s(（[【|–—-]+$/u, "").trim(),
    credit: credit.replace(/[)）\]】.\s]+$/u, "").trim(),
  };
}

const STOP_WITHIN = new RegExp(String.raw`(?!${INITIAL})[.!?。]\s`, "u");

function isCredit(text: string): boolean {
  const words = countWords(text);
  return (
    words >= 1 &&
    words <= 12 &&
    text.length <= 100 &&
    !STOP_WITHIN.test(text) &&
    !/^\p{Ll}{4,}/u.test(text)
  );
}

// "Bacs au soir. Photo : archives municipales": after a whole sentence, a few words are a credit even in lower case.
function isCollection(before: string, text: string): boolean {
  return endsSentence(before.trim()) && countWords(text) <= 4 && !endsSentence(text);
}

function isSentence(text: string): boolean {
  return endsSentence(text) && countWords(text) >= 5;
}
