import { describe, expect, test } from "vitest";
import { documentOf } from "../../../src/summary/document.ts";
import { timelineOf } from "../../../src/summary/facts/timeline.ts";
import { articleOf } from "../article-of.ts";

function timeline(text: string, publishedAt?: string) {
  const article = articleOf(text, publishedAt === undefined ? {} : { publishedAt });
  return timelineOf(article, documentOf(article));
}

test("events stand in the order of their dates, each with its sentence and its place", () => {
  const text =
    "The quay was closed on 6 October 1964 by the council. The quay had been built in May 1926 by hand. The quay opened again in 1988 with a band.";
  const entries = timeline(text);
  expect(entries.map(({ when, iso }) => [when, iso])).toEqual([
    ["May 1926", "1926-05"],
    ["6 October 1964", "1964-10-06"],
    ["1988", "1988"],
  ]);
  for (const { sentence } of entries) {
    expect(text.slice(sentence.start, sentence.end)).toBe(sentence.text);
    expect(sentence.cut).toBeUndefined();
  }
});

test("dates without a year stand in the order of the calendar: the end of March after March 28", () => {
  const text =
    "The Trust met the riders in October at last. The Trust met the county at the end of March again. The Trust met the bakers on March 28 as well. The Trust met the pilots in mid-April for tea.";
  expect(timeline(text).map(({ when }) => when)).toEqual([
    "March 28",
    "end of March",
    "mid-April",
    "October",
  ]);
});

test("a month without a year that the paper's day has not reached was last year's", () => {
  const text =
    "The council met the riders in November at last. The council met the bakers on 5 January 2026 for tea. The council met the pilots in June 2025 at noon.";
  expect(timeline(text, "2026-01-20").map(({ when }) => when)).toEqual([
    "June 2025",
    "November",
    "5 January 2026",
  ]);
});

test("a date without a year stands behind what was told before it", () => {
  const text =
    "The mill was bought in March 2011 by the parish. The mill was mended in November by two men. The mill was sold in May 2018 to a baker.";
  expect(timeline(text).map(({ when }) => when)).toEqual(["March 2011", "November", "May 2018"]);
});

test("one entry a date, six at most", () => {
  const text = Array.from(
    { length: 9 },
    (_, year) => `The ferry was painted green in 190${String(year)} by the crew.`,
  );
  expect(timeline(text.join(" "))).toHaveLength(6);
  expect(
    timeline(
      "The ferry sank on May 3, 1901 at the quay. The pilot swam on May 3, 1901 to the pier.",
    ),
  ).toHaveLength(1);
});

test("a month gives way to a day in it", () => {
  const text =
    "The horn was mended in November 2018 by two men. The horn was blown on 9 November 2018 at four.";
  expect(timeline(text).map(({ when }) => when)).toEqual(["9 November 2018"]);
});

function after(told: string, said = "In 2004, she sold the pier to the county.") {
  return timeline(`The mayor Ada Pell and the baker Tomas Reil came. ${told} ${said}`);
}

describe("a sentence that leans on the one before", () => {
  test("shows what its pronoun stands for in brackets, with the pronoun in the cut", () => {
    const text =
      "Porthmoor is ahead of its neighbours. On March 28, it sold the old pier to the county.";
    const [entry] = timeline(text);
    expect(entry?.sentence.text).toBe("On March 28, [Porthmoor] sold the old pier to the county.");
    const { start = 0, end = 0, cut = [] } = entry?.sentence ?? {};
    expect(text.slice(start, end)).toBe("On March 28, it sold the old pier to the county.");
    expect(cut.map((range) => text.slice(range.start, range.end))).toEqual(["it"]);
  });

  test("names a person for he and she only, and only the one there is", () => {
    expect(after("Pell was the mayor.")[0]?.sentence.text).toBe(
      "In 2004, [Ada Pell] sold the pier to the county.",
    );
    expect(after("Pell was the mayor.", "In 2004, it was sold to the county.")).toEqual([]);
    expect(after("Pell met the baker Reil.")).toEqual([]);
    expect(after("Pell met his brother.")).toEqual([]);
  });

  test("is left out where the one before names no subject", () => {
    expect(timeline("There was a storm. On March 28, it sold the old pier to the county.")).toEqual(
      [],
    );
  });

  test("is left out where the source has brackets of its own", () => {
    expect(
      timeline("Porthmoor is ahead. On March 28, it sold the [old] pier to the county."),
    ).toEqual([]);
  });
});

test("what somebody says in a quotation, what I did and what is asked are no events", () => {
  expect(timeline("“The ferry sank in 1988 at the quay,” said Ada Pell.")).toEqual([]);
  expect(timeline("I spent the whole autumn of 2011 on the quay.")).toEqual([]);
  expect(timeline("Was the ferry sold in 1988 to the county?")).toEqual([]);
});
