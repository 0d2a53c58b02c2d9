/**
 * Makes a release of what is committed: the version in package.json, the date in CHANGELOG.md, one commit and one tag.
 * Nothing leaves the machine: what to push and publish is printed.
 *
 *     node scripts/release.ts 0.2.0 [--date YYYY-MM-DD] [--dry-run]
 *
 * With `--dry-run` it changes nothing: it prints what the release would change, or why there can be none.
 */
import { execFileSync } from "node:child_process";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    date: { type: "string", default: new Date().toISOString().slice(0, 10) },
    "dry-run": { type: "boolean", default: false },
  },
});
try {
  release(positionals[0] ?? "", values.date, values["dry-run"]);
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 65;
}

function release(version: string, date: string, isDry: boolean): void {
  const now = versionIn(textIn("package.json"));
  if (!isNewer(version, now)) throw new Error(`${version || "no version"} does not follow ${now}`);
  if (git("status", "--porcelain") !== "")
    throw new Error("there are changes that are not committed");
  if (git("tag", "--list", `v${version}`) !== "")
    throw new Error(`there is a tag v${version} already`);
  const changed = changedFiles(version, date);
  if (isDry) {
    console.log([...changed.keys()].join("\n"));
    console.log(`v${version} can be made of these changes. Nothing was changed.`);
    return;
  }
  for (const [file, text] of changed) writeFileSync(file, text);
  git("commit", "--quiet", "--all", "--message", `release: ${version}`);
  git("tag", "--annotate", `v${version}`, "--message", `Broadsheet ${version}`);
  console.log(`v${version} is committed and tagged. Next: git push --follow-tags && npm publish`);
}

/** The files that a release changes, with their new text. */
function changedFiles(version: string, date: string): ReadonlyMap<string, string> {
  const since = (file: string) =>
    textIn(file).replaceAll(/(since\b[:= ]*"?)the next version/gi, `$1${version}`);
  return new Map([
    ["CHANGELOG.md", released(textIn("CHANGELOG.md"), version, date)],
    ...["package.json", "package-lock.json"].map((file): [string, string] => [
      file,
      withVersion(textIn(file), version),
    ]),
    ...globSync(["src/**/*.ts", "docs/config.*"])
      .map((file): [string, string] => [file, since(file)])
      .filter(([file, now]) => now !== textIn(file)),
  ]);
}

function textIn(file: string): string {
  return readFileSync(file, "utf8");
}

/** The changelog with the date in the heading of the version, which names it as unreleased until then. */
function released(changelog: string, version: string, date: string): string {
  const heading = `## ${version} (unreleased)\n`;
  const section = changelog.split(/^(?=## )/m).find((text) => text.startsWith(heading));
  if (section === undefined) throw new Error(`CHANGELOG.md has no heading "${heading.trim()}"`);
  if (!/^- /m.test(section)) throw new Error(`CHANGELOG.md has no change in ${version}`);
  return changelog.replace(heading, `## ${version} (${date})\n`);
}

function versionIn(text: string): string {
  return /"version": "([^"]+)"/.exec(text)?.[1] ?? "";
}

/** The package's own version stands first, and in a lock file in its root package too. */
function withVersion(text: string, version: string): string {
  const now = versionIn(text);
  let left = /"lockfileVersion"/.test(text) ? 2 : 1;
  return text.replaceAll(`"version": "${now}"`, (found) =>
    left-- > 0 ? `"version": "${version}"` : found,
  );
}

function isNewer(version: string, than: string): boolean {
  const [next, last] = [numbers(version), numbers(than)];
  if (!next || !last) return false;
  const at = next.findIndex((part, index) => part !== last[index]);
  return at >= 0 && (next[at] ?? 0) > (last[at] ?? 0);
}

/** Of "1.2.3"; undefined for any other text. */
function numbers(text: string): number[] | undefined {
  return /^(\d+)\.(\d+)\.(\d+)$/.exec(text)?.slice(1).map(Number);
}

function git(...args: readonly string[]): string {
  return execFileSync("git", args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  }).trim();
}
