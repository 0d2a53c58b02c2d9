// A quick test: printable ASCII needs no cleaning, and most texts are that.
const PLAIN = /^[\n -~]*$/;
const CONTROL_RANGE = /[\u0080-\u009f]/gu;

/**
 * Cleans a text: one kind of line break, plain spaces, composed letters, no invisible characters. Zero-width joiners
 * remain in Persian, Hindi and emoji.
 */
export function cleanText(raw: string): string {
  if (PLAIN.test(raw)) return raw;
  return raw
    .toWellFormed()
    .replace(/\r\n?|\u2028/g, "\n")
    .replace(/[\f\v\u2029]/g, "\n\n")
    .replace(CONTROL_RANGE, fromWindows1252)
    .replace(NONCHARACTERS, "")
    .replace(ODD_SPACES, " ")
    .replace(INVISIBLE, "$<flag>")
    .normalize("NFC");
}

/** Cleans text taken from decoded HTML. Entities such as `&nbsp;` and `&shy;` may have added the characters again. */
export function cleanEntities(text: string): string {
  return text.replace(ODD_SPACES, " ").replace(INVISIBLE, "$<flag>");
}

const ODD_SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f]/g;

// Noncharacters never occur in text, so markdown/mask.ts can use them as placeholders.
const NONCHARACTERS = /[\ufdd0-\ufdef\ufffe\uffff]/g;

// First the controls of writing direction: embeddings, overrides and isolates. They can make a headline, and all text
// after an unclosed one, read as something else. Then the characters that Unicode lets a program ignore
// (Default_Ignorable_Code_Point), such as tags, which can hide text. Exceptions remain because they are visible:
// joiners and variation selectors, one after a character that is not Latin; direction marks beside Arabic and Hebrew;
// the tags in the flags of England, Scotland and Wales.
const INVISIBLE = new RegExp(
  [
    String.raw`(?<flag>\u{1F3F4}\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F})`,
    String.raw`(?![\t\n])\p{Cc}`,
    String.raw`(?![\u200c-\u200f\u061c\u115f\u1160]|\p{VS})\p{DI}`,
    String.raw`(?<=^|[\p{Script=Latin}\s\p{DI}])\p{VS}`,
    String.raw`(?<=^|[\p{ASCII}\p{Script=Latin}\u200c\u200d])[\u200c\u200d]`,
    String.raw`(?<![\p{Script=Arabic}\p{Script=Hebrew}])[\u200e\u200f\u061c](?![\p{Script=Arabic}\p{Script=Hebrew}])`,
    String.raw`[\u202a-\u202e\u2066-\u2069]`,
  ].join("|"),
  "gu",
);

// C1 controls never occur in text. They are windows-1252 quotes and dashes that were decoded as Latin-1. The HTML
// standard maps numeric character references in the same way.
function fromWindows1252(control: string): string {
  const [character = ""] = WINDOWS_1252.decode(Uint8Array.of(control.charCodeAt(0)));
  return character === control ? "" : character;
}

const WINDOWS_1252 = new TextDecoder("windows-1252");

/** A title, name or caption on one line, with single spaces. */
export function oneLine(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}

/** Whether two titles are equal apart from case, blanks and punctuation. */
export function isSameTitle(a: string, b: string): boolean {
  return fold(a) === fold(b);
}

/** Returns a test of whether a line equals one of the titles, apart from case, blanks and punctuation. */
export function saysOneOf(titles: readonly string[]): (line: string) => boolean {
  const known = new Set(titles.map(fold));
  return (line) => line.length <= LONGEST_LINE && known.has(fold(line));
}

const LONGEST_LINE = 500;

/** A text's words in lower case, for comparison. */
export function fold(text: string): string {
  const composed = /^\p{ASCII}*$/u.test(text) ? text : text.normalize("NFKC");
  return composed
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
