import { describe, expect, test } from "vitest";
import { documentOf } from "../../src/summary/document.ts";
import { articleOf } from "./article-of.ts";

const PLAIN = "The Harbour Trust of Lune keeps nine boats at the old quay.";
const STORY = [20, 21, 22, 23, 24, 25, 26].map((count) => PLAIN.replace("nine", String(count)));

function refusalOfLast(sentence: string, language = "en"): string | undefined {
  const text = [...STORY, sentence].join(" ");
  return documentOf(articleOf(text, { language })).candidates.at(-1)?.refusal;
}

describe("the writer's own asides are in no summary", () => {
  test.each([
    ["en", "Ada Pell told me that the boats are old."],
    ["en", "On the quay of Lune I met Ada Pell with her bread."],
    ["fr", "Ada Pell nous attend avec son pain sur le quai de Lune."],
    ["de", "Ada Pell zeigt uns am Hafen von Lune ein altes Boot."],
  ])("%s: %s", (language, sentence) => {
    expect(refusalOfLast(sentence, language)).toBe("leaning");
  });

  test.each([
    ["en", "Ada Pell said: “I have sold my boat to the Trust.”"],
    ["en", "Ada Pell called it 'my own boat' on Monday."],
    ["en", "Ada Pell sold the boat to a US trust on Monday."],
    ["en", "The pier of Marsh End was built before World War I began."],
  ])("but these are not: %s %s", (language, sentence) => {
    expect(refusalOfLast(sentence, language)).toBeUndefined();
  });

  test("an essay has its writer's voice", () => {
    const text = `I met Ada Pell on the quay of Lune in May. ${PLAIN} My father sold bread to Ada Pell.`;
    const { candidates } = documentOf(articleOf(text));
    expect(candidates.map(({ refusal }) => refusal)).toEqual([undefined, undefined, undefined]);
  });
});
