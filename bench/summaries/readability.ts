/**
 * What a reader would trip over in a summary. Written apart from the guards that choose sentences, and sharing
 * nothing with them, so that it does not miss what they miss. It knows English only, is strict, and asks of a
 * sentence only what can be seen in it and in the source around it.
 */
export type Defect =
  | "dangling"
  | "cut quotation"
  | "caption or notice"
  | "fragment"
  | "question"
  | "said twice"
  | "broken abbreviation";

export interface Shown {
  readonly text: string;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

export interface Reading {
  readonly defect: Defect;
  readonly sentence: string;
}

/**
 * The defects of a summary's sentences.
 * @param isRunning whether they are read as one text, so that one may lean on the sentence right before it
 */
export function defectsOf(
  sentences: readonly Shown[],
  source: string,
  isRunning: boolean,
): readonly Reading[] {
  return sentences.flatMap((sentence, at) => {
    const before = isRunning ? sentences[at - 1] : undefined;
    const found: (Defect | false)[] = [
      !follows(sentence, before, source) && isDangling(sentence.text) && "dangling",
      isCut(sentence.text) && "cut quotation",
      isNotice(sentence.text) && "caption or notice",
      isFragment(sentence.text) && "fragment",
      sentence.text.includes("?") && "question",
      sentences.slice(0, at).some((other) => isSame(other.text, sentence.text)) && "said twice",
      isBroken(sentence, source) && "broken abbreviation",
    ];
    return found
      .filter((defect) => defect !== false)
      .map((defect) => ({ defect, sentence: sentence.text }));
  });
}

/** Whether only white space parts two sentences in the source, or a word that was left off. */
function follows({ start }: Shown, before: Shown | undefined, source: string): boolean {
  if (start === undefined || before?.end === undefined) return false;
  const between = source.slice(before.end, start);
  return before.end <= start && between.length < 25 && !/[.!?]/.test(between.replace(/^["”]/, ""));
}

const list = (words: string) => new Set(words.split(" "));

const PRONOUNS = list(
  "he she it they him her his hers its their theirs them himself herself itself themselves",
);
const POINTING_FIRST = list(
  "this that these those such another both neither either others here there which who whom whose",
);
const TYING_FIRST =
  /^(?:and|but|or|nor|so|yet|however|moreover|furthermore|therefore|thus|hence|meanwhile|instead|also|besides|still|then|afterwards?|nevertheless|nonetheless|similarly|likewise|otherwise|consequently|in addition|as a result|for example|for instance|on the other hand|in contrast|by contrast|in other words|in turn|at the same time|at that time|after that|since then|even so|that said|in fact|of course|as such|one of them|some of them|most of them|many of them|both of them|all of them|the (?:two|three|four|pair|duo|trio|latter|others)|two of (?:them|those|these))\b/i;
const NO_NAME = list(
  "the a an in on at by for from with after before when while as if since during under over to of and but or so yet i we you he she it they his her its their this that these those there here what who how why where my our your some many most all few several no not one two three four five six seven eight nine ten last next monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december today yesterday tomorrow according despite although though because until unless whether once even just only now then also asked speaking among",
);
const ADVERBIAL_FIRST = list(
  "in on at by for from with after before during since under over to as when while if although though because until despite once according last next earlier later early late this",
);

/** A pronoun, or a word that points or ties, without anything in the sentence that it could stand for. */
function isDangling(sentence: string): boolean {
  const told = sentence.replace(/["“][^"”]*["”]/g, " Quoted ");
  if (TYING_FIRST.test(told) && !/^(?:so|yet|still) (?:far|many|much)\b/i.test(told)) return true;
  const words = told.match(/[\p{L}\p{N}$£€][\p{L}\p{N}'’.$%-]*(?:,| --?| –)?/gu) ?? [];
  const plain = words.map(plainWord);
  const [first = "", second = ""] = plain;
  if (POINTING_FIRST.has(first) && !isTimeOrScene(first, second)) return true;
  const at = plain.findIndex((word) => PRONOUNS.has(word.replace(/'.*$/, "")));
  if (at === -1 || at > 14) return false;
  const comma = words.findIndex((word) => /(?:,|--?|–)$/.test(word));
  const isAdverbial =
    ADVERBIAL_FIRST.has(first) ||
    plain.slice(1, 5).some((word) => /^(?:after|before|ago|since)$/.test(word));
  const main = isAdverbial && comma !== -1 && comma < 12 ? comma + 1 : 0;
  // "Before he moved, Pell kept a shop": whom it means comes after.
  if (at < main) {
    const isMany = /^(?:they|them|their|theirs|themselves)$/.test(plain[at] ?? "");
    const named = words.slice(main, main + 4).some((word, place) => isSomebody(word, main + place));
    return isMany || !named;
  }
  if (words.slice(main, at).some((word, place) => isSomebody(word, main + place))) return false;
  return main === 0 || !isClause(words.slice(0, main));
}

function plainWord(word: string): string {
  return word
    .replace(/(?:[,.]| --?| –)+$/, "")
    .replace("’", "'")
    .toLowerCase();
}

/** "This week" counts from the day of the paper; "there are" sets a scene. */
function isTimeOrScene(first: string, second: string): boolean {
  if (first === "there")
    return /^(?:is|are|was|were|has|have|will|may|might|could|can|should|must|seems?|appears?|exists?|remains?|comes?|came)(?:n't)?$|^won't$/.test(
      second,
    );
  if (first === "both") return true;
  return /^(?:week|month|year|morning|afternoon|evening|weekend|season|summer|winter|spring|fall|time|monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?:'s)?$/.test(
    second,
  );
}

/** A name or a noun: any word that is not one of the small ones, of time, or an adverb. */
function isSomebody(word: string, place: number): boolean {
  const plain = plainWord(word);
  if (NO_NAME.has(plain) || PRONOUNS.has(plain) || /^\d/.test(plain)) return false;
  if (TIMES.test(plain) || (place === 0 && /(?:ly|ing)$/.test(plain))) return false;
  return true;
}

const TIMES =
  /^(?:\w*day|week(?:s|end)?|months?|years?|mornings?|afternoon|evening|night|seasons?|summer|winter|spring|autumn|fall|times?|hours?|minutes?|decades?|later|earlier|ago)(?:'s)?$/;

/** Whether an opening says who does what: "When Ada Pell arrived". */
function isClause(words: readonly string[]): boolean {
  return words.some(
    (word, at) =>
      at > 0 &&
      /^\p{Ll}+(?:ed|s|ew|id|ent|ame|as|ad|ere|ook|old|aid)\b/u.test(word) &&
      /^\p{Lu}/u.test(words[at - 1] ?? ""),
  );
}

function isCut(sentence: string): boolean {
  const straight = sentence.split('"').length - 1;
  const open = sentence.split("“").length - 1;
  const close = sentence.split("”").length - 1;
  // A mark after a figure may be that of inches.
  const isInches = straight % 2 === 1 && /\d"(?! )/.test(sentence);
  return (straight % 2 === 1 && !isInches) || open !== close || isCutSpeech(sentence);
}

/** 'We came. / Nobody did.' with one of its marks in another sentence. */
function isCutSpeech(sentence: string): boolean {
  const opens = /(?:^|[\s([—-])['‘](?=[\p{L}\p{N}[])/u.test(sentence);
  const speaks = /(?:^|: )['‘]\p{Lu}/u.test(sentence) && !/^'T(?:is|was)\b/.test(sentence);
  const closes = /[\p{L}\p{N}.,!…\]]['’](?![\p{L}\p{N}])/u.test(sentence);
  return (speaks && !closes) || (!opens && /[.!…]['’]$/.test(sentence));
}

const NOTICE =
  /\bphotos?\s*(?::|by\b)|\bimage\s*[:|]|^(?:image|photo|video|caption|credit|source)\b.{0,3}[:|]|\bgetty images\b|\bpictured\b|\((?:far )?(?:left|right|above|below)\)|\bclick (?:here|on|to)\b|\bread more\b|\bsign up\b|\bsubscribe\b|\bfollow (?:us|@)|^watch (?:the|this)\b|\ball rights reserved\b|©|\bcontributed to this\b|\bcnn's [A-Z].* (?:contributed|reported)\b|https?:|www\.|\S@\S+\.\S|\bthe opinions expressed\b|\beditor's note\b|^by [A-Z]\w+ [A-Z]\w+\.?$|\bscroll down\b|\bjoin the conversation\b/i;

function isNotice(sentence: string): boolean {
  return NOTICE.test(sentence);
}

/** Words of which an English sentence that says something has one. */
const VERB =
  /\b(?:am|is|are|was|were|be|been|has|have|had|do|does|did|will|would|can|could|may|might|must|shall|should|says?|said|told|isn't|aren't|wasn't|won't|can't|don't|doesn't|didn't|'s|'re|'ve|'ll|made|took|went|came|saw|gave|got|found|left|lost|won|led|held|kept|met|put|ran|sent|set|cut|hit|let|read|shut|spent|stood|struck|taught|thought|threw|understood|wore|wrote|began|became|broke|brought|built|bought|caught|chose|drew|drove|fell|felt|fought|flew|forgot|grew|heard|hurt|knew|lay|laid|meant|paid|rose|sang|sat|sold|shot|showed|slept|spoke|stole|swam|woke|come|go|want|need|know|think|say|make|take|see|get|give|look|work|live|find|point|remain|appear|seem|include|call|try|ask|become|run|play|turn|help|show|hear|believe|meet|stand|lose|pay|face|continue|feel|believe|lie|lead|serve|share|keep|use|move|plan|hope|expect|\p{L}{2,}(?:ed|es|ing|s))\b/iu;

function isFragment(sentence: string): boolean {
  const words = sentence.split(/\s+/);
  if (words.length < 4 || /^[\p{Ll},;:)”]/u.test(sentence)) return true;
  if (!/[.!?…]["”'’)\]]*$/.test(sentence)) return true;
  if (/^(?:\p{Lu}[\p{L}.]*\s?){1,3}:/u.test(sentence)) return true;
  return !VERB.test(sentence);
}

function isSame(a: string, b: string): boolean {
  const [one, two] = [contentOf(a), contentOf(b)];
  const shared = [...one].filter((word) => two.has(word)).length;
  return shared > 2 && shared / Math.min(one.size, two.size) > 0.7;
}

function contentOf(sentence: string): ReadonlySet<string> {
  return new Set(sentence.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu));
}

const ABBREVIATION =
  /(?:^|[\s("“-])(?:Mr|Mrs|Ms|Dr|Prof|Sen|Sens|Rep|Reps|Gov|Gen|Lt|Col|Sgt|Capt|Adm|Maj|Cmdr|Det|Supt|Rev|Hon|Pres|Messrs|St|Ste|Mt|Ft|No|Nos|vs|v|Jan|Feb|Aug|Sept|Oct|Nov|Dec|e\.g|i\.e|approx)\.$|\s[A-Z]\.$/;
const COUNTRY = /\b(?:U\.S|U\.N|U\.K|D\.C|a\.m|p\.m|Jr|Inc|Corp|Co|Ltd)\.$/;

/** Whether a sentence ends, or begins, at the stop of an abbreviation. */
function isBroken({ text, start, end }: Shown, source: string): boolean {
  const after = end === undefined ? "" : source.slice(end, end + 40).trimStart();
  if (ABBREVIATION.test(text) || (COUNTRY.test(text) && goesOn(after))) return true;
  const before = start === undefined ? "" : source.slice(Math.max(0, start - 12), start).trimEnd();
  return ABBREVIATION.test(before) || (COUNTRY.test(before) && goesOn(text));
}

/** A small letter, or a capital word that does not begin sentences. */
function goesOn(text: string): boolean {
  const word = /^["“]?([\p{L}']+)/u.exec(text)?.[1] ?? "";
  if (word === "") return false;
  return (
    /^\p{Ll}/u.test(word) ||
    /^(?:Army|Navy|Air|Senate|House|Supreme|President|Secretary|Department|Attorney|District|Court|Security|Marine|Coast|Embassy|Ambassador|Capitol|Geological|Open)$/.test(
      word,
    )
  );
}
