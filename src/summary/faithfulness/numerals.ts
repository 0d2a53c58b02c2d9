import { perLanguage } from "../language/lexicon.ts";

/** How one language writes numbers. Words are lower case. */
export interface Numerals {
  /** What is before the decimals; where a language has both, either is read. */
  readonly decimal: NonNullable<Written["decimal"]>;
  /** Whether a space may part the thousands. */
  readonly isSpaced: boolean;
  /** From 2: "one" is more often a pronoun or an article. */
  readonly words: ReadonlyMap<string, number>;
  /** From 3: "second" is a part of a minute too. */
  readonly ordinals: ReadonlyMap<string, number>;
  /** Words that a number before them is multiplied by. */
  readonly scales: ReadonlyMap<string, number>;
  /** Those of them that are no number by themselves: "millions". */
  readonly plurals: ReadonlySet<string>;
  /** Between the hundreds and the rest: "two hundred and ten". */
  readonly and: string;
}

/** Languages that write 1,000.5; the others of Europe write 1.000,5 or 1 000,5. */
const WITH_POINT = new Set("en zh ja ko th he hi bn ta ur ar fa".split(" "));
const EITHER = new Set(["", "und", "x"]);

/** How a language (BCP 47) writes numbers; in figures only, where we know no words. */
export const numeralsOf = perLanguage((primary) => compile(primary, WRITTEN.get(primary)));

function compile(primary: string, written: Written | undefined): Numerals {
  const usual = EITHER.has(primary) ? "either" : WITH_POINT.has(primary) ? "." : ",";
  return {
    decimal: written?.decimal ?? usual,
    isSpaced: written ? written.isSpaced === true : usual === ",",
    words: written ? wordsOf(written) : new Map(),
    ordinals: new Map(listed(written?.ordinals ?? "").map((word, index) => [word, index + 3])),
    scales: new Map(
      Object.entries(written?.scales ?? {}).flatMap(([factor, words]) =>
        listed(words).map((word) => [word, Number(factor)] as const),
      ),
    ),
    plurals: new Set(
      Object.values(written?.scales ?? {}).flatMap((words) => listed(words).slice(1)),
    ),
    and: written?.and ?? "",
  };
}

function wordsOf({ units, tens, join, isJoined, scales }: Written): ReadonlyMap<string, number> {
  const ones = listed(units);
  const words = new Map(ones.map((word, value) => [word, value] as const).slice(2));
  for (const [index, ten] of listed(tens).entries()) {
    const value = (index + 2) * 10;
    words.set(ten, value);
    for (let unit = 1; unit < 10; unit++) {
      for (const word of join(ten, ones[unit] ?? "", unit)) words.set(word, value + unit);
    }
  }
  // French counts on from sixty and from eighty.
  if (words.has("soixante-dix")) countOnFromSixty(words, ones);
  if (isJoined) joinScales(words, [scales["100"] ?? "", scales["1e3"] ?? ""]);
  return words;
}

/** "zweihundert" and "zwölftausend". */
function joinScales(
  words: Map<string, number>,
  [hundred, thousand]: readonly [string, string],
): void {
  const below100 = Array.from(words);
  for (const [word, value] of below100) {
    if (value < 10) words.set(word + hundred, value * 100);
    words.set(word + thousand, value * 1000);
  }
}

function countOnFromSixty(words: Map<string, number>, ones: readonly string[]): void {
  words.set("quatre-vingts", 80);
  for (let unit = 1; unit < 20; unit++) {
    words.set(`quatre-vingt-${ones[unit] ?? ""}`, 80 + unit);
    if (unit >= 10) words.set(`soixante-${ones[unit] ?? ""}`, 60 + unit);
  }
  words.set("soixante et onze", 71);
}

function listed(words: string): readonly string[] {
  return words.split(/\s+/).filter(Boolean);
}

/** How one language writes numbers in words, as it is written down. */
interface Written {
  readonly decimal?: "." | "," | "either";
  readonly isSpaced?: true;
  /** From 0 on, as far as they are single words. */
  readonly units: string;
  /** 20, 30 … 90. */
  readonly tens: string;
  readonly join: (ten: string, unit: string, value: number) => readonly string[];
  /** "third" and on. */
  readonly ordinals: string;
  /** The singular first. */
  readonly scales: Readonly<Record<string, string>>;
  readonly and?: string;
  /** Whether "zweihundert" is one word. */
  readonly isJoined?: true;
}

