/** "PORTHMOOR — The ferry", "PORTHMOOR, May 3 (AP) — The ferry" */
const CAPITALS =
  /^\p{Lu}[\p{Lu}.'’ /-]{2,30}(?:,[^,()]{1,30}){0,3}(?:\s\([\p{L} /-]{2,30}\))?\s(?:[–—]|--?)\s(?=["“„«]?\p{Lu}(?:\p{Ll}|['’]| \p{Ll}))/u;
/** "【新華社】", "［東京 3日 ロイター］ - ", "(서울=연합뉴스) 홍길동 기자 = ". The bracket of "【港】は" is part of its sentence. */
const EAST_ASIAN =
  /^(?:[【［][^】］]{0,40}\p{L}[^】］]{0,40}[】］](?![はがをのにともでやへ是的在和])|[([][^()[\]=]{1,15}=[^()[\]=]{1,20}[)\]](?: [^.=]{2,20} =)?)\s*(?:-\s+)?/u;
/** A place and its day, if any, a source in brackets, and what separates them from the story: nothing, before a capital. */
const BRACKETED =
  /^([^()（）\n]{0,90}?)[\s–—-]*[(（]([^()（）\n]{2,40})[)）](\.?\s*[–—-]{1,2}\s*|\s+|(?=["“„«[\p{Lu}]))(?=["“„«[]?[\p{Lu}\p{Lo}\p{N}])/u;
const PLACE_OR_DAY =
  /^(?:|\p{N}[^,]{0,24}|[\p{Lu}\p{Lo}]\S*(?: (?:[\p{Lu}\p{Lo}\p{N}]\S*|\p{Ll}{1,3}\.?)){0,4})$/u;
/** "AP", "The Hollywood Reporter". Neither a numeral, "III", nor a part of a word, "(Re)Building". */
const SOURCE = /^(?![IVXLC]+$)(?:the )?\p{Lu}(?:\p{Lu}|\S{2})\S*(?: \p{Lu}\S*){0,3}$/u;
/** "AFP", "dpa", "dpa/lhe" */
const AGENCY = /^(?![ivxlc]+$|[IVXLC]+$)(?:\p{Lu}{2,6}|\p{Ll}{2,3}(?:\/\p{Ll}{2,3})?)$/u;

/**
 * How many code units at the start of a sentence are a dateline: where the story was written, and its source. Some forms
 * count only at the opening of a text: further down, "Ada Pell (Labour) – The mayor" looks like "Porthmoor (Reuters) – The".
 */
export function datelineLength(text: string, isOpening: boolean): number {
  const opening = text.slice(0, LONGEST);
  const patterns = isOpening ? [CAPITALS, EAST_ASIAN] : [CAPITALS];
  const lengths = patterns.map((pattern) => pattern.exec(opening)?.[0].length ?? 0);
  const length = Math.max(bracketedLength(opening, isOpening), ...lengths);
  return length === 0 ? 0 : length + datelineLength(opening.slice(length), isOpening);
}

function bracketedLength(opening: string, isOpening: boolean): number {
  const [all = "", place = "", source = "", separator = ""] = BRACKETED.exec(opening) ?? [];
  const [hasPlace, hasDash] = [place !== "", separator.trim() !== ""];
  const isPlace = place.split(/[,،]\s/).every((part) => PLACE_OR_DAY.test(part));
  const isName = SOURCE.test(source) && (separator === "" || (hasDash && (isOpening || !hasPlace)));
  const isSmall = /^\p{Ll}/u.test(source) && (isOpening || hasDash);
  const isMark = AGENCY.test(source) && (isSmall || !hasPlace);
  return isPlace && (isName || isMark) ? all.length : 0;
}

const LONGEST = 160;

/** A text and its markup without the dateline that they begin with, and that dateline; undefined where there is none. */
export function takeDateline(
  text: string,
  html: string,
): { readonly text: string; readonly html: string; readonly dateline: string } | undefined {
  const length = datelineLength(text, true);
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
