import * as fc from "fast-check";
import { expect, test } from "vitest";
import { unfaithfulness } from "../../../src/summary/faithfulness/faithfulness.ts";
import { articleOf } from "../article-of.ts";
import { anyText } from "../../any-text.ts";

test("a fault says what is wrong, in words for whoever edits", () => {
  const ferry = articleOf("The ferry carried 1,250 riders a night and cost $5.65 million a year.");
  expect(unfaithfulness("The ferry carried 1,350 riders a night.", ferry)).toEqual({
    kind: "number",
    found: "1,350",
    message: "the number 1,350 is not in the article",
    isSure: true,
  });
});

test("a nationality that the article does not have is only marked", () => {
  const havlin = articleOf("An appeal court in Oslo quashed the fine against the company Havlin.");
  expect(unfaithfulness("A Swedish court quashed the fine against Havlin.", havlin)).toMatchObject({
    kind: "name",
    isSure: false,
  });
});

const NAMES = ["Ada Pell", "Tomas Reil", "Wenna Tregear", "Jory Pellow", "Ysella Chegwin"];
const PLACES = ["Porthmoor", "Lanner", "Quarnsiel", "Samphire"];
const STRANGERS = ["Zebedee", "Thornsea", "Corvill", "Aldersey Wick"];
const MONTHS = ["March", "April", "June", "October"];

const name = fc.constantFrom(...NAMES);
const place = fc.constantFrom(...PLACES);
const count = fc.integer({ min: 2, max: 400_000 });

/** Sentences as newspapers write them, each with a name and numbers. */
const sentences = fc
  .record({
    name,
    place,
    count,
    day: fc.integer({ min: 1, max: 28 }),
    month: fc.constantFrom(...MONTHS),
    form: fc.nat(4),
  })
  .map(({ name, place, count, day, month, form }) => {
    const forms = [
      `The baker ${name} sold ${count.toLocaleString("en")} loaves in ${place}.`,
      `On ${month} ${day}, the council of ${place} paid ${name} $${count}.`,
      `“We counted ${count} eels at the weir,” said ${name}, a keeper from ${place}.`,
      `The harbour of ${place} may close on ${day} ${month}, and ${name} did not agree.`,
      `${name} has seen ${count}% more moths at the lighthouse.`,
    ];
    return forms[form] ?? "";
  });
const stories = fc.array(sentences, { minLength: 1, maxLength: 8 });

test("property: what an article says itself is faithful to it", () => {
  fc.assert(
    fc.property(stories, (story) => {
      const article = articleOf(story.join(" "));
      for (const sentence of story) expect(unfaithfulness(sentence, article)).toBeUndefined();
    }),
  );
});

test("property: a number that the article does not have is found", () => {
  fc.assert(
    fc.property(stories, fc.integer({ min: 500_000, max: 9_000_000 }), (story, stray) => {
      const article = articleOf(story.join(" "));
      const sentence = story[0]?.replace(/\d[\d,]*/, String(stray)) ?? "";
      expect(["number", "quotation", "date"]).toContain(unfaithfulness(sentence, article)?.kind);
    }),
  );
});

test("property: a name that the article does not have is found", () => {
  fc.assert(
    fc.property(
      stories,
      fc.constantFrom(...STRANGERS),
      fc.boolean(),
      (story, stranger, isPlace) => {
        const article = articleOf(story.join(" "));
        const known = new RegExp((isPlace ? PLACES : NAMES).join("|"));
        fc.pre(known.test(story[0] ?? ""));
        const sentence = story[0]?.replace(known, stranger) ?? "";
        expect(["name", "speaker"]).toContain(unfaithfulness(sentence, article)?.kind);
      },
    ),
  );
});

test("property: markup and addresses are refused wherever they stand", () => {
  const harm = fc.constantFrom(
    "<b>",
    "</a>",
    "<img src=x onerror=alert(1)>",
    "https://a.example",
    "www.a.example",
    "a@b.example",
    "](x)",
    "{{token}}",
    "\u202E",
    "javascript:x",
  );
  fc.assert(
    fc.property(sentences, harm, fc.nat(), (sentence, harmful, at) => {
      const place = at % (sentence.length + 1);
      const changed = `${sentence.slice(0, place)} ${harmful} ${sentence.slice(place)}`;
      expect(["markup", "address"]).toContain(unfaithfulness(changed, articleOf(changed))?.kind);
    }),
  );
});

test("property: any text can be judged by any article, and always alike", () => {
  const text = fc.oneof(fc.string({ unit: "grapheme", maxLength: 120 }), anyText(120), sentences);
  const language = fc.constantFrom(
    ..."en de fr es it pt-BR nl ru ja zh-Hant ar ko th hi x constructor".split(" "),
  );
  fc.assert(
    fc.property(text, text, language, (sentence, body, language) => {
      const first = unfaithfulness(sentence, articleOf(body, { language }));
      expect(unfaithfulness(sentence, articleOf(body, { language }))).toEqual(first);
      expect(first === undefined || first.message !== "").toBe(true);
    }),
  );
});
