import { primarySubtag } from "./lexicon.ts";

/** The words of one language that turn a statement round, or leave it open. */
export interface PolarityWords {
  /** "not", "never": what a clause says is not so. */
  readonly negation: RegExp;
  /** Other words that may stand for a negation: "refused", "without". */
  readonly denial: RegExp;
  /** "may", "allegedly": what a clause says is not certain. */
  readonly hedge: RegExp;
  /** Other words that may stand for a hedge: "plans to", "wants". */
  readonly reserve: RegExp;
}

type Words = Readonly<Record<keyof PolarityWords, string>>;

const ENGLISH: Words = {
  negation: "not(?! only)|never|no(?! doubt)|none|nobody|nothing|neither|nor|cannot|\\p{L}+n't",
  denial:
    "without|fail\\p{L}*|refus\\p{L}*|den(?:y|ied|ies|ying)|reject\\p{L}*|lack\\p{L}*|unable|hardly|scarcely|barely|few|little|un(?:hurt|harmed|injured|likely|clear|known|sure)|prevent\\p{L}*|avoid\\p{L}*|stop\\p{L}*|ban\\p{L}*|block\\p{L}*|cancel\\p{L}*|absen\\p{L}*|instead|rather|except|miss\\p{L}*|against|declin\\p{L}*|yet to|dismiss\\p{L}*|rule[sd]? out|end\\p{L}*|lost|only|until",
  hedge:
    "may|might|could|possibly|perhaps|maybe|allegedly|alleged|reportedly|suspected|likely|unlikely|rumou?red|speculat\\p{L}*|supposedly|accused|purported\\p{L}*|if|unless|appears? to|seems? to",
  reserve:
    "would|claim\\p{L}*|alleg\\p{L}*|suspect\\p{L}*|suspicion|accus\\p{L}*|charge[sd]?|charges|plan\\p{L}*|commit\\p{L}*|pledg\\p{L}*|promis\\p{L}*|vow\\p{L}*|aim\\p{L}*|goal|target\\p{L}*|seek\\p{L}*|offer\\p{L}*|propos\\p{L}*|consider\\p{L}*|want\\p{L}*|hope\\p{L}*|fear\\p{L}*|risk\\p{L}*|possib\\p{L}*|potential\\p{L}*|expect\\p{L}*|predict\\p{L}*|chance|threat\\p{L}*|depend\\p{L}*|whether|rumou?rs?|speculation|appear\\p{L}*|seem\\p{L}*|doubt\\p{L}*|unless",
};

const GERMAN: Words = {
  negation: "nicht(?! nur)|nie|niemals|kein\\p{L}*|niemand\\p{L}*|nichts|weder",
  denial:
    "ohne|verweiger\\p{L}*|abgelehn\\p{L}*|ablehn\\p{L}*|lehn\\p{L}*|bestreit\\p{L}*|bestritt\\p{L}*|dementier\\p{L}*|fehl\\p{L}*|kaum|un(?:verletzt|klar|gewiss)|verbiet\\p{L}*|verbot\\p{L}*|verhinder\\p{L}*|statt|gegen|bislang|bisher|erst|nur|noch",
  hedge:
    "könnte\\p{L}*|möglicherweise|vielleicht|wohl|angeblich\\p{L}*|mutmaßlich\\p{L}*|offenbar|vermutlich\\p{L}*|wahrscheinlich\\p{L}*|dürfte\\p{L}*|falls|womöglich",
  reserve:
    "soll\\p{L}*|will|wollen|möglich\\p{L}*|verdacht\\p{L}*|verdächtig\\p{L}*|plan\\p{L}*|erwäg\\p{L}*|hoff\\p{L}*|befürcht\\p{L}*|erwart\\p{L}*|glaub\\p{L}*|sei|seien|würde\\p{L}*|ob|droh\\p{L}*|anscheinend|scheint\\p{L}*",
};

