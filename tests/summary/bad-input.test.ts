import { describe, expect, test } from "vitest";
import type { Article } from "../../src/article/article.ts";
import { summarize } from "../../src/summary/summarize.ts";
import { cpuSecondsOf, growthOf } from "../cpu-time.ts";
import { articleOf } from "./article-of.ts";

function textsOf(article: Article): readonly string[] {
  const { gist, keyPoints } = summarize(article);
  return [gist, ...keyPoints].map(({ text }) => text);
}

describe("a text that is no news story still gets its line", () => {
  test("nothing at all: the title, or nothing", () => {
    expect(textsOf(articleOf(" \n\n ", { title: "Night ferry" }))).toEqual(["Night ferry"]);
    expect(textsOf(articleOf(""))).toEqual([""]);
  });

  test("one word", () => {
    expect(textsOf(articleOf("Harbour"))).toEqual(["Harbour"]);
    expect(summarize(articleOf("Harbour")).minutes).toBe(1);
  });

  test("one sentence", () => {
    expect(textsOf(articleOf("The ferry was late again."))).toEqual(["The ferry was late again."]);
  });

  test("no sentence end: the opening words, cut between two of them", () => {
    const text = "the ferry left the quay and the bus came ".repeat(50).trim();
    const { gist, keyPoints } = summarize(articleOf(text));
    expect(gist.text.split(" ")).toHaveLength(30);
    expect(text.slice(gist.start, gist.end)).toBe(gist.text);
    expect(keyPoints).toEqual([]);
  });

  test("no space either", () => {
    expect(summarize(articleOf("😀".repeat(5000))).gist.text).toBe("😀".repeat(40));
    expect(summarize(articleOf("渡轮停航".repeat(500), { language: "zh" })).gist.text).toHaveLength(
      80,
    );
  });

  test("all quotations: one of them, whole", () => {
    const text = "“We waited nine years for the boat.” “Nobody believed that it would come.”";
    expect(textsOf(articleOf(text))).toEqual(["“We waited nine years for the boat.”"]);
  });

  test("a list of things: its title, and what leads to it only where it has none", () => {
    const text = "Bring:\n- a coat\n- a torch";
    expect(textsOf(articleOf(text, { title: "What to pack" }))).toEqual(["What to pack"]);
    expect(textsOf(articleOf(text))).toEqual(["Bring:"]);
  });

  test("a list of sentences, without its marks", () => {
    const text =
      "1. Bring a warm coat to the harbour.\n2. Buy the blue ticket at the kiosk.\n3. Stand on the left side of the deck.";
    expect(textsOf(articleOf(text)).toSorted()).toEqual([
      "Bring a warm coat to the harbour.",
      "Buy the blue ticket at the kiosk.",
      "Stand on the left side of the deck.",
    ]);
  });

  test("a transcript: a line with its speaker", () => {
    const text = "PELL: We met in March and agreed on it.\n\nREIL: That is not how I remember it.";
    expect(textsOf(articleOf(text))).toEqual(["PELL: We met in March and agreed on it."]);
  });

  test("a recipe: what to do, not what to buy", () => {
    const text =
      "Harbour soup\n\n200 g potatoes\n2 leeks\n\nPeel the potatoes and cut them into small cubes. Simmer both leeks in the stock for twenty minutes.";
    expect(textsOf(articleOf(text)).join(" ")).not.toMatch(/200 g|2 leeks/);
  });

  test("code, with the names that objects inherit", () => {
    const text = "function constructor(x) { return x.__proto__; }\nconst toString = 1;";
    expect(textsOf(articleOf(text, { title: "constructor __proto__" }))).toHaveLength(1);
  });

  test("a paragraph of capitals", () => {
    const text =
      "THE FERRY WAS LATE AGAIN ON MONDAY. CAPTAIN ADA PELL BLAMED FOG. NO. 5 BUSES WILL WAIT FOR THE BOAT.";
    expect(textsOf(articleOf(text))).toHaveLength(3);
  });

  test("headings alone: the title", () => {
    const text = "Harbour\n\nThe quay\n\nFerries";
    expect(textsOf(articleOf(text, { title: "Porthmoor" }))).toEqual(["Porthmoor"]);
  });

  test("one sentence five hundred times: once", () => {
    const text = "The ferry left the quay at nine with four hundred riders. ".repeat(500).trim();
    expect(textsOf(articleOf(text))).toEqual([
      "The ferry left the quay at nine with four hundred riders.",
    ]);
  });

  test.each([
    ["a table", "Year | Riders\n2014 | 4,000\n2015 | 5,000\n2016 | 6,500"],
    ["a list of scores", "Porthmoor 3 Lune 1\nMarsh End 2 Quay Town 2\nPell Rovers 0 Reil City 14"],
  ])("%s: none of its numbers is a figure or a date of the story", (_, text) => {
    const { gist, figures, timeline } = summarize(
      articleOf(text, { title: "Ferries of the year" }),
    );
    expect(gist.text).not.toBe("");
    expect({ figures, timeline }).toEqual({ figures: [], timeline: [] });
  });

  test("a poem: words of it, no line of it twice", () => {
    const poem =
      "The boats go out at morning\nWhen all the quay is still,\nThe boats come home at evening\nAnd light is on the hill.\n\nThe boats go out at morning\nAnd one of them stays out;\nThe bell is rung at evening,\nAnd nobody asks about.";
    const told = textsOf(articleOf(poem, { title: "The quay" }));
    const whole = `The quay ${poem}`.replace(/\s+/g, " ");
    for (const line of told) expect(whole).toContain(line.replace(/\s+/g, " "));
    expect(new Set(told).size).toBe(told.length);
  });

  test("ten languages: sentences of it, each once", () => {
    const text =
      "The museum opened on Monday. Das Museum wurde am Montag eröffnet. Le musée a ouvert lundi. El museo abrió el lunes. Il museo ha aperto lunedì. O museu abriu na segunda. Het museum is maandag geopend. Музей открылся в понедельник. 博物館は月曜日に開館した。 متحف افتتح يوم الاثنين.";
    const told = textsOf(articleOf(text));
    for (const line of told) expect(text).toContain(line);
    expect(new Set(told).size).toBe(told.length);
  });

  test("an advertisement: what it sells, and no call to click", () => {
    const text =
      "The new Lune kettle boils a litre of water in ninety seconds. It is made of steel and keeps tea hot for an hour. Click here to order yours today. Sign up for our newsletter and save ten per cent. The kettle costs 49 pounds in all shops on the quay.";
    const told = textsOf(articleOf(text)).join(" ");
    expect(told).toContain("kettle");
    expect(told).not.toMatch(/Click here|Sign up/);
  });

  test("a story that its title contradicts: what the story says", () => {
    const text =
      "The Harbour Trust has not saved the night ferry, its chairwoman Ada Pell said on Monday. The boat will be sold in May to a company in Lune. Riders have to take the bus from June.";
    const { gist } = summarize(articleOf(text, { title: "Harbour Trust saves the night ferry" }));
    expect(gist.text).toContain("has not saved");
  });

  test("an interview: answers, no questions", () => {
    const text =
      "Ada Pell has run the bakery on the quay for thirty years.\n\nWhy did you begin?\n\nThe quay had no bread in those years, and riders were hungry.\n\nWhat comes next?\n\nThe bakery moves to the old cannery in May, with twelve bakers.";
    expect(textsOf(articleOf(text)).join(" ")).not.toContain("?");
  });

  test("a live blog: its news, each once, without the hours of its entries", () => {
    const text =
      "10:45 The ferry Lune Star ran aground off Porthmoor on Monday morning with eighty riders.\n\n11:05 All eighty riders were taken off the Lune Star by two lifeboats.\n\n11:30 The Harbour Trust closed the quay until Tuesday and sent divers to the ferry.\n\n11:30 The Harbour Trust closed the quay until Tuesday and sent divers to the ferry.";
    const told = textsOf(articleOf(text));
    expect(told.join(" ").match(/closed the quay/g)).toHaveLength(1);
    for (const line of told) expect(text).toContain(line);
  });

  test("a correction below it: not told", () => {
    const text =
      "The pier of Porthmoor closed on Monday after a storm. The Harbour Trust will mend it by May for two million pounds.\n\nCorrection: An earlier version of this story said that the pier closed on Sunday.";
    expect(textsOf(articleOf(text)).join(" ")).not.toMatch(/Correction|Sunday/);
  });

  test("a question for a title: a gist that asks nothing", () => {
    const text =
      "The night ferry of Porthmoor will return in June for a trial of six weeks, the Harbour Trust said. It stopped in 2015, when the cannery closed. Will it pay for itself?";
    expect(
      textsOf(articleOf(text, { title: "Will the night ferry return?" })).join(" "),
    ).not.toContain("?");
  });

  test("several scripts at once", () => {
    const text =
      "The ferry museum opened on Monday. 港町の博物館は月曜日に開館した。 Музей парома открылся в понедельник.";
    expect(textsOf(articleOf(text))).toHaveLength(3);
  });

  test("a language tag that is none", () => {
    const text = "The ferry was late again. The bus waited for an hour.";
    expect(textsOf(articleOf(text, { language: "x-!!" }))).toHaveLength(2);
  });
});

