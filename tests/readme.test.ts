import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../src/config/config.ts";
import { readYaml } from "../src/config/yaml-config.ts";
import { broadsheet, folderWith } from "./cli/broadsheet.ts";
import { blocksOf, Journey } from "./journey.ts";

const [README = "", GUIDE = "", ...OTHERS] = ["README.md", "docs/guide.md"]
  .concat(["commands", "look", "library"].map((page) => `docs/${page}.md`))
  .map((page) => readFileSync(page, "utf8"));
const BLOCKS = [README, ...OTHERS].flatMap(blocksOf);

/** A message that stands for anybody's. */
const MESSAGE = "tests/fixtures/newsletter-0.1.0/project/outbox/the-slipway/2025-03-04/email.eml";

/** The texts of the blocks behind whose fence this stands. */
function texts(info: string): string[] {
  return BLOCKS.filter((block) => block.info === info).map((block) => block.text);
}

/** What a program printed that ended well. */
async function run(program: string, args: readonly string[], options = {}): Promise<string> {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], ...options });
  child.stdin.end();
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  expect(code, stderr).toBe(0);
  return stdout;
}

describe("what the README and the pages without a test of their own say", () => {
  test("every block is run or read by a test", () => {
    // The commands of "sh install" and the first of "sh run" are run by tests/package.test.ts, in a shell.
    const roles = new Set(["sh clone", "sh install", "sh run", "text", "yaml", "ts", ""]);
    expect(BLOCKS.filter(({ info }) => !roles.has(info))).toEqual([]);
    expect(BLOCKS.length).toBeGreaterThan(10);
  });

  test("the commands for a clone build the sample newsletter", async () => {
    const clone = mkdtempSync(path.join(tmpdir(), "broadsheet-clone-"));
    for (const name of ["content", "templates", "broadsheet.yaml", "package.json"])
      cpSync(name, path.join(clone, name), { recursive: true });
    for (const name of ["src", "docs", "node_modules"])
      symlinkSync(path.resolve(name), path.join(clone, name));
    const [commands = ""] = texts("sh clone");
    // Every run of the tests begins with `npm ci`: see .ci/run.
    expect(commands).toMatch(/^npm ci\n/);
    const env = { ...process.env, npm_config_update_notifier: "false" };
    const script = commands.replace(/^npm ci\n/, "");
    const said = await run("sh", ["-eu", "-c", script], { cwd: clone, env });
    expect(said).toContain("preview.html");
    expect(globSync("outbox/*/*/preview.html", { cwd: clone })).toHaveLength(1);
    rmSync(clone, { recursive: true });
  });

  test("every command of a newsletter does what it says, one after the other", async () => {
    const home = await folderWith({ "newsletter.eml": readFileSync(MESSAGE, "utf8") });
    const journey = await Journey.from(home);
    try {
      for (const block of BLOCKS.filter(({ info }) => info === "sh run")) await journey.take(block);
      expect(journey.smtp.received.map(({ to }) => to.join())).toEqual(["you@example.org"]);
    } finally {
      await journey.close();
      rmSync(home, { recursive: true });
    }
  });

  test("every example of the config is a config", () => {
    for (const example of texts("yaml")) {
      const { raw, written } = readYaml(example, "/letter/broadsheet.yaml");
      expect(parseConfig(raw, {}, "/letter/broadsheet.yaml", written).folder).toBe("/letter");
    }
  });

  test("the first example of the library prints its subject, the second sends an issue", async () => {
    const [first = "", second = ""] = texts("ts");
    const cwd = await folderWith({
      "the-mudlark/content/1.md":
        "# The quay\n\nThe quay of Carrow was opened on Monday after two years of work.\n",
      "the-mudlark/broadsheet.yaml":
        'name: "The Mudlark"\nfrom: post@quay.example\nurls: { unsubscribe: "https://quay.example/u/{token}" }\n',
    });
    const journey = await Journey.from(cwd);
    const [subject, titles] = await Promise.all(
      [
        first,
        journey.ours(second).replace('feed.xml"])', 'feed.xml"], { allowPrivate: true })'),
      ].map(async (example) => {
        const source = example.replace(
          '"broadsheet"',
          `"${new URL("../src/index.ts", import.meta.url).href}"`,
        );
        const env = {
          ...process.env,
          BROADSHEET_SECRET: "a secret that only this test knows",
          SMTP_URL: `smtp://127.0.0.1:${journey.smtp.port}`,
          XDG_STATE_HOME: path.join(cwd, "state"),
        };
        return run(process.execPath, ["--input-type=module-typescript", "--eval", source], {
          cwd,
          env,
        });
      }),
    );
    expect(subject).toBe("The bakery that runs on tides\n");
    expect(titles?.trim().split("\n")).toHaveLength(4);
    expect(journey.smtp.received.map(({ to }) => to.join())).toEqual(["ada@quay.example"]);
    await journey.close();
    rmSync(cwd, { recursive: true });
  });

  test("every command that the README and the guide name is there, with its flags", async () => {
    const listed = texts("text")
      .join("")
      .matchAll(/^broadsheet (.*?)(?: {2}|$)/gm);
    const inText = [
      ...`${README}${GUIDE}`.matchAll(/`(?:npx |npm run )?broadsheet (?:-- )?([^`]+)`/g),
    ];
    const named = new Set([...listed, ...inText].map(([, words = ""]) => words));
    expect(named.size).toBeGreaterThan(20);
    for (const words of named) {
      const command = /^[a-z]+(?: [a-z]+(?= |$))?/.exec(words)?.[0] ?? "";
      const { stdout } = await broadsheet([...command.split(" "), "--help"], { cwd: tmpdir() });
      // Without such a command it is the help of the program.
      const flags = [...words.matchAll(/--[a-z-]+/g)].map(([flag]) => flag);
      for (const part of [`Usage: broadsheet ${command} `, ...flags])
        expect([words, stdout]).toEqual([words, expect.stringContaining(part)]);
    }
  });

  test(".ci/run calls the README's test command", () => {
    const command = "npm ci && npm test\n";
    expect(texts("")).toContain(command);
    expect(readFileSync(".ci/run", "utf8")).toContain(`\n${command}`);
  });
});
