/** The few words that an email says itself, in one language. */
export interface Labels {
  readonly number: (number: string) => string;
  readonly inThisIssue: string;
  readonly andMore: (count: string) => string;
  readonly keyPoints: string;
  readonly whosWho: string;
  readonly timeline: string;
  readonly inFigures: string;
  readonly source: string;
  readonly moreStories: string;
  /** By the plural category of Intl.PluralRules. */
  readonly minutes: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;
  /** How long the summary takes, and the article. */
  readonly reading: (here: string, inFull: string) => string;
  readonly lengthInFull: (words: string, minutes: string) => string;
  readonly readArticle: string;
  readonly reason: (newsletter: string) => string;
  readonly unsubscribe: string;
  readonly viewInBrowser: string;
  readonly quotes: readonly [open: string, close: string];
}

const en: Labels = {
  number: (number) => `No. ${number}`,
  inThisIssue: "In this issue",
  andMore: (count) => `and ${count} more`,
  keyPoints: "Key points",
  whosWho: "Who’s who",
  timeline: "Timeline",
  inFigures: "In figures",
  source: "Source",
  moreStories: "More stories",
  minutes: { one: "# minute", other: "# minutes" },
  reading: (here, inFull) => `${here} here, ${inFull} in full`,
  lengthInFull: (words, minutes) => `${words} words, about ${minutes}.`,
  readArticle: "Read the article",
  reason: (newsletter) => `You get this because you signed up for ${newsletter}.`,
  unsubscribe: "Unsubscribe",
  viewInBrowser: "View in browser",
  quotes: ["“", "”"],
};

const de: Labels = {
  number: (number) => `Nr. ${number}`,
  inThisIssue: "In dieser Ausgabe",
  andMore: (count) => `und ${count} weitere`,
  keyPoints: "Das Wichtigste",
  whosWho: "Wer ist wer",
  timeline: "Zeitleiste",
  inFigures: "In Zahlen",
  source: "Quelle",
  moreStories: "Weitere Geschichten",
  minutes: { one: "# Minute", other: "# Minuten" },
  reading: (here, inFull) => `${here} hier, ${inFull} im Original`,
  lengthInFull: (words, minutes) => `${words} Wörter, etwa ${minutes}.`,
  readArticle: "Den Artikel lesen",
  reason: (newsletter) => `Sie erhalten diese Nachricht, weil Sie ${newsletter} abonniert haben.`,
  unsubscribe: "Abbestellen",
  viewInBrowser: "Im Browser ansehen",
  quotes: ["„", "“"],
};

const fr: Labels = {
  number: (number) => `Nº ${number}`,
  inThisIssue: "Dans ce numéro",
  andMore: (count) => `et ${count} autres`,
  keyPoints: "L’essentiel",
  whosWho: "Qui est qui",
  timeline: "Chronologie",
  inFigures: "En chiffres",
  source: "Source",
  moreStories: "À lire aussi",
  minutes: { one: "# minute", other: "# minutes" },
  reading: (here, inFull) => `${here} ici, ${inFull} en entier`,
  lengthInFull: (words, minutes) => `${words} mots, environ ${minutes}.`,
  readArticle: "Lire l’article",
  reason: (newsletter) => `Vous recevez ce message parce que vous êtes abonné à ${newsletter}.`,
  unsubscribe: "Se désabonner",
  viewInBrowser: "Voir dans le navigateur",
  quotes: ["« ", " »"],
};

const es: Labels = {
  number: (number) => `N.º ${number}`,
  inThisIssue: "En este número",
  andMore: (count) => `y ${count} más`,
  keyPoints: "Lo esencial",
  whosWho: "Quién es quién",
  timeline: "Cronología",
  inFigures: "En cifras",
  source: "Fuente",
  moreStories: "Más historias",
  minutes: { one: "# minuto", other: "# minutos" },
  reading: (here, inFull) => `${here} aquí, ${inFull} completo`,
  lengthInFull: (words, minutes) => `${words} palabras, unos ${minutes}.`,
  readArticle: "Leer el artículo",
  reason: (newsletter) => `Recibe este mensaje porque se suscribió a ${newsletter}.`,
  unsubscribe: "Darse de baja",
  viewInBrowser: "Ver en el navegador",
  quotes: ["«", "»"],
};

const ar: Labels = {
  number: (number) => `العدد ${number}`,
  inThisIssue: "في هذا العدد",
  andMore: (count) => `و${count} غيرها`,
  keyPoints: "أهم النقاط",
  whosWho: "من هم",
  timeline: "الخط الزمني",
  inFigures: "بالأرقام",
  source: "المصدر",
  moreStories: "مقالات أخرى",
  minutes: {
    zero: "# دقيقة",
    one: "دقيقة واحدة",
    two: "دقيقتان",
    few: "# دقائق",
    many: "# دقيقة",
    other: "# دقيقة",
  },
  reading: (here, inFull) => `${here} هنا، ${inFull} في المقال الكامل`,
  lengthInFull: (words, minutes) => `${words} كلمة، نحو ${minutes}.`,
  readArticle: "اقرأ المقال",
  reason: (newsletter) => `تصلك هذه الرسالة لأنك اشتركت في ${newsletter}.`,
  unsubscribe: "إلغاء الاشتراك",
  viewInBrowser: "عرض في المتصفح",
  quotes: ["«", "»"],
};

const ja: Labels = {
  number: (number) => `第${number}号`,
  inThisIssue: "今号の内容",
  andMore: (count) => `ほか${count}本`,
  keyPoints: "要点",
  whosWho: "登場人物",
  timeline: "年表",
  inFigures: "数字で見る",
  source: "出典",
  moreStories: "そのほかの記事",
  minutes: { other: "#分" },
  reading: (here, inFull) => `要約${here}、全文${inFull}`,
  lengthInFull: (_words, minutes) => `約${minutes}。`,
  readArticle: "記事を読む",
  reason: (newsletter) => `${newsletter}にご登録いただいた方にお送りしています。`,
  unsubscribe: "配信停止",
  viewInBrowser: "ブラウザで見る",
  quotes: ["「", "」"],
};

const CATALOGUE = new Map<string, Labels>(Object.entries({ en, de, fr, es, ar, ja }));

/** The labels of a language, by its primary subtag; English where the catalogue has none. */
export function labelsFor(language: string): Labels {
  return CATALOGUE.get(new Intl.Locale(language).language) ?? en;
}

/** "9 minutes", in the language's own plural and digits. */
export function minutesIn(language: string, labels: Labels, count: number): string {
  // A language without a catalogue is labelled in English, so its plural rules are English too.
  const spoken = labels === en ? "en" : language;
  const form = labels.minutes[new Intl.PluralRules(spoken).select(count)] ?? labels.minutes.other;
  return (form ?? "#").replace("#", numberIn(spoken, count));
}

/** A whole number in the digits and grouping of the language. */
export function numberIn(language: string, count: number): string {
  return new Intl.NumberFormat(regional(language)).format(count);
}

/**
 * The region a bare language is set in where CLDR's default would look foreign to most of its
 * readers: the day before the month in English, Arabic digits in Arabic. A language that names its
 * region is taken at its word.
 */
export function regional(language: string): string {
  if (language === "en") return "en-GB";
  return language === "ar" ? "ar-EG" : language;
}
