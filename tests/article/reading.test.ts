import { describe, expect, test } from "vitest";
import { readArticle } from "../../src/article/read-articles.ts";
import { doubtText, isDoubtful, SURE } from "../../src/article/article.ts";
import { judgeReading } from "../../src/article/reading.ts";

const PARAGRAPHS = [
  "The ferry at Samphire Quay waits eleven minutes each morning for the post van, which comes over the hill from Thornsea with letters for the islands.",
  "Its captain has done so for nineteen years, though the timetable says nothing of it, and the passengers have long brought their coffee on board.",
  "On Tuesday the harbour board voted to write the wait into the timetable, by seven votes to two, after a letter from the islands with 412 names.",
  "The van's driver, who learned of the vote on her round, said that she would go on driving as she always had, and that the hill was the hill.",
];

function page(story: string, head = "", around = ""): string {
  return `<html><head><title>The ferry that waits</title>${head}</head><body><main><h1>The ferry that waits</h1>${story}</main>${around}</body></html>`;
}

const paragraphs = (texts: readonly string[]) => texts.map((text) => `<p>${text}</p>`).join("");

function readingOf(html: string) {
  const { reading } = readArticle({ format: "html", location: "ferry.html", body: html });
  if (!reading) throw new Error("every page has a verdict");
  return reading;
}

describe("the verdict on a page", () => {
  test("one that was read whole is sure", () => {
    const description =
      '<meta property="og:description" content="The ferry at Samphire Quay waits each morning for the post van.">';
    expect(readingOf(page(paragraphs(PARAGRAPHS), description))).toEqual({
      confidence: 1,
      doubts: [],
    });
  });

  test.each([
    ["English", "Subscribe to continue reading"],
    ["German", "Jetzt abonnieren und weiterlesen"],
    ["French", "Cet article est réservé aux abonnés"],
    ["Spanish", "Contenido exclusivo para suscriptores"],
    ["Japanese", "この記事は有料会員限定です"],
  ])("a paywall in %s makes it partial", (_language, gate) => {
    const html = page(
      paragraphs(PARAGRAPHS.slice(0, 2)) + `<div class="wall"><p>${gate}</p></div>`,
    );
    expect(readingOf(html)).toMatchObject({ partial: "paywall" });
  });

  test("a teaser that breaks off is a stub", () => {
    const html = page(
      `<p>${PARAGRAPHS[0]}</p><p>Its captain has done so for nineteen years, though the timetable …</p>`,
    );
    expect(readingOf(html)).toMatchObject({ partial: "stub" });
  });

  test("a page that says it is about something else is doubted", () => {
    const head =
      '<meta property="og:description" content="Cheap flights, hotels and rental cars for your next holiday in the sun: book today and save.">';
    const reading = readingOf(page(paragraphs(PARAGRAPHS), head));
    expect(doubtText(reading)).toContain("about something else");
    expect(isDoubtful(reading)).toBe(true);
  });

  test("a headline that is the site's name is doubted", () => {
    const reading = judgeReading({
      title: "The Quay",
      isTitleSite: true,
      story: PARAGRAPHS,
      left: 0,
      after: [],
      descriptions: [],
      comments: 0,
    });
    expect(reading.doubts).toEqual(["its headline is the name of the site"]);
  });

  test("what reads like an imprint is doubted", () => {
    const imprint = [
      "Impressum. Verantwortlich für den Inhalt ist die Hafenzeitung, Kaistraße 4.",
      "Handelsregister Nordhafen, HRB 4711. Umsatzsteuer-Nummer auf Anfrage in der Geschäftsstelle.",
    ];
    const reading = readingOf(page(paragraphs(imprint)));
    expect(reading.doubts).toContain("it reads like an imprint");
  });

  test("a word within another one is no sign of a wall, and a long story may speak of subscribers", () => {
    const text =
      "The paper tells its readers to subscribe to continue reading, and 412 of them did so in a year.";
    expect(
      readingOf(
        page(
          paragraphs([
            ...PARAGRAPHS,
            ...PARAGRAPHS.map((one) => `${one} ${one}`),
            text,
            ...PARAGRAPHS,
          ]),
        ),
      ),
    ).toMatchObject({ doubts: [] });
  });
});

test("a plain text is believed", () => {
  const body = `The ferry that waits\n\n${PARAGRAPHS.join("\n\n")}\n`;
  expect(readArticle({ format: "text", location: "a.txt", body }).reading).toEqual(SURE);
});

test("what an earlier version read is believed", () => {
  expect(isDoubtful(undefined)).toBe(false);
});
