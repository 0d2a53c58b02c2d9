import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { folderWith } from "./cli/broadsheet.ts";

const RELEASE = path.resolve("scripts/release.ts");
const CHANGELOG =
  "# Changelog\n\n## 0.2.0 (unreleased)\n\n### Added\n\n- It sings.\n\n## 0.1.0 (2026-01-01)\n\n- It is.\n";

let cwd: string;

function run(command: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
}

const git = (...args: string[]) =>
  run("git", "-c", "user.name=A", "-c", "user.email=a@b.example", ...args);
const release = (...args: string[]) => run(process.execPath, RELEASE, ...args);

const manifest = (more: object) =>
  JSON.stringify({ name: "x", version: "0.1.0", ...more }, null, 2);

beforeEach(async () => {
  cwd = await folderWith({
    "package.json": manifest({}),
    "package-lock.json": manifest({
      lockfileVersion: 3,
      packages: { "": { version: "0.1.0" }, other: { version: "0.1.0" } },
    }),
    "CHANGELOG.md": CHANGELOG,
    "src/x/settings.ts":
      'const SINCE = "the next version"; key.meta({ since: "the next version" })',
    "docs/config.md": "Text, since the next version.",
  });
  git("init", "--quiet");
  git("config", "user.name", "A");
  git("config", "user.email", "a@b.example");
  git("add", ".");
  git("commit", "--quiet", "--message", "begin");
});

const textOf = (name: string) => readFileSync(path.join(cwd, name), "utf8");

describe("a release", () => {
  test("is only described with --dry-run, and no file, commit or tag is made", () => {
    const before = ["package.json", "CHANGELOG.md", "docs/config.md"].map(textOf);
    const described = release("0.2.0", "--date", "2026-12-01", "--dry-run");
    expect(described).toMatchObject({ status: 0, stderr: "" });
    expect(described.stdout.split("\n")).toEqual([
      "CHANGELOG.md",
      "package.json",
      "package-lock.json",
      "docs/config.md",
      "src/x/settings.ts",
      "v0.2.0 can be made of these changes. Nothing was changed.",
    ]);
    expect(["package.json", "CHANGELOG.md", "docs/config.md"].map(textOf)).toEqual(before);
    expect(git("status", "--porcelain").stdout).toBe("");
    expect(git("tag").stdout).toBe("");
    expect(release("0.3.0", "--dry-run").status).toBe(65);
  });

  test("is one commit and one tag, with its version and its section of the changelog", () => {
    expect(release("0.2.0", "--date", "2026-12-01")).toMatchObject({ status: 0 });
    expect(git("log", "-1", "--format=%s").stdout).toBe("release: 0.2.0");
    expect(git("describe", "--exact-match").stdout).toBe("v0.2.0");
    expect(git("status", "--porcelain").stdout).toBe("");
    expect(JSON.parse(textOf("package.json"))).toMatchObject({ version: "0.2.0" });
    expect(JSON.parse(textOf("package-lock.json"))).toMatchObject({
      version: "0.2.0",
      packages: { "": { version: "0.2.0" }, other: { version: "0.1.0" } },
    });
    expect(textOf("src/x/settings.ts")).toBe('const SINCE = "0.2.0"; key.meta({ since: "0.2.0" })');
    expect(textOf("docs/config.md")).toBe("Text, since 0.2.0.");
    expect(textOf("CHANGELOG.md")).toBe(CHANGELOG.replace("unreleased", "2026-12-01"));
  });

  test.each([
    ["a version that is none", ["next"], /next does not follow 0\.1\.0/],
    ["an earlier version", ["0.0.9"], /0\.0\.9 does not follow/],
    ["the same version", ["0.1.0"], /0\.1\.0 does not follow/],
    [
      "a version that the changelog does not name",
      ["0.3.0"],
      /no heading "## 0\.3\.0 \(unreleased\)"/,
    ],
  ])("is not made of %s", (_what, args, why) => {
    const refused = release(...args);
    expect([refused.status, refused.stderr]).toEqual([65, expect.stringMatching(why)]);
    expect(git("log", "-1", "--format=%s").stdout).toBe("begin");
  });

  test("is not made where the changelog has no change in it", () => {
    writeFileSync(path.join(cwd, "CHANGELOG.md"), CHANGELOG.replace("- It sings.\n", ""));
    git("commit", "--quiet", "--all", "--message", "empty");
    expect(release("0.2.0")).toMatchObject({
      status: 65,
      stderr: expect.stringMatching(/no change in 0\.2\.0/),
    });
    expect(git("log", "-1", "--format=%s").stdout).toBe("empty");
  });

  test("is not made of changes that are not committed, nor twice of the same", () => {
    writeFileSync(path.join(cwd, "new.txt"), "");
    expect(release("0.2.0").stderr).toMatch(/changes that are not committed/);
    git("add", ".");
    git("commit", "--quiet", "--message", "more");
    expect(release("0.2.0").status).toBe(0);
    expect(release("0.2.0").stderr).toMatch(/0\.2\.0 does not follow 0\.2\.0/);
  });
});
