/** A word of a name as it is compared: without case, accents, stops and the genitive's 's. */
export function nameKey(word: string): string {
  return word
    .normalize("NFKD")
    .replace(/(?<=\p{Script=Latin})\p{M}+/gu, "")
    .toLowerCase()
    .replace(/'s?$|[.']/g, "");
}

/** Endings by which English makes a people's name of a country's: "Japan" and "Japanese". */
const ENDINGS = ["", "ians", "ian", "ans", "an", "ns", "n", "ese", "ish", "is", "i", "ic", "s"];
const IRREGULAR: readonly (readonly string[])[] = [
  ["us", "usa", "america", "american", "americans"],
  ["uk", "britain", "british", "briton", "britons"],
  ["france", "french", "frenchman", "frenchwoman"],
  ["spain", "spanish", "spaniard", "spaniards"],
  ["netherlands", "holland", "dutch", "dutchman"],
  ["denmark", "danish", "dane", "danes"],
  ["sweden", "swedish", "swede", "swedes"],
  ["poland", "polish", "pole", "poles"],
  ["greece", "greek", "greeks"],
  ["ireland", "irish"],
  ["scotland", "scottish", "scot", "scots"],
  ["wales", "welsh"],
  ["switzerland", "swiss"],
  ["finland", "finnish", "finn", "finns"],
  ["norway", "norwegian", "norwegians"],
  ["turkey", "turkish", "turk", "turks"],
];
const PEOPLES = new Map(IRREGULAR.flatMap((names) => names.map((name) => [name, names] as const)));

/** What else an English name may be called: for "Russian", how "Russia" begins. */
export function otherNames(key: string): {
  readonly names: readonly string[];
  readonly stems: readonly string[];
} {
  const stems = ENDINGS.filter((ending) => key.endsWith(ending)).map((ending) =>
    key.slice(0, key.length - ending.length),
  );
  return { names: PEOPLES.get(key) ?? [], stems: stems.filter((stem) => stem.length >= 3) };
}

/** Whether an English word is a people's name: "Afghan", "Dutch". */
export function isDemonym(key: string): boolean {
  return PEOPLES.has(key) || /(?:ian|ean|gan|can|san|ghan|ese|ish|ani|aqi|eli)s?$/.test(key);
}
