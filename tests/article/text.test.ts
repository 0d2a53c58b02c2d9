import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import words from "../../src/article/boilerplate.json" with { type: "json" };
import { toBlocks } from "../../src/article/plain-text/blocks.ts";
import { readArticle } from "../../src/article/read-articles.ts";
import { COPIED, PAGE, STORY, codeOf, paragraphsOf, read } from "./articles.ts";

describe("a plain-text article", () => {
  it("a news article copied from a page gives title, byline, captions, story and what was left out", () => {
    const article = read("text", COPIED);
    expect(article.title).toBe("Can Overby keep the river out for another winter?");
    expect(article.authors).toEqual(["Mara Lindqvist"]);
    expect(article.captions).toEqual([
      { text: "Volunteers on the dike at Overby on Monday night.", credit: "Harbour Gazette" },
      { text: "The lower road under water.", credit: "Harbour Gazette" },
    ]);
    expect(paragraphsOf(article)).toHaveLength(4);
    expect(article.dropped).toEqual([
      { text: "Leave a Reply", reason: "the comments, not the story" },
    ]);
    expect(article.language).toBe("en");
    expect(article.kind).toBe("story");
  });

  it("its HTML is the same paragraphs, with every character of them escaped", () => {
    const article = read("text", `A < B & "C"\n\n${STORY} <script>alert(1)</script>`);
    expect(article.html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;</p>");
    expect(article.html.match(/<p>/g)).toHaveLength(2);
    expect(article.title).toBe('A < B & "C"');
  });

  it("a short line of dialogue is story, though its words are also those of a button", () => {
    const lines = [...STORY.split("\n\n"), "“Share it.”", "“Yes.”", ...STORY.split("\n\n")];
    expect(paragraphsOf(read("text", `At the quay\n\n${lines.join("\n\n")}`))).toEqual(lines);
  });

  it("a whole paragraph with a picture credit at its end is story", () => {
    const long = `${STORY.replaceAll("\n\n", " ").repeat(2)} Photo: Eva Roth`;
    const article = read("text", `At the quay\n\n${STORY}\n\n${long}`);
    expect(paragraphsOf(article).at(-1)).toBe(long);
    expect(article.captions).toEqual([]);
  });

  it("a text that starts with a sentence has no title", () => {
    expect(read("text", STORY).title).toBe("");
  });

  it("a headline without a story after it is text, not a title", () => {
    const article = read("text", "Rain");
    expect(article.title).toBe("");
    expect(article.text).toBe("Rain");
  });

  it("text without a single full stop is kept whole", () => {
    const body = "rain on the harbour\n\nand the lamps of the late boats going out one by one";
    expect(read("text", body).text).toBe(body);
  });

  it("hard-wrapped lines are joined into their paragraphs", () => {
    const body = `The lamp

The keeper of the light at Skerry Point has written down the weather every
evening for thirty-one years, in pencil, because ink freezes up there in
January and February.

Her notebooks are to be scanned this summer by the county archive, which has
found in them the only record of three storms.`;
    const article = read("text", body);
    expect(article.title).toBe("The lamp");
    expect(paragraphsOf(article)).toHaveLength(2);
    expect(article.text).not.toMatch(/[^\n]\n[^\n]/);
    expect(article.text).toContain("in pencil, because ink freezes up there in January");
  });

  it("a file with a paragraph a line and no blank lines keeps them apart", () => {
    const lines = [
      "The keeper of the light at Skerry Point has written down the weather every evening for thirty-one years, in pencil.",
      "Her notebooks are to be scanned this summer by the county archive, which has found in them the only record of three storms.",
      "She has not been asked to stop, and says that she would not know what to do with her evenings if she were asked to.",
    ];
    expect(paragraphsOf(read("text", lines.join("\n")))).toEqual(lines);
  });

  it("lines that break off in a sentence are joined, however ragged they are", () => {
    const body = `The tram line
The line from the quay to the old brickworks was measured last May on foot, and
High Street was measured
in a single night by eleven volunteers with a chain that they had borrowed from the county, the
Overby museum
has it now.
Nobody has measured the harbour branch since 1911.`;
    expect(paragraphsOf(read("text", body))).toEqual([
      "The line from the quay to the old brickworks was measured last May on foot, and High Street was measured in a single night by eleven volunteers with a chain that they had borrowed from the county, the Overby museum has it now.",
      "Nobody has measured the harbour branch since 1911.",
    ]);
  });

  it("a headline that ends in a preposition is not joined to the line under it", () => {
    const lead =
      "The river rose on Monday night, and the town spent it on the dike. Nobody has slept there since, and nobody will before Friday, when the county sends its engineers.";
    const article = read("text", `What the town of Overby is now in for\n${lead}`);
    expect(article.title).toBe("What the town of Overby is now in for");
    expect(article.text).toBe(lead);
  });

  it("Chinese and Japanese hard wraps are joined without a space", () => {
    const body =
      "灯台守の女性は三十一年のあいだ毎晩天気を鉛筆で\n書きとめてきた。冬にはインクが凍ってしまうからで\nある。記録は今年の夏に公開される予定だ。";
    const article = read("text", body);
    expect(article.text).toBe(body.replaceAll("\n", ""));
    expect(article.language).toBe("ja");
  });

  it("a byline near the top gives its authors and, with the date line, is not story", () => {
    const article = read(
      "text",
      `River rises\n\nBy Ida Holm and Per Lund, Overby\n3 May 2024\n\n${STORY}`,
    );
    expect(article.authors).toEqual(["Ida Holm", "Per Lund"]);
    expect(article.publishedAt).toBe("2024-05-03");
    expect(paragraphsOf(article)).toHaveLength(2);
    expect(article.dropped.map(({ reason }) => reason)).toEqual(["the byline", "the date line"]);
  });

  it("a pointer to another story or an advertisement between paragraphs is left out with its reason", () => {
    const [first, second] = STORY.split("\n\n");
    const article = read(
      "text",
      `River rises\n\n${first}\n\nAdvertisement\n\nRead more: The winter of 1911\n\n${second}`,
    );
    expect(article.text).toBe(STORY);
    expect(article.dropped).toEqual([
      { text: "Advertisement", reason: "an advertisement" },
      { text: "Read more: The winter of 1911", reason: "a pointer to other stories" },
    ]);
  });

  it("a sentence that only starts like boilerplate is story", () => {
    const body = `${STORY}\n\nMore news is expected from the county on Tuesday at noon.`;
    expect(read("text", body).text).toBe(body);
  });

  it("boilerplate is no tail while a long paragraph follows", () => {
    const long =
      "The county will decide on Friday whether the dike is raised by a metre, which would cost more than the town has spent on roads in the last ten years together.";
    const article = read("text", `River rises\n\n${STORY}\n\nComments\n\n${long}`);
    expect(paragraphsOf(article).at(-1)).toBe(long);
  });

  it("list marks are not words", () => {
    const article = read("text", `What to bring:\n\n* a lamp that works\n* dry socks\n\n${STORY}`);
    expect(paragraphsOf(article).slice(0, 3)).toEqual([
      "What to bring:",
      "a lamp that works",
      "dry socks",
    ]);
  });

  it("invisible characters, soft hyphens and odd spaces are cleaned away", () => {
    const article = read(
      "text",
      "\uFEFFThe har\u00adbour\u00a0master\u200b saw it.\r\nIt was high water\u0000 at noon.",
    );
    expect(article.text).toBe("The harbour master saw it.\n\nIt was high water at noon.");
  });

  it("controls that turn the direction of writing are taken out of title and text", () => {
    const article = read(
      "text",
      `River\u202e rises\u2066\n\n\u202bThe dike\u2067 held, they say.\u202c`,
    );
    expect(article).toMatchObject({ title: "River rises", text: "The dike held, they say." });
  });
});

it.each([
  "A boat at night. Photo: Ida Holm\n\nA house by the water. Image | Harbour Gazette",
  "River rises\n\nA boat at night. Photo: Ida Holm",
])("captions and nothing else: are refused as no story: %j", (body) => {
  expect(codeOf(() => read("text", body))).toBe("CONTENT_NO_STORY");
  // Every command refuses such a file, so none can be named that shows more.
  expect(() => read("text", body)).toThrow(
    expect.objectContaining({ fix: "add the story's own paragraphs, or leave the file out" }),
  );
});

describe("a whole page copied as text", () => {
  const article = read("text", PAGE);

  it("gives the story without menus, related links, comments and footer", () => {
    expect(paragraphsOf(article)).toEqual([
      "The ferry Aurora has crossed the sound since 1962, and this spring she was to be sold for scrap. The buyer came, looked at her engine, and went home without her.",
      "Her crew has kept every bolt of it in order, says the chief engineer, who joined her as a boy.",
      '"She starts at the first turn."',
      "The county now wants to keep her as a reserve for the new electric ferry, which has missed eleven days since January because its charging arm freezes, according to the operator.",
      "Passengers seem pleased. A petition to keep her had four thousand signatures on Friday, in a town of six thousand people, and the school choir has announced that it will sing on her deck until the county has made up its mind about what it wants.",
    ]);
  });

  it("gives the headline, the author and the date above the story", () => {
    expect(article.title).toBe("The ferry that refused to retire");
    expect(article.authors).toEqual(["Jonas Elm"]);
    expect(article.publishedAt).toBe("2019-03-14");
  });

  it("gives the same story without the indentation", () => {
    const flat = PAGE.replace(/^ +/gm, "").replace(/^[*+] /gm, "");
    expect(read("text", flat).text).toBe(article.text);
  });

  it("keeps a menu as one entry of what was dropped", () => {
    expect(article.dropped[0]?.text.split("\n").length).toBeGreaterThan(3);
  });
});

describe("front matter in a plain text", () => {
  it("is read, and its title is not said twice", () => {
    const article = read("text", `---\ntitle: River rises\n---\nRIVER RISES\n\n${STORY}`);
    expect(article).toMatchObject({ title: "River rises", text: STORY });
    expect(article.dropped).toEqual([{ text: "RIVER RISES", reason: "the title again" }]);
  });

  it("another headline under a declared title is story", () => {
    const article = read("text", `---\ntitle: The dike held\n---\nRiver rises\n\n${STORY}`);
    expect(article).toMatchObject({ title: "The dike held", text: `River rises\n\n${STORY}` });
  });

  it("an author declared wins over the byline, which is reported", () => {
    const article = read("text", `---\nauthor: Ida Holm\n---\nRiver rises\n\n${STORY}\n\nPer Lund`);
    expect(article.authors).toEqual(["Ida Holm"]);
    expect(article.dropped).toEqual([{ text: "Per Lund", reason: "the byline" }]);
  });

  it("a letter is kept as it is written", () => {
    const body = "Dear readers,\n\nleave a reply if you like.\n\nComments\n\nYours";
    const article = read("text", `---\nkind: letter\ntitle: From the quay\n---\n${body}\n`);
    expect(article.kind).toBe("letter");
    expect(article.text).toBe(body);
    expect(article.dropped).toEqual([]);
  });
});

const texts = (text: string): string[] => toBlocks(text).map((block) => block.text);

const PROSE =
  "The keeper of the light at Skerry Point has written down the weather every evening for thirty-one years, in pencil, because ink freezes up there in January and in February too.";

function wrap(text: string, column: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line.length + word.length + 1 > column) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join("\n");
}

