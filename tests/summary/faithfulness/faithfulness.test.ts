import { expect, test } from "vitest";
import { unfaithfulness } from "../../../src/summary/faithfulness/faithfulness.ts";
import { articleOf } from "../article-of.ts";

test("a fault says what is wrong, in words for whoever edits", () => {
  const ferry = articleOf("The ferry carried 1,250 riders a night and cost $5.65 million a year.");
  expect(unfaithfulness("The ferry carried 1,350 riders a night.", ferry)).toEqual({
    kind: "number",
    found: "1,350",
    message: "the number 1,350 is not in the article",
    isSure: true,
  });
});
