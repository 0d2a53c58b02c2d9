import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { loadTemplate, openMjmlCache } from "../../../src/email/io/load-template.ts";
import { renderEmail, type MjmlCache } from "../../../src/email/render-email.ts";
import { article, brief, digestOf, entry, roundUp } from "../../fixtures.ts";
import { newFolder } from "../../temporary.ts";

const BRIEF = await loadTemplate("brief");
const DIGEST = await loadTemplate("digest");

let folder: string;
let cache: MjmlCache;

beforeEach(async () => {
  folder = await newFolder();
  cache = openMjmlCache({ XDG_CACHE_HOME: folder });
});

async function entries(): Promise<string[]> {
  return readdir(join(folder, "broadsheet/mjml")).catch(() => []);
}

test("an issue is the same to the byte with a cold cache, a warm one and none", async () => {
  const without = await renderEmail(brief(), BRIEF);
  expect(await renderEmail(brief(), BRIEF, { cache })).toEqual(without);
  expect(await entries()).toHaveLength(1);
  expect(await renderEmail(brief(), BRIEF, { cache })).toEqual(without);
});

test("stories of one shape share an entry, and each is told in its own words", async () => {
  await renderEmail(digestOf([entry()]), BRIEF, { cache });
  const other = digestOf([
    entry({ title: "Another <story> & {{more}}", url: "https://paper.example/other?a=1&b=2" }),
  ]);
  expect(await renderEmail(other, BRIEF, { cache })).toEqual(await renderEmail(other, BRIEF));
  expect(await entries()).toHaveLength(1);
});

test("the key follows the version of MJML that is installed", async () => {
  const { version } = JSON.parse(await readFile("node_modules/mjml/package.json", "utf8"));
  expect(await readFile("src/email/render-email.ts", "utf8")).toContain(`"mjml ${version}, `);
});

test("another shape, template, theme or language is another entry", async () => {
  const tinted = digestOf([entry()], { publication: { name: "The Mudlark", accent: "#1B4F8A" } });
  await renderEmail(digestOf([entry()]), BRIEF, { cache });
  await renderEmail(brief(), BRIEF, { cache });
  await renderEmail(brief(), DIGEST, { cache });
  await renderEmail(tinted, BRIEF, { cache });
  await renderEmail(digestOf([entry({ language: "de" })], { language: "de" }), BRIEF, { cache });
  await renderEmail(roundUp(2), DIGEST, { cache });
  expect(await entries()).toHaveLength(6);
});

test("an entry cut short, or a folder that cannot be written, costs nothing but time", async () => {
  const digest = digestOf([{ ...entry(), article: article({ title: "Whole" }) }]);
  const whole = await renderEmail(digest, BRIEF, { cache });
  const [name = ""] = await entries();
  const file = join(folder, "broadsheet/mjml", name);
  await writeFile(file, (await readFile(file, "utf8")).slice(0, 5000));
  expect(await renderEmail(digest, BRIEF, { cache })).toEqual(whole);

  const blocked = join(folder, "a-file");
  await writeFile(blocked, "");
  expect(
    await renderEmail(digest, BRIEF, { cache: openMjmlCache({ XDG_CACHE_HOME: blocked }) }),
  ).toEqual(whole);
});
