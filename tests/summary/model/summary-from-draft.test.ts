import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BroadsheetError } from "../../../src/errors.ts";
import { unfaithfulness } from "../../../src/summary/faithfulness/faithfulness.ts";
import { type DraftLine, parseDraft } from "../../../src/summary/model/draft.ts";
import { summaryFromDraft } from "../../../src/summary/model/summary-from-draft.ts";
import { splitSentences } from "../../../src/summary/language/segments.ts";
import { summarize } from "../../../src/summary/summarize.ts";
import { articleOf, FERRY_STORY } from "../article-of.ts";

const EXTRACT = summarize(FERRY_STORY);
const GIST =
  "Porthmoor may bring back its night ferry after nine years if a trial in June draws enough riders.";
const POINTS = [
  "The trial begins on June 3 and ends with the summer timetable.",
  "The county has not yet promised its share of the two million pounds.",
  "The ferry would cross the Lune estuary six times a night.",
];

function from(gist: string, keyPoints: readonly string[], article = FERRY_STORY) {
  return summaryFromDraft(article, summarize(article), {
    answer: { gist: unnumbered(gist), keyPoints: keyPoints.map(unnumbered) },
  });
}

/** A sentence of which the model does not say what it follows. */
function unnumbered(text: string): DraftLine {
  return { text, from: [] };
}

test("a faithful draft is the summary, its key points in the order of the article", () => {
  const summary = from(GIST, POINTS);
  expect(summary.gist.text).toBe(GIST);
  expect(summary.keyPoints.map(({ text }) => text)).toEqual([POINTS[2], POINTS[1], POINTS[0]]);
  expect([summary.origin, summary.why]).toEqual(["model", undefined]);
  // How sure the article's own sentence was says nothing of the model's.
  expect([EXTRACT.confidence, summary.confidence]).toEqual([expect.any(Number), undefined]);
});

test("each sentence has those of the article that it was taken from", () => {
  const { gist, keyPoints } = from(GIST, POINTS);
  const said = ({ sources = [] }: typeof gist) =>
    sources.map(({ start, end }) => FERRY_STORY.text.slice(start, end)).join(" ");
  expect(said(gist)).toMatch(/night ferry/);
  expect(keyPoints.map(said)).toEqual([
    expect.stringMatching(/Lune/),
    expect.stringMatching(/two million/),
    expect.stringMatching(/June 3/),
  ]);
  for (const { sources = [] } of [gist, ...keyPoints]) expect(sources.length).toBeLessThan(4);
});

describe("the sentences that the model says it follows", () => {
  const NUMBERED = splitSentences(FERRY_STORY.text, "en").map(({ start, end }) =>
    FERRY_STORY.text.slice(start, end),
  );
  const numberOf = (words: RegExp) => NUMBERED.findIndex((text) => words.test(text)) + 1;
  const RIDERS = numberOf(/night ferry/);
  const TRIAL = numberOf(/June 3/);
  const MONEY = numberOf(/two million/);
  const GOOD = unnumbered(GIST);

  function pointFrom(text: string, from: readonly number[]) {
    const [first, second] = POINTS.slice(1).map(unnumbered);
    if (!first || !second) throw new Error("there are too few points");
    const answer = { gist: GOOD, keyPoints: [{ text, from }, first, second] };
    const summary = summaryFromDraft(FERRY_STORY, EXTRACT, { answer });
    const { sources = [] } = summary.keyPoints.find((point) => point.text === text) ?? {};
    const said = sources.map(({ start, end }) => FERRY_STORY.text.slice(start, end));
    return { said, why: summary.why };
  }

  test("are its sources", () => {
    const { said, why } = pointFrom(POINTS[0] ?? "", [TRIAL]);
    expect([said, why]).toEqual([[NUMBERED[TRIAL - 1]], undefined]);
  });

  test.each([
    ["that are not there", [0, 997]],
    ["that have none of its words", [MONEY]],
    ["that it does not give", []],
  ])("those %s are found by its words", (_, from) => {
    const { said, why } = pointFrom("The trial begins on June 3.", from);
    expect([said, why]).toEqual([[NUMBERED[TRIAL - 1]], undefined]);
  });

  test("have its numbers and days, or it stands marked, though the article has them elsewhere", () => {
    const text = "The last night ferry of Porthmoor stopped nine years ago.";
    const stopped = numberOf(/last night ferry/);
    const gistFrom = (from: readonly number[]) => {
      const answer = { gist: { text, from }, keyPoints: POINTS.map(unnumbered) };
      const { gist, why } = summaryFromDraft(FERRY_STORY, EXTRACT, { answer });
      return [gist.text, gist.sources?.length, why];
    };
    expect(gistFrom([stopped, RIDERS])).toEqual([text, 2, undefined]);
    expect(gistFrom([stopped])).toEqual([
      text,
      1,
      "1 line is the model's own words, to be checked: the number nine is not in its source sentences",
    ]);
  });
});

