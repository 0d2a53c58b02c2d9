import { describe, expect, test } from "vitest";
import { languageOf } from "../../../../src/article/detect-language.ts";
import { FERRY } from "../pages.ts";
import { jsonLd, metadataOf } from "./pages.ts";

const STORY = { "@type": "NewsArticle", headline: "The ferry sails again" };

describe("the language", () => {
  const english = FERRY.join(" ").repeat(2);

  test.each([
    ['<meta property="og:locale" content="pt_BR">', "pt-BR"],
    ['<meta http-equiv="content-language" content="de, en">', "de"],
    [jsonLd({ ...STORY, inLanguage: "fr" }), "fr"],
    ['<meta property="og:locale" content="xx_yy_zz">', undefined],
  ])("of %s", (head, language) => {
    expect(metadataOf(head).language).toBe(language);
  });

  test("is what is declared, with its region", () => {
    expect(languageOf(english, "en-GB", undefined)).toBe("en-GB");
  });

  test("is what the words are, where a template says something else", () => {
    expect(languageOf(english, "de", undefined)).toBe("en");
  });

  test("is told by the script, however few the words", () => {
    expect(
      languageOf("Паром снова ходит к островам с четверга, сообщил порт.", "en", undefined),
    ).toBe("ru");
  });

  test("is believed where the words cannot tell", () => {
    expect(languageOf("Ferry, harbour, pontoon.", "cy", undefined)).toBe("cy");
  });
});
