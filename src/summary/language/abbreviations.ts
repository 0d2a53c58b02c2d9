import { primarySubtag } from "./lexicon.ts";

/**
 * Abbreviations by what may follow their full stop. Keys are lower case, without the last stop, and
 * with inner stops kept (`e.g`). They are sets in a Map, never a plain object: texts hold words such
 * as "constructor".
 */
export interface Abbreviations {
  /** A sentence never ends here: a title before a name, "e.g.", "vs.". */
  readonly open: ReadonlySet<string>;
  /** Only a number belongs to it: "No. 5", "pp. 12". */
  readonly beforeNumber: ReadonlySet<string>;
  /** A sentence may end here, and does when the next word looks like a beginning. */
  readonly either: ReadonlySet<string>;
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/).filter(Boolean));

const ENGLISH: Abbreviations = {
  open: set(`mr mrs ms dr prof sen sens rep reps gov govs gen col lt sgt capt cmdr maj cpl pvt adm
    rev hon pres supt insp det asst atty brig cllr messrs mme mlle mt ft e.g i.e vs v cf viz approx hrs ca`),
  beforeNumber:
    set(`no nos n° p pp vol fig figs ch sec art eq par para ext lot rm mod ser ver bk ep ste bldg
    apt rte hwy pop div reg sched`),
  either: set(`st ave blvd rd jr sr inc ltd co corp bros llc assn dept est univ min max al
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun
    ala ariz ark calif colo conn del fla ga ill ind kan ky la mass md mich minn miss mo mont neb nev
    okla ore pa tenn tex va vt wash wis wyo ont que`),
};

const GERMAN: Abbreviations = {
  open: set(`dr prof hr fr dipl ing med phil jur rer nat st bzw z.b d.h u.a i.d.r v.a sog ggf ca evtl
    vgl inkl zzgl exkl bspw insb mind max min geb gest s vs o.ä fa gebr fam hl`),
  beforeNumber: set("nr abs art bd s seite kap tel ziff anm abb abt mod ser ver bhf"),
  either: set("str jan feb mrz apr jun jul aug sep sept okt nov dez usw etc jh jhd mio mrd tsd"),
};

const FRENCH: Abbreviations = {
  open: set("m mm mme mmes mlle mlles dr pr me mgr st ste c.-à-d p.ex cf env av apr éd"),
  beforeNumber: set("n no p pp art vol chap fig tél"),
  either: set("janv févr avr juil sept oct nov déc etc bd hab"),
};

const SPANISH: Abbreviations = {
  open: set(`sr sra srta sres dr dra lic ing prof profa d dña gral cnel ud uds vd vds av avda p.ej ej
    mons pbro fr cf aprox mr mrs mt sto sta sgto cmdte`),
  beforeNumber: set("no núm nº n p pp pág págs art vol cap fig tel ext"),
  either: set("ene feb mar abr jun jul ago sep sept oct nov dic etc cía ee.uu ee uu"),
};

const ITALIAN: Abbreviations = {
  open: set(`sig sigg sig.ra sig.na dott dott.ssa dr prof prof.ssa avv ing arch on sen gen col cap mons
    rev geom rag p.es es cfr ecc.mo st s ss`),
  beforeNumber: set("n nn p pp pag pagg art vol cap fig tel"),
  either: set("gen feb mar apr mag giu lug ago set sett ott nov dic ecc"),
};

const PORTUGUESE: Abbreviations = {
  open: set("sr sra srta srs dr dra prof profa eng arq gen cel d dom av p.ex ex cf aprox sto sta"),
  beforeNumber: set("n nº núm p pp pág págs art vol cap fig tel"),
  either: set("jan fev mar abr mai jun jul ago set out nov dez etc ltda cia"),
};

const DUTCH: Abbreviations = {
  open: set(`dhr mevr mw dr drs ir mr ing prof ds st bijv bv d.w.z o.a m.b.t i.p.v t.o.v resp ca
    evt incl excl vgl fam jhr`),
  beforeNumber: set("nr nrs p pp art blz hfst fig tel"),
  either: set("jan febr mrt apr jun jul aug sept okt nov dec enz etc e.d"),
};

const SCANDINAVIAN: Abbreviations = {
  open: set("hr fr dr prof f.eks t.ex bl.a dvs d.v.s s.k m.fl ca evt inkl ekskl exkl vedr st mt"),
  beforeNumber: set("nr s p pp art kap tlf tel kl sid"),
  either: set("jan feb mar apr jun jul aug sep sept okt nov dec osv mv mio mia co"),
};

const RUSSIAN: Abbreviations = {
  open: set("г гг ул пр просп д кв проф акад им т.е т.к т.н см ср напр пгт св куб пл"),
  beforeNumber: set("стр с рис табл гл п ст тел соч оп"),
  either: set("руб коп тыс млн млрд др пр т.д т.п н.э дол"),
};

/** What stands before a number in the names of things, whatever the language around them is. */
const IN_NAMES = set("mk op fig");

const BY_LANGUAGE = new Map<string, Abbreviations>([
  ["en", ENGLISH],
  ["de", GERMAN],
  ["fr", FRENCH],
  ["es", SPANISH],
  ["it", ITALIAN],
  ["pt", PORTUGUESE],
  ["nl", DUTCH],
  ["da", SCANDINAVIAN],
  ["nb", SCANDINAVIAN],
  ["no", SCANDINAVIAN],
  ["sv", SCANDINAVIAN],
  ["ru", RUSSIAN],
  ["uk", RUSSIAN],
  ["bg", RUSSIAN],
]);

/** For the languages we know none of: names travel with their titles. */
const NAMES_ONLY: Abbreviations = {
  open: set("mr mrs ms dr prof st mt vs"),
  beforeNumber: set("no nr p pp vol"),
  either: new Set(),
};

const COMPLETE = new Map(
  [...BY_LANGUAGE].map(([language, known]) => [language, withNames(known)] as const),
);
const OF_OTHERS = withNames(NAMES_ONLY);

function withNames(known: Abbreviations): Abbreviations {
  return { ...known, beforeNumber: new Set([...known.beforeNumber, ...IN_NAMES]) };
}

/** Languages that write an ordinal with a stop: "am 3. Oktober". */
const STOPPED_ORDINALS = set("de da nb no nn fi is cs sk sl hr sr bs hu et lv pl tr");

/** Languages in which r and l carry a syllable, so that "vlk" and "krv" are words. */
const SYLLABIC_CONSONANTS = set("cs sk sl hr sr bs mk");

/** The abbreviations of a language (BCP 47); those of personal titles where none are known. */
export function abbreviationsOf(language: string): Abbreviations {
  return COMPLETE.get(primarySubtag(language)) ?? OF_OTHERS;
}

/** Whether "3." in the middle of a sentence is an ordinal in this language. */
export function writesStoppedOrdinals(language: string): boolean {
  return STOPPED_ORDINALS.has(primarySubtag(language));
}

/** The letters that make a syllable in a language, in lower case and without their accents. */
export function vowelsOf(language: string): RegExp {
  return SYLLABIC_CONSONANTS.has(primarySubtag(language))
    ? /[aeiouyæøœаеёиоуыэюяієърлrl]/u
    : /[aeiouyæøœаеёиоуыэюяієъ]/u;
}
