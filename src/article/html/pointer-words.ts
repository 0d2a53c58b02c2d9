/**
 * How pages point to other stories, by language: what stands in front of one ("Read more: …") and
 * what stands over several of them. Small letters, without closing punctuation. A line of text
 * copied from a page is known by `plain-text/furniture-words.ts`; these are the ones that need the
 * markup around them to be sure.
 */
const BEFORE_ONE: Readonly<Record<string, string>> = {
  en: `read more|read also|read next|see also|also read|also see|also|more|related|related post|related story|related article|related articles|
    related coverage|watch|watch also|listen|go deeper|must read|don't miss|recommended|more on this story|see more`,
  de: "mehr zum thema|mehr dazu|siehe auch|lesen sie auch|lesen sie hier|lesen sie mehr|lesen sie dazu|lesetipp|lest auch|auch interessant",
  fr: "lire aussi|à lire aussi|à lire également|à lire|lire également|lire la suite|à voir|à voir aussi|voir aussi|à écouter",
  es: `puedes ver|puede ver|puedes leer|te puede interesar|lee también|lea también|lee además|leer más|lee más|mira también|ver también|vea también|
    además|más información`,
  pt: "leia também|leia mais|veja também|veja mais|saiba mais|confira|confira também",
  it: "leggi anche|leggi di più|leggi tutto|guarda anche|vedi anche|approfondisci|da leggere",
  nl: "lees ook|lees verder|lees meer|bekijk ook",
  sv: "läs också|läs även|läs mer",
  da: "læs også|læs mere",
  no: "les også|les mer",
  fi: "lue myös|lue lisää",
  pl: "czytaj także|czytaj też|czytaj również|czytaj więcej|zobacz też|zobacz także|zobacz również",
  cs: "čtěte také|čtěte více|přečtěte si také",
  ru: "читайте также|читайте ещё|читайте еще|читайте далее|смотрите также|по теме",
  uk: "читайте також|дивіться також",
  tr: "ilgili haber|devamını oku|ayrıca bakınız",
  ja: "関連記事|あわせて読みたい|続きを読む",
  zh: "相关阅读|延伸阅读|延伸閱讀|相關閱讀|更多",
  ko: "관련기사|관련 기사",
  ar: "اقرأ أيضا|اقرأ أيضًا|اقرأ المزيد",
  hi: "यह भी पढ़ें",
};

const OVER_SEVERAL: Readonly<Record<string, string>> = {
  en: `more great stories|more stories|more news|more coverage|more articles|more|related|related news|related stories|related posts|related articles|related content|
    related links|related coverage|related reading|related topics|you may also like|you might also like|you may be interested in|you might be interested in|read more|
    further reading|see also|recommended|recommended for you|recommended reading|trending|trending now|latest|latest news|latest stories|popular|most read|
    most popular|most viewed|top stories|in other news|from the web|from around the web|editors' picks|editor's picks|don't miss|up next|explore more`,
  de: `verwandte artikel|verwandte beiträge|verwandte themen|ähnliche artikel|ähnliche beiträge|weitere artikel|weitere beiträge|weitere meldungen|weitere nachrichten|
    weitere themen|passende artikel|mehr zum thema|zum thema|auch interessant|meistgelesen|das könnte sie auch interessieren|das könnte dich auch interessieren|aktuelle meldungen`,
  fr: `articles liés|article lié|articles similaires|articles associés|articles connexes|sur le même sujet|sur le même thème|sur le sujet|à lire aussi|à lire également|lire aussi|
    voir aussi|les plus lus|nos derniers articles|dernières news|à découvrir`,
  es: `artículos relacionados|noticias relacionadas|notas relacionadas|contenido relacionado|contenidos relacionados|temas relacionados|más noticias|más leídas|más leídos|
    te puede interesar|lo más leído|lo más visto|últimas noticias|también te puede interesar|más sobre este tema`,
  pt: `matérias relacionadas|notícias relacionadas|artigos relacionados|conteúdo relacionado|conteúdos relacionados|leia também|leia mais|veja também|mais lidas|
    mais notícias|últimas notícias|você pode gostar`,
  it: "articoli correlati|notizie correlate|leggi anche|potrebbe interessarti|potrebbero interessarti|ti potrebbe interessare|i più letti|ultime notizie",
  nl: "gerelateerde artikelen|gerelateerde berichten|meer nieuws|meer over dit onderwerp|lees ook|meest gelezen",
  sv: "läs också|läs mer|relaterade artiklar|mest läst|mer om ämnet",
  da: "læs også|relaterede artikler|mest læste",
  no: "les også|relaterte artikler|mest lest",
  fi: "lue myös|aiheeseen liittyvää|luetuimmat",
  pl: "powiązane artykuły|czytaj także|czytaj też|zobacz także|polecane|najczęściej czytane|podobne artykuły",
  cs: "související články|čtěte také|nejčtenější|další články",
  ru: "похожие статьи|похожие новости|похожие материалы|материалы по теме|новости по теме|читайте также|по теме|другие новости|популярное",
  uk: "читайте також|схожі матеріали|за темою",
  tr: "ilgili haberler|benzer haberler|bunlar da ilginizi çekebilir",
  ja: "関連記事|関連ニュース|関連リンク|あわせて読みたい|おすすめ記事|人気記事|ランキング",
  zh: "相关阅读|相关新闻|相关文章|相关推荐|推荐阅读|相關閱讀|相關新聞|相關文章|延伸閱讀|热门文章",
  ko: "관련기사|관련 기사|관련 뉴스|추천 기사|많이 본 뉴스",
  ar: "مواضيع ذات صلة|اقرأ أيضا|اقرأ أيضًا|قد يعجبك أيضا|الأكثر قراءة",
  hi: "संबंधित खबरें|यह भी पढ़ें",
};

// "More from the archive", "Mehr zu Lissabon", "Más sobre …": the rest is a name.
const OPEN_ENDED =
  /^(?:more (?:from|on|about|in|by|like|great)|related|trending (?:in|on)|recommended (?:for|by)|mehr (?:zu|aus|von|über)|(?:dernières|toutes les) (?:news|actualités|infos)|plus (?:de|sur)|más (?:sobre|de)|mais (?:sobre|de)|altro su|meer (?:over|van)|mer (?:om|från)) [^.!?]{1,60}$/u;

const BEFORE = new RegExp(
  String.raw`^[(\[►▶→»•*]?\s?(?:${alternatives(BEFORE_ONE)})\s?[:：|–—>»-]\s?\S`,
  "iu",
);
const OVER: ReadonlySet<string> = new Set(Object.values(OVER_SEVERAL).flatMap(phrases));

/** Whether a line starts as a pointer to another story does. */
export function pointsByWords(text: string): boolean {
  return text.length <= 300 && BEFORE.test(text.replaceAll("’", "'"));
}

/** Whether a line is what stands over a list of other stories. */
export function headsOtherStories(text: string): boolean {
  // Looking for the marks at the end takes time with the square of all marks that are not there.
  if (text.length > LONGEST_HEADING) return false;
  const plain = text
    .toLowerCase()
    .replaceAll("’", "'")
    .replace(/[^\p{L}\p{M}\p{N}]+$/u, "")
    .trim();
  return plain.length < 80 && (OVER.has(plain) || OPEN_ENDED.test(plain));
}

const LONGEST_HEADING = 120;

function alternatives(words: Readonly<Record<string, string>>): string {
  return Object.values(words)
    .flatMap(phrases)
    .toSorted((a, b) => b.length - a.length)
    .join("|");
}

function phrases(list: string): string[] {
  return list.split("|").map((phrase) => phrase.trim());
}
