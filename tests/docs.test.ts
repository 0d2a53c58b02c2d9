import { existsSync, globSync } from "node:fs";
import { glob, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { OUTSIDE_RULES } from "../src/check/outside-rules.ts";
import type { RuleFacts } from "../src/check/rule.ts";
import { HTML_RULES, ISSUE_RULES, MESSAGE_RULES } from "../src/review/review.ts";
import { AUDIENCE_NAMES } from "../src/check/settings.ts";
import { configKeys, configPage, configSchema } from "../scripts/config-reference.ts";
import { parseConfig } from "../src/config/config.ts";
import { readYaml } from "../src/config/yaml-config.ts";
import { ISSUE_STATES, LIFE, STATE_TEXTS } from "../src/delivery/life.ts";
import { digestJsonSchema } from "../src/digest/digest-json.ts";
import { LABEL_LANGUAGES } from "../src/email/labels.ts";
import { HELPERS } from "../src/email/helpers.ts";
import { SPECIMEN, SPECIMEN_STORY } from "../src/email/specimen.ts";

const BY_COMMAND = "written by: npm run golden";

/** What docs/ says of fields and schemas comes from the code. */
async function expectWritten(text: string, file: string): Promise<void> {
  await expect(text, `${file} is not what the code says; it is ${BY_COMMAND}`).toMatchFileSnapshot(
    path.join("..", file),
  );
}

test("docs/digest.schema.json is the schema of digest.json", async () => {
  const schema = { $comment: `From src/digest, ${BY_COMMAND}`, ...digestJsonSchema() };
  await expectWritten(`${JSON.stringify(schema, undefined, 2)}\n`, "docs/digest.schema.json");
});

describe("the config", () => {
  test("docs/config.md has every key, and docs/config.schema.json too", async () => {
    await expectWritten(await ourConfigPage(), "docs/config.md");
    await expectWritten(configSchema(), "docs/config.schema.json");
  });

  test("every example of the page is a config, by the schema for editors too", async () => {
    const page = await ourConfigPage();
    const examples = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, example = ""]) => example);
    expect(examples.length).toBeGreaterThan(40);
    const schema = z.fromJSONSchema(JSON.parse(configSchema()));
    for (const example of examples) {
      const { raw, written } = readYaml(example, "/letter/broadsheet.yaml");
      const env = { BROADSHEET_SITE: "https://letter.example" };
      expect(
        () => parseConfig(raw, env, "/letter/broadsheet.yaml", written),
        `a key needs an example in its meta: ${example}`,
      ).not.toThrow();
      expect(schema.safeParse(raw)).toMatchObject({ success: true });
    }
    expect(schema.safeParse({ nam: "X" })).toMatchObject({ success: false });
  });

  test("every key says what it means, and one that 0.1.0 hadn't since when it is there", async () => {
    const first = new Set(
      JSON.parse(await readFile("tests/fixtures/config-keys-0.1.0.json", "utf8")),
    );
    const keys = [...configKeys()];
    const named = (some: typeof keys) => some.map(([key]) => key);
    expect(named(keys.filter(([, { description }]) => !description))).toEqual([]);
    expect(
      named(keys.filter(([key, { since }]) => !first.has(key) && !since)),
      'a new key has since: "the next version" in its meta',
    ).toEqual([]);
  });

  test("no key is there since a version that isn't released: a release fills in the next version", async () => {
    const { version }: { version: string } = JSON.parse(await readFile("package.json", "utf8"));
    const byNumber = new Intl.Collator("en", { numeric: true });
    const tooNew = [...configKeys()].filter(
      ([, { since = version }]) =>
        since !== "the next version" && byNumber.compare(since, version) > 0,
    );
    expect(tooNew.map(([key, { since }]) => `${key}: ${since}`)).toEqual([]);
  });
});

test("docs/templates.md lists every field with an example, and every helper", async () => {
  const [intro] = (await readFile("docs/templates.md", "utf8")).split("\n## Fields");
  const helpers = [...HELPERS].map(([name, what]) => `| \`${name}\` | ${what} |`);
  const page = [
    `${intro}\n## Fields\n`,
    ...fieldsTable(SPECIMEN),
    "\n## Fields of a story\n",
    ...fieldsTable(SPECIMEN_STORY),
    "\n## Helpers\n",
    "| helper | yields |\n| --- | --- |",
    ...helpers,
    "\nHandlebars' own `if`, `unless`, `each` and `with` are there too; others are not.\n",
    "## Languages\n",
    `The words that an issue says itself are there in ${languageNames()}. In other languages they are English.\n`,
  ].join("\n");
  await expectWritten(page, "docs/templates.md");
});

