import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSuitable, parseContentType } from "../../../src/platform/http/answer-outcome.ts";

describe("a Content-Type field", () => {
  test.each([
    ["text/html; charset=UTF-8", { name: "text/html", charset: "utf-8" }],
    ['Text/HTML;charset="iso-8859-1"', { name: "text/html", charset: "iso-8859-1" }],
    ["text/html; charset='windows-1251'", { name: "text/html" }],
    ["text/html, text/html; charset=shift_jis", { name: "text/html", charset: "shift_jis" }],
    ["application/rss+xml", { name: "application/rss+xml" }],
    ["text/html; charset=klingon", { name: "text/html" }],
    ["text/html; charset=", { name: "text/html" }],
    ["utf-8", { name: "" }],
    ["", { name: "" }],
  ])("%s is read as what can be made of it", (field, type) => {
    expect(parseContentType(field)).toEqual(type);
  });

  test("is never too odd to be read, and its charset can be decoded", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        const { charset = "utf-8" } = parseContentType(`text/html; charset=${text}`);
        expect(new TextDecoder(charset).encoding).not.toBe("");
      }),
    );
  });
});

describe("a type", () => {
  test.each(
    "text/html|application/xhtml+xml|application/rss+xml|application/json|application/vnd.api+json|application/octet-stream|".split(
      "|",
    ),
  )("that may be text is read as a page: %s", (type) => {
    expect(isSuitable(type, "page")).toBe(true);
  });

  test.each(
    "image/png image/svg+xml video/mp4 application/pdf application/zip application/vnd.openxmlformats-officedocument.wordprocessingml.document".split(
      " ",
    ),
  )("that is none is not: %s", (type) => {
    expect(isSuitable(type, "page")).toBe(false);
  });

  test("of a picture is an image's", () => {
    expect(["image/webp", "", "text/html"].map((type) => isSuitable(type, "picture"))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