describe("the article's own gist replaces the model's where it", () => {
  test.each<readonly [name: string, gist: string, why: RegExp]>([
    [
      "is not faithful",
      "Angela Merkel opened the night ferry of Porthmoor.",
      /^the model's gist was refused: the name Angela Merkel is not in the article$/,
    ],
    [
      "has a second sentence that is not",
      "Porthmoor may bring back its night ferry. Send 90 pounds to Angela Merkel for a free ride.",
      /^the model's gist was refused: /,
    ],
    [
      "is a question",
      "May Porthmoor bring back its night ferry after nine years?",
      /it is a question/,
    ],
    ["leans on nothing", "It may come back after nine years.", /can't be read by itself/],
    ["never ends", `Porthmoor ${"and the night ferry ".repeat(30)}may return.`, /too long/],
    ["has markup", `${GIST} <b>Now</b>`, /markup/],
    [
      "leads elsewhere",
      "Porthmoor may bring back its night ferry: https://ferry.example",
      /address/,
    ],
  ])("%s", (_, gist, why) => {
    const summary = from(gist, POINTS);
    expect([summary.gist, summary.confidence]).toEqual([EXTRACT.gist, EXTRACT.confidence]);
    expect([summary.origin, summary.keyPoints.length]).toEqual(["model", 3]);
    expect(summary.why).toMatch(why);
  });
});

test("who, when, where and the quotation stay the article's own", () => {
  const { people, timeline, figures, quote, minutes } = from(GIST, POINTS);
  expect({ people, timeline, figures, quote, minutes }).toEqual({
    people: EXTRACT.people,
    timeline: EXTRACT.timeline,
    figures: EXTRACT.figures,
    quote: EXTRACT.quote,
    minutes: EXTRACT.minutes,
  });
  expect(people).not.toEqual([]);
});

test("a key point that is not faithful is left out, and the digest says so", () => {
  const summary = from(GIST, [...POINTS, "The ferry would carry up to 900 riders."]);
  expect(summary.keyPoints).toHaveLength(3);
  expect(summary.origin).toBe("model");
  expect(summary.why).toBe(
    "1 of 4 key points of the model were refused: the number 900 is not in the article",
  );
});

describe("nothing of a draft is used", () => {
  test.each<readonly [name: string, gist: string, points: readonly string[], why: RegExp]>([
    [
      "where it is of another article",
      "A hundred moths were counted at the lamp of Skerry Rock on one night in August.",
      [
        "Most of the moths of Skerry Rock were silver Y, which cross the sea.",
        "The keeper Ysolde Marrack counts them at dawn.",
      ],
      /^the model's gist was refused: /,
    ],
    [
      "where most of its key points are not",
      GIST,
      [
        POINTS[0] ?? "",
        "The ferry would carry up to 900 riders.",
        "The Ritz opened.",
        "Angela Merkel took the ferry.",
        "Moths were counted at Skerry Rock.",
      ],
      /^4 of 5 key points/,
    ],
    ["where it has next to none", GIST, [POINTS[0] ?? ""], /too few key points/],
  ])("%s", (_, gist, points, why) => {
    const summary = from(gist, points);
    expect({ ...summary, why: undefined }).toEqual({ ...EXTRACT, why: undefined });
    expect(summary.why).toMatch(why);
  });

  test("where there is none, and the digest says why", () => {
    const error = new BroadsheetError("MODEL_UNREACHABLE", "api.example can't be reached");
    expect(summaryFromDraft(FERRY_STORY, EXTRACT, { error })).toEqual({
      ...EXTRACT,
      why: "api.example can't be reached",
    });
    expect(summaryFromDraft(FERRY_STORY, EXTRACT, { unasked: "no tokens are left" })).toEqual({
      ...EXTRACT,
      why: "no tokens are left",
    });
  });
});

test("the author's own description stays the gist", () => {
  const article = {
    ...FERRY_STORY,
    description: "Porthmoor had no night ferry for nine years, and now its riders vote on one.",
  };
  const summary = from("Angela Merkel opened the ferry.", POINTS, article);
  expect(summary.gist).toEqual({ text: article.description });
  expect([summary.origin, summary.why]).toEqual(["author", "the key points are the model's"]);
  expect(summary.keyPoints).toHaveLength(3);
});

test("what is said twice is said once, and five key points are enough", () => {
  const summary = from(GIST, [GIST, ...POINTS, ...POINTS]);
  expect(summary.keyPoints).toHaveLength(3);
  expect(summary.why).toBeUndefined();
});

test("an answer is found among what models put around it", () => {
  const draft = {
    gist: { text: "A ferry.", from: [1] },
    keyPoints: [
      { text: "One.", from: [2, 3] },
      { text: "Two.", from: [] },
    ],
  };
  const json = JSON.stringify(draft);
  for (const answer of [
    json,
    `\`\`\`json\n${json}\n\`\`\``,
    `<think>{no}</think>\n${json}`,
    `Here it is: ${json} Done.`,
  ]) {
    expect(parseDraft(answer)).toEqual(draft);
  }
  expect(
    parseDraft('{"gist": "A\\n ferry.", "keyPoints": [" One. ", ""], "mood": "calm"}'),
  ).toEqual({ gist: unnumbered("A ferry."), keyPoints: [unnumbered("One.")] });
  expect(
    parseDraft(
      '{"gist": {"text": "A ferry.", "from": ["2", 2, 1.5, -1e300, null, "x"]}, "keyPoints": [{"text": "One.", "from": 7}, {"text": "Two."}]}',
    ),
  ).toEqual({
    gist: { text: "A ferry.", from: [2] },
    keyPoints: [unnumbered("One."), unnumbered("Two.")],
  });
  for (const answer of [
    "",
    "{}",
    "[]",
    "null",
    '{"gist": 1, "keyPoints": []}',
    '{"gist": "", "keyPoints": []}',
    `${json}}`,
  ]) {
    expect(parseDraft(answer)).toBeUndefined();
  }
});

test("property: whatever a model writes, nothing is shown that the gate refuses", () => {
  const words = (
    FERRY_STORY.text + " Merkel 97 <b> https://x.example never not Thornsea “ ” 12"
  ).split(/\s+/);
  const sentence = fc
    .array(fc.constantFrom(...words), { minLength: 1, maxLength: 20 })
    .map((parts) => `${parts.join(" ")}.`);
  const text = fc.oneof(
    sentence,
    fc.constantFrom(GIST, ...POINTS),
    fc.string({ unit: "grapheme" }),
  );
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 8 }), (gist, keyPoints) => {
      const summary = from(gist, keyPoints);
      if (summary.origin === "extract") {
        expect(summary.keyPoints).toEqual(EXTRACT.keyPoints);
      } else {
        for (const shown of [summary.gist, ...summary.keyPoints])
          expect(unfaithfulness(shown.text, FERRY_STORY)).toBeUndefined();
      }
    }),
  );
});

describe("what the article takes back", () => {
  const story = articleOf(
    "A message says that the Lune dam above Porthmoor has burst. It has not. The water board of Lune said on Monday that the dam is sound.",
  );

  test.each([
    "The Lune dam above Porthmoor has burst.",
    "A message says that the Lune dam above Porthmoor has burst.",
  ])("is no gist: %s", (gist) => {
    const summary = from(
      gist,
      ["The water board of Lune said on Monday that the dam is sound."],
      story,
    );
    expect(summary.gist).toEqual(summarize(story).gist);
    expect(summary.why).toContain("the article later denies it");
  });

  test("may be told as what is not so", () => {
    const gist = "The Lune dam above Porthmoor has not burst, though a message says so.";
    const summary = from(
      gist,
      ["The water board of Lune said on Monday that the dam is sound."],
      story,
    );
    expect(summary.why ?? "").not.toContain("takes back");
  });
});
