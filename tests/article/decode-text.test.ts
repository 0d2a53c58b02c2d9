import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  MAX_ARTICLE_BYTES,
  declaredCharset,
  decodeByLetters,
  decodeFeed,
  decodeSource,
  decodeText,
} from "../../src/article/decode-source.ts";
import { codeOf } from "./articles.ts";
import { inCodePage } from "./code-page.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A text in UTF-16 or UTF-32, without a mark. */
function wide(text: string, size: 2 | 4, isLittle: boolean): Uint8Array {
  const points =
    size === 4
      ? Array.from(text, (character) => character.codePointAt(0) ?? 0)
      : Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  const view = new DataView(new ArrayBuffer(points.length * size));
  for (const [index, point] of points.entries()) {
    if (size === 4) view.setUint32(index * 4, point, isLittle);
    else view.setUint16(index * 2, point, isLittle);
  }
  return new Uint8Array(view.buffer);
}

describe("text is decoded as what it is", () => {
  it("UTF-8, with a byte order mark or without", () => {
    expect(decodeText(utf8("Überfahrt – 30 €"), "a.txt")).toBe("Überfahrt – 30 €");
    expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8("ahoj")), "a.txt")).toBe("ahoj");
  });

  it.each([true, false])("UTF-16, with a mark or without; little-endian: %s", (isLittle) => {
    const text = "The ferry café opens at noon.";
    for (const mark of ["", "\ufeff"])
      expect(decodeText(wide(mark + text, 2, isLittle), "a.txt")).toBe(text);
  });

  it("windows-1252 where it is not UTF-8: accents, curly quotes, the euro sign", () => {
    const bytes = [0x63, 0x61, 0x66, 0xe9, 0x20, 0x93, 0x35, 0x20, 0x80, 0x94];
    expect(decodeText(Uint8Array.from(bytes), "a.txt")).toBe("café “5 €”");
  });

  it("UTF-8 with a stray byte keeps its accents; the byte becomes the replacement character", () => {
    const bytes = [...utf8("Über die Brücke führt – naß – ein "), 0xe9, ...utf8(" Weg.")];
    expect(decodeText(Uint8Array.from(bytes), "a.txt")).toBe(
      "Über die Brücke führt – naß – ein \ufffd Weg.",
    );
  });

  it("windows-1252 stays that, though two of its letters may look like UTF-8", () => {
    const bytes = [...utf8("na"), 0xc3, 0xa9, ...utf8(" caf"), 0xe9, 0x20, 0x93, 0x35, 0x94];
    expect(decodeText(Uint8Array.from(bytes), "a.txt")).toBe("naÃ© café “5”");
  });

  it("any text in UTF-8 comes back as it was", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1 });
    fc.assert(
      fc.property(text, (body) => {
        const clean = `x${body.replace(/\p{Cc}/gu, "")}`;
        expect(decodeText(utf8(clean), "a.txt")).toBe(clean);
      }),
    );
  });
});

const zeros = (...head: number[]): Uint8Array => Uint8Array.of(...head, 0, 1, 2, 0);

describe("what is no text is refused, and the message says what it seems to be", () => {
  it.each([
    ["a PDF", utf8("%PDF-1.7 …")],
    ["a PNG", zeros(0x89, 0x50, 0x4e, 0x47)],
    ["a JPEG", zeros(0xff, 0xd8, 0xff, 0xe0)],
    ["a ZIP", zeros(0x50, 0x4b, 3, 4)],
    ["an RTF", utf8("{\\rtf1 hello}")],
    ["a WebP", utf8("RIFFxxxxWEBPVP8 ")],
    ["a binary file", zeros(0x41)],
    ["a binary file", Uint8Array.from({ length: 200 }, (_, index) => (index % 10 ? 0x61 : 1))],
  ])("%s", (name, bytes) => {
    expect(codeOf(() => decodeText(bytes, "content/odd.md"))).toBe("CONTENT_BINARY");
    expect(() => decodeText(bytes, "content/odd.md")).toThrow(`content/odd.md seems to be ${name}`);
  });

  it.each([
    ["content/03 photo.webp", utf8("RIFFxxxxWEBPVP8 "), "there: ![what it shows](03%20photo.webp)"],
    ["https://a.example/b.png", zeros(0x89, 0x50, 0x4e, 0x47), "(https://a.example/b.png)"],
    ["content/b.txt", utf8("%PDF-1.7 …"), "export it as plain text"],
  ])("%s: what to do is something that it can be done with", (location, bytes, fix) => {
    expect(() => decodeText(bytes, location)).toThrow(
      expect.objectContaining({ where: { file: location }, fix: expect.stringContaining(fix) }),
    );
  });

  it("a NUL far into a text", () => {
    const bytes = utf8(`${"word ".repeat(50_000)}\0 end`);
    expect(codeOf(() => decodeText(bytes, "a.txt"))).toBe("CONTENT_BINARY");
  });

  it.each([[""], [" \n\t \n"], ["\ufeff\n"]])("nothing but white space is empty: %j", (body) => {
    expect(codeOf(() => decodeText(utf8(body), "a.txt"))).toBe("CONTENT_EMPTY");
  });

  it("20 MB are too large, and one byte over the cap is", () => {
    expect(codeOf(() => decodeText(new Uint8Array(20_000_000).fill(97), "a.txt"))).toBe(
      "CONTENT_TOO_LARGE",
    );
    const over = new Uint8Array(MAX_ARTICLE_BYTES + 1).fill(97);
    expect(codeOf(() => decodeText(over, "a.txt"))).toBe("CONTENT_TOO_LARGE");
    expect(decodeText(over.subarray(1), "a.txt")).toHaveLength(MAX_ARTICLE_BYTES);
  });

  it("an unknown code page is not passed off as Western text", () => {
    // "Ночью река поднялась" in windows-1251.
    const bytes = "cdeef7fcfe20f0e5eae020efeee4edffebe0f1fc";
    expect(codeOf(() => decodeText(Buffer.from(bytes, "hex"), "a.txt"))).toBe(
      "CONTENT_UNSUPPORTED",
    );
  });
});

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

