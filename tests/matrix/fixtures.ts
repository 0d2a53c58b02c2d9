import type { AlsoIn, Digest, Entry, Publication } from "../../src/digest/digest.ts";
import { composeDigest, type ComposeOptions } from "../../src/digest/compose-digest.ts";
import type { Summary } from "../../src/summary/summary.ts";
import { alsoIn, article, entry, look, summary } from "../fixtures.ts";
import { WORDS, type Language, type Words } from "./words.ts";

/** The pictures that issues of the matrix show: beside this file, and in the issue's `images/`. */
const PICTURE = "mill.png";
const LOGO = "logo.png";
const DARK_LOGO = "logo-dark.png";
export const PICTURES = [PICTURE, LOGO, DARK_LOGO] as const;

/** One issue in one language. */
type Fixture = (language: Language) => Digest;

export const FIXTURES = {
  everything: (language) => {
    const words = WORDS[language];
    const full = alsoTold(story(language, 0, { picture: true }), papers(words, 6));
    const others = [1, 2, 3].map((at) => story(language, at));
    return issue(language, [{ ...full, summary: fullSummary(words) }, ...others], {
      letter: letterOf(words, language),
      publication: { ...publicationOf(words), ...lookOf(words) },
    });
  },
  nothing: (language) => {
    const { titles } = WORDS[language];
    const told = article({ ...BARE, language, title: titles[0] ?? "" });
    const said = summary({ gist: { text: told.title }, keyPoints: [] });
    const issue = { newsletter: "m", slot: "2019-W11" };
    // Nothing is left to compose it from, so an editor has to write it, and is told so by the check.
    const preheader = WORDS[language].points.join(" ").slice(0, 90);
    // A headline and no more, which an editor has seen and wants so.
    const entry = { article: told, summary: said, accepted: true } as const;
    return composeDigest(issue, [entry], { preheader });
  },
  one: (language) => issue(language, [story(language, 0)]),
  brief: (language) => {
    const told = story(language, 0, { picture: true });
    return issue(language, [{ ...told, summary: fullSummary(WORDS[language]) }]);
  },
  "no images": (language) => {
    const told = story(language, 0);
    return issue(language, [{ ...told, summary: fullSummary(WORDS[language]) }]);
  },
  ten: (language) => issue(language, stories(language, 10)),
  thirty: (language) => issue(language, stories(language, 30)),
  sections: (language) => {
    const [kicker = ""] = WORDS[language].tags;
    const told = stories(language, 9).map((entry, at) =>
      at === 0 ? entry : kicked(entry, kicker),
    );
    return issue(language, told, { sections: "tag" });
  },
  "also in": (language) =>
    issue(
      language,
      stories(language, 4).map((told, at) => alsoTold(told, papers(WORDS[language], at + 1))),
    ),
  letter: (language) =>
    issue(language, stories(language, 2), { letter: letterOf(WORDS[language], language) }),
  "long words": (language) => issue(language, longWords(language), longWordsOptions(language)),
  "long titles": (language) => {
    const { titles } = WORDS[language];
    const long = titles.join(language === "ja" ? "、" : ", ").slice(0, 320);
    return issue(
      language,
      ["", " II"].map((part, at) =>
        retitled(story(language, at, { picture: at === 0 }), `${long}${part}`),
      ),
    );
  },
  "accents and emoji": (language) =>
    issue(
      language,
      ODD_TITLES.map((title, at) => retitled(story(language, at), title)),
    ),
  "other languages": (language) => {
    const others = (["en", "ar", "he", "ja"] as const).filter((other) => other !== language);
    return issue(language, [story(language, 0), ...others.map((other) => story(other, 1))]);
  },
  figures: (language) =>
    issue(language, [{ ...story(language, 0), summary: oddFigures(language) }]),
  "plate and accent": (language) => {
    const words = WORDS[language];
    const { fonts, footer } = lookOf(words);
    const logo = {
      src: `images/${LOGO}`,
      alt: words.name,
      width: 240,
      height: 55,
      plate: true,
    } as const;
    const publication = { ...publicationOf(words), accent: "#1B4F8A", fonts, footer, logo };
    return issue(language, stories(language, 3), { publication });
  },
} as const satisfies Record<string, Fixture>;

export type FixtureName = keyof typeof FIXTURES;

const BARE = {
  url: undefined,
  site: undefined,
  authors: [],
  publishedAt: undefined,
  tags: [],
  kicker: undefined,
} as const;

const ODD_TITLES = [
  "Žluťoučký kůň, ångström & Ελληνικά",
  "🥖 Bread 👩‍👩‍👧 for everyone 🇬🇧",
  "H₂O at −4 °C costs 5 € <b>or</b> “less”",
  "Z̴a̷l̸g̵o̶ ﷺ كتاب 本 {{name}} --> ]]>",
];

function issue(language: Language, entries: readonly Entry[], more: ComposeOptions = {}): Digest {
  return composeDigest({ newsletter: "the-mudlark", slot: "2019-03-14", number: 1041 }, entries, {
    language,
    publication: publicationOf(WORDS[language]),
    webUrl: "https://mudlark.example/41",
    ...more,
  });
}

function publicationOf({ name, tagline, address }: Words): Publication {
  return { name, tagline, postalAddress: address };
}

/** All that a newsletter can change of the look. */
function lookOf({ name, footerLine, footerLink }: Words) {
  return {
    accent: "#7A1F5C",
    fonts: { serif: "'Iowan Old Style',Georgia,serif", sans: "Verdana,sans-serif" },
    logo: {
      src: `images/${LOGO}`,
      dark: `images/${DARK_LOGO}`,
      alt: name,
      width: 240,
      height: 55,
    },
    footer: {
      lines: [footerLine],
      links: [{ text: footerLink, url: "https://mudlark.example/issues" }],
    },
  } satisfies Partial<Publication>;
}

