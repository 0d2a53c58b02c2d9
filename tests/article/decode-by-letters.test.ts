import { describe, expect, it, test } from "vitest";
import { decodeByLetters, decodeSource } from "../../src/article/decode-source.ts";
import { inCodePage } from "./code-page.ts";

const UNDECLARED: readonly (readonly [label: string, text: string])[] = [
  ["shift_jis", "昨日の夕方、港の渡し船は郵便車が着くまで待っていた。島の人々は誰も急がなかった。"],
  ["euc-jp", "昨日の夕方、港の渡し船は郵便車が着くまで待っていた。島の人々は誰も急がなかった。"],
  ["gb18030", "昨天傍晚，港口的渡船一直等到邮车到来。岛上的人谁也不着急，因为他们早已习惯了。"],
  ["big5", "昨天傍晚，港口的渡船一直等到郵車到來。島上的人誰也不著急，因為他們早已習慣了。"],
  [
    "euc-kr",
    "어제 저녁 항구의 나룻배는 우편차가 도착할 때까지 기다렸다. 섬 사람들은 서두르지 않았다.",
  ],
  ["windows-1251", "Вчера вечером паром в порту ждал почтовую машину. Никто на острове не спешил."],
  ["koi8-r", "Вчера вечером паром в порту ждал почтовую машину. Никто на острове не спешил."],
  [
    "iso-8859-7",
    "Χθες το βράδυ το πορθμείο περίμενε το ταχυδρομείο. Κανείς στο νησί δεν βιαζόταν.",
  ],
  ["windows-1256", "انتظرت العبارة في الميناء مساء أمس حتى وصلت سيارة البريد ولم يكن أحد في عجلة."],
  ["windows-1255", "אתמול בערב המתינה המעבורת בנמל עד שהגיעה מכונית הדואר. איש באי לא מיהר."],
  [
    "windows-1250",
    "Wczoraj wieczorem prom w porcie czekał, aż przyjedzie samochód pocztowy, żółty.",
  ],
  [
    "windows-1252",
    "Gestern Abend wartete die Fähre im Hafen auf das Postauto, sagte Jörg Süßmilch.",
  ],
  [
    "windows-1252",
    "Hier soir, le bac du port a attendu l’arrivée de la voiture postale, très pressé.",
  ],
];

describe("text that does not say its code page is read by its letters", () => {
  it.each(UNDECLARED)("%s: %s", (label, text) => {
    expect(decodeByLetters(inCodePage(text, label))).toBe(text);
  });

  it("one accent in an English text is Western", () => {
    expect(decodeByLetters(inCodePage("The café at the quay opens at noon.", "windows-1252"))).toBe(
      "The café at the quay opens at noon.",
    );
  });

  it("noise is nothing", () => {
    const noise = Uint8Array.from({ length: 400 }, (_, index) => 0x80 + ((index * 89) % 0x20));
    expect(decodeByLetters(noise)).toBeUndefined();
  });
});

describe("a source is decoded as the server says", () => {
  const [, text] = UNDECLARED.find(([label]) => label === "koi8-r") ?? ["", ""];

  test("a plain text", () => {
    expect(decodeSource(inCodePage(text, "windows-1251"), "a.txt", "windows-1251")).toBe(text);
  });

  test("a part of a page", () => {
    const part = `<p>${text}</p>`;
    expect(decodeSource(inCodePage(part, "windows-1251"), "a", "windows-1251")).toBe(part);
  });

  test("though not where its bytes are UTF-8 all the same", () => {
    expect(decodeSource(new TextEncoder().encode(text), "a.txt", "windows-1251")).toBe(text);
  });
});
