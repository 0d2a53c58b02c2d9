import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSegment } from "../../src/subscribers/segment.ts";

const MARA = {
  address: "mara@post.example",
  language: "de-AT",
  tags: ["harbour", "Night watch"],
};
const JORY = { address: "jory@quay.example", tags: [] };

describe("a segment", () => {
  test.each([
    ["tag:harbour", true, false],
    ["tag:HARBOUR", true, false],
    ['tag:"night watch"', true, false],
    ["tag:harbours", false, false],
    ["language:de", true, false],
    ["language:de-AT", true, false],
    ["language:d", false, false],
    ["domain:quay.example", false, true],
    ["domain:@Quay.example", false, true],
    ["domain:example", false, false],
    ["not tag:harbour", false, true],
    ["not not tag:harbour", true, false],
    ["tag:harbour and language:fr", false, false],
    ["tag:harbour language:de", true, false],
    ["tag:harbour or domain:quay.example", true, true],
    ["domain:quay.example or tag:harbour and language:fr", false, true],
    ["(domain:quay.example or tag:harbour) and language:de", true, false],
    ["not (tag:harbour or tag:news)", false, true],
    ["NOT tag:harbour AND domain:quay.example", false, true],
    ["tag:and or tag:harbour", true, false],
  ])("%s", (expression, mara, jory) => {
    const segment = parseSegment(expression);
    expect([segment(MARA), segment(JORY)]).toEqual([mara, jory]);
  });

  test.each([
    ["", "it is empty", "write it like"],
    ["tag:a and", "something is missing, at character 10", "write it like"],
    ["(tag:a or tag:b", "a ) is missing, at character 16", "write it like"],
    ["tag:a) or tag:b", '")" can\'t stand there, at character 6', "write it like"],
    ["or tag:a", '"or" can\'t stand there, at character 1', "write it like"],
    ["harbour", '"harbour" can\'t stand there, at character 1', "write it like"],
    ["tag:a tags:harbour", 'there is no field "tags", at character 7', "did you mean tag:harbour?"],
    ["constructor:x", 'there is no field "constructor"', "write it like"],
    ['tag:"open', "can't stand there", "write it like"],
    ["tag:", "can't stand there", "write it like"],
  ])("that can't be understood says where: %s", (expression, message, fix) => {
    expect(() => parseSegment(expression)).toThrow(
      expect.objectContaining({
        code: "USAGE",
        message: expect.stringContaining(message),
        fix: expect.stringContaining(fix),
      }),
    );
  });

  test("whatever is written, it is a segment or a USAGE", () => {
    const words = fc.constantFrom("tag:a", "(", ")", "and", "or", "not", ":", '"', 'tag:"', "x");
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((all) => all.join(" ")),
        ),
        (text) => {
          try {
            expect(typeof parseSegment(text)(MARA)).toBe("boolean");
          } catch (error) {
            expect(error).toMatchObject({ code: "USAGE" });
          }
        },
      ),
    );
  });
});