function stories(language: Language, count: number): Entry[] {
  return Array.from({ length: count }, (_, at) => story(language, at, { picture: at === 0 }));
}

function story(language: Language, at: number, { picture = false } = {}): Entry {
  const { titles, tags, site, author, alt, caption } = WORDS[language];
  const { gist, points } = linesOf(language, at);
  const image = {
    src: `images/${PICTURE}`,
    alt,
    caption,
    credit: site,
    widthPx: 1040,
    heightPx: 500,
    look: look(`images/${PICTURE}`, 1040, 500),
  };
  return entry(
    {
      id: `${language}-${at}`,
      language,
      // No two stories of an issue have one headline.
      title: `${titles[at % titles.length]}${["", " II", " III"][Math.floor(at / titles.length)]}`,
      url: `https://paper.example/${language}/${at}`,
      tags: [tags[at % tags.length] ?? ""],
      kicker: tags[at % tags.length] ?? "",
      site,
      authors: [author],
      images: picture ? [image] : [],
      text: `${gist} `.repeat(60),
    },
    { gist: { text: gist }, keyPoints: points.map((text) => ({ text })), minutes: 3 + (at % 9) },
  );
}

/** What a story says: the first what its language's words say, each other one lines of its own. */
function linesOf(language: Language, at: number): Pick<Words, "gist" | "points"> {
  const { gist, points, titles } = WORDS[language];
  if (at === 0) return { gist, points };
  const [comma, stop] = language === "ja" ? ["、", "。"] : [", ", "."];
  const lines = triplesOf(titles).map((three) => `${three.join(comma)}${stop}`);
  const first = (at - 1) * 4;
  return { gist: lines[first] ?? "", points: lines.slice(first + 1, first + 4) };
}

/** Every three of ten, so that no two have more than two in common. */
function triplesOf<Value>(values: readonly Value[]): Value[][] {
  return values.flatMap((first, at) =>
    values
      .slice(at + 1)
      .flatMap((second, next) =>
        values.slice(at + next + 2).map((third): Value[] => [first, second, third]),
      ),
  );
}

function alsoTold(told: Entry, alsoIn: readonly AlsoIn[]): Entry {
  return { ...told, alsoIn };
}

function retitled({ article, ...rest }: Entry, title: string): Entry {
  return { ...rest, article: { ...article, title } };
}

function kicked({ article, ...rest }: Entry, kicker: string): Entry {
  return { ...rest, article: { ...article, kicker } };
}

function fullSummary({ gist, points, quote, people, timeline, figures, author }: Words): Summary {
  return summary({
    gist: { text: gist },
    keyPoints: points.map((text) => ({ text })),
    quote: { text: quote, speaker: author },
    people: people.map(([name = "", role]) => ({ name, ...(role && { role }) })),
    timeline: timeline.map(([when = "", text = ""]) => ({ when, sentence: { text } })),
    figures: figures.map(([value = "", unit, what = ""]) => ({
      value,
      ...(unit && { unit }),
      what,
    })),
    minutes: 9,
  });
}

function papers({ papers }: Words, count: number): AlsoIn[] {
  return papers
    .slice(0, count)
    .map((site, at): AlsoIn => ({ site, url: `https://also.example/${at}` }));
}

function letterOf({ letter, signature }: Words, language: Language) {
  const [name = "", role = ""] = signature.split("\n");
  return article({
    kind: "letter",
    language,
    title: "",
    text: letter,
    authors: [`${name}\n${role}`],
  });
}

function longWords(language: Language): Entry[] {
  const { longWord, points, quote, timeline } = WORDS[language];
  const told = story(language, 0);
  // A kicker that says what the source line says would be said twice.
  const above = { kicker: longWord.slice(0, -1), site: longWord };
  const onItsHost = (path: string) => ({ ...above, url: `https://llanfair.example/${path}` });
  const long = { ...told.article, title: `${longWord} ${longWord}`, ...onItsHost("one") };
  const said = {
    ...fullSummary(WORDS[language]),
    keyPoints: points.map((text) => ({
      text: `${longWord} ${text} https://paper.example/${"a-very-long-address/".repeat(5)}`,
    })),
    quote: { text: `${quote} ${longWord}`, speaker: longWord },
    people: [{ name: longWord, role: longWord }],
    timeline: timeline
      .slice(0, 1)
      .map(([, text]) => ({ when: longWord, sentence: { text: `${longWord}: ${text}` } })),
    figures: [{ value: "123,456,789,012,345", unit: longWord.slice(0, 12), what: longWord }],
  };
  const second = retitled(story(language, 1), `${WORDS[language].tags[1]} ${longWord}`);
  return [
    { article: long, summary: said, alsoIn: [alsoIn(longWord)] },
    { ...second, article: { ...second.article, ...onItsHost("two") } },
  ];
}

function longWordsOptions(language: Language): ComposeOptions {
  const words = WORDS[language];
  return {
    publication: { ...publicationOf(words), name: words.longName, tagline: words.longWord },
  };
}

function oddFigures(language: Language): Summary {
  const { figures, gist } = WORDS[language];
  const what = figures[0]?.[2] ?? "";
  return summary({
    gist: { text: gist },
    keyPoints: [],
    figures: [
      { value: "−22,5", unit: "°C", what },
      { value: "1.940.000", what },
      { value: "3.4m", what },
      { value: "€ 12,345,678.90", what },
    ],
  });
}
