import { primarySubtag } from "../../language/lexicon.ts";

/**
 * How one language writes dates. Every field but `months` and `seasons` is a regular-expression source;
 * leads and parts are matched in either case, as they can begin a sentence.
 */
export interface Calendar {
  /** Twelve, from January, each with its short forms: `January|Jan`. */
  readonly months: readonly string[];
  readonly seasons: string;
  /** What narrows a month or a year: "mid-", "end of ". Ends where the month begins. */
  readonly parts: string;
  /** Words before a date that belong to no one's name: "in", "between". */
  readonly leads: string;
  /** Leads that say what happened then, not before or after. */
  readonly plainLeads: string;
  /** Leads without which the date says something else; only heard at the start of a sentence. */
  readonly boundaries: string;
  /** Leads of two dates: "between". */
  readonly pairLeads: string;
  /** Between the ends of a period: "to", "–". */
  readonly through: string;
  /** Between two dates: "and". */
  readonly and: string;
  /** Between day, month and year: Spanish "de". */
  readonly of: string;
  /** Before the digits of a decade, and after them. */
  readonly decade: readonly [before: string, after: string];
  /** Words of a sentence that looks ahead. */
  readonly ahead: string;
  /** Whether the month may come before the day. */
  readonly monthFirst?: true;
  /** Whether nouns are written with a capital, so that "von 2000 Menschen" looks like a year and a name. */
  readonly capitalNouns?: true;
}

const ENGLISH: Calendar = {
  months:
    "January|Jan\\.? February|Feb\\.? March|Mar\\. April|Apr\\.? May June|Jun\\. July|Jul\\. August|Aug\\.? September|Sept?\\.? October|Oct\\.? November|Nov\\.? December|Dec\\.?".split(
      " ",
    ),
  seasons: "spring|summer|autumn|fall|winter",
  parts:
    "mid[- ‑]|early\\s|late\\s|(?:end|beginning|start|middle|close|first half|second half)\\sof\\s(?:the\\s)?",
  leads:
    "(?:in|on|at|by|during|from|between|since|until|till|before|after|around|for|through|toward|towards|of)(?:\\sthe)?|last|next",
  plainLeads: "in|on|at|during|from|last|next|around",
  boundaries: "since|until|till",
  pairLeads: "between|from",
  through: "\\s(?:to|until|till|through)\\s|\\s?[–-]\\s?",
  and: "\\s(?:and|or)\\s",
  of: "(?:\\sof)?\\s",
  decade: ["(?:(?:early|mid|late)[-\\s])?", "s"],
  ahead: "will|would|plans?|planned|scheduled|due|expected|upcoming|next|could|might|to\\s\\p{Ll}+",
  monthFirst: true,
};

const GERMAN: Calendar = {
  months:
    "Januar|Jänner|Jan\\. Februar|Feb\\. März April|Apr\\. Mai Juni Juli August|Aug\\. September|Sept\\. Oktober|Okt\\. November|Nov\\. Dezember|Dez\\.".split(
      " ",
    ),
  seasons: "Frühjahr|Frühling|Sommer|Herbst|Winter",
  parts: "Anfang\\s|Mitte\\s|Ende\\s|Jahresende\\s",
  leads:
    "im\\sJahre?|im|am|seit|bis|ab|vom|von|zwischen|vor|nach|um|in der Nacht zum|zum|in den|in",
  plainLeads: "im\\sJahre?|im|am|in|ab|in der Nacht zum|in den",
  boundaries: "seit|bis",
  pairLeads: "zwischen|von|vom",
  through: "\\sbis\\s(?:zum\\s)?|\\s?[–-]\\s?",
  and: "\\s(?:und|oder)\\s",
  of: "\\s",
  decade: ["den\\s(?:(?:frühen|späten)\\s)?", "er[\\s-]Jahren?"],
  ahead: "wird|werden|soll|sollen|will|wollen|geplant",
  capitalNouns: true,
};

const FRENCH: Calendar = {
  months:
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(
      " ",
    ),
  seasons: "printemps|été|automne|hiver",
  parts: "mi-|début\\s|fin\\s|(?:la\\s)?fin\\s(?:de\\s|d['’])|(?:le\\s)?début\\s(?:de\\s|d['’])",
  leads:
    "en|le|au|à\\sl['’]|au\\sdébut|du|depuis|jusqu['’](?:en|au)|avant|après|entre|de|dès|pour|à|à\\sla",
  plainLeads: "en|le|au|à|à\\sla",
  boundaries: "depuis|jusqu['’](?:en|au)",
  pairLeads: "entre|de|du",
  through: "\\s(?:à|au|jusqu['’](?:en|au))\\s|\\s?[–-]\\s?",
  and: "\\s(?:et|ou)\\s(?:le\\s)?",
  of: "\\s",
  decade: ["les\\sannées\\s", ""],
  ahead: "sera|seront|aura|auront|devrait|devraient|prochain",
};

