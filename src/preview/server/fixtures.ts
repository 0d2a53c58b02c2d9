import type { Digest, Entry } from "../../digest/digest.ts";

/** An issue that no newsletter has, to try a template with. */
export interface Fixture {
  readonly name: string;
  readonly title: string;
  readonly language: string;
  readonly subject: string;
  readonly preheader: string;
  readonly entries: readonly Entry[];
}

interface Told {
  readonly title: string;
  readonly language?: string;
  readonly tag?: string;
  readonly gist: string;
  readonly points?: readonly string[];
  readonly more?: Partial<Entry["summary"]>;
  readonly site?: string;
}

function told({ title, language = "en", tag, gist, points = [], more = {}, site }: Told): Entry {
  const text = [gist, ...points].join("\n\n");
  const id = title || gist.slice(0, 20);
  return {
    article: {
      id,
      title,
      ...(site !== undefined && { site, url: "https://paper.example/story" }),
      authors: site === undefined ? [] : ["Ada Quill"],
      publishedAt: "2030-11-12",
      language,
      tags: tag === undefined ? [] : [tag],
      kind: "story",
      html: "",
      text,
      images: [],
      captions: [],
      dropped: [],
      source: "fixture",
    },
    summary: {
      articleId: id,
      gist: placed(gist, text),
      keyPoints: points.map((point) => placed(point, text)),
      people: [],
      places: [],
      organisations: [],
      timeline: [],
      figures: [],
      minutes: 3,
      origin: "extract",
      ...more,
    },
  };
}

function placed(sentence: string, text: string) {
  const start = text.indexOf(sentence);
  return { text: sentence, start, end: start + sentence.length };
}

const LONG: readonly Entry[] = [
  told({
    title:
      "The harbour board of the united parishes resolves, after eleven sittings and one flood, to let the ferry leave whenever it is full",
    tag: "Intercommunal harbour administration and pilotage",
    site: "The Proceedings of the Society for the Preservation of Small Ferries",
    gist: "Eleven sittings of the board ended in a sentence of forty words that nobody who was there could say again without reading it from the sheet that the clerk had pinned to the door.",
    points: [
      "The board sat eleven times between the first of March and the flood of the ninth of June, and it was quorate at four of them.",
      "https://paper.example/a/very/long/address/without/a/single/space/in/it/that/never/seems/to/end",
    ],
    more: {
      quote: {
        text: "We have decided what we decided before we decided to decide it again, and this time there are minutes.",
        speaker: "Wilhelmina Stroud-Pemberton of Upper Carrow",
      },
      figures: [{ value: "1,940,000", unit: "passengers", what: "who waited for it to be full" }],
    },
  }),
  told({
    title:
      "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft wählt Vorstand",
    language: "de",
    tag: "Binnenschifffahrtsstraßenordnung",
    site: "Der Deichbote",
    gist: "Die Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft hat einen Vorstand.",
  }),
  told({
    title: "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch keeps its sign",
    tag: "Signs",
    gist: "The sign is longer than the platform, and the platform will be lengthened.",
    site: "Keel & Plank",
  }),
];

const RIGHT_TO_LEFT: readonly Entry[] = [
  told({
    title: "العبّارة التي تنتظر البريد",
    language: "ar",
    tag: "العبّارات",
    site: "بريد المرفأ",
    gist: "تغادر عبّارة المساء حين تصل سيارة البريد، وقد تأخرت 212 يوما متتالية.",
    points: [
      "تصعد السيارة تل المنارة خلف حافلة المدرسة التي تقف إحدى عشرة مرة.",
      "طبع المجلس جدولا جديدا بالموعد القديم وحاشية باللغة الإنجليزية: or when the post is aboard.",
      "في مارس 2031 عرض المجلس تأخير الموعد عشرين دقيقة.",
    ],
    more: {
      quote: { text: "الجدول أمل، والبريد وعد.", speaker: "جوري بيلو" },
      people: [{ name: "جوري بيلو", role: "ربان العبّارة" }],
      timeline: [
        { when: "مارس 2031", iso: "2031-03", sentence: { text: "عرض المجلس موعدا جديدا." } },
        { when: "مايو 2031", iso: "2031-05", sentence: { text: "بقي الموعد القديم." } },
      ],
      figures: [{ value: "212", what: "يوما من التأخير" }],
    },
  }),
  told({
    title: "הפנס שסופר עשים",
    language: "he",
    tag: "מגדלור",
    site: "הד הנמל",
    gist: "שומר המגדלור סופר את העשים שעל הפנס בכל לילה מזה תשע שנים, ומספרם הוכפל.",
  }),
  told({
    title: "A lamp that counts moths",
    tag: "Lighthouses",
    site: "Carrow Gazette",
    gist: "The keeper has counted the moths every night for nine years, and the count has doubled.",
  }),
];

