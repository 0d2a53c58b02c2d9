import { AGENCY, anyOf, datelineLength } from "../article/boilerplate.ts";
import { writesStoppedOrdinals } from "./language/abbreviations.ts";

/**
 * Lines that stand around a story and not in it, by their shape: credits, bylines, calls to click and
 * share, notices. A backstop: the article reader has taken out what it knew.
 */
const BOILERPLATE: readonly RegExp[] = [
  // Credits
  new RegExp(String.raw`^(?:video|${anyOf("credits", "sources")})\s*[:：|]`, "iu"),
  /\b(?:AP|EPA|AFP|Reuters|Getty)\s?(?:Photo|Images?)\b|\b(?:AFP|EPA|Reuters|Photo|Foto)\/[A-Z]|\b(?:Shutterstock|Unsplash|Wikimedia Commons)\b/,
  /\((?:far |top |bottom )?(?:left|right|cent(?:re|er)|above|below)(?: and (?:left|right|cent(?:re|er)))?(?:,[^()]{1,40})?\)|\b(?:is|are|was|were) pictured\b|(?:^|, )pictured\b/i,
  /\b[Ff]ile photo\b|\b[Pp]ictured (?:above|left|right|at|in|with)\b|\b(?:[Pp]hoto(?:graph)?|[Ii]mage|[Pp]icture)s? (?:by|courtesy of) \p{Lu}/u,
  /\s\|\s|©|\(c\) ?\d{4}/i,
  // Bylines and notes about the piece
  /\bcontributed to this (?:report|story|article|piece)\b|\breported (?:from|by)\b.*\bwr(?:ote|itten)\b/i,
  /^\p{Lu}{2,}['’]s? (?:\p{Lu}\S*(?:,| and)? ){2,}(?:\p{Ll}+ )?(?:contributed|reported)(?!\p{L})/u,
  /^(?:\p{Lu}[\p{L}'’.-]+(?:,| and)? ){2,8}reported from \p{Lu}[^,]{2,60}\.$/u,
  /^(?:editor['’]s? note|correction|update|note|disclaimer|anmerkung|note de la rédaction|nota del editor)\s*:/i,
  /\bthe opinions? expressed\b|\bthis (?:article|story|post|piece|interview) (?:was|has been|is|first|originally)\b/i,
  new RegExp(anyOf("rights"), "iu"),
  // Calls to act
  /^(?:read (?:more|also|next|on|the full)|click (?:here|on|to)|tap here|sign up|subscribe|log ?in|follow (?:us|@)|like us|share (?:this|on)|see (?:more|also|the (?:full|original))|view (?:more|photos)|(?:video )?scroll (?:down|over|through)|watch(?: the| this)? (?:video|live|full)?(?::| \w+ (?:above|below|here))|related(?::| (?:articles|stories|posts|links))|leave a (?:reply|comment)|advertisement\W*$|download (?:the|our)|get (?:the|our) (?:latest|newsletter|app)|for more information|e-?mail (?:us|to a friend))(?!\w)|\bjoin the conversation\b/i,
  /^(?:lesen sie|mehr zum thema|jetzt abonnieren|lire aussi|à lire|abonnez-vous|lea también|lee también|suscríbe|leggi anche|iscriviti|leia também|inscreva-se|lees ook|meer over)/i,
  /^(?:listen (?:to|as)|find out (?:how|what|why|more)|learn more|take (?:a look|our quiz)|check out|below (?:is|are)|my apologies)(?!\w)/i,
  // What the newsroom did for the story, and what leads to a list of its parts
  /\b(?:reach(?:ed|ing)?|available|contact(?:ed)?|approached|requests?|calls?|messages?|emails?|attempts?|asked)\b.{0,60}\bfor comment\b|\bindependently (?:authenticat|confirm|verif)/i,
  new RegExp(
    String.raw`^(?:The )?(?:${AGENCY}|BBC|NBC|CBS|ABC|MailOnline|Associated Press) (?:has |have )?reached out to\b`,
  ),
  /\bhere(?:['’]s| is| are) (?:what|how|why|who|where|when|some|a look)\b|\b(?:videos?|photos?|pictures?|gallery|map|chart|graphic) (?:above|below)\b/i,
  /\bwrote (?:the|this) (?:story|report)\b/,
  /\bplease (?:check out|visit|see|click|send|e-?mail|contact|join)\b/i,
  /^\d{1,2} (?:things|ways|reasons|questions|facts|tips|photos|stories) /,
  /^(?=(?:\S+\s+){2,12}\S+$)[^.?!]{3,40}:['’”"]? (?:What|Why|How|Who|Where|When) /,
  // Words to readers, and notes in brackets on what was put in when
  /^let(?:['’]s| us) (?:look|take|see|start|begin|turn|talk|face)\b/i,
  /^\[[^\]]*\]?[.:]?\]?$/,
  // The headline of another story, put between the sentences of this one: "Ferry crash: What we know."
  /^(?=(?:\S+\s+){2,9}\S+$)(?=[^:]*\s\p{Ll})[\p{L}\p{N}'’ -]{3,40}: [\p{Lu}\p{N}]/u,
  // Addresses: a reader is not served by them inside a summary.
  /https?:\/\/|\bwww\.|(?<=[\w.+-])@[\w-]+\.\w/i,
];

/** Whether a sentence is a credit, a byline, a notice or a call to click. */
export function isBoilerplate(sentence: string): boolean {
  return BOILERPLATE.some((pattern) => pattern.test(sentence));
}

/** "•" or "–" before a sentence, and "1.", which in some languages is also an ordinal. */
const BULLET = /^[•·▪‣◦●*–—-]+\s+(?=[\p{L}"“„«])/u;
const NUMBER = /^\p{Nd}{1,2}[.)]\s+(?=[\p{L}"“„«])/u;

/** How many code units at the start of a sentence are a dateline or a list mark, not the sentence. */
export function leadingBoilerplate(sentence: string, language: string, isOpening: boolean): number {
  const opening = sentence.slice(0, 160);
  const marks = [BULLET, ...(writesStoppedOrdinals(language) ? [] : [NUMBER])];
  const lengths = marks.map((mark) => mark.exec(opening)?.[0].length ?? 0);
  return Math.max(datelineLength(sentence, isOpening), ...lengths);
}
