import type { Article, PictureLook } from "../src/article/article.ts";
import type { AlsoIn, Digest, Entry } from "../src/digest/digest.ts";
import { composeDigest, type ComposeOptions } from "../src/digest/compose-digest.ts";
import type { Summary } from "../src/summary/summary.ts";

/** A story with everything a story can have; each test changes what it is about. */
export function article(over: Partial<Article> = {}): Article {
  return {
    id: "bakery",
    title: "The bakery that runs on tides",
    url: "https://paper.example/bakery",
    site: "The Estuary Paper",
    authors: ["Ottilie Brand"],
    publishedAt: "2019-03-12",
    language: "en",
    tags: ["Bread"],
    kicker: "Bread",
    kind: "story",
    html: "<p>The bakery on Samphire Quay lights its ovens when the tide turns.</p>",
    text: "The bakery on Samphire Quay lights its ovens when the tide turns. ".repeat(60).trim(),
    images: [],
    captions: [],
    dropped: [],
    source: "bakery.txt",
    ...over,
  };
}

export function summary(over: Partial<Summary> = {}): Summary {
  return {
    articleId: "bakery",
    gist: {
      text: "The bakery on Samphire Quay lights its ovens when the tide turns, and sells out by low water.",
    },
    keyPoints: [
      { text: "A tide mill of 1794 turns the kneader for five hours, twice a day." },
      { text: "Ottilie Brand bakes 340 loaves a tide and none between." },
      { text: "The parish council leased her the mill in March 2011 for one loaf a week." },
    ],
    people: [],
    timeline: [],
    figures: [],
    minutes: 4,
    origin: "extract",
    ...over,
  };
}

/** Everything a summary can say, so that every part of a template is drawn. */
const FULL_SUMMARY: Summary = summary({
  quote: {
    text: "“The moon decides when I get up. I have stopped arguing.”",
    speaker: "Ottilie Brand",
  },
  people: [
    { name: "Ottilie Brand", role: "Baker, who leases the mill" },
    { name: "Corin Aldersey", role: "Millwright, who cut the new paddles" },
    { name: "Wilhelmina Stroud-Pemberton" },
  ],
  timeline: [
    { when: "1794", iso: "1794", sentence: { text: "The mill was built for barley." } },
    {
      when: "March 2011",
      iso: "2011-03",
      sentence: { text: "The parish council leased it for a loaf a week." },
    },
    {
      when: "9 November 2018",
      iso: "2018-11-09",
      sentence: { text: "The first loaf was sold by lamplight." },
    },
  ],
  figures: [
    { value: "340", what: "loaves from every tide" },
    { value: "12.5", unit: "km", what: "from the mill to the nearest other bakery" },
    { value: "1,940,000", unit: "kg", what: "of barley milled before 1900" },
  ],
});

export function entry(over: Partial<Article> = {}, say: Partial<Summary> = {}): Entry {
  const told = article({ id: over.title ?? "bakery", ...over });
  return { article: told, summary: summary({ articleId: told.id, ...say }) };
}

export const PUBLICATION = {
  name: "The Mudlark",
  tagline: "What the river brings",
  postalAddress: "The Mudlark, 3 Staithe Lane, Orrell",
};

export function digestOf(entries: readonly Entry[], options: ComposeOptions = {}): Digest {
  return composeDigest({ newsletter: "the-mudlark", slot: "2019-03-14", number: 41 }, entries, {
    publication: PUBLICATION,
    webUrl: "https://mudlark.example/41",
    ...options,
  });
}

export const TITLES = [
  "The bakery that runs on tides",
  "A library of knots finds its last librarian",
  "Why the night ferry carries bees",
  "Nobody owns the sandbank, so everyone mows it",
  "The bell that rings itself in fog",
  "Twelve ways to mend a net, and one to leave it",
  "The schoolroom where the river is on the timetable",
  "An orchard grows on the old lifeboat station",
  "What the dredger found and put back",
  "The slowest post round in the county",
];

/** A round-up of up to ten stories, the first with a picture. */
export function roundUp(count = TITLES.length): Digest {
  return digestOf(
    TITLES.slice(0, count).map((title, index) =>
      entry(
        {
          title,
          kicker: ["Bread", "Books", "Ferries", "Commons", "Weather"][index % 5] ?? "Bread",
          images: index === 0 ? [PICTURE] : [],
        },
        { minutes: 3 + index },
      ),
    ),
  );
}