const IDEOGRAPHS: readonly Entry[] = [
  told({
    title: "郵便を待つ連絡船、二百十二日連続の遅れ",
    language: "ja",
    tag: "連絡船",
    site: "港湾日報",
    gist: "夕方の連絡船は郵便車が着いてから港を出るため、二百十二日続けて遅れている。",
    points: [
      "郵便車は十一回停まる学校のバスの後ろについて灯台の丘を登ってくる。",
      "町議会は三月に出航を二十分遅らせる案を出したが、島では誰も望まなかった。",
      "新しい時刻表は元の時刻のままで、「または郵便が積まれたとき」という注が付いた。",
    ],
    more: {
      quote: { text: "時刻表は望み、郵便は約束です。", speaker: "船長の北見一郎" },
      figures: [{ value: "212", unit: "日", what: "続けて遅れた日数" }],
    },
  }),
  told({
    title: "等待邮件的渡轮",
    language: "zh",
    tag: "渡轮",
    site: "港口早报",
    gist: "傍晚的渡轮要等邮车到达才开，已经连续晚点二百一十二天。",
  }),
  told({
    title: "우편을 기다리는 연락선",
    language: "ko",
    tag: "연락선",
    site: "항구일보",
    gist: "저녁 연락선은 우편차가 와야 떠나며, 이백십이 일째 늦고 있다.",
  }),
];

const EMPTY: readonly Entry[] = [told({ title: "", gist: "The ferry left." })];

const SUBJECTS = [
  "ferry",
  "lamp",
  "bell",
  "mill",
  "winch",
  "chapel",
  "quay",
  "orchard",
  "net",
  "post",
];
const DEEDS = ["waits for the tide", "was mended too well", "has a new keeper"];
const TAGS = ["Ferries", "Light", "Bread", "Books", "Weather"];

const THIRTY: readonly Entry[] = Array.from({ length: 30 }, (_, at) =>
  told({
    title: `The ${SUBJECTS[at % 10]} that ${DEEDS[at % 3]}`.concat(
      at < 10 ? "" : `, part ${Math.floor(at / 10) + 1}`,
    ),
    tag: TAGS[at % 5] ?? "Ferries",
    site: at % 4 === 0 ? "Carrow Gazette" : "The Sound Courier",
    gist: `Story ${at + 1} of thirty says in a sentence of middling length what happened, to whom, and what it cost them in the end.`,
    ...(at === 0 && {
      points: ["The first point of the lead.", "The second point of the lead.", "And a third."],
    }),
  }),
);

export const FIXTURES: readonly Fixture[] = [
  {
    name: "long",
    title: "Long titles",
    language: "en",
    subject:
      "A subject that goes on for much longer than any phone, watch or list of mails has room for, and then some",
    preheader:
      "A preheader that begins where the subject left off and does not end before the one hundred and thirty characters that most programs would show are over",
    entries: LONG,
  },
  {
    name: "right-to-left",
    title: "Right to left",
    language: "ar",
    subject: "العبّارة التي تنتظر البريد",
    preheader: "تغادر عبّارة المساء حين تصل سيارة البريد، والفنار الذي يعدّ الفراشات",
    entries: RIGHT_TO_LEFT,
  },
  {
    name: "ideographs",
    title: "Japanese, Chinese, Korean",
    language: "ja",
    subject: "郵便を待つ連絡船、二百十二日連続の遅れ",
    preheader: "夕方の連絡船は郵便車が着いてから港を出るため、二百十二日続けて遅れている。",
    entries: IDEOGRAPHS,
  },
  {
    name: "empty",
    title: "Next to nothing",
    language: "en",
    subject: "The ferry left",
    preheader: "One sentence, without a headline, a paper, a tag or a picture to go with it.",
    entries: EMPTY,
  },
  {
    name: "thirty",
    title: "Thirty stories",
    language: "en",
    subject: "Thirty stories, of which this is the first",
    preheader:
      "A ferry, a lamp, a bell, a mill, a winch, a chapel, a quay, an orchard, a net and the post",
    entries: THIRTY,
  },
];

/** A fixture as an issue of the newsletter that is being worked on. */
export function fixtureDigest(
  { name, title: _title, entries, ...fixture }: Fixture,
  like: Pick<Digest, "publication" | "parts">,
): Digest {
  const [lead, ...others] = entries;
  if (!lead) throw new Error(`the fixture ${name} has no stories`);
  return {
    issue: { newsletter: "fixtures", slot: "2030-11-14", number: 214 },
    ...(like.publication && { publication: like.publication }),
    ...(like.parts && { parts: like.parts }),
    date: "2030-11-14",
    title: fixture.subject,
    ...fixture,
    sections: [
      { heading: "", entries: [lead] },
      ...(others.length > 0 ? [{ heading: "", entries: others }] : []),
    ],
  };
}