const FRENCH: Words = {
  negation: "pas|jamais|aucune?s?|personne|rien|ni",
  denial:
    "sans|refus\\p{L}*|nie|nié|démen\\p{L}*|rejet\\p{L}*|échou\\p{L}*|manqu\\p{L}*|interdi\\p{L}*|empêch\\p{L}*|contre|plus|sauf|indemne\\p{L}*|non|faute|seul\\p{L}*|guère|peu",
  hedge:
    "peut-être|pourrai(?:t|ent)|présumé\\p{L}*|probable\\p{L}*|éventuel\\p{L}*|semble\\p{L}*|soupçonné\\p{L}*|aurai(?:t|ent)|serai(?:t|ent)|si",
  reserve:
    "possible\\p{L}*|possibilité|soupçon\\p{L}*|accus\\p{L}*|risqu\\p{L}*|envisag\\p{L}*|espèr\\p{L}*|esper\\p{L}*|crain\\p{L}*|craint\\p{L}*|suspect\\p{L}*|prévoi\\p{L}*|prévu\\p{L}*|devrai(?:t|ent)|souhait\\p{L}*|menac\\p{L}*|propos\\p{L}*|\\p{L}+rai(?:t|ent)|sembl\\p{L}*|évoqu\\p{L}*|hypothèse",
};

const SPANISH: Words = {
  negation: "no|nunca|jamás|ning[uú]n\\p{L}*|nadie|nada|tampoco|ni",
  denial:
    "sin|neg\\p{L}*|niega\\p{L}*|rechaz\\p{L}*|falt\\p{L}*|imped\\p{L}*|prohib\\p{L}*|evit\\p{L}*|contra|apenas|solo|sólo|excepto|desm\\p{L}*|ilesos?",
  hedge:
    "podrían?|quizás?|tal vez|posiblemente|presunt\\p{L}*|supuest\\p{L}*|probable\\p{L}*|al parecer|si|habrían?|serían?",
  reserve:
    "posib\\p{L}*|acus\\p{L}*|sospech\\p{L}*|plan\\p{L}*|esper\\p{L}*|riesgo|propon\\p{L}*|tem\\p{L}*|prev\\p{L}*|amenaz\\p{L}*|\\p{L}+ría\\p{L}?|parec\\p{L}*",
};

const ITALIAN: Words = {
  negation: "non(?! solo)|mai|nessun\\p{L}*|niente|nulla|né|neppure",
  denial:
    "senza|neg\\p{L}*|rifiut\\p{L}*|respin\\p{L}*|manc\\p{L}*|imped\\p{L}*|viet\\p{L}*|evit\\p{L}*|contro|appena|solo|tranne|smenti\\p{L}*|illes\\p{L}*",
  hedge:
    "potrebbe\\p{L}*|forse|presunt\\p{L}*|probabil\\p{L}*|sembra\\p{L}*|sarebbe\\p{L}*|avrebbe\\p{L}*|se",
  reserve:
    "possib\\p{L}*|accus\\p{L}*|sospett\\p{L}*|piano|prev\\p{L}*|sper\\p{L}*|risch\\p{L}*|propo\\p{L}*|tem\\p{L}*|minacc\\p{L}*|\\p{L}+rebbe\\p{L}*|dovr\\p{L}*",
};

const PORTUGUESE: Words = {
  negation: "não(?! só)|nunca|jamais|nenhum\\p{L}*|ninguém|nada|nem",
  denial:
    "sem|neg\\p{L}*|recus\\p{L}*|rejeit\\p{L}*|falt\\p{L}*|imped\\p{L}*|proib\\p{L}*|evit\\p{L}*|contra|apenas|só|exceto|desment\\p{L}*|ilesos?",
  hedge:
    "poderiam?|talvez|possivelmente|supost\\p{L}*|provável|provavelmente|suspeit\\p{L}*|seriam?|teriam?|se",
  reserve:
    "possível|possib\\p{L}*|acus\\p{L}*|plan\\p{L}*|esper\\p{L}*|risco\\p{L}*|prop\\p{L}*|tem\\p{L}*|prev\\p{L}*|ameaç\\p{L}*|\\p{L}+riam?|parec\\p{L}*",
};

