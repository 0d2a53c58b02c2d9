import { describe, expect, test } from "vitest";
import { declaredCharset } from "../../../src/article/decode-source.ts";

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