const latin1 = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

describe("the encoding that a page declares", () => {
  test.each([
    ['<meta charset="windows-1251">', "windows-1251"],
    ["<meta charset=Shift_JIS>", "shift_jis"],
    ['<meta http-equiv="Content-Type" content="text/html; charset=euc-kr">', "euc-kr"],
    ['<?xml version="1.0" encoding="iso-8859-2"?><html>', "iso-8859-2"],
  ])("%s", (head, expected) => {
    expect(declaredCharset(latin1(`${head}<p>\u00e4`))).toBe(expected);
  });

  test("the header is asked first", () => {
    const page = latin1('<meta charset="windows-1251">');
    expect(declaredCharset(page, "koi8-r")).toBe("koi8-r");
  });

  test("a header that names none leaves it to the page", () => {
    expect(declaredCharset(latin1('<meta charset="big5">'), "no-such-page")).toBe("big5");
  });

  test("other names of an encoding give the one name", () => {
    expect(declaredCharset(latin1("<meta charset=latin1>"))).toBe("windows-1252");
    expect(declaredCharset(latin1("<meta charset=gb2312>"))).toBe("gbk");
  });

  test("an encoding that nobody knows is none", () => {
    expect(declaredCharset(latin1("<meta charset=klingon>"))).toBeUndefined();
  });

  test("no declaration is none", () => {
    expect(declaredCharset(latin1("<p>charset=utf-8</p>"))).toBeUndefined();
  });

  test("a page that could be read so far is not UTF-16", () => {
    expect(declaredCharset(latin1("<meta charset=utf-16>\u00c3\u00a4"))).toBe("utf-8");
  });

  test("UTF-8 is believed of a page with one broken character, and not of one where nothing decodes", () => {
    const declared = "<meta charset=utf-8>";
    expect(declaredCharset(latin1(`${declared}\u00c3\u00a4 \u00c3\u00b6 \u00e4`))).toBe("utf-8");
    expect(declaredCharset(latin1(`${declared}M\u00e4rz f\u00fcr`))).toBeUndefined();
  });

  test("only the start of a page declares", () => {
    expect(declaredCharset(latin1(`${" ".repeat(10_000)}<meta charset=big5>`))).toBeUndefined();
  });
});

const DECLARED = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?><rss>`;
// "년" in EUC-KR, "日本" in Shift_JIS and in ISO-2022-JP.
const EUC_KR = [0xb3, 0xe2];
const SHIFT_JIS = [0x93, 0xfa, 0x96, 0x7b];
const ISO_2022_JP = [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x4b, 0x5c, 0x1b, 0x28, 0x42];

function declared(encoding: string, bytes: readonly number[]): Uint8Array {
  return Uint8Array.of(...utf8(DECLARED(encoding)), ...bytes);
}

describe("a feed's bytes are decoded", () => {
  it("by the mark that they begin with, or by how wide their first characters are", () => {
    const text = '<?xml version="1.0"?><rss>Über 😀';
    for (const size of [2, 4] as const) {
      for (const isLittle of [true, false]) {
        expect(decodeFeed(wide(`\ufeff${text}`, size, isLittle))).toBe(text);
        expect(decodeFeed(wide(text, size, isLittle))).toBe(text);
      }
    }
    expect(decodeFeed(utf8(`\ufeff${text}`))).toBe(text);
  });

  it("as UTF-8 where they are UTF-8, whatever is declared", () => {
    const text = `${DECLARED("iso-8859-1")}Über`;
    expect(decodeFeed(utf8(text), "windows-1252")).toBe(text);
    expect(decodeFeed(utf8(`${DECLARED("utf-16")}Über`))).toContain("Über");
  });

  it.each([
    ["euc-kr", EUC_KR, "년"],
    ["ks_c_5601-1987", EUC_KR, "년"],
    ["cp949", EUC_KR, "년"],
    ["shift_jis", SHIFT_JIS, "日本"],
    ["cp932", SHIFT_JIS, "日本"],
    ["iso-2022-jp", ISO_2022_JP, "日本"],
    ["cp1252", [0x93, 0x80, 0x94], "“€”"],
    ["windows-1251", [0xcf, 0xf0], "Пр"],
  ])("as what the XML declaration says: %s", (encoding, bytes, text) => {
    expect(decodeFeed(declared(encoding, bytes))).toBe(DECLARED(encoding) + text);
  });

  it("as what the HTTP header says, before what the document says", () => {
    expect(decodeFeed(declared("iso-8859-1", EUC_KR), "euc-kr")).toContain("년");
  });

  it("as what is left, where a declaration is wrong or unknown", () => {
    expect(decodeFeed(Uint8Array.of(...latin1(DECLARED("utf-8")), 0x93, 0xe9, 0x94))).toContain(
      "“é”",
    );
    expect(decodeFeed(Uint8Array.of(...latin1(DECLARED("no-such-encoding")), 0xe9))).toContain("é");
    expect(decodeFeed(Uint8Array.of(0xe9))).toBe("é");
    expect(decodeFeed(new Uint8Array())).toBe("");
  });

  it("as UTF-8 in spite of one broken character among whole ones", () => {
    expect(decodeFeed(utf8("Über süße Ö").subarray(0, -1))).toContain("Über süße");
    expect(decodeFeed(Uint8Array.of(...utf8("Über süße"), 0xc3))).toBe("Über süße\ufffd");
  });
});
