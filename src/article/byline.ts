import { findDate, isCalendarWord } from "./dates.ts";
import { anyOf, boilerplateOf } from "./boilerplate.ts";

/** The names in a byline: "By Ana Ruiz and Tom Lee, Lisbon", "文＝山田花子". Empty for any other line. */
export function namesInByline(line: string): string[] {
  const plain = line.replace(DASH, "").trim();
  if (plain.length > 140) return [];
  const prefixed = PREFIX.exec(plain);
  if (prefixed) return leadingNames(plain.slice(prefixed[0].length));
  const uncased = UNCASED_PREFIX.exec(plain)?.[1] ?? UNCASED_SUFFIX.exec(plain)?.[1];
  return uncased
    ? uncased.split(/\s?[、，,・/]\s?|\s(?:و|and)\s?/u).map((name) => name.trim())
    : [];
}

/** The authors that a line names: the names of a byline, or the name beside a date. */
export function authorsIn(line: string): string[] {
  const names = namesInByline(line);
  if (names.length > 0) return names;
  const beside = findDate(line)
    ?.rest.replace(/\d{1,2}[.:]\d{2}(?:\s?(?:uhr|h|am|pm))?/iu, "")
    .replace(/[\s,|·•–—-]+$/u, "")
    .trim();
  if (beside === undefined) return [];
  const named = namesInByline(beside);
  return named.length === 0 && isNameLine(beside) ? [beside.replace(DASH, "")] : named;
}

// Dashes before a name under a text.
const DASH = /^[\s–—-]+/u;

/** Whether a line is a name and nothing else, as under an article: two to five capitalised words. */
export function isNameLine(line: string): boolean {
  const plain = line.replace(DASH, "").trim();
  const words = plain.split(/\s+/);
  if (words.length < 2 || words.length > 5 || boilerplateOf(plain)) return false;
  if (words.some((word) => NEVER_IN_NAMES.has(word.toLowerCase()) || isCalendarWord(word)))
    return false;
  return isCapitalised(words[0]) && isCapitalised(words.at(-1)) && words.every(isNamePart);
}

// "Written by", "Author:". A bare preposition counts only before a capitalised name (see leadingNames).
const PREFIX = new RegExp(
  String.raw`^(?:(?:(?:${anyOf("credited")}) )?(?:${anyOf("by")})\s+|(?:${anyOf("authorLabels")})s?\s*[:|]\s*(?:(?:${anyOf("by")})\s+)?)`,
  "iu",
);

/** Whether a line only introduces the name under it: "By", "Author:". */
export function introducesName(line: string): boolean {
  return INTRODUCES.test(line);
}

const INTRODUCES = new RegExp(`^(?:${anyOf("by", "authorLabels")})s?\\s?:?$`, "iu");

// Chinese, Japanese and Korean names have two to five characters and no capitals; Arabic has no capitals.
const UNCASED_PREFIX =
  /^(?:(?:作者|记者|記者|撰文|撰稿|文|(?:取材|写真|撮影)・文|文・(?:写真|撮影)|執筆|著者|글|취재)\s?[:：/／=＝|]\s?|(?:(?:取材|写真|撮影)・文|文・(?:写真|撮影)|記者) |(?:文|記者)・(?!写真|撮影)|(?:بقلم|كتب|كتبت|إعداد)\s?:?\s)([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Arabic}、・ ]{2,40})$/u;
const UNCASED_SUFFIX =
  /^([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{2,5})\s?(?:기자|記者|记者)(?:\s?[\w.+-]+@[\w.-]+)?$/u;

const CONNECTORS = new Set("and & und et y e och og en i и ve with".split(" "));
const PARTICLES = new Set(
  "de da do del della dello di du la le los las van von der den ter ten bin ibn al el dos das af zu zum y e".split(
    " ",
  ),
);

// Words that may follow the names in a byline. Any other lower-case word means that the line is a sentence.
const FOLLOWERS = new Set(
  "in for from on at follow updated published posted special contributor staff senior aus für à pour en de para da per dal uit voor".split(
    " ",
  ),
);

const NEVER_IN_NAMES = new Set(
  `the end fin ende fine fim a an this that more read reporter reporters editor editors correspondent writer staff news
   newsroom agency press follow updated published posted contact email view team desk magazine reuters associated political chief senior contributor redaktion rédaction
   redacción redazione redactie`.split(/\s+/),
);

// Takes names from the start of a byline, up to the first word that cannot be part of a name.
function leadingNames(rest: string): string[] {
  const names: string[] = [];
  let current: string[] = [];
  let isAfterComma = false;
  const close = (): void => {
    const name = current.join(" ");
    const isPaper = isAfterComma && names.length > 0 && isPaperName(name);
    if (isWhole(current) && !isPaper) names.push(name);
    current = [];
  };
  for (const word of rest.split(/\s+/)) {
    const bare = word.replace(/[,;|•·:]+$/u, "");
    const continues = isNamePart(bare) && (current.length > 0 || isCapitalised(bare));
    if (CONNECTORS.has(bare) && isWhole(current)) {
      close();
      isAfterComma = false;
    } else if (continues && !isCalendarWord(bare) && !NEVER_IN_NAMES.has(bare.toLowerCase())) {
      current.push(bare);
      if (bare === word) continue;
      close();
      isAfterComma = true;
    } else if (bare === "of" && current.length > 1) break;
    else if (/^\p{Ll}/u.test(bare) && !FOLLOWERS.has(bare) && !/[.@]/.test(bare)) return [];
    else break;
  }
  close();
  // "By Ida Holm, Lisbon": if the first name has two words, a single word is a place.
  const isFull = names[0]?.includes(" ") ?? false;
  return isFull ? names.filter((name) => name.includes(" ")) : names;
}

function isWhole(words: readonly string[]): boolean {
  return words.length >= 1 && words.length <= 5 && isCapitalised(words.at(-1));
}

function isCapitalised(word: string | undefined): boolean {
  return /^\p{Lu}[\p{L}\p{M}'’.-]*$/u.test(word ?? "") && !/['’]s$/.test(word ?? "");
}

function isNamePart(word: string): boolean {
  return isCapitalised(word) || PARTICLES.has(word) || /^(?:al|el|d|l|O)['’-]\p{L}+$/u.test(word);
}

// The last words of the names of papers, broadcasters and agencies. Some are surnames too, so only the text after a
// person's name is tested.
const LAST_WORD =
  /(?:^|\s)(?:advertiser|agency|anzeiger|argus|bild|blatt|bote|broadcasting|bulletin|bureau|chronicle|correspondent|courant|courier|dagblad|dispatch|echo|examiner|express|freie presse|gazet|gazeta|gazette|gazetta|gazzetta|globe|guardian|herald|independent|inquirer|journal|kurier|magazin|magazine|mail|merkur|messenger|mirror|monitor|news|newspapers?|nachrichten|observer|pioneer|post|press|presse|radio|record|register|report|review|rundschau|sentinel|standard|star|stern|sun|tagblatt|tageblatt|tageszeitung|telegraph|television|times|today|tribune|tv|weekly|wire|zeitung)$/iu;

// "El País", "Le Monde", "The Quay". Names of people with an article have more words.
const WITH_ARTICLE =
  /^(?:the|der|die|das|le|la|les|el|los|il|lo|o|de|het)\s\p{Lu}[\p{L}\p{M}'’-]*$/iu;

/** Whether the text after a person's name in a byline is the name of a paper. */
export function isPaperName(text: string): boolean {
  return LAST_WORD.test(text) || WITH_ARTICLE.test(text);
}
