import { expect, test } from "vitest";
import { documentOf } from "../../../src/summary/document.ts";
import { factsOf } from "../../../src/summary/facts/facts.ts";
import { articleOf } from "../article-of.ts";

function named(text: string, language = "en") {
  const article = articleOf(text, { language });
  const { places, organisations } = factsOf(article, documentOf(article));
  return { places, organisations };
}

test("countries and cities are places, the most named first", () => {
  const { places } = named(
    "The boat left Lisbon for Norway. In Norway, the crew sold the boat to a man from Chile.",
  );
  expect(places).toEqual(["Norway", "Lisbon", "Chile"]);
});

test("an unknown place is one where twice something is in it, or where its name says so", () => {
  expect(named("The pier in Thornsea is old. Nobody in Thornsea minds the pier.").places).toEqual([
    "Thornsea",
  ]);
  expect(named("The pier in Thornsea is old.").places).toEqual([]);
  expect(named("The eels swim up the River Wether to Mardle Quay.").places).toEqual([
    "River Wether",
    "Mardle Quay",
  ]);
});

test("neither a person with the given name of a city is one, nor a newspaper", () => {
  const text =
    "Lune's Florence Pell won. “Florence held us all,” he said. The New York Times wrote of it.";
  expect(named(text).places).toEqual([]);
});

test("a person with the name of a city is none", () => {
  expect(named("The singer Ada Houston came, and Houston sang for the town.").places).toEqual([]);
});

test("organisations are named whole", () => {
  const text =
    "Thornsea's Ministry of Foreign Affairs wrote to the Tidal Office and to the National People’s Congress.";
  expect(named(text).organisations).toEqual([
    "Ministry of Foreign Affairs",
    "Tidal Office",
    "National People’s Congress",
  ]);
});

test("half a name is none", () => {
  expect(named("The Harbour and Drug Administration met on the West Bank.").organisations).toEqual(
    [],
  );
});

test("other languages have none of either", () => {
  expect(named("Das Amt in Berlin schrieb an das Tidal Office in Berlin.", "de")).toEqual({
    places: [],
    organisations: [],
  });
});
