import { isPronoun, listedWord, type Lexicon, isTerm, stemOf } from "../language/lexicon.ts";
import { withoutQuotations } from "../language/quotations.ts";

interface Token {
  /** See `listedWord`. */
  readonly word: string;
  readonly isCapitalised: boolean;
  readonly endsWithComma: boolean;
}

/** The number of words that are the opening of a sentence. */
const OPENING = 25;

/** An adding word such as "also" is among the first words, up to this number. */
const ADDING = 9;

/** A pronoun within this many words after an opening adverbial is usually the subject. */
const ADVERBIAL = 5;

/**
 * Whether a sentence depends on an earlier one. It begins with a connective or a word that refers back, or a pronoun comes
 * before any word that it could refer to. The pronoun may follow an opening adverbial: "On March 28, it exercised its
 * veto".
 * @param names words that the article capitalises inside sentences, in lower case
 */
export function leansOnContext(
  sentence: string,
  lexicon: Lexicon,
  names: ReadonlySet<string>,
): boolean {
  const opening = tokensOf(sentence, lexicon);
  if (opensWithConnective(opening, lexicon)) return true;
  if (opensByPointing(opening, lexicon)) return true;
  const unquoted = withoutQuotations(sentence);
  const tokens = unquoted === sentence ? opening : tokensOf(unquoted, lexicon);
  return hasUnboundPronoun(tokens, lexicon, names);
}

/** Collects the names of an article for `leansOnContext`. */
export function namesOf(sentences: Iterable<string>, { calendar }: Lexicon): ReadonlySet<string> {
  const names = new Set<string>();
  for (const sentence of sentences) {
    for (const [, name] of sentence.matchAll(/\p{Ll},?\s(\p{Lu}[\p{L}\p{M}]+)/gu)) {
      const word = (name ?? "").toLowerCase();
      if (!calendar.has(word)) names.add(word);
    }
  }
  return names;
}

/**
 * Returns the length of a removable connective at the start of a sentence, in code units. "Meanwhile, Pell said" can begin
 * at "Pell". A capital must follow, so that the rest stays unchanged.
 */
