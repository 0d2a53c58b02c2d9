import { describe, expect, test } from "vitest";
import type { Entry } from "../../src/digest/digest.ts";
import {
  composeModules,
  modulesSchema,
  modulesSetting,
  type ModuleSettings,
  withEveryField,
  type Parts,
} from "../../src/digest/modules.ts";
import { entry } from "../fixtures.ts";

const QUOTE = { text: "“I have stopped arguing.”", speaker: "Ottilie Brand" };
const LOAVES = { value: "340", what: "loaves from every tide" };
const TEXT = "Brand bakes 340 loaves. 'I have stopped  arguing.' She has 7,000 sacks.";

function told(id: string, over: Partial<Entry["summary"]> = {}, text = TEXT): Entry {
  const { article, summary } = entry({ id, title: id, text });
  return { article: { ...article, id }, summary: { ...summary, ...over } };
}

function composed(entries: readonly Entry[], settings: ModuleSettings = {}, parts: Parts = {}) {
  return composeModules(entries, { newsletter: "slip", slot: "2026-11-24" }, { settings, parts });
}

const plain = ["b", "c"].map((id) => told(id));

describe("the modules of an issue", () => {
  test("quote a story, and take their number from another one", () => {
    const [b, c] = plain;
    if (!b || !c) throw new Error("two stories");
    const both = told("a", { quote: QUOTE, figures: [LOAVES] });
    expect(composed([both, ...plain])).toEqual({
      quote: { ...QUOTE, articleId: "a" },
      number: { ...LOAVES, articleId: "a" },
    });
    const other = told("d", { figures: [{ value: "7,000", what: "sacks" }] });
    expect(composed([both, b, other]).number?.articleId).toBe("d");
  });

  test("show nothing that isn't in its article word for word", () => {
    const invented = told("a", { quote: QUOTE, figures: [LOAVES] }, "Nothing of the kind.");
    expect(composed([invented, ...plain])).toEqual({});
  });

  test("leave out numbers too long for a phone", () => {
    const long = told("a", { figures: [{ value: "7,000", unit: "sacks", what: "in store" }] });
    expect(composed([long, ...plain])).toEqual({});
  });

  test("leave out a number that its own words say once more", () => {
    const what = "Brand bakes 340 loaves";
    const twice = told("a", {
      figures: [
        { value: "340", what },
        { value: "7,000", what: "sacks" },
      ],
    });
    expect(composed([twice, ...plain]).number?.value).toBe("7,000");
    const other = told("a", { figures: [{ value: "340", what: "loaves, 12 of them burnt" }] });
    expect(composed([other, ...plain]).number?.value).toBe("340");
  });

  test("can be switched off, one by one, and with the part that they show", () => {
    const entries = [told("a", { quote: QUOTE, figures: [LOAVES] }), ...plain];
    const settings = { quote: false, number: false, contents: false };
    expect(composed(entries, settings)).toEqual({ contents: false });
    expect(composed(entries, {}, { quote: false, figures: false })).toEqual({});
  });

  test("are all there for a template, and all that they may have, null where an issue has none", () => {
    const number = { ...LOAVES, articleId: "a" };
    const fields = withEveryField({ number, share: false });
    expect(fields).toMatchObject({ number: { ...number, unit: null }, share: false, quote: null });
    expect(Object.keys(fields)).toEqual(Object.keys(modulesSchema.unwrap().shape));
  });

  test.each([
    ["desk@letters.example", "mailto:desk@letters.example?subject=slip%202026-11-24%3A%20yes"],
    ["https://slip.example/{slot}/{answer}", "https://slip.example/2026-11-24/yes"],
  ])("lead feedback to %s", (feedback, yes) => {
    expect(composed(plain, { feedback }).feedback?.yes).toBe(yes);
    expect(modulesSetting.safeParse({ feedback })).toMatchObject({ success: true });
  });

  test.each(["desk", "desk@letters", "a?bcc=b@letters.example", "http://slip.example/{answer}"])(
    "take no feedback at %s",
    (feedback) => {
      expect(modulesSetting.safeParse({ feedback })).toMatchObject({ success: false });
    },
  );
});