const SPANISH: Calendar = {
  months:
    "enero febrero marzo abril mayo junio julio agosto septiembre|setiembre octubre noviembre diciembre".split(
      " ",
    ),
  seasons: "primavera|verano|otoño|invierno",
  parts: "(?:mediados|finales|fines|principios|comienzos|inicios)\\sde\\s",
  leads: "en|el|a|del|desde|hasta|antes\\sde|después\\sde|entre|de|para|en\\sla|en\\sel",
  plainLeads: "en|el|a|en\\sla|en\\sel",
  boundaries: "desde|hasta",
  pairLeads: "entre|de|del",
  through: "\\s(?:a|al|hasta)\\s(?:el\\s)?|\\s?[–-]\\s?",
  and: "\\s(?:y|o)\\s(?:el\\s)?",
  of: "\\sdel?\\s",
  decade: ["los\\saños\\s", ""],
  ahead: "será|serán|tendrá|próximo|prevé|previsto",
};

const ITALIAN: Calendar = {
  months:
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split(
      " ",
    ),
  seasons: "primavera|estate|autunno|inverno",
  parts: "metà\\s|(?:fine|inizio)\\s(?:di\\s)?",
  leads:
    "nel|nella|nell['’]|in|il|l['’]|a|alla|all['’]|dal|fino\\sal|entro|prima\\sdel|dopo\\sil|tra\\sil|fra\\sil|del|da|per",
  plainLeads: "nel|nella|in|il|a|alla",
  boundaries: "dal|fino\\sal",
  pairLeads: "tra\\sil|fra\\sil|dal",
  through: "\\s(?:al|a)\\s|\\s?[–-]\\s?",
  and: "\\s(?:e|o)\\s(?:il\\s)?",
  of: "\\s(?:del\\s)?",
  decade: ["gli\\sanni\\s", ""],
  ahead: "sarà|saranno|avrà|prossimo|previsto",
};

const PORTUGUESE: Calendar = {
  months:
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split(
      " ",
    ),
  seasons: "primavera|verão|outono|inverno",
  parts: "(?:meados|(?:final|fim|início|começo)(?:s|is)?)\\sde\\s",
  leads: "em|no|na|a|até|desde|antes\\sde|depois\\sde|entre|de|do|para",
  plainLeads: "em|no|na|a",
  boundaries: "desde|até",
  pairLeads: "entre|de",
  through: "\\s(?:a|até)\\s|\\s?[–-]\\s?",
  and: "\\s(?:e|ou)\\s",
  of: "\\sde\\s",
  decade: ["os\\sanos\\s", ""],
  ahead: "será|serão|terá|próximo|previsto",
};

const DUTCH: Calendar = {
  months:
    "januari februari maart april mei juni juli augustus september oktober november december".split(
      " ",
    ),
  seasons: "voorjaar|lente|zomer|herfst|najaar|winter",
  parts: "half\\s|medio\\s|begin\\s|eind\\s",
  leads: "in\\shet|in\\sde|in|op|sinds|tot|vanaf|voor|na|tussen|van|rond|per",
  plainLeads: "in|in\\shet|in\\sde|op|vanaf|rond",
  boundaries: "sinds|tot",
  pairLeads: "tussen|van",
  through: "\\s(?:tot|t/m)\\s|\\s?[–-]\\s?",
  and: "\\s(?:en|of)\\s",
  of: "\\s(?:van\\s)?",
  decade: ["de\\sjaren\\s", ""],
  ahead: "zal|zullen|gaat|gepland",
};

const CALENDARS = new Map([
  ["en", ENGLISH],
  ["de", GERMAN],
  ["fr", FRENCH],
  ["es", SPANISH],
  ["it", ITALIAN],
  ["pt", PORTUGUESE],
  ["nl", DUTCH],
]);

/** How a language (BCP 47) writes dates; undefined where we don't know. */
export function calendarOf(language: string): Calendar | undefined {
  return CALENDARS.get(primarySubtag(language));
}