export function leadingConnective(sentence: string, lexicon: Lexicon): number {
  const opening = sentence.slice(0, 60);
  const conjunction = /^(\p{L}+)\s+(?=\p{Lu})/u.exec(opening);
  if (conjunction && lexicon.conjunctions.has(conjunction[1]?.toLowerCase() ?? "")) {
    return conjunction[0].length;
  }
  const adverbial = /^([\p{L}'’ ]+),\s+(?=\p{Lu})/u.exec(opening);
  const phrase = adverbial?.[1]?.replaceAll("’", "'").toLowerCase();
  return adverbial && lexicon.droppable.has(phrase ?? "") ? adverbial[0].length : 0;
}

/** Returns the term about which a sentence adds something: "pell" in "Ada Pell also owns the ferry". */
export function additiveSubject(sentence: string, lexicon: Lexicon): string | undefined {
  const { additives, stopWords } = lexicon;
  if (![...additives].some((word) => sentence.includes(word))) return undefined;
  const opening = tokensOf(sentence, lexicon).slice(0, ADDING);
  const at = opening.findIndex(({ word }) => additives.has(word));
  const before = opening.slice(0, Math.max(0, at)).filter(({ word }) => isTerm(word, stopWords));
  const subject = before.at(-1)?.word.replace(/'s$/, "");
  return subject === undefined ? undefined : stemOf(subject);
}

function tokensOf(text: string, lexicon: Lexicon): readonly Token[] {
  const tokens: Token[] = [];
  const words = text.slice(0, 400).matchAll(/[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*(,?)/gu);
  for (const { 0: token, 1: comma, index } of words) {
    tokens.push({
      word: listedWord(token.replace(/,$/, ""), text, index, lexicon),
      isCapitalised: /^\p{Lu}/u.test(token),
      endsWithComma: comma === ",",
    });
    if (tokens.length === OPENING) break;
  }
  return tokens;
}

function opensWithConnective(opening: readonly Token[], lexicon: Lexicon): boolean {
  const words = opening.slice(0, 4).map(({ word }) => word);
  // "Later this week" is relative to the day of publication, not to another sentence.
  const isLater = lexicon.demonstratives.has(words[1] ?? "") && isTime(words[2], lexicon);
  if (isLater && !lexicon.conjunctions.has(words[0] ?? "")) return false;
  if ([1, 2, 3, 4].some((n) => lexicon.connectives.has(words.slice(0, n).join(" ")))) return true;
  if (opening[0]?.endsWithComma === true && lexicon.introducers.has(words[0] ?? "")) return true;
  const phrase = words.slice(0, 2).join(" ");
  if (opening[1]?.endsWithComma === true && lexicon.introducers.has(phrase)) return true;
  // "Two days later" is relative to an omitted sentence.
  return words.some(
    (word, index) =>
      index > 0 && lexicon.connectives.has(word) && isTime(words[index - 1], lexicon),
  );
}

function opensByPointing(opening: readonly Token[], lexicon: Lexicon): boolean {
  const first = (opening[0]?.word ?? "").split(/['-]/);
  // In French "c'est" and "celui-ci", and in English "he's", the first part refers back.
  const heads = [opening[0]?.word ?? "", first[0] ?? ""];
  if (heads.some((word) => isPronoun(word, lexicon) || lexicon.pointers.has(word))) return true;
  return opening
    .slice(0, 4)
    .some(
      ({ word }, index) =>
        lexicon.demonstratives.has(word) && !isTime(opening[index + 1]?.word, lexicon),
    );
}

/** French questions and quotations put the pronoun after the verb: "a-t-il ajouté". */
function isSingularPronoun(word: string, { singularPronouns }: Lexicon): boolean {
  return (
    singularPronouns.has(word) || (/-/.test(word) && singularPronouns.has(word.replace(/.*-/, "")))
  );
}

function hasUnboundPronoun(
  tokens: readonly Token[],
  lexicon: Lexicon,
  names: ReadonlySet<string>,
): boolean {
  const at = tokens.findIndex(
    ({ word }) => isSingularPronoun(word, lexicon) || lexicon.pluralPronouns.has(word),
  );
  if (at === -1) return false;
  const before = tokens.slice(0, at);
  const opensLate = isAdverbial(before[0]?.word, lexicon) || isTime(before[0]?.word, lexicon);
  // A name inside an adverbial is not the agent: "At Porthmoor she runs the bakery."
  if (opensLate && (opensMainClause(before, lexicon) || at <= ADVERBIAL)) {
    return !bindsInClause(before, lexicon, names);
  }
  if (isObjectOf(before, tokens[at]?.word ?? "", lexicon)) return true;
  if (before.some((token, index) => isName(token, index, lexicon, names))) return false;
  // In "Starting in May, she", the words before the comma do not name the agent.
  if (before.at(-1)?.endsWithComma === true && !lexicon.determiners.has(before[0]?.word ?? ""))
    return true;
  if (isSingularPronoun(tokens[at]?.word ?? "", lexicon)) {
    const determined = before.findIndex(
      ({ word }) => lexicon.determiners.has(word) && !isPlural(word, lexicon),
    );
    // "The last time he won" and "One of his shoulders" name no person before the pronoun.
    if (determined === -1) return true;
    return !before.slice(determined + 1).some((token) => isThing(token, lexicon));
  }
  // In "Sadly, they", the word before the comma is not a person.
  const named = before[0]?.endsWithComma ? before.slice(1) : before;
  return !named.some((token) => isContent(token, lexicon));
}

/** Whether no person stands between the comma and the pronoun: "After a year on the Lune, what she". */
function opensMainClause(before: readonly Token[], lexicon: Lexicon): boolean {
  const comma = before.findLastIndex(({ endsWithComma }) => endsWithComma);
  return comma !== -1 && before.slice(comma + 1).every(({ word }) => lexicon.stopWords.has(word));
}

/** Whether the pronoun is the object, so that it cannot refer to the subject: "Porthmoor wants them gone". */
function isObjectOf(before: readonly Token[], pronoun: string, lexicon: Lexicon): boolean {
  const [first, ...others] = before;
  if (!lexicon.objectPronouns.has(pronoun) || !first || others.length === 0) return false;
  const isSimple = before.every(
    ({ word, endsWithComma }, index) =>
      !endsWithComma && (index === 0 || !lexicon.stopWords.has(word)) && !isTime(word, lexicon),
  );
  // A single word in lower case is the verb. Several may name a person.
  return isSimple && others.filter(({ isCapitalised }) => !isCapitalised).length === 1;
}

/** Whether the clause names the agent: "When Ada Pell arrived, she" does; "In Porthmoor, she" and "After a week, it" do not. */
function bindsInClause(
  clause: readonly Token[],
  lexicon: Lexicon,
  names: ReadonlySet<string>,
): boolean {
  if (!lexicon.subordinators.has(clause[0]?.word ?? "")) return false;
  const nameEnd = clause.findIndex(
    (token, index) => index > 0 && !isName(token, index, lexicon, names),
  );
  const verb = clause[nameEnd];
  return nameEnd > 1 && clause[nameEnd - 1]?.endsWithComma === false && isContent(verb, lexicon);
}

function isName(
  { word, isCapitalised }: Token,
  index: number,
  lexicon: Lexicon,
  names: ReadonlySet<string>,
): boolean {
  if (!isCapitalised || lexicon.stopWords.has(word) || isTime(word, lexicon)) return false;
  const isKnown = /^\p{Lu}/u.test(word) || names.has(word) || names.has(word.replace(/'s$/, ""));
  return index > 0 || isKnown;
}

/** A singular pronoun does not refer to a plural such as "three suspects". */
function isPlural(word: string, { counts, singularPronouns }: Lexicon): boolean {
  return counts.has(word) && word !== "one" && !singularPronouns.has(word);
}

function isContent(token: Token | undefined, lexicon: Lexicon): boolean {
  if (token === undefined || lexicon.stopWords.has(token.word)) return false;
  if (isAdverbial(token.word, lexicon) || lexicon.determiners.has(token.word)) return false;
  if (isTime(token.word, lexicon)) return false;
  return !/^\p{N}/u.test(token.word);
}

function isThing(token: Token, lexicon: Lexicon): boolean {
  return isContent(token, lexicon) && !lexicon.introducers.has(token.word);
}

function isAdverbial(word: string | undefined, { prepositions, subordinators }: Lexicon): boolean {
  return word !== undefined && (prepositions.has(word) || subordinators.has(word));
}

function isTime(word: string | undefined, { calendar }: Lexicon): boolean {
  return word !== undefined && calendar.has(word.replace(/'s$/, ""));
}

const COUNTED = /^(?<count>\p{Lu}\p{Ll}+) (?<next>\p{L}+(?:n['’]t)?) /u;
/** A number without its noun: "About 40% are Australian", "Fifty-five are riders". */
const NUMBERED =
  /^(?:\p{L}+ ){0,2}(?:\p{N}[\p{N}.,]*%?|\p{Lu}\p{Ll}+ty-\p{Ll}+) (?:are|were|have|had) /u;
/** "More than 250 others were injured" */
const OTHERS = /^(?:[\p{L}\p{N},.-]+ ){1,4}others (?:were|are|have|had|was) /u;
const THAT_TIME = /(?<!\p{L})(?<that>\p{L}+)(?= (?:same )?(?<time>\p{Ll}+)(?!\p{L}))/gu;
const THAT_KIND = /\b(?:that|this|those|these) (?:kind|sort|type)s?\b/;

/**
 * Whether a sentence refers to other text after its opening: "One asked why", "that summer" without a date, "that kind of
 * delay", "Pell, however, stayed".
 * @param unquoted the sentence without its quotations
 */
export function pointsOutside(unquoted: string, lexicon: Lexicon): boolean {
  return (
    opensWithCount(unquoted, lexicon) ||
    (lexicon.verbs.size > 0 &&
      [THAT_KIND, OTHERS, NUMBERED].some((pattern) => pattern.test(unquoted))) ||
    namesNoTime(unquoted, lexicon) ||
    contrastsInside(unquoted, lexicon)
  );
}

/** Whether the sentence begins with a number without its noun: "Two were arrested", but not "Two riders were arrested". */
function opensWithCount(unquoted: string, { counts, verbs, saying, stopWords }: Lexicon): boolean {
  const { count = "", next = "" } = COUNTED.exec(unquoted)?.groups ?? {};
  if (!counts.has(count.toLowerCase())) return false;
  if (saying.has(next)) return count === "One";
  return /\p{Ll}{2}ed$/u.test(next) || (verbs.has(next) && stopWords.has(next));
}

/** Whether a phrase such as "that summer" has no month, weekday or year before it. */
function namesNoTime(unquoted: string, lexicon: Lexicon): boolean {
  const { demonstratives, calendar, pointers, stopWords, verbs } = lexicon;
  return [...unquoted.matchAll(THAT_TIME)].some(({ groups, index }) => {
    const { that = "", time = "" } = groups ?? {};
    if (!pointers.has(that) || demonstratives.has(that) || !calendar.has(time)) return false;
    // In "The boat that may sink", "may" is not a month.
    if (stopWords.has(time) || verbs.has(time)) return false;
    return (
      !/\p{N}/u.test(unquoted.slice(0, index)) && !namesDay(unquoted.slice(0, index), calendar)
    );
  });
}

function namesDay(unquoted: string, calendar: ReadonlySet<string>): boolean {
  return [...unquoted.matchAll(/\p{Lu}\p{Ll}+/gu)].some(([word]) =>
    calendar.has(word.toLowerCase()),
  );
}

/** A contrast inside the sentence: "Pell, however, stayed". */
function contrastsInside(unquoted: string, { closers }: Lexicon): boolean {
  return [...unquoted.matchAll(/, (\p{Ll}+)(?=,)/gu)].some(([, word = ""]) => closers.has(word));
}
