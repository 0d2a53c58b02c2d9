import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitSentences } from "../../../src/summary/language/segments.ts";

function split(text: string, language = "en"): readonly string[] {
  return splitSentences(text, language).map(({ start, end }) => text.slice(start, end));
}

/** Each case is written with ¦ where a sentence ends. */
const WHERE_SENTENCES_END: readonly (readonly [what: string, language: string, marked: string])[] =
  [
    [
      "a title before a name",
      "en",
      "Sen. Ada Pell met Dr. Reil and Mr. Oldan.¦ Gov. Marsh did not come.",
    ],
    ["a title after a hyphen", "en", "The plan goes back to then-Sen. Ada Pell.¦ She lost."],
    ["initials", "en", "The quay was built by J. R. Oldan.¦ It cost a fortune."],
    [
      "I is a word at an end and an initial in a name",
      "en",
      "It was you and I.¦ Did Albert I. Reil call?",
    ],
    [
      "a country and its organs",
      "en",
      "The U.S. Coast Guard came.¦ The boat left the U.S.¦ It had no flag.",
    ],
    ["a numbered thing", "en", "Boat No. 5 left from p. 12 of the plan.¦ No.¦ Nobody saw it."],
    ["an hour", "en", "The ferry left at 6 p.m. Friday.¦ The next left at 7 a.m.¦ Riders slept."],
    ["a month before a day", "en", "The trial ends on Aug. 20, the Trust said.¦ Nobody minds."],
    [
      "a firm",
      "en",
      "Lune Buses Ltd. Chief Executive Ada Pell paid Reil & Co.¦ They sold the pier.",
    ],
    ["a decimal and a price", "en", "The toll rose by 2.5 to $10.50.¦ It had been $8."],
    [
      "a figure after a stop",
      "en",
      "The trial was over.¦ 81 percent of riders came back.¦ $5 was enough.",
    ],
    [
      "an ellipsis that goes on, and one that ends",
      "en",
      "The boat... left late.¦ Then silence...¦ Nobody spoke.",
    ],
    [
      "a stop inside a quotation",
      "en",
      "“We waited.”¦ Pell closed her bakery.¦ “Why now?” Pell asked.¦ “Stop!” he said.",
    ],
    [
      "words left out of a quotation",
      "en",
      "“The boat [...] left late [...]” (Pell 5).¦ Reil agreed.",
    ],
    [
      "a sentence in parentheses",
      "en",
      "The pier (It was built in 1904. It leaks.) is for sale.¦ Nobody bids.",
    ],
    [
      "a model's number, as the mark of the Kestrel",
      "en",
      "Pilots praised the new Kestrel Mk. 4, Pell said.¦ It replaces the Harrow Mk. IV Reil.¦ Nobody was hurt.",
    ],
    [
      "a number at the end of a name",
      "en",
      "The band played Op. 27 on Rte. 66 with the Ver. 2 engine.¦ The hall stood.¦ See Bk. 2 and Ste. 5.",
    ],
    [
      "an abbreviation that nobody listed, which has no vowel",
      "en",
      "The ship reached Pt. Reyes with Cmdr. Oldan of the Harbour Sqn. Guard.¦ It weighed 5 kg.¦ Boats left the BBC.¦ Reil sold two TVs.¦ Pell did not.",
    ],
    [
      "a French name with a model's number",
      "fr",
      "La marine a choisi le Kestrel Mk. 4, dit Pell.¦ L'av. Foch et la Ste. Reil sont fermées.¦ Voilà.",
    ],
    [
      "German names",
      "de",
      "Das Werk Op. 27 von L. v. Beethoven gefiel der Fa. Reil.¦ Der neue Kestrel Mk. IV, den Dr. h. c. Pell flog, kam.¦ Die Gebr. Pell sahen zu.",
    ],
    [
      "Spanish names",
      "es",
      "El Kestrel Mk. 4, dijo Pell, voló sobre Sto. Domingo.¦ La Sta. Reil calló.¦ La orquesta tocó el Op. 27 de Pell.",
    ],
    [
      "Italian names after an elision",
      "it",
      "L'on. Pell ha citato l'op. 27 e il Kestrel Mk. 4, poi ha taciuto.¦ La SS. Trinità è chiusa.¦ Poi basta.",
    ],
    [
      "Portuguese names",
      "pt",
      "O Kestrel Mk. 4, disse Pell, caiu em Sto. Antônio.¦ A igreja de N. Sra. de Fátima fechou.¦ O op. 27 soou.",
    ],
    [
      "Dutch names",
      "nl",
      "De Kestrel Mk. IV vloog naar de fam. Reil.¦ Zijn op. 27 klonk op St. Jan.¦ Daarna niets.",
    ],
    [
      "Swedish names and numbers",
      "sv",
      "Kestrel Mk. 4, sade Pell, kom kl. 5 till t.ex. Reil.¦ Det var allt.",
    ],
    [
      "Russian initials, of which one is also the abbreviation of a page",
      "ru",
      "Его поэмы издал А. С. Пушкин.¦ Симфония Соч. 27 звучит на рис. 3.¦ Самолёт Kestrel Mk. 4, сказал он, взлетел.",
    ],
    [
      "Polish and Czech abbreviations, though words without vowels end sentences there",
      "cs",
      "Přišel sv. Jan a letoun Kestrel Mk. 4, řekl Pell.¦ Byl to vlk.¦ Utekl.",
    ],
    ["a name with a mark", "en", "She works at Yahoo! in accounts.¦ iPhone sales fell."],
    ["list numbers", "en", "1. Bring a coat.¦ 2. Buy a ticket."],
    [
      "glued sentences",
      "en",
      "Nobody came.The ferry left.¦ See node.js and Jane.Doe@example.com for more.".replace(
        ".The",
        ".¦The",
      ),
    ],
    [
      "German ordinals, spaced abbreviations and quotations",
      "de",
      "Am 3. Oktober kam z. B. die Fähre.¦ „Nein!“, sagte Dr. Reil.¦ Das war alles.",
    ],
    [
      "French titles and quotations",
      "fr",
      "M. Pell et Mme Reil sont partis.¦ « Quel vent ! » dit-il.¦ La mer monte.",
    ],
    ["Spanish titles and turned marks", "es", "La Sra. Pell llegó.¦ ¿Quién paga?¦ El Dr. Reil no."],
    ["Italian titles", "it", "Il sig. Pell ha visto la dott.ssa Reil.¦ Poi basta."],
    ["Dutch titles", "nl", "Mevr. Pell sprak met dhr. Reil.¦ Daarna ging het licht uit."],
    ["Portuguese titles", "pt", "O Sr. Pell falou com a Dra. Reil.¦ Depois saiu."],
    ["Russian abbreviations", "ru", "В 1898 г. Л. Н. Толстой жил на ул. Садовой.¦ Дом стоит."],
    ["Chinese", "zh", "渡轮停了。¦她说：“我们等了九年。”¦没有人来。"],
    [
      "Japanese quotations with their particle",
      "ja",
      "港は静かだ。¦「船が来た。」と彼は言った。¦誰もいない。",
    ],
    [
      "Korean quotations with their ending",
      "ko",
      '배가 왔다.¦ "기다렸습니다."라고 관장이 말했다.¦ 끝났다.',
    ],
    ["Arabic", "ar", "وصلت العبارة.¦ هل يكفي المال؟¦ لا أحد يعرف."],
    ["Hindi", "hi", "नाव आ गई।¦ कोई नहीं आया।"],
    ["a language we know nothing of", "xx-!!", "Aba kete.¦ Sudo mal."],
  ];

