import type { Dropped } from "../article.ts";

// What WordPress signs a feed's items with, in its own translations.
const SIGNATURE =
  /^(?:the post|der beitrag|l['’]article|la entrada|l['’]articolo|het bericht|o post|inlägget|artykuł|сообщение|投稿)\s.{1,300}(?:appeared first on|erschien zuerst auf|est apparu en premier sur|(?:se publicó|apareció) primero en|(?:proviene da|sembra essere il primo su)|verscheen eerst op|apareceu primeiro em|dök först upp på|pochodzi z serwisu|появил(?:ась|ось|ись) сначала на|に最初に表示されました)/iu;

const ONWARD =
  "continue reading|keep reading|read (?:the )?(?:more|full|rest|whole|original|on)|(?:click )?(?:here )?to read (?:more|on)|view (?:the )?(?:original|full)|" +
  "weiterlesen|mehr lesen|den ganzen|lire la suite|lire plus|seguir leyendo|leer más|sigue leyendo|continua a leggere|leggi tutto|" +
  "continuar lendo|leia mais|continue lendo|lees verder|lees meer|läs (?:hela|mer)|les (?:mer|hele)|læs (?:mere|hele)|czytaj (?:dalej|więcej)|číst (?:dál|více)|" +
  "читать (?:далее|дальше|полностью)|продолжить чтение|читати далі|devamını oku|続きを読む|阅读(?:全文|更多|原文)|閱讀(?:全文|更多)|더 ?보기|계속 ?읽기|اقرأ المزيد|قراءة المزيد";

const MARK = String.raw`(?:\[\s?(?:…|\.{3})\s?\]|\((?:more\s?)?(?:…|\.{3})\)|\(more\)|…|\.{3})`;
const ONWARD_LINE = new RegExp(String.raw`^[\s[({<«»→]*(?:${ONWARD})(?![\p{Ll}]).{0,120}$`, "iu");
const CUT = new RegExp(String.raw`${MARK}\s*(?:(?:${ONWARD})(?!\p{Ll}).{0,120})?$`, "iu");
const ONWARD_AT_END = new RegExp(
  String.raw`[.!?…\]]\s+[[({<«]*(?:${ONWARD})(?!\p{Ll})[^.!?]{0,100}$`,
  "iu",
);

/** Why a paragraph is the feed's own signature or a link to the rest, not story; undefined where it is story. */
export function trailerReason(paragraph: string): string | undefined {
  if (paragraph.length > 500) return undefined;
  if (SIGNATURE.test(paragraph)) return "the feed's signature";
  return ONWARD_LINE.test(paragraph) ? LEADS_ON : undefined;
}

const LEADS_ON = "a link to the rest of the story";

/** Whether what was left out is a link to the rest of the story, so that there is one. */
export function leadsOn({ reason }: Dropped): boolean {
  return reason === LEADS_ON;
}

/** Whether a text breaks off: with "[…]", with three dots, or with an invitation to read on. */
export function isCutShort(text: string): boolean {
  const end = text.slice(-300).trim();
  return CUT.test(end) || ONWARD_AT_END.test(end);
}
