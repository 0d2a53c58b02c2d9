// Most pieces of most pages: nothing below is in them.
const PLAIN = /^[\n -~]*$/;
const CONTROL_RANGE = /[\u0080-\u009f]/gu;

/**
 * Text as it was meant: one kind of line break, plain spaces, composed letters, and none of the
 * characters that are invisible. Zero-width joiners stay, because Persian, Hindi and emoji need them.
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
    .replace(INVISIBLE, "")
    .normalize("NFC");
}

/** Text out of decoded HTML, where entities such as `&nbsp;` and `&shy;` may have put them back. */
export function cleanEntities(text: string): string {
  return text.replace(ODD_SPACES, " ").replace(INVISIBLE, "");
}

const ODD_SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f]/g;

// No text has them, so that they can stand for what is taken out of one for a while (see markdown/mask.ts).
const NONCHARACTERS = /[\ufdd0-\ufdef\ufffe\uffff]/g;

// Zero-width space, word joiner, BOM, soft hyphen, controls, and embeddings, overrides and isolates of the writing
// direction, which can make a headline, and where one is never closed all that follows it, read as something else.
const INVISIBLE = /[\u200b\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069]|(?![\t\n])\p{Cc}/gu;

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
