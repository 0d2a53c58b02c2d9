import { describe, expect, it } from "vitest";
import { decodeFeed } from "../../../src/article/decode-source.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const latin1 = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

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
