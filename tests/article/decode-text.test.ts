import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeText, MAX_ARTICLE_BYTES } from "../../src/article/decode-source.ts";
import { BroadsheetError } from "../../src/errors.ts";
import { codeOf } from "./articles.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function utf16(text: string, isBigEndian: boolean, mark: boolean): Uint8Array {
  const full = (mark ? "\ufeff" : "") + text;
  const bytes = new Uint8Array(full.length * 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < full.length; index++) {
    view.setUint16(index * 2, full.charCodeAt(index), !isBigEndian);
  }
  return bytes;
}

describe("text is decoded as what it is", () => {
  it("UTF-8, with a byte order mark or without", () => {
    expect(decodeText(utf8("Überfahrt – 30 €"), "a.txt")).toBe("Überfahrt – 30 €");
    expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8("ahoj")), "a.txt")).toBe("ahoj");
  });

  it.each([
    ["little-endian", false, true],
    ["big-endian", true, true],
    ["little-endian without a mark", false, false],
    ["big-endian without a mark", true, false],
  ])("UTF-16 %s", (_, isBigEndian, mark) => {
    const text = "The ferry café opens at noon.";
    expect(decodeText(utf16(text, isBigEndian, mark), "a.txt")).toBe(text);
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

  it("says what to do", () => {
    try {
      decodeText(utf8("%PDF-1.7"), "a.pdf");
    } catch (error) {
      expect(error).toBeInstanceOf(BroadsheetError);
      expect(error).toMatchObject({
        where: { file: "a.pdf" },
        fix: expect.stringContaining("text"),
      });
    }
    expect.assertions(2);
  });
});
