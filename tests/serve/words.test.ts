import { globSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { LABEL_LANGUAGES } from "../../src/email/labels.ts";
import { doorWords } from "../../src/serve/words.ts";

const filesIn = (folder: string) =>
  globSync(`src/${folder}/*.json`).map((file) => path.basename(file));

test("the pages for readers have words in every language that an issue has labels in, and in no other", () => {
  expect(filesIn("serve/words").sort(), "src/serve/words and src/email/labels").toEqual(
    filesIn("email/labels").sort(),
  );
  const others = LABEL_LANGUAGES.filter((language) => language !== "en");
  expect(others.length).toBeGreaterThan(10);
  expect(
    others.filter((language) => doorWords(language) === doorWords("en")),
    "these have a file in src/serve/words, which src/serve/words.ts does not name",
  ).toEqual([]);
});