const DUTCH: Words = {
  negation: "niet(?! alleen)|nooit|geen|niemand|niets|noch",
  denial:
    "zonder|weiger\\p{L}*|ontken\\p{L}*|afgewezen|wijst|verwerp\\p{L}*|ontbre\\p{L}*|verbied\\p{L}*|verbod\\p{L}*|voorkom\\p{L}*|tegen|nauwelijks|alleen|pas|ongedeerd",
  hedge:
    "kan|zou|zouden|misschien|mogelijk\\p{L}*|vermoedelijk\\p{L}*|waarschijnlijk\\p{L}*|naar verluidt|als|indien",
  reserve:
    "verdacht\\p{L}*|verdenk\\p{L}*|plan\\p{L}*|hoop\\p{L}*|hopen|vrez\\p{L}*|vrees\\p{L}*|verwacht\\p{L}*|dreig\\p{L}*|lijk\\p{L}*|overweg\\p{L}*",
};

/** Without spaces between words: parts of words. */
const SIGNS = new Map<string, Words>([
  [
    "zh",
    {
      negation: "不(?!仅|但|过|少)|没|沒|未|无法|無法|并非|並非",
      denial: "否认|否認|拒绝|拒絕|禁止|取消|缺|免|无|無|非",
      hedge: "可能|或许|或許|也许|也許|据称|據稱|涉嫌|疑似|恐怕|如果",
      reserve: "预计|預計|计划|計劃|考虑|考慮|怀疑|懷疑|担心|擔心|风险|風險|希望",
    },
  ],
  [
    "ja",
    {
      negation:
        "(?<!かもしれ|違い|ばなら|てはなら)(?:ない(?!と)|ません)|なかった|なく|ず(?=[、,にと]|$)|ぬ",
      denial: "否定|拒否|禁止|中止|欠|無|未|不",
      hedge: "かもしれ|可能性|とみられ|とされ|疑い|恐れ|おそれ|だろう|れば",
      reserve: "予定|計画|検討|見込|見通し|期待|懸念|容疑",
    },
  ],
  [
    "ko",
    {
      negation: "않|못|없|아니",
      denial: "거부|부인|금지|취소|불|미|무",
      hedge: "수 있|수도 있|가능성|혐의|추정|것으로 보|듯|만약|라면",
      reserve: "예정|계획|검토|전망|우려|주장|기대|예상",
    },
  ],
]);

const WORDS = new Map<string, Words>([
  ["en", ENGLISH],
  ["de", GERMAN],
  ["fr", FRENCH],
  ["es", SPANISH],
  ["it", ITALIAN],
  ["pt", PORTUGUESE],
  ["nl", DUTCH],
]);

const cache = new Map<string, PolarityWords>();

/** The words by which a language turns a statement round or leaves it open; undefined where we know none. */
export function polarityWordsOf(language: string): PolarityWords | undefined {
  const primary = primarySubtag(language);
  const known = cache.get(primary);
  const words = WORDS.get(primary);
  const signs = SIGNS.get(primary);
  if (known || (!words && !signs)) return known;
  const compiled = words ? compile(words, wholeWord) : signs && compile(signs, anywhere);
  if (compiled) cache.set(primary, compiled);
  return compiled;
}

function compile(
  { negation, denial, hedge, reserve }: Words,
  pattern: (words: string) => RegExp,
): PolarityWords {
  return {
    negation: pattern(negation),
    denial: pattern(denial),
    hedge: pattern(hedge),
    reserve: pattern(reserve),
  };
}

function wholeWord(words: string): RegExp {
  return new RegExp(String.raw`(?<![\p{L}\p{M}'-])(?:${words})(?![\p{L}\p{M}])`, "iu");
}

function anywhere(signs: string): RegExp {
  return new RegExp(signs, "u");
}
