import type { Lexicon } from "./lexicon.ts";

/** A run of capitalised words in a text. */
export interface Run {
  readonly words: readonly string[];
  /** Offsets in the text it was found in. */
  readonly start: number;
  readonly end: number;
  /** Followed by 's. */
  readonly isPossessive: boolean;
}

const PARTICLE =
  "(?:de|da|di|du|del|della|dos|das|van|von|der|den|ten|al|bin|ibn|ben|la|le|el|af|zu)";
const WORD = String.raw`(?:(?:People|Women|Men|Children|King|Queen)['’]s(?=\s\p{Lu})|(?:Mc|Mac|O['’]|[Aa]l-|d['’]|[DL]['’])?\p{Lu}[\p{L}\p{M}]*(?:['’-](?!s(?!\p{L}))\p{L}[\p{L}\p{M}]*)*)`;
const DOTTED = String.raw`(?:(?:\p{Lu}\.)+|(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Maj|Capt|Cmdr|Sgt|Cpl|Adm|Det|Insp|Supt|Rev|Hon|Jr|Sr|St|Pvt)\.)`;
const RUN = new RegExp(
  String.raw`(?<![\p{L}\p{N}@#&/'’-])(?:${DOTTED}|${WORD})(?:[ \u00A0](?:${PARTICLE} ){0,2}(?:${DOTTED}|${WORD})){0,9}(?<possessive>['’]s(?!\p{L}))?`,
  "gu",
);

/** "American-based", and the small words of a title in capitals. */
const PART_OF_NO_NAME =
  /-(?:based|born|led|bound|style|trained|backed|educated|made|owned|esque|like)$|^(?:Of|In|On|To|At|By|Us|My|We|It)$/;

/** What tells the names of a text from its other words with a capital. */
export interface RunContext {
  readonly lexicon: Lexicon;
  /** The words that the text writes small somewhere. */
  readonly lowered: ReadonlySet<string>;
  /** Whether a word in lower case is kept at the start of a sentence all the same, as a title is. */
  readonly keeps?: (word: string) => boolean;
}

/** The runs of capitalised words of a sentence, without what begins the sentence or names a time. */
export function runsIn(sentence: string, context: RunContext): readonly Run[] {
  return [...sentence.matchAll(RUN)].flatMap(({ index, 0: run, groups }) => {
    const possessive = groups?.["possessive"] ?? "";
    const name = run.slice(0, run.length - possessive.length);
    const opens = /(?:^["“„«‘(]*|[:“"„«]\s?)$/u.test(sentence.slice(0, index).trimStart());
    return pieces(name, index, opens, context).map(({ words, start, end }): Run => ({
      words,
      start,
      end,
      isPossessive: possessive !== "" && end === index + name.length,
    }));
  });
}

type Piece = Omit<Run, "isPossessive">;

/** A run split where a month, a weekday or a word stood that is only capitalised for its place. */
function pieces(
  name: string,
  offset: number,
  opens: boolean,
  context: RunContext,
): readonly Piece[] {
  const found: Piece[] = [];
  let words: string[] = [];
  let start = 0;
  let end = 0;
  const close = () => {
    if (words.length > 0) found.push({ words, start: offset + start, end: offset + end });
    words = [];
  };
  for (const { 0: word, index } of name.matchAll(/\S+/g)) {
    if ((opens && index === 0 && isOpener(word, context)) || isNoName(word, context.lexicon)) {
      close();
      continue;
    }
    if (words.length === 0) start = index;
    words.push(word);
    end = index + word.length;
  }
  close();
  return found;
}

/** A word that may have its capital for standing first. */
function isOpener(word: string, { lexicon, lowered, keeps }: RunContext): boolean {
  const lower = word.toLowerCase();
  if (keeps?.(lower.replace(/\.$/, "")) === true) return false;
  if (lowered.has(lower) || lexicon.stopWords.has(lower) || lexicon.prepositions.has(lower)) {
    return true;
  }
  if (lexicon.subordinators.has(lower) || lexicon.connectives.has(lower)) return true;
  return /^\p{Lu}\p{Ll}+(?:ing|ly)$/u.test(word);
}

