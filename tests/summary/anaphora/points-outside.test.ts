import { describe, expect, test } from "vitest";
import { lexiconOf } from "../../../src/summary/language/lexicon.ts";
import { pointsOutside } from "../../../src/summary/anaphora/anaphora.ts";

describe("a sentence points out of itself", () => {
  test.each([
    ["a count of whom it doesn't say", "One asked why the boat was sold."],
    ["several of them", "Two were arrested on the quay of Porthmoor."],
    ["a share", "About 40% are riders of the night ferry."],
    ["a number", "Fifty-five were sold before June."],
    ["so many others", "More than 250 others were arrested on the quay."],
    ["others", "Others waited for the bus until ten."],
    ["a time", "Riders of the ferry stayed at home that summer."],
    ["a kind", "For any rider, that kind of delay is nothing new."],
    ["a contrast", "Ada Pell, however, stayed on the quay."],
    ["a comparison", "Lune Buses, meanwhile, sold its last boat."],
  ])("to %s: %s", (_, sentence) => {
    expect(pointsOutside(sentence, lexiconOf("en"))).toBe(true);
  });

  test.each([
    ["counts riders with a figure", "About 40 riders are asleep on the ferry."],
    ["counts riders", "Two riders were arrested on the quay."],
    ["says what some say", "Some say that the boat was sold."],
    ["has a date for the time", "On May 8 of that year, Ada Pell sold her boat."],
    ["has a weekday for it", "The boat was sold on Monday, and the quay closed that night."],
    ["has a verb like a month", "The boat that may sink lies on the quay."],
    ["has a noun between commas", "Ada Pell, baker, stayed on the quay."],
  ])("not where it %s: %s", (_, sentence) => {
    expect(pointsOutside(sentence, lexiconOf("en"))).toBe(false);
  });
});
