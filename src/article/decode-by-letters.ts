import { createRequire } from "node:module";

/** Shares of certainty, of 100: a weak guess names what fits least badly. */
const LIKELY = 30;
const SURE = 50;

/** Code pages that whole languages were written in, as TextDecoder knows them too. */
const GUESSED =
  /^(?:Shift_JIS|EUC-JP|EUC-KR|GB18030|Big5|KOI8-R|windows-125[01345-6]|ISO-8859-[25-9])$/i;
/** The alphabets of Central Europe and Turkey, which share most of their letters with the West's. */
const NEAR_WESTERN = /^(?:windows-125[04]|ISO-8859-[29])$/i;

/**
 * The text in bytes that are not UTF-8 and do not say what they are: windows-1252 where its letters make
 * sense, else in the code page that they are most likely in by how often each occurs; undefined where
 * none is likely.
 */
export function decodeByLetters(bytes: Uint8Array): string | undefined {
  const western = new TextDecoder("windows-1252").decode(bytes);
  const isWestern = looksWestern(western);
  if (isWestern && !/[^\p{ASCII}\u2010-\u2026]/u.test(western)) return western;
  const charset = guessCharset(bytes, isWestern);
  if (charset !== undefined) return new TextDecoder(charset).decode(bytes);
  return isWestern ? western : undefined;
}

// Any bytes are valid windows-1252, so a Russian or Japanese code page would pass as mojibake. In the
// languages that windows-1252 is for, less than one letter in five is beyond ASCII.
function looksWestern(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const beyondAscii = text.match(/[^\p{ASCII}\u2010-\u2026]/gu)?.length ?? 0;
  return beyondAscii <= 3 || beyondAscii < letters * 0.3;
}

/** `isWestern` where only a near neighbour of windows-1252 comes into question, and has to be surer. */
function guessCharset(bytes: Uint8Array, isWestern: boolean): string | undefined {
  // Loaded on the rare day it is needed: nearly all text is UTF-8.
  const chardet: { analyse(bytes: Uint8Array): { name: string; confidence: number }[] } =
    createRequire(import.meta.url)("chardet");
  const guesses = chardet.analyse(bytes);
  // What it likes best is what counts, though a better liked one is out of the question.
  const best = isWestern
    ? guesses
        .slice(0, 1)
        .find(({ name, confidence }) => confidence >= SURE && NEAR_WESTERN.test(name))
    : guesses.find(
        ({ name, confidence }) =>
          confidence >= LIKELY && GUESSED.test(name) && isValidIn(bytes, name),
      );
  return best?.name;
}

function isValidIn(bytes: Uint8Array, charset: string): boolean {
  try {
    new TextDecoder(charset, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
