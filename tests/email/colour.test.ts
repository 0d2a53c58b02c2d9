import { describe, expect, test } from "vitest";
import { loadTemplate } from "../../src/email/io/load-template.ts";
import { accentFor, contrastOf } from "../../src/email/colour.ts";
import { renderEmail } from "../../src/email/render-email.ts";
import { digestOf, entry, PUBLICATION } from "../fixtures.ts";

const { theme } = await loadTemplate("brief");

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
    const accent = accentFor(theme, "#1B4F8A");
    expect(accent?.light).toBe("#1B4F8A");
    expect(contrastOf(accent?.dark ?? "", "#141413")).toBeGreaterThanOrEqual(7);
  });

  test("a faint accent is refused, with the nearest that passes", async () => {
    const faint = digestOf([entry()], { publication: { ...PUBLICATION, accent: "#E0A030" } });
    const error = await renderEmail(faint, await loadTemplate("brief")).catch((caught) => caught);
    expect(error).toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("accent #E0A030"),
    });
    const [nearest] = /#[0-9A-F]{6}/.exec(error.fix) ?? [];
    expect(contrastOf(nearest ?? "", "#FBFAF7")).toBeGreaterThanOrEqual(4.5);
  });
});
