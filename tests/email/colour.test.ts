import { describe, expect, test } from "vitest";
import { contrastOf, hexOf, parseColour } from "../../src/platform/css/values.ts";
import { themeFor } from "../../src/email/theme.ts";
import { digestOf, entry, PUBLICATION } from "../fixtures.ts";
import { render, template } from "../render.ts";

const { theme } = await template("brief");

describe("colours", () => {
  test("every text colour of the theme reads on its paper, light and dark (WCAG AA)", () => {
    const { page, ...colours } = theme.colours;
    const names = new Set(Object.values(theme.text).map(({ colour }) => colour));
    for (const name of names) {
      if (name === "page") continue;
      expect(contrastOf(colours[name]?.light ?? "", page?.light ?? "")).toBeGreaterThanOrEqual(4.5);
      expect(contrastOf(colours[name]?.dark ?? "", page?.dark ?? "")).toBeGreaterThanOrEqual(4.5);
    }
    expect(names.size).toBeGreaterThan(4);
  });

  test("a publication's accent brings a dark one that reads", () => {
    const { accent } = themeFor(theme, "en", { accent: "#1B4F8A" }).colours;
    expect(accent?.light).toBe("#1B4F8A");
    expect(contrastOf(accent?.dark ?? "", "#141413")).toBeGreaterThanOrEqual(7);
  });

  test("a faint accent is refused, with the nearest that passes", async () => {
    const faint = digestOf([entry()], { publication: { ...PUBLICATION, accent: "#E0A030" } });
    const error = await render(faint, "brief").catch((caught) => caught);
    expect(error).toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("accent #E0A030"),
    });
    const [nearest] = /#[0-9A-F]{6}/.exec(error.fix) ?? [];
    expect(contrastOf(nearest ?? "", "#FBFAF7")).toBeGreaterThanOrEqual(4.5);
  });
});

describe("a colour as CSS writes it", () => {
  test.each([
    ["rgb(10% 20% 30% / 50%)", "#1A334D"],
    ["rgba(300, -2, 3.5, 2)", "#FF0004"],
    ["hsl(.5turn 50% 50%)", "#40BFBF"],
    ["HWB(120 10% 20%)", "#1ACC1A"],
    ["oklch(60% .1 20)", "#B46767"],
    ["rgb(none 2 3)", "#000203"],
    ["color(display-p3 1 0 0)", "#FF0000"],
    ["rebeccapurple", "#663399"],
    ["ffcc00", "#FFCC00"],
  ])("%s is %s", (written, hex) => {
    const colour = parseColour(written);
    expect(colour && hexOf(colour)).toBe(hex);
  });

  test("is not taken from a word, nor from what hangs on the page", () => {
    for (const value of [
      "abc",
      "inherit",
      "currentcolor",
      "var(--ink)",
      `rgb(${"1 ".repeat(1e6)})`,
    ]) {
      expect(parseColour(value)).toBeUndefined();
    }
  });
});
