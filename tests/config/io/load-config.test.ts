import { execFile } from "node:child_process";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Environment } from "../../../src/platform/environment.ts";
import type { BroadsheetError } from "../../../src/errors.ts";
import { loadConfig } from "../../../src/config/io/load-config.ts";
import { newFolder } from "../../temporary.ts";
import { refusalOf } from "./refusal-of.ts";

let folder: string;

beforeEach(async () => {
  folder = await newFolder();
});

async function write(name: string, text: string): Promise<string> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

function load(file?: string, env: Environment = {}) {
  return loadConfig({ cwd: folder, file, env });
}

const refusal = async (file?: string) => refusalOf(load(file));

describe("which config is read", () => {
  test("none at all: the defaults, in this folder", async () => {
    expect(await load()).toMatchObject({ name: "Broadsheet", outbox: path.join(folder, "outbox") });
  });

  test("of two, neither, until one is named", async () => {
    const file = await write("broadsheet.config.json", '{ "name": "From JSON" }');
    await write("broadsheet.config.ts", 'export default { name: "From TypeScript" };');
    expect(await refusal()).toMatchObject({
      code: "CONFIG_INVALID",
      message: "there are two configs here: broadsheet.config.ts and broadsheet.config.json",
      where: { file },
    });
    expect((await load("broadsheet.config.json")).name).toBe("From JSON");
  });

  test("a folder or a broken link of that name is not passed over", async () => {
    const name = path.join(folder, "broadsheet.config.json");
    await mkdir(name);
    expect(await refusal()).toMatchObject({
      code: "CONFIG_INVALID",
      message: "broadsheet.config.json is not a file",
    });
    await rm(name, { recursive: true });
    await symlink("nowhere", name);
    expect(await refusal()).toMatchObject({ code: "CONFIG_INVALID" });
  });

  test("the one that is named, and folders are relative to it", async () => {
    await write("sub/letter.json", '{ "name": "Sub", "outbox": "out" }');
    expect(await load("sub/letter.json")).toMatchObject({
      name: "Sub",
      outbox: path.join(folder, "sub/out"),
      content: path.join(folder, "sub/content"),
    });
  });

  test.each(["nowhere.ts", "."])("%s named and not a file is an error", async (file) => {
    expect(await refusal(file)).toMatchObject({
      code: "CONFIG_MISSING",
      message: `there is no config file "${file}"`,
    });
  });
});

/**
 * TypeScript configs are loaded by a Node of their own: vitest would load them through its own
 * transform, and they are to run as Node runs them.
 */
describe("a TypeScript config", () => {
  const typed = `import type { Config } from "broadsheet";
export default { name: "Typed" } satisfies Config;
`;
  const accepted: Record<string, Record<string, string>> = {
    "without a package.json": { "broadsheet.config.ts": typed },
    "beside a package.json that says CommonJS": {
      "broadsheet.config.ts": typed,
      "package.json": '{ "type": "commonjs" }',
    },
    "with a module of its own beside it": {
      "broadsheet.config.ts": 'import { name } from "./name.mts";\nexport default { name };\n',
      "name.mts": 'export const name: string = "Typed";\n',
    },
    "with a TypeScript module beside a package.json that says CommonJS": {
      "broadsheet.config.ts": 'import { name } from "./name.ts";\nexport default { name };\n',
      "name.ts": 'export const name: string = "Typed";\n',
      "package.json": '{ "type": "commonjs" }',
    },
  };
  const refused: [string, string, string, number | undefined][] = [
    ["a syntax error", 'export default {\n  name: "X" "Y",\n};\n', "Expected", 2],
    ["an enum", "enum A { B }\nexport default {};\n", "enum is not supported", 1],
    ["a thrown error", '\nthrow new Error("no luck");\n', "the config threw: no luck", 2],
    ["a thrown text", 'throw "no luck";\n', 'the config threw "no luck"', undefined],
    ["an exit", "\nprocess.exit(0);\n", "the config calls process.exit()", 2],
    ["no default export", "export const name = 1;\n", "no default export", undefined],
    ["a list", "export default [];\n", "must be an object in { }, not a list", undefined],
    ["an unknown setting", "export default {\n  nam: 1,\n};\n", '"nam" is not a setting', 2],
    ["no package", 'import "nowhere-at";\nexport default {};\n', "Cannot find package", undefined],
  ];
  let root: string;
  let outcomes: Outcomes;

  beforeAll(async () => {
    root = await newFolder();
    const folders = {
      ...accepted,
      ...Object.fromEntries(
        refused.map(([what, text]) => [what, { "broadsheet.config.ts": text }]),
      ),
    };
    for (const [name, files] of Object.entries(folders)) {
      for (const [file, text] of Object.entries(files)) {
        await mkdir(path.join(root, name), { recursive: true });
        await writeFile(path.join(root, name, file), text);
      }
    }
    outcomes = await loadNatively(root, Object.keys(folders));
  });

  test.each(Object.keys(accepted))("loads %s", (name) => {
    expect(outcomes.byFolder[name]).toMatchObject({ name: "Typed" });
  });

  test("loads without a warning from Node", () => {
    expect(outcomes.stderr).toBe("");
  });

  test.each(refused)(
    "%s is refused, with its line where that is known",
    (name, _text, message, line) => {
      const error = outcomes.byFolder[name];
      expect(error).toMatchObject({
        code: "CONFIG_INVALID",
        message: expect.stringContaining(message),
      });
      expect(error?.where?.file).toBe(path.join(root, name, "broadsheet.config.ts"));
      expect(error?.where?.line).toBe(line);
      expect(error?.fix).toBeTruthy();
      expect(error?.message).not.toMatch(/^\s+at /m);
    },
  );

  test("a package that isn't there: the way out is to import types only", () => {
    expect(outcomes.byFolder["no package"]?.fix).toContain("import type");
  });
});

