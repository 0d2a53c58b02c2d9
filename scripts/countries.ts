/**
 * Writes src/summary/faithfulness/countries.json anew: by each country the names of it, what its people and things are called,
 * its capital and its regions, in English. `npm run refresh:countries` writes the same bytes each time.
 */
import { readFileSync, writeFileSync } from "node:fs";
import subdivisionsFile from "cldr-subdivisions-full/subdivisions/en/en.json" with { type: "json" };
import { countries as listed, type ICountry } from "countries-list";
import countriesFile from "i18n-iso-countries/langs/en.json" with { type: "json" };
import nationalitiesFile from "i18n-nationality/langs/en.json" with { type: "json" };

const TARGET = new URL("../src/summary/faithfulness/countries.json", import.meta.url);
/** A country with more regions lists its towns, whose names are also those of people and things. */
const MOST_REGIONS = 100;
/** These list towns that news names. */
const ALL_REGIONS = new Set(["GB"]);
const SHORTEST_REGION = 5;

/** What the packages lack: names of people, names in the press, and the parts of the United Kingdom that are named as countries are. */
const ALSO: Readonly<Record<string, string>> = {
  AE: "UAE Emirati",
  AR: "Argentine Argentinian",
  BA: "Bosnia Bosnian",
  BD: "Bangladesh",
  BE: "Flemish Walloon",
  BM: "Bermudian",
  BW: "Botswanan",
  CD: "Congolese",
  CG: "Congolese",
  CH: "Swiss",
  CY: "Cyprus",
  CZ: "Czechia",
  DJ: "Djiboutian",
  DK: "Dane",
  DM: "Dominica",
  DO: "Dominican",
  EC: "Ecuadorian",
  ES: "Spaniard",
  FI: "Finn",
  FR: "Frenchman Frenchwoman",
  GB: "Briton Brit",
  GL: "Greenlander Greenlandic",
  GW: "Guinea-Bissauan",
  HK: "Hongkonger",
  IE: "Irishman Irishwoman",
  IS: "Icelander",
  KG: "Kyrgyzstani",
  KI: "Kiribatian",
  KZ: "Kazakh",
  LI: "Liechtenstein",
  LK: "Lankan",
  LS: "Basotho",
  LU: "Luxembourgish",
  MA: "Morocco",
  ME: "Montenegro",
  MK: "Macedonia",
  MM: "Burma Myanmar",
  MV: "Maldivian",
  NL: "Dutchman Dutchwoman",
  NZ: "Kiwi",
  PG: "Papuan",
  PH: "Philippine Filipina",
  PL: "Pole",
  PS: "Palestinian Gaza",
  PT: "Portugal",
  QA: "Qatar",
  RS: "Serb",
  RU: "Kremlin",
  SE: "Swede",
  SI: "Slovene",
  SK: "Slovak",
  SS: "Sudanese",
  SV: "Salvador Salvadorean",
  TJ: "Tajikistani",
  TM: "Turkmen",
  TR: "Turk Türkiye",
  TT: "Trinidadian Tobagonian",
  UA: "Kiev",
  US: "America",
  UZ: "Uzbek",
  VA: "Vatican",
  XK: "Kosovan Kosovar",
  YE: "Yemeni",
  ZA: "African",
  "GB-ENG": "England English Englishman Englishwoman",
  "GB-SCT": "Scotland Scottish Scot Scotsman",
  "GB-WLS": "Wales Welsh Welshman",
  "GB-NIR": "Ulster",
};
/** Names that are words or names of people, or that the packages have wrong. */
const NEVER = new Set(["Welsh", "African", "Kiwi", "Sudanese", "French Southern Territories"]);
/** These seats of government are also the capitals of the parts. */
const CAPITALS: Readonly<Record<string, string>> = {
  "GB-SCT": "Edinburgh",
  "GB-WLS": "Cardiff",
  "GB-NIR": "Belfast",
  "GB-ENG": "",
  KZ: "Astana",
  BI: "Gitega",
};

const countries = new Map<string, string | readonly string[]>(
  Object.entries(countriesFile.countries),
);
const nationalities = new Map(Object.entries(nationalitiesFile.nationalities));
const records = new Map<string, ICountry>(Object.entries(listed));
const { subdivisions } = subdivisionsFile.subdivisions.localeDisplayNames;

const regions = new Map<string, string[]>();
for (const [code, name] of Object.entries(subdivisions)) {
  const country = code.slice(0, 2).toUpperCase();
  regions.set(country, [...(regions.get(country) ?? []), ...name.split(", ")]);
}
const codes = [...countries.keys(), "XK", ...Object.keys(ALSO)];
const rows = [...new Set(codes)].toSorted().map((code) => [code, namesOf(code)] as const);
const taken = new Set(rows.flatMap(([, all]) => all));
const counts = new Map<string, number>();
for (const all of regions.values())
  for (const name of new Set(all)) counts.set(name, (counts.get(name) ?? 0) + 1);

const lines = rows.map(([code, all]) =>
  JSON.stringify([
    code,
    all.join("|"),
    CAPITALS[code] ?? records.get(code)?.capital ?? "",
    regionsOf(code).join("|"),
  ]),
);
writeFileSync(TARGET, `[\n${lines.join(",\n")}\n]\n`);
console.log(`${readFileSync(TARGET).length} bytes in ${TARGET.pathname}`);

function namesOf(code: string): string[] {
  const all = [
    ...[countries.get(code) ?? []].flat(),
    nationalities.get(code) ?? "",
    records.get(code)?.name ?? "",
    ...(records.get(code)?.alias ?? []),
    ...(ALSO[code] ?? "").split(" "),
  ];
  const plain = all.map((name) => name.replace(/ \(.*\)$|, .*$/, "").replace(/^The /, ""));
  return [...new Set(plain)].filter(
    (name) => /^[\p{L}' .-]{2,}$/u.test(name) && !isWrong(code, name),
  );
}

function isWrong(code: string, name: string): boolean {
  return NEVER.has(name) && !code.startsWith("GB-");
}

function regionsOf(code: string): string[] {
  const all = [...new Set(regions.get(code))].filter(
    (name) =>
      name.length >= SHORTEST_REGION &&
      /^[\p{L}' -]+$/u.test(name) &&
      counts.get(name) === 1 &&
      !taken.has(name) &&
      name !== records.get(code)?.capital,
  );
  return all.length <= MOST_REGIONS || ALL_REGIONS.has(code) ? all : [];
}
