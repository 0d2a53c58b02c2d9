/** A small newsletter, and the commands that are recorded in its folder, one after another. */
export interface Newsletter {
  readonly name: string;
  readonly files: Readonly<Record<string, string | Buffer>>;
  readonly commands: readonly (readonly string[])[];
  /** Whether it begins as a copy of the sample newsletter. */
  readonly sample?: true;
}

const DATE = ["--date", "2026-11-24"];

/** A command as one writes it; words in single quotes are one. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}

function commands(text: string): string[][] {
  return text
    .trim()
    .split("\n")
    .map((line) => words(line.trim()));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

const HARBOUR = `The harbour that learned to breathe

Porthmoor, 12 March 2026. The council of Porthmoor voted on Tuesday to open the old sluice gates for good, ending
a dispute that has divided the town for eleven years. Engineers say that the tide will clear the silt from the inner
basin within two winters, and that the fishing fleet can return in 2028.

"We have spent more on dredging than on the school," said Maren Holloway, the harbour master. "The sea does it for
nothing, twice a day."

The plan costs 4.2 million pounds, of which the county pays half. Opponents, led by the owners of the marina, say that
the 140 moorings in the basin will dry out at low water. The council has promised them berths on the outer quay.

Work begins in September. The gates, cast in 1887 at the Tolvan foundry, will be kept as a monument.
`;

const FERRY = `---
title: The ferry comes back
author: Idris Penn
date: 2026-03-10
tags: [ferries, islands]
url: https://paper.example/ferry
---

After nine years the *Gannet* sails again between Porthmoor and the island of Skerra, three times a day. The first
crossing on Monday carried 61 passengers, two goats and a piano.

Skerra's 212 people had lived on a mail boat since the last company gave up in 2017. The new one belongs to them: each
household bought a share at 300 pounds.

> "Nobody can close it but us," said Una Reece, who keeps the island's shop.

The crossing takes fifty minutes, and costs four pounds.
`;

const LETTER = `---
kind: letter
---

Dear readers, the tide tables are on the last page again, by popular demand.

— The editor
`;

const PAGE = `<!doctype html><html lang="en"><head><title>Bees return to the gasworks | The Chronicle</title>
<meta name="author" content="Ana Quill"><meta property="article:published_time" content="2026-03-09T08:00:00Z">
<meta property="og:site_name" content="The Chronicle"><link rel="canonical" href="https://chronicle.example/bees"></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>Bees return to the gasworks</h1>
<p class="byline">By Ana Quill</p><figure><img src="https://chronicle.example/bees.jpg" alt="A bee on a rusted pipe">
<figcaption>A mason bee at the gasworks. Photograph: Ana Quill</figcaption></figure>
<p>Forty species of wild bee have settled on the ruins of the Dunmore gasworks, a survey found, more than on any farm in the county.</p>
<p>The site was closed in 1974 and has never been cleared, because the ground is full of tar. Nobody mowed it, nobody sprayed it, and brambles took the yards.</p>
<p>"It is the best meadow we have, and it is poison two metres down," said Tom Avery, who led the count for the university.</p>
<p>The council had planned 300 flats there. It will now decide in June whether the northern half stays as it is.</p>
<p>Three of the species had not been seen in the county since 1951.</p></article><footer>Subscribe to our newsletter</footer></body></html>`;

const FEED = `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>The Lantern</title><link>https://lantern.example</link><description>News of the coast</description><language>en</language>
<item><title>A lighthouse is for sale</title><link>https://lantern.example/1</link><guid>l1</guid><pubDate>Mon, 09 Mar 2026 07:00:00 GMT</pubDate>
<content:encoded><![CDATA[<p>The lighthouse of Carrow Point, dark since 1998, is for sale at 90,000 pounds.</p><p>The buyer has to keep the lamp in working order and let visitors up the 163 steps on six days a year, the trust that owns it said on Monday.</p><p>Eleven people have asked to see it. One of them was born there, the daughter of the last keeper.</p>]]></content:encoded></item>
<item><title>Seals close a beach</title><link>https://lantern.example/2</link><guid>l2</guid><pubDate>Sun, 08 Mar 2026 07:00:00 GMT</pubDate>
<content:encoded><![CDATA[<p>Some 400 grey seals have taken the beach at Marrow Sands, and the council has closed it until May.</p><p>They came after a storm broke up the sandbank where they used to breed. Wardens found 87 pups.</p><p>"You can't argue with a bull seal," said the warden, Piers Lowe.</p>]]></content:encoded></item>
<item><title>The baker who counts waves</title><link>https://lantern.example/3</link><guid>l3</guid><pubDate>Sat, 07 Mar 2026 07:00:00 GMT</pubDate>
<content:encoded><![CDATA[<p>For thirty-one years Bryn Tallow has written down the height of the waves before he lights his oven.</p><p>His 11,000 entries are now used by the weather service, which had no gauge on that coast before 2010.</p><p>He measures against the third step of the quay, in loaves.</p>]]></content:encoded></item>
</channel></rss>`;

const JSON_FEED = json({
  version: "https://jsonfeed.org/version/1.1",
  title: "Quay notes",
  home_page_url: "https://quay.example",
  language: "en",
  items: [
    {
      id: "q1",
      url: "https://quay.example/1",
      title: "A crane falls silent",
      date_published: "2026-03-11T09:00:00Z",
      content_text:
        "The last steam crane of Porthmoor stopped on Friday after 96 years.\n\nIts boiler failed an inspection, and no workshop in the country can mend it for less than 200,000 pounds.\n\nThe harbour has asked the museum whether it wants it.",
    },
  ],
});

const ARABIC = `الميناء يفتح بواباته من جديد

قرر مجلس مدينة بورتمور يوم الثلاثاء فتح البوابات القديمة نهائيا بعد خلاف دام أحد عشر عاما. ويقول المهندسون إن المد سينظف الحوض الداخلي خلال شتاءين.

وقالت مديرة الميناء مارين هولواي إن المدينة أنفقت على التجريف أكثر مما أنفقت على المدرسة.

تبلغ كلفة الخطة 4.2 مليون جنيه، تدفع المقاطعة نصفها. ويبدأ العمل في شهر سبتمبر.
`;

const JAPANESE = `港の水門が開く

ポースムーア町議会は火曜日、古い水門を恒久的に開放することを決めた。十一年にわたる論争に終止符が打たれた。技師たちによると、潮の流れが二度の冬のうちに内港の泥を洗い流すという。

港長のマレン・ホロウェイ氏は「学校よりも浚渫に多くの金を使ってきた」と話した。

計画の費用は420万ポンドで、半額を州が負担する。工事は九月に始まる。
`;

const RED_PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);

const SLIPWAY = {
  name: "The Slipway",
  from: "post@slipway.example",
  postalAddress: "The Slipway, 1 Quay Street, Porthmoor",
  urls: { unsubscribe: "https://slipway.example/u/{token}" },
};

const READERS = `email,name,language,tags
ada@harbour.example,Ada,en,harbour
ben@harbour.example,Ben,de,"harbour, crew"
gone@harbour.example,Gone,en,
later@elsewhere.example,Later,en,harbour
not an address,,,
ada@harbour.example,Ada again,en,
`;

export const NEWSLETTERS: readonly Newsletter[] = [
  {
    name: "sample",
    sample: true,
    files: {},
    commands: commands(`
      build ${DATE.join(" ")}
      build ${DATE.join(" ")} --json
      check
      check --json
      check --static --quiet
      render outbox/the-tidewrack/2026-11-24/digest.json
      render outbox/the-tidewrack/2026-11-24/digest.json --json --template brief
      extract content/01-foghorn.md
      extract content --json
      summarize content/01-foghorn.md
      summarize content/01-foghorn.md --explain
      summarize content/04-kirchenbank.md --json
      summarize content/02-eleven-minutes.txt --json --explain
      status
      status --json
      send latest --dry-run`),
  },
  {
    name: "one-article",
    files: { "article.txt": HARBOUR },
    commands: commands(`
      build article.txt ${DATE.join(" ")}
      build article.txt ${DATE.join(" ")} --subject 'A subject of my own' --preheader 'And what follows' --number 7 --json
      build article.txt ${DATE.join(" ")} --template letter --quiet
      check latest
      extract article.txt
      summarize article.txt --explain --html page.html`),
  },
  {
    name: "no-content",
    files: {},
    commands: commands(`
      build
      build --json
      check
      send latest
      status
      subscribers list
      render missing.json
      init new-letter --yes
      init new-letter --yes
      init --json other`),
  },
  {
    name: "markdown",
    files: {
      "content/1.md": FERRY,
      "content/2.txt": HARBOUR,
      "content/3.md": LETTER,
      "content/4.md":
        "---\ndraft: true\n---\n\n# Not yet\n\nThis is not finished and must not go out.\n",
      "content/5.md":
        "---\ntitle: [broken\n---\n\nThe text goes on after front matter that is no YAML, and says enough.\n",
      "content/page.html": PAGE,
      "content/notes.xyz": "nothing",
      "broadsheet.config.json": json({
        ...SLIPWAY,
        sections: [{ heading: "By sea", tags: ["ferries"] }],
      }),
    },
    commands: commands(`
      build ${DATE.join(" ")}
      build ${DATE.join(" ")} --json
      build ${DATE.join(" ")} --strict
      check --json
      extract content/page.html --json
      extract content/1.md content/2.txt
      summarize content/page.html --json
      check --html outbox/the-slipway/2026-11-24/email.html
      check --html outbox/the-slipway/2026-11-24/email.eml --json`),
  },
  {
    name: "feeds",
    files: {
      "lantern.xml": FEED,
      "quay.json": JSON_FEED,
      "broadsheet.config.json": json({
        ...SLIPWAY,
        sources: ["lantern.xml", { from: "quay.json", section: "From the quay" }],
        window: "1000d",
        maxItems: 3,
      }),
    },
    commands: commands(`
      build ${DATE.join(" ")}
      build ${DATE.join(" ")} --json
      extract lantern.xml --json
      summarize quay.json --json
      check
      build lantern.xml missing.txt ${DATE.join(" ")}
      build lantern.xml missing.txt --strict --json`),
  },
  {
    name: "own-template",
    files: {
      "content/1.md": FERRY,
      "content/2.txt": HARBOUR,
      "art/name.png": RED_PNG,
      "broadsheet.config.json": json({
        ...SLIPWAY,
        tagline: "News from the quay",
        accent: "#1B4F8A",
        footer: {
          lines: ["Set by hand."],
          links: [{ text: "Earlier issues", url: "https://slipway.example/issues" }],
        },
        logo: { src: "art/name.png", alt: "The Slipway", width: 120 },
        template: "mine",
      }),
    },
    commands: commands(`
      build ${DATE.join(" ")}
      template new mine
      template new mine
      template new other --json
      build ${DATE.join(" ")} --json
      check --json`),
  },
  {
    name: "arabic",
    files: {
      "content/1.txt": ARABIC,
      "broadsheet.config.json": json({
        ...SLIPWAY,
        name: "رصيف الميناء",
        slug: "quay",
        language: "ar",
      }),
    },
    commands: commands(`
      build ${DATE.join(" ")} --json
      extract content/1.txt --json
      summarize content/1.txt --json
      check`),
  },
  {
    name: "japanese",
    files: {
      "content/1.txt": JAPANESE,
      "content/2.txt": HARBOUR,
      "broadsheet.config.json": json({
        ...SLIPWAY,
        name: "港の手紙",
        slug: "minato",
        language: "ja",
      }),
    },
    commands: commands(`
      build ${DATE.join(" ")} --json
      extract content --json
      summarize content/1.txt --explain
      check --json`),
  },
  {
    name: "pictures",
    files: {
      "content/1.md": `${FERRY}\n![A ferry](red.png "The Gannet in March")\n`,
      "content/red.png": RED_PNG,
      "content/2.md":
        "# A picture that isn't there\n\n![Nothing](missing.png)\n\nThe story goes out all the same, without its picture, and says so in a line.\n",
      "broadsheet.config.json": json(SLIPWAY),
    },
    commands: commands(`
      build ${DATE.join(" ")}
      build ${DATE.join(" ")} --strict
      build ${DATE.join(" ")} --json
      check`),
  },
  {
    name: "list",
    files: {
      "content/1.txt": HARBOUR,
      "readers.csv": READERS,
      "broadsheet.config.json": json(SLIPWAY),
    },
    commands: commands(`
      subscribers import readers.csv --dry-run
      subscribers import readers.csv --consent 'form on the front page'
      subscribers import readers.csv --json
      subscribers list
      subscribers list --json
      subscribers add cora@harbour.example --name Cora --tag crew
      subscribers add not-an-address
      subscribers suppress ben@harbour.example
      subscribers export
      subscribers remove nobody@harbour.example
      build ${DATE.join(" ")} --quiet
      send latest --dry-run
      send 2026-11-24 --to 'Ann <ann@harbour.example>'
      send latest --to ann@harbour.example --json
      send latest --segment tag:crew --yes
      send latest --yes --json
      send latest --yes
      status
      status --json
      status latest
      status --html past.html
      explain ada@harbour.example
      explain gone@harbour.example --json
      explain nobody@harbour.example
      retry latest
      reconcile latest --accept
      subscribers erase ada@harbour.example
      subscribers list
      doctor --resolver 127.0.0.1:9`),
  },
  {
    name: "outbox-transport",
    files: {
      "content/1.txt": HARBOUR,
      "readers.csv": READERS,
      "broadsheet.config.json": json({ ...SLIPWAY, transport: "outbox" }),
    },
    commands: commands(`
      subscribers import readers.csv --quiet
      build ${DATE.join(" ")} --quiet
      send latest --limit 1 --yes
      send latest --yes
      send latest --revise --yes
      status --json`),
  },
  {
    name: "schedule",
    files: {
      "content/1.txt": HARBOUR,
      "readers.csv": READERS,
      "broadsheet.config.json": json({
        ...SLIPWAY,
        transport: "outbox",
        schedule: { cron: "0 7 1 1 *", zone: "UTC", maxLate: "400d" },
      }),
    },
    commands: commands(`
      subscribers import readers.csv --quiet
      schedule explain --from 2027-03-20 --count 3
      schedule explain --from 2027-03-20 --json
      schedule cron
      schedule systemd
      run
      run --verbose
      hold
      run --verbose
      hold --off
      skip 2031-01-01
      skip 2031-01-01 --off
      run --now --verbose --json
      run --now --verbose
      approve latest
      status
      status --json`),
  },
  {
    name: "bad-input",
    files: {
      "empty.txt": "",
      "binary.txt": Buffer.from([0, 1, 2, 3, 255, 254, 0, 7]),
      "one-word.txt": "Whelks\n",
      "digest.json": "{ not json",
      "broadsheet.config.json": json({ ...SLIPWAY, subjekt: "?" }),
      "good.json": json(SLIPWAY),
      "two/broadsheet.config.json": json(SLIPWAY),
      "two/broadsheet.config.ts": "export default {}",
    },
    commands: commands(`
      build
      build empty.txt --config good.json
      build binary.txt --config good.json --json
      build one-word.txt --config good.json
      build missing.txt --config good.json
      build --nonsense
      bild
      render digest.json --config good.json
      check --html missing.html --config good.json
      check --html empty.txt --config good.json
      extract empty.txt binary.txt --config good.json
      summarize one-word.txt --config good.json --json
      build --config two/broadsheet.config.json good.json
      build --date 2026-02-30
      send
      send latest --to nobody --config good.json
      subscribers import missing.csv --config good.json
      subscribers suppress --config good.json
      template new ../outside --config good.json
      screenshot missing --config good.json
      preview missing.txt --no-open --config missing.json`),
  },
];