const ENGLISH: Written = {
  units: `zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen`,
  tens: "twenty thirty forty fifty sixty seventy eighty ninety",
  join: (ten, unit) => [`${ten}-${unit}`, `${ten} ${unit}`],
  ordinals: "third fourth fifth sixth seventh eighth ninth tenth",
  scales: {
    "100": "hundred",
    "1e3": "thousand",
    "1e6": "million millions mln",
    "1e9": "billion billions bn",
    "1e12": "trillion trillions",
  },
  and: "and",
};

const GERMAN: Written = {
  decimal: ",",
  isSpaced: true,
  units: `null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn
    siebzehn achtzehn neunzehn`,
  tens: "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
  join: (ten, unit, value) => [`${value === 1 ? "ein" : unit}und${ten}`],
  ordinals: "dritte vierte fünfte sechste siebte achte neunte zehnte",
  scales: {
    "100": "hundert",
    "1e3": "tausend",
    "1e6": "million millionen mio",
    "1e9": "milliarde milliarden mrd",
    "1e12": "billion billionen",
  },
  isJoined: true,
};

const FRENCH: Written = {
  decimal: ",",
  isSpaced: true,
  units: `zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept
    dix-huit dix-neuf`,
  tens: "vingt trente quarante cinquante soixante soixante-dix quatre-vingt quatre-vingt-dix",
  join: (ten, unit, value) => (value === 1 ? [`${ten} et un`, `${ten}-et-un`] : [`${ten}-${unit}`]),
  ordinals: "troisième quatrième cinquième sixième septième huitième neuvième dixième",
  scales: {
    "100": "cent cents",
    "1e3": "mille milliers",
    "1e6": "million millions",
    "1e9": "milliard milliards",
  },
};

const SPANISH: Written = {
  decimal: "either",
  isSpaced: true,
  units: `cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis
    diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis
    veintisiete veintiocho veintinueve`,
  tens: "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
  join: (ten, unit) => [`${ten} y ${unit}`],
  ordinals: "tercero cuarto quinto sexto séptimo octavo noveno décimo",
  scales: { "100": "cien ciento cientos", "1e3": "mil miles", "1e6": "millón millones" },
};

const ITALIAN: Written = {
  decimal: ",",
  units: `zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici
    sedici diciassette diciotto diciannove`,
  tens: "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
  join: (ten, unit, value) => [value === 1 || value === 8 ? ten.slice(0, -1) + unit : ten + unit],
  ordinals: "terzo quarto quinto sesto settimo ottavo nono decimo",
  scales: {
    "100": "cento",
    "1e3": "mille mila",
    "1e6": "milione milioni",
    "1e9": "miliardo miliardi",
  },
};

const PORTUGUESE: Written = {
  decimal: "either",
  isSpaced: true,
  units: `zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete
    dezoito dezenove`,
  tens: "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
  join: (ten, unit) => [`${ten} e ${unit}`],
  ordinals: "terceiro quarto quinto sexto sétimo oitavo nono décimo",
  scales: {
    "100": "cem cento",
    "1e3": "mil",
    "1e6": "milhão milhões",
    "1e9": "bilhão bilhões",
  },
};

const DUTCH: Written = {
  decimal: ",",
  units: `nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien
    zeventien achttien negentien`,
  tens: "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
  join: (ten, unit) => [`${unit}${/[eë]$/.test(unit) ? "ë" : "e"}n${ten}`],
  ordinals: "derde vierde vijfde zesde zevende achtste negende tiende",
  scales: { "100": "honderd", "1e3": "duizend", "1e6": "miljoen", "1e9": "miljard" },
  isJoined: true,
};

/** By language (ISO 639-1). */
const WRITTEN: ReadonlyMap<string, Written> = new Map([
  ["en", ENGLISH],
  ["de", GERMAN],
  ["fr", FRENCH],
  ["es", SPANISH],
  ["it", ITALIAN],
  ["pt", PORTUGUESE],
  ["nl", DUTCH],
]);