describe("languages without word lists", () => {
  test.each([
    [
      "zh",
      "港口城市波特穆尔周一宣布，将在三年内建造一座新的图书馆。市长表示，新图书馆将取代一九六八年建成的旧楼。旧楼的屋顶多年来一直漏水，读者人数下降了一半。钱够吗？工程预计耗资两千万元，由市政府和港务局共同承担。",
    ],
    [
      "ja",
      "港町は月曜日、三年以内に新しい図書館を建設すると発表した。市長によると、新しい図書館は古い建物に代わるものだ。屋根は長年雨漏りしており、利用者は半分に減っていた。お金は足りるのか？工事費は二十億円で、市と港湾局が負担する。",
    ],
    [
      "ko",
      "항구 도시는 월요일 3년 안에 새 도서관을 짓겠다고 발표했다. 시장은 새 도서관이 낡은 건물을 대신할 것이라고 말했다. 지붕은 여러 해 동안 비가 샜고 이용자는 절반으로 줄었다. 돈은 충분한가? 공사비 200억 원은 시와 항만청이 함께 부담한다.",
    ],
    [
      "ar",
      "أعلنت مدينة الميناء يوم الاثنين أنها ستبني مكتبة جديدة خلال ثلاث سنوات. قال رئيس البلدية إن المكتبة الجديدة ستحل محل المبنى القديم. ظل سقف المبنى يسرب الماء سنوات طويلة. هل يكفي المال؟ ستتحمل البلدية وهيئة الميناء كلفة المشروع معا.",
    ],
  ])("%s", (language, text) => {
    const told = textsOf(articleOf(text, { language }));
    expect(told).toHaveLength(4);
    expect(told.join("")).not.toMatch(/[?？؟]/u);
    for (const sentence of told) expect(text).toContain(sentence);
  });

  test("th", () => {
    const text =
      "เมืองท่าประกาศเมื่อวันจันทร์ว่าจะสร้างห้องสมุดแห่งใหม่ภายในสามปี\n\nโครงการนี้จะใช้งบประมาณสองร้อยล้านบาท";
    expect(textsOf(articleOf(text, { language: "th" })).toSorted()).toEqual(
      text.split("\n\n").toSorted(),
    );
  });
});

