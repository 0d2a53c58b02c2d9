import { primarySubtag } from "../../language/lexicon.ts";
import type { StatedNumber } from "./numbers.ts";

const RANGE_BEFORE = /[\d%]\s(?:of|to|or|and|–|-|bis|oder|von|und)\s$/;
const RANGE_AFTER = /^\s(?:of|to|or|and|–|-|bis|oder|von|und)\s[$£€]?\d/;
/** "one in 10 riders" is a share of ten. */
const SHARE_BEFORE =
  /(?:^|\s)(?:one|two|three|four|five|six|seven|eight|nine|ein\p{L}*|zwei|drei|vier) (?:in|of|out of|von|aus) (?:every )?$/iu;
const COUNTED_OFF =
  /(?<!\p{L})(?:[Nn]o\.|[Nn]umber|[Rr]oute|[Aa]ged?|[Cc]hapter|[Pp]age|Nr\.|Seite|Kapitel)\s$/u;
const TIME_OF_DAY_OR_AGE = /^\s?(?:[ap]\.?m\b|o['’]clock|Uhr|years? old|-)/;
/** A span of time is not what a story is about. */
const SPAN =
  /^\s(?:\p{Ll}+\s)?(?:years?|months?|weeks?|weekends?|days?|hours?|minutes?|seconds?|nights?|decades?|times|inches|Jahren?|Tagen?|Monaten?|Wochen?|Stunden?|Minuten?|Sekunden?|Mal)(?!\p{L})/u;

/**
 * Whether a number is a name, a place in a list or a time and counts nothing that can be shown beside it:
 * "Boeing 737", "No. 5", "9 p.m.", "Ada Pell, 31, said", "3 of 12", "10 minutes".
 */
export function isLabel(number: StatedNumber, sentence: string, language: string): boolean {
  const before = sentence.slice(0, number.start);
  const after = sentence.slice(number.end);
  if (RANGE_BEFORE.test(before) || RANGE_AFTER.test(after)) return true;
  if (SHARE_BEFORE.test(before)) return true;
  if (number.kind !== "count") return false;
  // Prose spells small numbers out; in figures they count lists, seasons and goals.
  if (number.amount < 10 && /\d$/.test(number.value)) return true;
  if (SPAN.test(after) || COUNTED_OFF.test(before) || TIME_OF_DAY_OR_AGE.test(after)) return true;
  return isInName(before, language) || (/,\s$/.test(before) && /^[,.]/.test(after));
}

const NAME_BEFORE = /\s\S*\p{Lu}[\p{L}\p{N}.-]*\s$/u;

/** In German every noun has a capital, so that one says nothing. */
function isInName(before: string, language: string): boolean {
  if (primarySubtag(language) === "de") return false;
  return (
    NAME_BEFORE.test(before) ||
    /^(?:Runway|Route|Flight|Highway|Interstate|Article|Section|Phase|Type|Version|Apollo|Channel)\s$/.test(
      before,
    )
  );
}
