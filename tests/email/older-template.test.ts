import { cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { flatEntries, headlineOf } from "../../src/digest/digest.ts";
import { loadTemplate } from "../../src/email/io/load-template.ts";
import { renderEmail } from "../../src/email/render-email.ts";
import { brief, LETTER, roundUp } from "../fixtures.ts";
import { documentOf, textsOf } from "../render.ts";
import { newFolder } from "../temporary.ts";

/** The text styles that a theme of 0.1.0 hasn't. */
const NEW_STYLES =
  /^(?:headline-bare|standfirst|nameplate-brief|number|row|short|brief|toc|inset|ad|answer)/;

function known(texts: object): object {
  return Object.fromEntries(Object.entries(texts).filter(([name]) => !NEW_STYLES.test(name)));
}

/** A newsletter's own copies of the templates of 0.1.0, with a theme of that version. */
let folder: string;

beforeAll(async () => {
  folder = await newFolder();
  await cp("tests/fixtures/template-0.1.0", folder, { recursive: true });
  const theme = JSON.parse(await readFile("templates/theme.json", "utf8"));
  const scripts = Object.entries<object>(theme.scripts).map(([name, texts]) => [
    name,
    known(texts),
  ]);
  const older = { ...theme, text: known(theme.text), scripts: Object.fromEntries(scripts) };
  await writeFile(path.join(folder, "theme.json"), JSON.stringify(older));
});

test.each([
  ["brief", brief()],
  ["digest", roundUp(8)],
  ["letter", LETTER],
])("a %s in a template that was written for 0.1.0 tells all that it told", async (name, digest) => {
  const { html, text } = await renderEmail(digest, await loadTemplate(name, folder));
  const headings = textsOf(documentOf(html)("h1,h2,h3")).map((words) =>
    words.replaceAll("\u00A0", " "),
  );
  const lines = text.split("\n");
  for (const entry of flatEntries(digest)) {
    expect(headings).toContain(headlineOf(entry));
    expect(lines).toContain(headlineOf(entry));
  }
  expect(html).not.toMatch(/undefined|\{\{/);
});