describe("a sentence ends where a reader would end it", () => {
  test.each(WHERE_SENTENCES_END)("%s (%s)", (_, language, marked) => {
    const expected = marked.split("¦").map((sentence) => sentence.trim());
    expect(split(marked.replaceAll("¦", ""), language)).toEqual(expected);
  });

  test("a blank line always ends one", () => {
    expect(split("Harbour news\n\nthe ferry\n \nleft at nine")).toEqual([
      "Harbour news",
      "the ferry",
      "left at nine",
    ]);
  });

  test("a line break ends one in a list, not in a line broken for width", () => {
    expect(split("coat\nticket\ntorch")).toEqual(["coat", "ticket", "torch"]);
    expect(split("The ferry was \nlate again.")).toEqual(["The ferry was \nlate again."]);
  });

  test("a bracket that never closes holds nothing open", () => {
    expect(
      split("The pier (built in 1904 is for sale. Nobody bids. The Trust waits."),
    ).toHaveLength(3);
  });

  test("a long Thai paragraph breaks at a space, never before a conjunction", () => {
    const clause = "เรือข้ามฟากของเมืองท่ากลับมาให้บริการอีกครั้งหลังจากหยุดไปนานถึงเก้าปีเต็มตามคำสัญญาของเทศบาล";
    const sentences = split(`${clause} ${clause} และ${clause}`, "th");
    expect(sentences).toEqual([clause, `${clause} และ${clause}`]);
  });

  test("paragraphs are counted", () => {
    const spans = splitSentences("\n\nOne here. Two here.\n\nThree here.", "en");
    expect(spans.map(({ paragraph }) => paragraph)).toEqual([0, 0, 1]);
  });

  test("property: spans are in order, never touch white space, and leave out nothing but that", () => {
    const pieces = fc.constantFrom(
      "A",
      "b.",
      " ",
      "\n",
      "\n\n",
      "(",
      ")",
      "“",
      "”",
      "No.",
      "U.S.",
      "…",
      "!",
      "3",
      "。",
      "😀",
    );
    const texts = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.array(pieces).map((list) => list.join("")),
    );
    fc.assert(
      fc.property(texts, fc.constantFrom("en", "de", "th", "ja", "el", ""), (text, language) => {
        const spans = splitSentences(text, language);
        let from = 0;
        for (const { start, end } of spans) {
          expect(text.slice(from, start).trim()).toBe("");
          expect(text.slice(start, end)).toBe(text.slice(start, end).trim());
          expect(end).toBeGreaterThan(start);
          from = end;
        }
        expect(text.slice(from).trim()).toBe("");
      }),
    );
  });
});