function isNoName(word: string, lexicon: Lexicon): boolean {
  if (!/^\p{Lu}/u.test(word)) return false;
  const lower = word.toLowerCase();
  if (PART_OF_NO_NAME.test(word) || lexicon.singularPronouns.has(lower)) return true;
  if (lexicon.pluralPronouns.has(lower) || lower === "i") return true;
  return lexicon.calendar.has(lower) || (lexicon.stopWords.has(lower) && word.length > 2);
}

/** The words that a text writes small somewhere. */
export function loweredWords(text: string): ReadonlySet<string> {
  return new Set(text.match(/(?<![\p{L}\p{N}'’.-])\p{Ll}[\p{L}\p{M}]*(?:-[\p{L}\p{M}]+)*/gu));
}

/** Given names common enough to tell a person, in any language; several are words or places too, so one is never enough. */
export const GIVEN_NAMES: ReadonlySet<string> = new Set(
  `Aaron Abdul Abdullah Abigail Abraham Adam Adrian Agnes Ahmad Ahmed Aidan Alan Albert Alejandro Alessandro Alex
  Alexander Alexandra Alexei Alfred Ali Alice Alicia Alison Allan Allen Allison Alyssa Amanda Amber Amelia Amina Amir
  Amy Ana Anastasia Andre Andrea Andreas Andrei Andrew Andy Angela Anita Ann Anna Anne Annie Anthony Antoine Antonio
  Arnold Arthur Ashley Audrey Barbara Barry Beatrice Ben Benjamin Bernard Bernie Beth Betty Beverly Bill Billy Blake
  Bob Bobby Bonnie Brad Bradley Brandon Brenda Brent Brett Brian Bridget Brittany Bruce Bruno Bryan Caitlin Cameron
  Carl Carla Carlos Carmen Carol Carole Caroline Carolyn Catherine Cathy Cecilia Charlene Charles Charlie Chelsea
  Cheryl Chloe Chris Christian Christina Christine Christopher Christoph Claire Clara Claude Claudia Clive Colin
  Connie Connor Craig Cynthia Daisy Dan Daniel Daniela Daniele Danielle Danny Dave David Dawn Dean Deborah Debbie
  Denis Denise Dennis Derek Diana Diane Diego Dmitri Dominic Don Donald Donna Doris Dorothy Doug Douglas Duncan Dylan
  Ed Eddie Edith Edgar Eduardo Edward Edwin Eileen Elaine Eleanor Elena Eli Elizabeth Ella Ellen Emily Emma Emmanuel
  Enrique Eric Erica Erik Erin Ernest Esther Ethan Eugene Eva Evan Eve Evelyn Fatima Felix Fernando Fiona Florence
  Frances Francesca Francesco Francisco Francois François Frank Frankie Franz Fred Frederick Friedrich Gabriel Gareth
  Gary Gavin Geoff Geoffrey George Gerald Gerard Gina Giorgio Giovanni Giuseppe Gloria Gordon Graham Greg Gregory
  Guillaume Guillermo Gustavo Guy Hamid Hannah Hans Harold Harriet Harry Hassan Hans Heather Heidi Heinrich Helen
  Helena Helmut Henri Henry Herbert Hillary Holly Howard Hugh Hugo Hussein Ian Ibrahim Igor Ingrid Irene Iris Isaac
  Isabel Isabella Ivan Jack Jackie Jacob Jacqueline Jacques Jake James Jamie Jan Jane Janet Janice Jared Jason Javier
  Jay Jean Jeanne Jeff Jeffrey Jennifer Jenny Jeremy Jerome Jerry Jesse Jessica Jill Jim Jimmy Joan Joanna Joanne Joe
  Joel Johan Johann Johannes John Johnny Jon Jonathan Jorge Jose José Joseph Josh Joshua Joy Joyce Juan Judith Judy
  Julia Julian Julie Julien Jürgen Justin Karen Karim Karl Kate Katharina Katherine Kathleen Kathryn Kathy Katie Katrina
  Keith Kelly Ken Kendall Kenneth Kerry Kevin Khaled Khalid Kim Kimberly Kirsten Klaus Konrad Kristen Kristin Kurt Kyle
  Larry Laura Laurent Lauren Laurence Lawrence Leah Lee Leo Leon Leonard Leonardo Leslie Lewis Liam Lillian Linda Lisa
  Liz Lloyd Lois Lori Louis Louise Luca Lucas Lucia Lucy Luigi Luis Luke Lynn Manuel Marc Marcel Marcia Marco Marcus
  Margaret Maria María Marian Marianne Marie Marilyn Mario Marion Marjorie Mark Markus Martha Martin Martina Marvin
  Mary Mathieu Matt Matteo Matthew Matthias Maureen Maurice Max Megan Melanie Melinda Melissa Michael Michel Michele
  Michelle Miguel Mike Mikhail Mildred Mitch Mohamed Mohammad Mohammed Molly Monica Monique Muhammad Mustafa Nadia
  Nancy Natalie Natasha Nathan Neil Nicholas Nick Nicola Nicolas Nicole Nigel Nikolai Nina Noah Nora Norma Norman Olga
  Oliver Olivia Omar Oscar Pablo Pamela Paolo Patricia Patrick Patty Paul Paula Pauline Pedro Peggy Penny Peter Petra
  Phil Philip Philippe Phillip Phyllis Pierre Rachel Rafael Ralph Ramon Randy Raphael Ray Raymond Rebecca Reuben Ricardo
  Richard Rick Ricky Rita Rob Robert Roberta Roberto Robin Rod Rodney Roger Roland Ron Ronald Rosa Rose Rosemary Ross
  Roy Russell Ruth Ryan Sabrina Sally Sam Samantha Samuel Sandra Sandy Sara Sarah Scott Sean Sebastian Sergei Sergio
  Shane Shannon Sharon Shaun Shawn Sheila Sherry Shirley Simon Simone Sonia Sophia Sophie Stacy Stanley Stefan Stella
  Stephanie Stephen Steve Steven Stewart Stuart Sue Susan Suzanne Sven Sylvia Tamara Tanya Tara Ted Teresa Terrence
  Terry Thelma Theodore Theresa Thierry Thomas Tiffany Tim Timothy Tina Todd Tom Tomas Tommy Toni Tony Tracy Travis
  Trevor Tyler Ursula Valerie Valérie Vanessa Vera Veronica Vicki Victor Victoria Vincent Viola Virginia Vivian Vladimir
  Walter Wanda Warren Wayne Wendy Wilhelm William Willie Wolfgang Xavier Yasmin Yusuf Yves Yvonne Zachary Zoe`.split(
    /\s+/,
  ),
);

const COUNTRIES = `Afghanistan|Albania|Algeria|Angola|Argentina|Armenia|Australia|Austria|Azerbaijan|Bahrain|
Bangladesh|Belarus|Belgium|Benin|Bhutan|Bolivia|Bosnia|Botswana|Brazil|Britain|Bulgaria|Burkina Faso|Burundi|Cambodia|
Cameroon|Canada|Chad|Chile|China|Colombia|Congo|Costa Rica|Croatia|Cuba|Cyprus|Czech Republic|Denmark|Djibouti|
Dominican Republic|Ecuador|Egypt|El Salvador|England|Eritrea|Estonia|Ethiopia|Fiji|Finland|France|Gabon|Gambia|
Germany|Ghana|Greece|Greenland|Guatemala|Guinea|Haiti|Honduras|Hungary|Iceland|India|Indonesia|Iran|Iraq|Ireland|
Israel|Italy|Ivory Coast|Jamaica|Japan|Kazakhstan|Kenya|Kosovo|Kuwait|Kyrgyzstan|Laos|Latvia|Lebanon|Lesotho|Liberia|
Libya|Liechtenstein|Lithuania|Luxembourg|Madagascar|Malawi|Malaysia|Maldives|Mali|Malta|Mauritania|Mauritius|Mexico|
Moldova|Monaco|Mongolia|Montenegro|Morocco|Mozambique|Myanmar|Namibia|Nepal|Netherlands|New Zealand|Nicaragua|Niger|
Nigeria|North Korea|Northern Ireland|Norway|Oman|Pakistan|Panama|Papua New Guinea|Soviet Union|Paraguay|Peru|Philippines|Poland|
Portugal|Puerto Rico|Qatar|Romania|Russia|Rwanda|Saudi Arabia|Scotland|Senegal|Serbia|Sierra Leone|Singapore|Slovakia|
Slovenia|Somalia|South Africa|South Korea|South Sudan|Spain|Sri Lanka|Sudan|Suriname|Sweden|Switzerland|Syria|Taiwan|
Tajikistan|Tanzania|Thailand|Tibet|Togo|Trinidad|Tunisia|Turkey|Turkmenistan|Uganda|Ukraine|United Arab Emirates|
United Kingdom|United States|Uruguay|Uzbekistan|Vanuatu|Venezuela|Vietnam|Wales|Yemen|Zambia|Zimbabwe|Crimea|Gaza|
Palestine|West Bank|Africa|Europe|Asia|Antarctica|North America|South America|Latin America|Middle East`;

const STATES = `Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Hawaii|Idaho|Illinois|
Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|
Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|
Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|West Virginia|Wisconsin|Wyoming|
British Columbia|Ontario|Quebec|Alberta|Bavaria|Saxony|Catalonia|Kashmir|Punjab|Siberia|Queensland|New South Wales`;

const CITIES = `Aberdeen|Abuja|Addis Ababa|Aleppo|Algiers|Amman|Amsterdam|Ankara|Antwerp|Athens|Atlanta|Auckland|Baghdad|
Baltimore|Bangkok|Barcelona|Basel|Beijing|Beirut|Belfast|Belgrade|Benghazi|Berlin|Birmingham|Bogota|Bologna|Bonn|
Bordeaux|Boston|Brasilia|Bremen|Brisbane|Bristol|Brussels|Bucharest|Budapest|Buenos Aires|Busan|Cairo|Calcutta|
Cape Town|Caracas|Cardiff|Casablanca|Chengdu|Chicago|Cincinnati|Cleveland|Cologne|Copenhagen|Dallas|Damascus|Delhi|
Denver|Detroit|Dhaka|Doha|Donetsk|Dresden|Dubai|Dublin|Edinburgh|Florence|Frankfurt|Geneva|Genoa|Glasgow|Guangzhou|
Hamburg|Hanoi|Harare|Havana|Helsinki|Ho Chi Minh City|Hong Kong|Honolulu|Houston|Indianapolis|Islamabad|Istanbul|
Jakarta|Jerusalem|Johannesburg|Kabul|Kandahar|Karachi|Kathmandu|Khartoum|Kiev|Kyiv|Kinshasa|Kuala Lumpur|Kyoto|Lagos|
Lahore|Las Vegas|Leeds|Leipzig|Lima|Lisbon|Liverpool|London|Los Angeles|Luxembourg|Lyon|Madrid|Manchester|Manila|
Marseille|Mecca|Melbourne|Memphis|Miami|Milan|Milwaukee|Minneapolis|Minsk|Mogadishu|Montreal|Moscow|Mosul|Mumbai|Munich|
Nairobi|Nanjing|Naples|Nashville|New Delhi|New Orleans|New York City|Nice|Osaka|Oslo|Ottawa|Oxford|Palermo|
Philadelphia|Phnom Penh|Phoenix|Pittsburgh|Port-au-Prince|Prague|Pretoria|Pyongyang|Rabat|Rio de Janeiro|Riga|Riyadh|
Rome|Rotterdam|Sacramento|San Diego|San Francisco|San Jose|Sanaa|Santiago|Sao Paulo|Sarajevo|Seattle|Seoul|Seville|
Shanghai|Shenzhen|Sofia|St. Louis|St. Petersburg|Stockholm|Stuttgart|Sydney|Taipei|Tallinn|Tashkent|Tbilisi|Tehran|
Tel Aviv|Tikrit|Tokyo|Toronto|Tripoli|Tulsa|Tunis|Turin|Ulaanbaatar|Valencia|Vancouver|Venice|Vienna|Vilnius|
Vladivostok|Warsaw|Washington|Wellington|Wuhan|Yangon|Zagreb|Zurich`;

const PLACES: ReadonlySet<string> = new Set(
  `${COUNTRIES}|${STATES}|${CITIES}`.split("|").map((name) => name.replace(/\n/g, "")),
);

const COUNTRY_NAMES: ReadonlySet<string> = new Set(COUNTRIES.replace(/\n/g, "").split("|"));

/** Whether an English name is a country's, of those that are hardly ever a surname. */
export function isCountry(name: string): boolean {
  return (
    COUNTRY_NAMES.has(name) &&
    !/^(?:Jordan|Chad|Israel|Ireland|England|France|Wales|Britain|Holland|Germany)$/.test(name)
  );
}

/** Whether an English name is a country's, a state's or a large city's. */
export function isKnownPlace(name: string): boolean {
  return PLACES.has(name);
}

/** Words of the names of organisations, in any of our languages; as the first or last word of a name they make it one. */
export const ORGANISATION_WORDS: ReadonlySet<string> = new Set(
  `academy administration agency airlines airways alliance archive archives army assembly association associates
  authority bank board brigade bureau cabinet center centre chamber charity church clinic club coalition college
  commission commissioners committee company confederation conference congress consortium constabulary consulate
  cooperative corp corporation council court department directorate embassy enterprises exchange federation
  festival force forces foundation front fund gallery gazette government group guild holdings hospital inc
  industries institute institution international journal laboratory laboratories league library limited ltd llc
  ministry movement museum navy network news observatory office orchestra organisation organization parliament
  partners party police post press project registry school schools secretariat senate service services society
  station studios syndicate systems team technologies times trust tribunal troupe union united university watch
  weekly daily tribune herald gazette magazine assembly academy staff administration
  amt anstalt bund bundesamt gemeinde gericht gesellschaft gewerkschaft institut kirchenrat ministerium museum
  polizei rat regierung stiftung universität verband verein werke zeitung
  académie agence assemblée banque comité commission conseil fédération fondation gouvernement groupe hôpital
  institut ministère mairie musée parlement parti société syndicat université
  academia agencia asamblea asociación ayuntamiento banco comisión consejo fundación gobierno hospital instituto
  ministerio museo parlamento partido sindicato universidad
  accademia agenzia associazione banca comune consiglio fondazione governo istituto ministero museo ospedale
  parlamento partito università
  agência assembleia associação câmara comissão conselho fundação governo instituto ministério museu partido
  universidade
  bank bond commissie gemeente genootschap ministerie partij politie raad stichting universiteit vereniging fonds ag gmbh plc
  attorney's fbi cia nato nasa u.n afp reuters cnn`.split(/\s+/),
);

/** Words of the names of places and of things: a name that has one is nobody's. */
export const THING_WORDS: ReadonlySet<string> = new Set(
  `airport alley arena avenue award awards bay beach boulevard bowl bridge broadway building canyon castle cathedral
  cape championship championships channel city coast county creek cup day desert district drive east eastern falls
  field forest fort garden gardens games gate gulf hall harbor harbour haven head heights highway hill hills hotel
  house inn island islands isle jail lake lane lodge marathon mall market memorial monument mosque mount mountain
  mountains mills north northern ocean oval palace park peak peninsula pier place plaza point port prison prize
  province quay range reef ridge river road rock rocks room sands sea series shore show sound south southern spring
  springs square stadium state states straits strait street summit temple terminal theater theatre tower town trail
  tunnel valley village wall war west western wood woods world zone act bill law treaty agreement accord amendment
  internet facebook twitter google youtube instagram apple microsoft amazon christmas easter thanksgiving
  islam islamic catholic christian jewish muslim republican democratic american british english french german
  russian chinese japanese korean indian italian spanish european african asian australian canadian mexican
  republicans democrats swede dane dutchman spaniard frenchman englishman irishman welshman scot briton serb croat
  finn norwegian austrian swiss belgian brazilian argentine argentinian colombian ukrainian
  kirche kapelle straße strasse fluss see hafen insel schloss turm platz rue avenue place pont plage
  calle plaza puente via piazza ponte rua praça straat plein san santa st saint los las el new great grand upper lower
  central royal national high first last second supreme`.split(/\s+/),
);