describe("paragraphs of a plain text", () => {
  it("are one line each, however the file wraps them", () => {
    const column = fc.integer({ min: 50, max: 100 });
    fc.assert(
      fc.property(column, (width) => {
        expect(texts(`${wrap(PROSE, width)}\n\n${wrap(PROSE, width)}`)).toEqual([PROSE, PROSE]);
      }),
    );
  });

  it("of a book start with an indented line instead of a blank one", () => {
    const book = `  ${wrap(PROSE, 60)}\n  ${wrap(PROSE, 60)}`;
    expect(texts(book)).toEqual([PROSE, PROSE]);
  });

  it("end at a line that is not filled", () => {
    expect(texts(`${wrap(PROSE, 72)}\n${wrap(PROSE, 72)}`)).toEqual([PROSE, PROSE]);
  });
});

describe("lines that are not filled stay lines", () => {
  it.each([
    ["an address", "The Keeper\nSkerry Point\nOverby"],
    ["a list", "* lamps\n* socks\n* rope"],
    ["verse", "The lamp is lit\nthe boats are in\nand nobody sings"],
  ])("%s", (_, text) => {
    expect(texts(text)).toEqual(text.replace(/^\* /gm, "").split("\n"));
  });

  it("a hyphen in a wrapped sentence is no list mark, after a colon it is", () => {
    const sentence =
      "The cuts, which the county has put off for eleven years and will not\n- as it says - put off again, come in May, and nobody in Overby has been\ntold which of the two ferries will have to go to the breakers before then.";
    expect(texts(sentence)).toHaveLength(1);
    expect(texts("Bring:\n- lamps\n- socks")).toEqual(["Bring:", "lamps", "socks"]);
  });
});

