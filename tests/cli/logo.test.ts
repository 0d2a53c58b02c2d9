import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { simpleParser } from "mailparser";
import { beforeEach, expect, test } from "vitest";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { photo } from "../pictures.ts";
import { broadsheet, folderWith, HARBOUR, issueOf, writeInto } from "./broadsheet.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await folderWith();
});

async function build(logo: object, files: Record<string, Buffer> = {}) {
  const config = JSON.stringify({ name: "The Slipway", logo });
  const own = { "broadsheet.config.json": config, "content/ferry.txt": HARBOUR };
  await writeInto(cwd, { ...own, ...files });
  return broadsheet(["build", "--json"], { cwd });
}

test("a logo is shown in both parts of the day, travels in the message, and is there when rendered again", async () => {
  const art = {
    "art/light.png": await photo(400, 80, 4).png().toBuffer(),
    "art/dark.webp": await photo(400, 80, 4).webp().toBuffer(),
  };
  const run = await build({ src: "art/light.png", dark: "art/dark.webp" }, art);
  const dir = issueOf(run).dir;
  const { publication } = parseDigest(await readFile(path.join(dir, "digest.json"), "utf8"), "");
  expect(publication?.logo).toEqual({
    src: expect.stringMatching(/^images\/logo-[0-9a-f]{8}\.png$/),
    dark: expect.stringMatching(/^images\/logo-[0-9a-f]{8}\.(?:png|jpg)$/),
    alt: "The Slipway",
    width: 200,
    height: 40,
  });
  expect(await readdir(path.join(dir, "images"))).toHaveLength(2);
  const message = await simpleParser(await readFile(path.join(dir, "email.eml")));
  expect(message.attachments.map(({ related }) => related)).toEqual([true, true]);

  const again = await broadsheet(["render", path.join(dir, "digest.json"), "--json"], { cwd });
  expect(again.code).toBe(0);
  expect(await readdir(path.join(dir, "images"))).toHaveLength(2);
});

test("a logo that the page shows through stands on light paper in the dark, others don't", async () => {
  const clear = await photo(800, 100, 4).png().toBuffer();
  const solid = await photo(800, 100).jpeg().toBuffer();
  for (const [name, content, plate] of [
    ["clear.png", clear, { plate: true }],
    ["solid.jpg", solid, {}],
  ] as const) {
    const dir = issueOf(await build({ src: name }, { [name]: content })).dir;
    const { publication } = parseDigest(await readFile(path.join(dir, "digest.json"), "utf8"), "");
    expect(publication?.logo).toMatchObject({ width: 280, height: 35 });
    expect({ ...(publication?.logo?.plate && { plate: true }) }).toEqual(plate);
  }
});

test.each<[string, object, Record<string, Buffer>, string]>([
  ["that is missing", { src: "art/logo.png" }, {}, "the picture art/logo.png is not there"],
  ["that is no picture", { src: "logo.png" }, { "logo.png": Buffer.from("PNG") }, "is no picture"],
])("a logo %s ends the build, naming its key in the config", async (_what, logo, files, told) => {
  const { code, stderr } = await build(logo, files);
  expect(code).not.toBe(0);
  expect(stderr).toContain(`the logo: `);
  expect(stderr).toContain(told);
  expect(stderr).toContain('"logo.src" in the config names it');
});

test("a logo on the web stays there", async () => {
  const { dir } = issueOf(await build({ src: "https://slipway.example/logo.png", width: 120 }));
  const html = await readFile(path.join(dir, "email.html"), "utf8");
  expect(html).toContain('src="https://slipway.example/logo.png" alt="The Slipway" width="120"');
});
