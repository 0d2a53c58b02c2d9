import { expect, test } from "vitest";
import { fittingUnit } from "../../src/email/story-view.ts";

test.each([
  ["centimetres", "cm"],
  ["kilometer", "km"],
  ["square kilometres", "km²"],
  ["Quadratmeter", "m²"],
  ["megawatts", "MW"],
])("%s is too wide for the column of figures: %s", (unit, symbol) => {
  expect(fittingUnit(unit)).toBe(symbol);
});

test.each(["metres", "miles", "nautical miles", "percent", "%", "acres", "constructor"])(
  "%s stays as it is",
  (unit) => {
    expect(fittingUnit(unit)).toBe(unit);
  },
);
