import { expect, test } from "vitest";
import { exampleOf } from "../../../bench/training/examples.ts";
import { train } from "../../../bench/training/train.ts";
import { FERRY_STORY } from "../article-of.ts";

/** The same story told of many harbours, each with the summary that somebody may have written. */
const EXAMPLES = Array.from({ length: 10 }, (_, at) => {
  const harbour = `Port${String.fromCharCode(97 + at)}haven`;
  return exampleOf({
    id: String(at),
    slug: `night ferry ${harbour}`,
    text: FERRY_STORY.text.replaceAll("Porthmoor", harbour).slice(0, 1200 + 20 * at),
    reference: `${harbour} may bring back its night ferry.\nThe county has not promised its share.`,
  });
});

test("the same articles teach the same weights, to the byte", () => {
  const first = train(EXAMPLES);
  expect(JSON.stringify(train(EXAMPLES))).toBe(JSON.stringify(first));
  expect(first.terms.feature.length).toBeGreaterThan(100);
});