it("words divided at line ends: are joined where the file divides words, and keep their hyphen where it does not", () => {
  const typeset =
    "The har-\nbour master had not expected the wa-\nter before noon, but when it came it came quick-\nly, and with it the ice that had lain in the in-\nlet since Christmas and that nobody had thought about.";
  const divided = typeset.replace(/^The har-\n/, "The har");
  expect(texts(divided)[0]).toContain("the water before noon");
  const wrapped =
    "She took the ferry home and sat down by the window with a well-\nknown novel, a pot of tea and the cat, and did not get up again before\nthe evening bell, because it was her first free day in a very long time\nand the rain was so heavy that the other side of the street was gone.";
  expect(texts(wrapped)[0]).toContain("a well-known novel");
});

const REST =
  "The ferry waits for the post van on the quay each day of the year, as it has always done.";
const MORE = "Its captain has done so for nineteen years, though the timetable says nothing of it.";

describe("a dateline is told, and is no part of the text", () => {
  test.each(
    Object.entries({
      "PORTHMOOR, Isle of Lune (AP) — ":
        "iPhones are sold at the quay since the morning of Monday.",
      "PORTHMOOR, Lune — ": "NASA moved the ferry to the quay, and its crew has a new timetable.",
      "PORTHMOOR — ": "The ferry – the last of its kind – waits for the van on the quay.",
      "PORTHMOOR (AP) — ": "The ferry waits on the quay — for an hour, as it always does.",
    }),
  )("%sbefore “%s”", (dateline, rest) => {
    const body = `The ferry that waits\n\n${dateline}${rest}\n\n${MORE}\n`;
    const { text } = readArticle({ format: "text", location: "a.txt", body });
    expect(text).toBe(`${rest}\n\n${MORE}`);
  });

  test("in markup of its own too", () => {
    const body = `<h1>The ferry that waits</h1><p><strong>HONOLULU (AP)</strong> — ${REST}</p><p>${MORE}</p>`;
    const { text, html } = readArticle({ format: "html", location: "a.html", body });
    expect(text).toMatch(/^The ferry waits/);
    expect(html).toMatch(/^<p>\s*The ferry waits/);
  });
});

const SCRIPTS: Readonly<Record<string, string>> = {
  Jpan: String.raw`\p{sc=Hani}\p{sc=Hira}\p{sc=Kana}ー`,
  Kore: String.raw`\p{sc=Hang}`,
  Hans: String.raw`\p{sc=Hani}`,
};

it("words are written in the script of their language", () => {
  const lists = Object.entries(words)
    .filter(([kind]) => kind !== "agencies" && kind !== "companies")
    .flatMap(([, byLanguage]) => Object.entries<string>({ ...byLanguage }));
  const strays = lists.flatMap(([language, list]) => {
    const { script = "" } = new Intl.Locale(language).maximize();
    const letters = SCRIPTS[script] ?? String.raw`\p{sc=${script}}`;
    const own = new RegExp(String.raw`^[${letters}\P{L}]+$`, "u");
    return list.split("|").filter((word) => !own.test(word));
  });
  expect(strays).toEqual([]);
});
