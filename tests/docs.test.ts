import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { digestJsonSchema } from "../src/digest/digest.ts";
import { HELPERS } from "../src/render/helpers.ts";
import { SPECIMEN } from "../src/render/specimen.ts";

/** What docs/ says of fields and schemas comes from the code: `npm run golden` writes it anew. */
test("docs/digest.schema.json is the schema of digest.json", async () => {
  const schema = `${JSON.stringify(digestJsonSchema(), undefined, 2)}\n`;
  await expect(schema).toMatchFileSnapshot("../docs/digest.schema.json");
});

test("docs/templates.md lists every field with an example, and every helper", async () => {
  const [intro] = (await readFile("docs/templates.md", "utf8")).split("\n## Fields");
  const fields = rowsOf("", SPECIMEN).map(([name, example]) => `| \`${name}\` | ${example} |`);
  const helpers = [...HELPERS].map(([name, what]) => `| \`${name}\` | ${what} |`);
  const page = [
    `${intro}\n## Fields\n`,
    "| field | example |\n| --- | --- |",
    ...fields,
    "\n## Helpers\n",
    "| helper | yields |\n| --- | --- |",
    ...helpers,
    "\nHandlebars' own `if`, `unless`, `each` and `with` are there too; others are not.\n",
  ].join("\n");
  await expect(page).toMatchFileSnapshot("../docs/templates.md");
});

/** Every path of the specimen: `lead.keyPoints[].text`, with its value. */
function rowsOf(path: string, value: unknown): [string, string][] {
  if (typeof value === "function") return [];
  if (Array.isArray(value)) return rowsOf(`${path}[]`, value[0]);
  if (typeof value !== "object" || value === null) {
    return [[path, String(value).replaceAll("|", "\\|").replaceAll("<", "&lt;")]];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    rowsOf(path === "" ? key : `${path}.${key}`, inner),
  );
}
