// Most pieces of most pages: nothing below is in them.
const PLAIN = /^[\n -~]*$/;
const CONTROL_RANGE = /[\u0080-\u009f]/gu;

/**
 * Text as it was meant: one kind of line break, plain spaces, composed letters, and none of the
 * characters that are invisible. Zero-width joiners stay where Persian, Hindi and emoji need them.
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

/** Text out of decoded HTML, where entities such as `&nbsp;` and `&shy;` may have put them back. */
export function cleanEntities(text: string): string {
  return text.replace(ODD_SPACES, " ").replace(INVISIBLE, "$<flag>");
}

const ODD_SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f]/g;

// No text has them, so that they can stand for what is taken out of one for a while (see markdown/mask.ts).
const NONCHARACTERS = /[\ufdd0-\ufdef\ufffe\uffff]/g;

// Controls, embeddings, overrides and isolates of the writing direction, which can make a headline, and where one is
// never closed all that follows it, read as something else. Then all characters that Unicode lets a program leave out
// (Default_Ignorable_Code_Point), such as tags, in which a text can be hidden. These stay where they are seen: joiners
// and variation selectors, one behind a character that is not Latin, marks of the direction beside Arabic and Hebrew,
// and the tags in the flags of England, Scotland and Wales.
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

// No text has C1 controls; they are windows-1252 quotes and dashes that were read as Latin-1
// (the HTML standard maps numeric character references the same way).
function fromWindows1252(control: string): string {
  const [character = ""] = WINDOWS_1252.decode(Uint8Array.of(control.charCodeAt(0)));
  return character === control ? "" : character;
}

const WINDOWS_1252 = new TextDecoder("windows-1252");

/** A title, a name, a caption: one line, with single spaces. */
export function oneLine(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}

/** Whether two titles say the same, apart from case, blanks and punctuation. */
export function isSameTitle(a: string, b: string): boolean {
  return fold(a) === fold(b);
}

/** Tells whether a line says what one of some titles says. */
export function saysOneOf(titles: readonly string[]): (line: string) => boolean {
  const known = new Set(titles.map(fold));
  return (line) => line.length <= LONGEST && known.has(fold(line));
}

const LONGEST = 500;

/** A text's words, for comparing. */
export function fold(text: string): string {
  const composed = /^\p{ASCII}*$/u.test(text) ? text : text.normalize("NFKC");
  return composed
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