test("what a TypeScript config imports is read again where it has changed, however deep", async () => {
  await write("broadsheet.config.ts", 'export { default } from "./look/more.ts";');
  await write("look/more.ts", 'import name from "./name.ts";\nexport default { name };');
  const said = await natively(`
    import { rmSync, writeFileSync } from "node:fs";
    import { importedBy, loadConfig } from ${JSON.stringify(path.resolve("src/config/io/load-config.ts"))};
    const said = [];
    const cwd = ${JSON.stringify(folder)};
    const load = async () =>
      loadConfig({ cwd, env: {} }).then(({ name }) => said.push(name), ({ message }) => said.push(message));
    const write = (name, text) => writeFileSync(cwd + "/" + name, text);
    await load();
    write("look/name.ts", 'export { default } from "../old.cjs"');
    await load();
    write("old.cjs", 'module.exports = require("./deep.json").name');
    write("deep.json", '{ "name": "Old" }');
    await load();
    write("deep.json", '{ "name": "Older" }');
    await load();
    write("look/name.ts", 'import deep from "../deep.json" with { type: "json" }; export default deep.name');
    await load();
    write("deep.json", '{ "name": "New" }');
    await load();
    write("look/name.ts", "export default 1 2");
    await load();
    write("look/name.ts", 'export default "Mended"');
    await load();
    await load();
    console.log(JSON.stringify([...said, ...importedBy(cwd + "/broadsheet.config.ts")]));`);
  expect(JSON.parse(said.stdout)).toEqual([
    expect.stringMatching(/^Cannot find module .*name\.ts'$/),
    expect.stringMatching(/^Cannot find module .*old\.cjs'$/),
    "Old",
    "Older",
    "Older",
    "New",
    "Expected ';', got 'numeric literal'",
    "Mended",
    "Mended",
    path.join(folder, "look/more.ts"),
    path.join(folder, "look/name.ts"),
  ]);
  expect(said.stderr).toBe("");
});

interface Outcomes {
  readonly byFolder: Record<string, { name?: string } & Partial<BroadsheetError>>;
  readonly stderr: string;
}

async function loadNatively(root: string, folders: readonly string[]): Promise<Outcomes> {
  const script = `
    import { loadConfig } from ${JSON.stringify(path.resolve("src/config/io/load-config.ts"))};
    const byFolder = {};
    for (const name of ${JSON.stringify(folders)}) {
      const cwd = ${JSON.stringify(root)} + "/" + name;
      byFolder[name] = await loadConfig({ cwd, env: {} }).catch(
        ({ code, message, where, fix }) => ({ code, message, where, fix }),
      );
    }
    console.log(JSON.stringify(byFolder));`;
  const { stdout, stderr } = await natively(script);
  return { byFolder: JSON.parse(stdout), stderr };
}

function natively(script: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
}

describe("a JSON config", () => {
  test("that isn't JSON names line and column", async () => {
    const file = await write("broadsheet.config.json", '{\n  "name": "X",\n}\n');
    expect(await refusal()).toMatchObject({
      code: "CONFIG_INVALID",
      where: { file, line: 3, column: 1 },
    });
  });

  test("that is empty says so without a stack", async () => {
    await write("broadsheet.config.json", "");
    expect((await refusal()).message).toContain("not JSON");
  });

  test("names the line of a problem", async () => {
    const file = await write(
      "broadsheet.config.json",
      '{\n  "smtp": {\n    "requireTls": 1\n  }\n}\n',
    );
    expect((await refusal()).where).toEqual({ file, line: 3 });
  });
});

describe("secrets", () => {
  test("come from .env beside the config", async () => {
    await write(
      "sub/.env",
      "SMTP_URL=smtp://localhost:2525\n# a comment\nBROADSHEET_SECRET='s 1'\n",
    );
    await write("sub/broadsheet.config.json", "{}");
    expect((await load("sub/broadsheet.config.json")).secrets).toEqual({
      smtpUrl: "smtp://localhost:2525",
      secret: "s 1",
    });
  });

  test("in the environment win over .env, unless they are empty", async () => {
    await write(".env", "SMTP_URL=smtp://from-file\nBROADSHEET_SECRET=from-file\n");
    const env = { SMTP_URL: "smtp://from-environment", BROADSHEET_SECRET: "" };
    expect((await load(undefined, env)).secrets).toEqual({
      smtpUrl: "smtp://from-environment",
      secret: "from-file",
    });
  });
});
