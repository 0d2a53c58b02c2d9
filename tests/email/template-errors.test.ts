import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BroadsheetError } from "../../src/errors.ts";
import { loadTemplate } from "../../src/email/io/load-template.ts";
import { renderEmail } from "../../src/email/render-email.ts";
import { brief } from "../fixtures.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "broadsheet-templates-"));
  await cp("templates/brief", join(folder, "mine"), { recursive: true });
  await mkdir(join(folder, "mine/partials"));
});

afterEach(() => rm(folder, { recursive: true }));

async function failure(): Promise<BroadsheetError> {
  return loadTemplate("mine", folder).then(
    (template) =>
      renderEmail(brief(), template).then(
        () => expect.unreachable("it rendered"),
        (error) => error,
      ),
    (error) => error,
  );
}

/** Puts a line into the template and says on which line it now stands. */
async function insert(line: string, file = "mine/html.mjml.hbs"): Promise<number> {
  const lines = (await readFile(join(folder, file), "utf8")).split("\n");
  const at = lines.findIndex((text) => text.includes("{{> footer}}"));
  await writeFile(join(folder, file), lines.toSpliced(at, 0, line).join("\n"));
  return at + 1;
}

async function partial(name: string, source: string): Promise<void> {
  await writeFile(join(folder, "mine/partials", name), source);
}

describe("a template fault is told with file, line and column", () => {
  test("an unknown field, with the nearest that exists", async () => {
    const line = await insert("<mj-text>{{pubication.name}}</mj-text>");
    expect(await failure()).toMatchObject({
      code: "TEMPLATE_INVALID",
      message: '"mine" uses {{pubication.name}}, which is neither a field nor a helper',
      where: { line, column: 12 },
      fix: "use publication",
    });
  });

  test("an unknown field deep in a branch that this issue does not take", async () => {
    await partial("picture.mjml.hbs", "\n{{#if caption}}{{captoin}}{{/if}}");
    expect(await failure()).toMatchObject({
      message: expect.stringContaining("{{captoin}}"),
      where: {
        file: expect.stringContaining("mine/partials/picture.mjml.hbs"),
        line: 2,
        column: 18,
      },
      fix: "use caption",
    });
  });

  test("a field of another scope", async () => {
    await partial("quote.mjml.hbs", "<mj-text>{{keyPoints}}</mj-text>");
    expect(await failure()).toMatchObject({ message: expect.stringContaining("{{keyPoints}}") });
  });

  test("an unknown helper", async () => {
    const line = await insert("<mj-text>{{shorten subject 20}}</mj-text>");
    expect(await failure()).toMatchObject({
      message: '"mine" uses {{shorten}}, which is neither a field nor a helper',
      where: { line },
    });
  });

  test("an unclosed block, at the line where it opens", async () => {
    const line = await insert("<mj-text>{{#if lead}}never closed</mj-text>");
    expect(await failure()).toMatchObject({
      message: "{{#if}} is never closed",
      where: { file: expect.stringContaining("html.mjml.hbs"), line },
      fix: "close it with {{/if}}",
    });
  });

  test("a block closed by another's name", async () => {
    const line = await insert("<mj-text>{{#if lead}}{{/each}}</mj-text>");
    expect(await failure()).toMatchObject({
      message: "{{#if}} is closed by {{/each}}",
      where: { line },
    });
  });

  test("a partial that is missing, with the nearest that exists", async () => {
    const line = await insert("{{> storys}}");
    expect(await failure()).toMatchObject({
      message: '"mine" includes {{> storys}}, but there is no such partial',
      where: { line },
      fix: "use {{> stories}}",
    });
  });

  test("a partial that includes itself", async () => {
    await partial("byline.mjml.hbs", "{{> byline}}");
    expect(await failure()).toMatchObject({
      message: expect.stringContaining("which includes itself"),
    });
  });

  test("a value written unescaped", async () => {
    await insert("<mj-text>{{{subject}}}</mj-text>");
    expect(await failure()).toMatchObject({
      message: '"mine" writes a value unescaped with {{{ }}}',
    });
  });

  test("an unknown mj- tag in a partial", async () => {
    await partial("byline.mjml.hbs", "\n\n  <mj-txt>{{reading}}</mj-txt>");
    expect(await failure()).toMatchObject({
      code: "TEMPLATE_INVALID",
      message: expect.stringContaining("<mj-txt>"),
      where: { file: expect.stringContaining("mine/partials/byline.mjml.hbs"), line: 3, column: 3 },
    });
  });

  test("an unknown attribute of an mj- tag", async () => {
    const line = await insert('<mj-text colour="#000000">x</mj-text>');
    expect(await failure()).toMatchObject({
      message: "<mj-text>: Attribute colour is illegal",
      where: { line },
    });
  });

  test("an unclosed mj- tag", async () => {
    await insert("<mj-text>never closed");
    expect(await failure()).toMatchObject({
      code: "TEMPLATE_INVALID",
      where: { file: expect.stringContaining("mine/html.mjml.hbs") },
    });
  });

  test("a stray < that would swallow what follows", async () => {
    await insert("<mj-text><b </mj-text>");
    expect(await failure()).toMatchObject({ code: "TEMPLATE_INVALID" });
  });

  test("an unknown theme token", async () => {
    const line = await insert('<mj-text><p {{type "headlin"}}>x</p></mj-text>');
    expect(await failure()).toMatchObject({
      where: { line },
      message: '"mine": there is no theme token "headlin"',
    });
  });

  test("a value given to the helper that sets the letter's own HTML", async () => {
    await insert("<mj-text>{{trusted subject}}</mj-text>");
    expect(await failure()).toMatchObject({
      message: '"mine": {{trusted}} takes a block of the letter, and nothing else',
    });
  });

  test("a text style that names no colour", async () => {
    const theme = JSON.parse(await readFile("templates/theme.json", "utf8"));
    theme.text.dek.colour = "teal";
    await writeFile(join(folder, "theme.json"), JSON.stringify(theme));
    expect(await failure()).toMatchObject({
      message: 'theme token text.dek.colour: there is no colour "teal"',
    });
  });

  test("a template that is not there, with the nearest that is", async () => {
    await expect(loadTemplate("breif", folder)).rejects.toMatchObject({
      code: "TEMPLATE_MISSING",
      fix: "did you mean brief?",
    });
    await expect(loadTemplate("../mine", folder)).rejects.toMatchObject({
      code: "TEMPLATE_MISSING",
    });
  });

  test("a template without its text part", async () => {
    await rm(join(folder, "mine/text.txt.hbs"));
    expect(await failure()).toMatchObject({
      code: "TEMPLATE_MISSING",
      message: "the template has no text.txt.hbs",
    });
  });
});

test("a newsletter's own partial replaces the shared one of its name", async () => {
  await partial("byline.mjml.hbs", "<mj-text><p>By hand: {{reading}}</p></mj-text>");
  const { html } = await renderEmail(brief(), await loadTemplate("mine", folder));
  expect(html).toContain("By hand: 1\u00A0minute here");
});
