import {
  chmodSync,
  readFileSync,
  statSync,
  symlinkSync,
  lstatSync,
  writeFileSync,
  readdirSync,
} from "node:fs";
import path from "node:path";
import { assert, asyncProperty, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ConfigChanges } from "../../src/config/io/change-config.ts";
import { newFolder } from "../temporary.ts";

const CONFIG = `# yaml-language-server: $schema=config.schema.json

name: "My Letter" # as readers know it
tagline: >-
  folded
  text
modules:
  # Letters have none.
  contents: false # never
  share:   true
  # The end of the modules.
# Before the sources.

# More.
sources:
- "a.md"
- from: b.md # a file
# The tail.
schedule: { cron: "0 7 * * 2" } # Tuesdays
# accent: "#B01E23"
`;

async function folderWith(text: string, name = "broadsheet.yaml") {
  const cwd = await newFolder();
  const file = path.join(cwd, name);
  writeFileSync(file, text);
  const changes = new ConfigChanges({ cwd, env: {} });
  return { cwd, file, changes, text: () => readFileSync(file, "utf8") };
}

describe("a change of the config", () => {
  test("writes its own line, and keeps all other lines as they are", async () => {
    const { changes, text } = await folderWith(CONFIG);

    const lines = await changes.change([{ path: ["name"], value: "Ünï: # 🗞️ مرحبا" }]);

    expect(lines).toEqual(['name: "Ünï: # 🗞️ مرحبا" # as readers know it']);
    expect(text()).toBe(CONFIG.replace('"My Letter"', '"Ünï: # 🗞️ مرحبا"'));
  });

  test("adds a setting at the end, and one inside of another at its place", async () => {
    const { changes, text } = await folderWith(CONFIG);

    await changes.change([
      { path: ["accent"], value: "#224466" },
      { path: ["modules", "closing"], value: "Bye" },
      { path: ["sources", 2], value: { from: "c.md" } },
    ]);

    expect(text()).toBe(
      `${CONFIG.replace("share:   true", "share: true")
        .replace("  # The end of the modules.\n", '  closing: "Bye"\n  # The end of the modules.\n')
        .replace(
          '- "a.md"\n- from: b.md # a file',
          '  - "a.md"\n  - from: b.md # a file\n  - from: "c.md"',
        )}accent: "#224466"\n`,
    );
  });

  test("removes a setting, and leaves the comments around it", async () => {
    const { changes, text } = await folderWith(CONFIG);

    await changes.change([{ path: ["schedule"] }, { path: ["tagline"] }, { path: ["footer"] }]);

    expect(text()).toBe(
      CONFIG.replace('schedule: { cron: "0 7 * * 2" } # Tuesdays\n', "").replace(
        "tagline: >-\n  folded\n  text\n",
        "",
      ),
    );
  });

  test.each([
    ["Windows line ends and a byte order mark", `\uFEFF${CONFIG.replaceAll("\n", "\r\n")}`],
    ["no last line end", 'name: "x"\n# end'],
    ["brackets", '{ "name": "x", tagline: y }'],
    ["an anchor used elsewhere", "name: &n x\ntagline: *n\n"],
    ["comments alone", "# accent: red\n"],
    ["nothing", ""],
    ["an empty setting", "name: x\nmodules:\n"],
  ])("works on a config with %s", async (_what, before) => {
    const { changes, text } = await folderWith(before);
    const said = parse(before) ?? {};

    await changes.change([
      { path: ["accent"], value: "#224466" },
      { path: ["modules", "contents"], value: true },
    ]);

    expect(parse(text())).toEqual({
      ...said,
      accent: "#224466",
      modules: { ...said.modules, contents: true },
    });
    expect(text().startsWith("\uFEFF")).toBe(before.startsWith("\uFEFF"));
    expect(/[^\r]\n/.test(text())).toBe(!before.includes("\r"));
  });

  test("any text comes back as it was written", async () => {
    const { changes, text } = await folderWith(CONFIG);
    await assert(
      asyncProperty(string({ unit: "grapheme", minLength: 1 }), async (tagline) => {
        const given = `x${tagline}x`.replaceAll(/\p{C}/gu, "");
        await changes.change([{ path: ["tagline"], value: given }]);
        expect(parse(text())).toMatchObject({ name: "My Letter", tagline: given });
      }),
      { numRuns: 20 },
    );
  });

  test("is taken back and made again, byte for byte", async () => {
    const { changes, text } = await folderWith(CONFIG);
    await changes.change([{ path: ["accent"], value: "#224466" }]);
    await changes.change([{ path: ["name"], value: "Other" }]);
    const after = text();

    await changes.step("undo");
    await changes.step("undo");
    await changes.step("undo");
    const undone = text();
    await changes.step("redo");
    await changes.step("redo");

    expect(undone).toBe(CONFIG);
    expect(text()).toBe(after);
    expect(await changes.read()).toMatchObject({ canUndo: true, canRedo: false });
  });

  test("makes a config where there is none, with undo too", async () => {
    const cwd = await newFolder();
    const changes = new ConfigChanges({ cwd, env: {} });

    const lines = await changes.change([{ path: ["name"], value: "New" }]);
    const written = readdirSync(cwd);
    await changes.step("undo");

    expect(lines).toEqual(['name: "New"']);
    expect(written).toEqual(["broadsheet.yaml"]);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("keeps the file's mode, and a link to it", async () => {
    const { cwd, file, changes } = await folderWith(CONFIG, "real.yaml");
    chmodSync(file, 0o640);
    symlinkSync("real.yaml", path.join(cwd, "broadsheet.yaml"));

    await changes.change([{ path: ["name"], value: "Other" }]);

    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(lstatSync(path.join(cwd, "broadsheet.yaml")).isSymbolicLink()).toBe(true);
    expect(readFileSync(file, "utf8")).toContain('name: "Other"');
  });
});

async function refused(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("a change of the config is refused", () => {
  test("where the file was changed in the meantime, also before an undo", async () => {
    const { changes, file, text } = await folderWith(CONFIG);
    const { hash } = await changes.read();
    await changes.change([{ path: ["accent"], value: "#224466" }], { hash });
    writeFileSync(file, 'name: "By hand"\n');

    const change = await refused(
      changes.change([{ path: ["accent"], value: "#224466" }], { hash }),
    );
    const undo = await refused(changes.step("undo"));

    expect(change).toMatchObject({ code: "CONFIG_CHANGED" });
    expect(undo).toMatchObject({ code: "CONFIG_CHANGED" });
    expect(text()).toBe('name: "By hand"\n');
  });

  test.each([
    [{ path: ["accent"], value: "reddish" }, '"accent"'],
    [{ path: ["modules", "closing", "x"], value: "reddish" }, "modules.closing"],
    [{ path: ["nmae"], value: "x" }, '"nmae" is not a setting'],
    [{ path: ["from"], value: "no address" }, '"from"'],
  ] as const)("where the result would be no config: %j", async (change, says) => {
    const { changes, text, cwd } = await folderWith(CONFIG);

    const error = await refused(changes.change([change]));

    expect(error).toMatchObject({ code: "CONFIG_INVALID", where: undefined });
    expect(String(error)).toContain(says);
    expect(text()).toBe(CONFIG);
    expect(readdirSync(cwd)).toEqual(["broadsheet.yaml"]);
  });

  test("where it is broken YAML, with the line and the column", async () => {
    const { changes, text } = await folderWith('name: "x"\nfooter: [\n');

    const error = await refused(changes.change([{ path: ["name"], value: "y" }]));

    expect(error).toMatchObject({ code: "CONFIG_INVALID", where: { line: 3, column: 1 } });
    expect(text()).toBe('name: "x"\nfooter: [\n');
  });

  test.each([
    ["broadsheet.config.json", '{ "name": "x" }'],
    ["broadsheet.config.ts", 'export default { name: "x" };'],
  ])("where it is %s, with the key to change", async (name, before) => {
    const { changes, text } = await folderWith(before, name);

    const error = await refused(changes.change([{ path: ["modules", "share"], value: false }]));

    expect(await changes.read()).toMatchObject({ isWritable: false, raw: { name: "x" } });
    expect(error).toMatchObject({ code: "USAGE", fix: "change modules.share in the file" });
    expect(text()).toBe(before);
  });
});
