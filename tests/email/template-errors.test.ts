import { readdirSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { BroadsheetError } from "../../src/errors.ts";
import { loadTemplate } from "../../src/email/io/load-template.ts";
import { renderEmail } from "../../src/email/render-email.ts";
import { brief } from "../fixtures.ts";
import { newFolder } from "../temporary.ts";

const HTML = "html.mjml.hbs";
const BEFORE = "{{> footer}}";

let folder: string;

beforeEach(async () => {
  folder = await newFolder();
  await cp("templates/brief", join(folder, "mine"), { recursive: true });
  await mkdir(join(folder, "mine/partials"));
});

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

/** Writes a partial, or puts a line into the template itself; where it begins then. */
async function write(file: string, text: string): Promise<number> {
  const at = join(folder, "mine", file);
  if (file !== HTML) return writeFile(at, text).then(() => 1);
  const lines = (await readFile(at, "utf8")).split("\n");
  const line = lines.findIndex((text) => text.includes(BEFORE));
  await writeFile(at, lines.toSpliced(line, 0, text).join("\n"));
  return line + 1;
}

const BYLINE = "partials/byline.mjml.hbs";
const PICTURE = "partials/picture.mjml.hbs";
const QUOTE = "partials/quote.mjml.hbs";
const NEITHER = "which is neither a field nor a helper";

describe("a template fault is told with file, line and column", () => {
  // Lines are counted from where the text was put in; the branch of a picture is one that this issue does not take.
  test.each<[string, string, string, [line?: number, column?: number], string?]>([
    [HTML, "<mj-text>{{pubication.name}}</mj-text>", NEITHER, [0, 12], "use publication"],
    [PICTURE, "\n{{#if caption}}{{captoin}}{{/if}}", "{{captoin}}", [1, 18], "use caption"],
    [QUOTE, "<mj-text>{{keyPoints}}</mj-text>", "{{keyPoints}}", [0]],
    [HTML, "<mj-text>{{shorten subject 20}}</mj-text>", `uses {{shorten}}, ${NEITHER}`, [0]],
    [HTML, "<mj-text>{{#if lead}}x</mj-text>", "{{#if}} is never closed", [0], "with {{/if}}"],
    [HTML, "<mj-text>{{#if lead}}{{/each}}</mj-text>", "{{#if}} is closed by {{/each}}", [0]],
    [HTML, "{{> storys}}", "{{> storys}}, but there is no such partial", [0], "use {{> stories}}"],
    [BYLINE, "{{> byline}}", "which includes itself", []],
    [HTML, "<mj-text>{{{subject}}}</mj-text>", "writes a value unescaped with {{{ }}}", []],
    [BYLINE, "\n\n  <mj-txt>{{reading}}</mj-txt>", "<mj-txt>", [2, 3]],
    [HTML, '<mj-text colour="#000000">x</mj-text>', "<mj-text>: Attribute colour is illegal", [0]],
    [HTML, "<mj-text>never closed", "", []],
    [HTML, "<mj-text><b </mj-text>", "", []],
    [HTML, '<mj-text><p {{type "headlin"}}>x</p></mj-text>', 'no theme token "headlin"', [0]],
    [HTML, "<mj-text>{{trusted subject}}</mj-text>", "{{trusted}} takes a block of the letter", []],
  ])("%s with %j", async (file, text, message, [line, column], fix) => {
    const first = await write(file, text);
    const error = await failure();
    expect(error.code).toBe("TEMPLATE_INVALID");
    expect(error.message).toContain(message);
    expect(error.where?.file).toContain(`mine/${file}`);
    if (line !== undefined) expect(error.where?.line).toBe(first + line);
    if (column !== undefined) expect(error.where?.column).toBe(column);
    if (fix !== undefined) expect(error.fix).toContain(fix);
  });

  test("a text style that names no colour", async () => {
    const theme = JSON.parse(await readFile("templates/theme.json", "utf8"));
    theme.text.dek.colour = "teal";
    await writeFile(join(folder, "theme.json"), JSON.stringify(theme));
    expect(await failure()).toMatchObject({
      message: 'theme token text.dek.colour: there is no colour "teal"',
    });
  });

  test.each<[unknown, string, string | undefined]>([
    [{ "pair-headlin": {} }, "token slots.pair-headlin: there is no", "slots.pair-headline?"],
    [
      { dek: { style: "deck", width: [1, 2, 3], lines: [1, 1, 1], characters: 9 } },
      'slots.dek.style: there is no text style "deck"',
      'did you mean "dek"?',
    ],
    [
      { dek: { style: "dek", width: [1, 2], lines: [1, 1, 1], characters: 9 } },
      "slots.dek.width",
      undefined,
    ],
    [
      { dek: { style: "dek", width: [1, 2, 3], lines: [1, 0, 1], characters: 9 } },
      "slots.dek.lines.1",
      undefined,
    ],
  ])("a slot that is no slot: %j", async (slots, message, fix) => {
    const theme = JSON.parse(await readFile("templates/theme.json", "utf8"));
    await writeFile(join(folder, "theme.json"), JSON.stringify({ ...theme, slots }));
    const error = await failure();
    expect(error.code).toBe("TEMPLATE_INVALID");
    expect(error.message).toContain(message);
    if (fix !== undefined) expect(error.fix).toContain(fix);
  });

  test("a template that is not there, with the nearest that is, or that lacks its text part", async () => {
    const missing = { code: "TEMPLATE_MISSING", fix: "did you mean brief?" };
    await expect(loadTemplate("breif", folder)).rejects.toMatchObject(missing);
    await expect(loadTemplate("../mine", folder)).rejects.toMatchObject({ code: missing.code });
    await rm(join(folder, "mine/text.txt.hbs"));
    expect((await failure()).message).toBe("the template has no text.txt.hbs");
  });
});

test("a newsletter's own partial replaces the shared one of its name", async () => {
  await write(BYLINE, "<mj-text><p>By hand: {{reading}}</p></mj-text>");
  const { html } = await renderEmail(brief(), await loadTemplate("mine", folder));
  expect(html).toContain("By hand: 1\u00A0minute here");
});

/** They are not checked when an issue is built, since they were here. */
test.each(readdirSync("templates").filter((name) => name !== "partials" && !name.includes(".")))(
  "the template %s that ships has no fault in any branch",
  async (name) => {
    const template = await loadTemplate(name);
    expect(template.isShipped).toBe(true);
    await expect(renderEmail(brief(), { ...template, isShipped: false })).resolves.toBeDefined();
  },
);

test("a template that ships is the newsletter's own with a partial of the newsletter's", async () => {
  await mkdir(join(folder, "partials"));
  await writeFile(join(folder, "partials/footer.mjml.hbs"), "{{titel}}");
  const template = await loadTemplate("digest", folder);
  expect(template.isShipped).toBe(false);
  await expect(renderEmail(brief(), template)).rejects.toMatchObject({ code: "TEMPLATE_INVALID" });
});

test("a theme has the shipped slots beside its own", async () => {
  const theme = JSON.parse(await readFile("templates/theme.json", "utf8"));
  const dek = { ...theme.slots.dek, characters: 7 };
  await writeFile(join(folder, "theme.json"), JSON.stringify({ ...theme, slots: { dek } }));
  const { slots } = (await loadTemplate("mine", folder)).theme;
  expect(slots).toEqual({ ...theme.slots, dek });
});