/** A round-up in sections by tag, some of whose stories were merged from several papers. */
export function grouped(count = TITLES.length): Digest {
  const papers = ["The Sound Courier", "Tidewatch", "Keel & Plank", "Deckside", "The Quay", "Slip"];
  const entries = Array.from({ length: count }, (_, index) => ({
    ...entry({
      title: TITLES[index % TITLES.length] ?? "",
      url: `https://paper.example/${index}`,
      tags: [["Bread", "Ferries", "Books", "ferries", "Weather"][index % 5] ?? "", "River"],
      kicker: index === 0 ? "Bread" : "River",
    }),
    ...(index % 3 === 0 && { alsoIn: papers.slice(0, index + 1).map(alsoIn) }),
  }));
  return digestOf(entries, { sections: "tag" });
}

/** Another paper that has a story. */
export function alsoIn(site: string): AlsoIn {
  return { site, url: `https://${site.toLowerCase().replace(/\W+/g, "-")}.example/story` };
}

/** What is seen of a drawing. */
export function look(src: string, widthPx: number, heightPx: number): PictureLook {
  const hash = "36c5d7f483b1cbe00b28882008342825";
  return { src, widthPx, heightPx, kind: "drawing", clear: 0, tone: 0.24, colours: 16, hash };
}

const PICTURE = {
  src: "images/mill.png",
  alt: "A mill wheel half under water, a lamp lit in the window above it",
  caption: "The mill on Samphire Quay, an hour after high water",
  credit: "Engraving: The Estuary Paper",
  widthPx: 1040,
  heightPx: 500,
  look: look("images/mill.png", 1040, 500),
};

/** One story with everything. */
export function brief(): Digest {
  const told = article({ images: [PICTURE] });
  return digestOf([{ article: told, summary: FULL_SUMMARY }]);
}

export const LETTER_TEXT = `Dear reader,

Last week I went to **Samphire Quay** to see a bakery that keeps no hours. I had expected a clock. What they have is a window on the river, and [a bell](https://paper.example/bell) that one child rings.

> The moon decides when I get up. I have stopped arguing.

I have thought about that *sentence* all week, and about

- the oven, which is older than the railway
- the queue, which forms in the dark at no hour that anybody could name and says nothing until the door opens

Until Thursday,`;

/** A letter with everything its editor can write, and two pieces enclosed. */
export const LETTER: Digest = {
  ...roundUp(2),
  letter: { text: LETTER_TEXT, signature: "Hester Pyke\nEditor, The Mudlark" },
};

export const ARABIC: Digest = digestOf(
  [
    {
      article: article({
        language: "ar",
        title: "مخبز يعمل على إيقاع المد",
        site: "صحيفة المصب",
        authors: ["ليلى المرساوي"],
        kicker: "خبز",
      }),
      summary: summary({
        gist: { text: "يشعل المخبز أفرانه حين يتحول المد، ويبيع كل ما عنده قبل انحسار الماء." },
        keyPoints: [
          { text: "تدير طاحونة المد العجّانة خمس ساعات مرتين كل يوم." },
          { text: "تخبز ليلى ٣٤٠ رغيفًا مع كل مد ولا شيء بينهما." },
        ],
        quote: { text: "«القمر يقرر متى أستيقظ.»", speaker: "ليلى المرساوي" },
        timeline: [{ when: "مارس ٢٠١١", sentence: { text: "استأجرت الطاحونة برغيف في الأسبوع." } }],
        figures: [{ value: "٣٤٠", what: "رغيفًا مع كل مد" }],
      }),
    },
  ],
  { language: "ar", publication: { name: "الضفة", tagline: "ما يحمله النهر" } },
);

export const JAPANESE: Digest = digestOf(
  [
    {
      article: article({
        language: "ja",
        title: "潮の満ち引きで焼くパン屋",
        site: "河口新聞",
        authors: ["浜野しずく"],
        kicker: "パン",
      }),
      summary: summary({
        gist: { text: "岸壁のパン屋は潮が変わると窯に火を入れ、干潮までに売り切る。" },
        keyPoints: [
          { text: "1794年に建てられた潮力水車が、一日に二度、五時間ずつ生地をこねる。" },
          { text: "一度の潮で焼くパンは340個で、その間は何も焼かない。" },
        ],
      }),
    },
  ],
  { language: "ja", publication: { name: "河口だより" } },
);
