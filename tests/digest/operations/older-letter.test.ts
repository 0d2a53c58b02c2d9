import { expect, test } from "vitest";
import { readLetter } from "../../../src/article/markdown/letter.ts";
import { surelyEdited } from "../../../src/digest/operations/diff.ts";
import { LETTER, LETTER_TEXT } from "../../fixtures.ts";

const signature = LETTER.letter?.signature;

function letterEdits(text: string) {
  const fresh = { ...LETTER, letter: { blocks: readLetter(LETTER_TEXT), signature } };
  const older = { ...LETTER, letter: { text, signature } };
  return surelyEdited(fresh, older).filter(({ field = "" }) => field.startsWith("letter"));
}

test("a letter that an older version wrote as text is no edit", () => {
  expect(letterEdits(LETTER_TEXT)).toEqual([]);
});

test("a letter that an editor changed in an older version stays as it is", () => {
  const text = LETTER_TEXT.replace("Dear reader", "Dear all");
  expect(letterEdits(text)).toContainEqual({ op: "set", field: "letter.text", value: text });
});