test("docs/checks.md lists every rule: what it wants, how weighty it is, and who says so", async () => {
  const [intro] = (await readFile("docs/checks.md", "utf8")).split("\n## ");
  const page = [
    intro,
    ...rulesTable("In the HTML", HTML_RULES),
    ...rulesTable("In the message", MESSAGE_RULES),
    ...rulesTable("In the issue", ISSUE_RULES),
    ...rulesTable("With more than the email", OUTSIDE_RULES),
    "## Mail programs that an audience may name\n",
    `${AUDIENCE_NAMES.map((name) => `\`${name}\``).join(", ")}\n`,
  ].join("\n");
  await expectWritten(page, "docs/checks.md");
});

test("docs/sending.md has the life of an issue as the code has it: each state, and each transition", async () => {
  const text = await readFile("docs/sending.md", "utf8");
  const [before, after] = text.split(
    /(?<=<!-- the life: .*-->\n)[^]*?(?=<!-- end of the life -->)/,
  );
  await expectWritten([before, lifeTable(), after].join(""), "docs/sending.md");
  for (const state of ISSUE_STATES) expect(lifeTable()).toContain(`\`${state}\``);
  expect(Object.keys(STATE_TEXTS)).toEqual([...ISSUE_STATES]);
});

test("tests/README.md says what each test protects, and names no other", async () => {
  const files = globSync("**/*.test.ts", { cwd: "tests" });
  const page = await readFile("tests/README.md", "utf8");
  const named = [...page.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => `${name}.test.ts`);
  expect(named.toSorted()).toEqual(files.toSorted());
});

test("what our pages link to is there", async () => {
  const links: string[] = [];
  for await (const page of glob("{*.md,docs/**/*.md}")) {
    const text = await readFile(page, "utf8");
    for (const [, to = ""] of text.matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
      if (!to.includes(":")) links.push(path.join(path.dirname(page), to));
    }
  }
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((link) => !existsSync(link))).toEqual([]);
});

/** Its introduction is written by hand. */
async function ourConfigPage(): Promise<string> {
  const [intro = ""] = (await readFile("docs/config.md", "utf8")).split("\n## ");
  return configPage(intro);
}

/** "Arabic (`ar`), … and Ukrainian (`uk`)". */
function languageNames(): string {
  const names = new Intl.DisplayNames("en", { type: "language" });
  const named = LABEL_LANGUAGES.map((tag) => `${names.of(tag)} (\`${tag}\`)`).sort();
  return new Intl.ListFormat("en-GB").format(named);
}

const WORDS = { error: "Fix", warning: "Look", info: "Note" } as const;

function rulesTable(heading: string, rules: readonly RuleFacts[]): string[] {
  return [
    `## ${heading}\n`,
    "| rule | weight | what holds where it passes | who says so |\n| --- | --- | --- | --- |",
    ...rules.map(({ id, severity, what, source }) => {
      const sentence = what.charAt(0).toUpperCase() + what.slice(1);
      return `| \`${id}\` | ${WORDS[severity]} | ${cell(sentence)} | ${cell(source)} |`;
    }),
    "",
  ];
}

const ARTICLES = { taken: "taken", released: "new again", kept: "as before" } as const;

/** The transitions of an issue's life, in a table that Prettier leaves as it is. */
function lifeTable(): string {
  const rows = Object.values(LIFE).map(({ from, to, by, what, articles }) => {
    const states = from.map((state) => `\`${state}\``).join(", ");
    return `| ${states} | \`${to}\` | ${by} | ${cell(what)} | ${ARTICLES[articles]} |`;
  });
  return [
    "<!-- prettier-ignore -->",
    "| from | to | caused by | what happens | its articles |\n| --- | --- | --- | --- | --- |",
    ...rows,
    "",
    "",
  ].join("\n");
}

/** What Markdown would take for a tag or for the end of a cell. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("*", "\\*");
}

function fieldsTable(specimen: unknown): string[] {
  return [
    "| field | example |\n| --- | --- |",
    ...rowsOf("", specimen).map(([name, example]) => `| \`${name}\` | ${example} |`),
  ];
}

/** Every path of a specimen, such as `folio.number`, with its value; the fields of a story have a table of their own. */
function rowsOf(path: string, value: unknown): [string, string][] {
  if (value === SPECIMEN_STORY && path !== "") return [[path, "a story"]];
  if (Array.isArray(value)) return rowsOf(`${path}[]`, value[0]);
  if (typeof value !== "object" || value === null) {
    return [[path, String(value).replaceAll("|", "\\|").replaceAll("<", "&lt;")]];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    rowsOf(path === "" ? key : `${path}.${key}`, inner),
  );
}