function ferry(index: number): string {
  const place = ["Porthmoor", "Lune", "Marsh End"][index % 3] ?? "";
  return `Ferry ${index} left quay ${index % 97} with ${(index * 7) % 1000} riders for ${place}.`;
}

function summaryOf(text: string): () => unknown {
  return () => summarize(articleOf(text));
}

describe("time is bounded", () => {
  test("1500 sentences take about ten times as long as 150", () => {
    const sentences = Array.from({ length: 1500 }, (_, index) => ferry(index));
    const [few, many] = [sentences.slice(0, 150).join(" "), sentences.join(" ")];
    const limit = 30;
    expect(growthOf([summaryOf(few), summaryOf(many)], { limit })).toBeLessThan(limit);
  });

  test.each([
    ["one word of 100,000 letters", "a".repeat(100_000)],
    ["100,000 letters of addresses", "a.b+c@".repeat(16_000)],
    ["100,000 opening brackets", "(".repeat(100_000)],
    ["10,000 opening quotation marks", "“A b. ".repeat(10_000)],
    ["100,000 line breaks", "\n".repeat(100_000)],
    ["10,000 short lines", "Photo: a\n".repeat(10_000)],
    ["10,000 commas", "In May, ".repeat(10_000)],
  ])("%s", (_, text) => {
    // The square of this takes a minute.
    expect(cpuSecondsOf(summaryOf(text))).toBeLessThan(10);
  });
});
