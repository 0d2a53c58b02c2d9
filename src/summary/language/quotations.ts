/** Words in quotation marks: `[start, end)` with both marks inside. */
export interface Quotation {
  readonly start: number;
  readonly end: number;
  /** False where one of the marks is missing. */
  readonly isWhole: boolean;
}

/** Closing marks by opening mark: English “…”, German „…“ and »…«, French «…», Swedish ”…”, CJK 「…」. */
const CLOSERS = new Map([
  ['"', '"'],
  ["“", "”"],
  ["„", "“”"],
  ["”", "”"],
  ["«", "»"],
  ["»", "«"],
  ["「", "」"],
  ["『", "』"],
  ["‘", "’"],
]);

/** An opening mark without its fellow is taken to reach this far at most. */
const LONGEST = 600;

/** The quotations of a text, in order. None reaches over a blank line: newspapers leave those open. */
export function quotationsOf(text: string): readonly Quotation[] {
  const found: Quotation[] = [];
  let open: number | undefined;
  const abandon = (at: number) => {
    if (open !== undefined)
      found.push({ start: open, end: Math.min(at, open + LONGEST), isWhole: false });
    open = undefined;
  };
  for (const { index, 0: mark } of text.matchAll(/\n\s*\n|["“”„«»「」『』‘’]/g)) {
    if (mark.startsWith("\n")) abandon(index);
    else if (open !== undefined && closes(text, open, index)) {
      found.push({ start: open, end: index + 1, isWhole: true });
      open = undefined;
    } else if (opens(text, index, open)) {
      abandon(index);
      open = index;
    } else if (open === undefined && isStrayCloser(text, index)) {
      found.push({ start: index, end: index + 1, isWhole: false });
    }
  }
  abandon(text.length);
  return found;
}

function closes(text: string, open: number, at: number): boolean {
  const mark = text[at] ?? "";
  if (CLOSERS.get(text[open] ?? "")?.includes(mark) !== true) return false;
  if (mark === "’") return !/[\p{L}\p{N}]/u.test(text[at + 1] ?? "");
  // A straight mark after a space and before a word opens another quotation: the last was left open.
  return mark !== '"' || !(isSpace(text[at - 1]) && !isSpace(text[at + 1]));
}

function opens(text: string, at: number, open: number | undefined): boolean {
  const mark = text[at] ?? "";
  const previous = text[at - 1] ?? " ";
  const startsWord = /[\p{L}\p{N}¿¡([.…'‘$€£#@]/u.test(text[at + 1] ?? " ");
  const followsWord = /[\p{L}\p{N}]/u.test(previous);
  // Inside a quotation only the same kind of mark begins a new one; the others are nested.
  if (open !== undefined && text[open] !== mark) return false;
  if ("“„「『".includes(mark)) return mark !== "“" || startsWord || isSpace(text[at + 1]);
  if (mark === "«") return !followsWord;
  if (mark === '"' || mark === "‘") return startsWord && !followsWord;
  return (mark === "»" || mark === "”") && startsWord && /[\s(]/.test(previous);
}

/** A closing mark that nothing opened; 6" is a length and ’ an apostrophe. */
function isStrayCloser(text: string, at: number): boolean {
  const mark = text[at] ?? "";
  if (mark === "’" || mark === "‘") return false;
  return mark !== '"' || !/\p{N}/u.test(text[at - 1] ?? "");
}

function isSpace(character: string | undefined): boolean {
  return character === undefined || /\s/.test(character);
}
