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
