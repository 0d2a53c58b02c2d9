import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));

let folder: string;

/** Packs the project as npm would publish it and installs that into an empty folder. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "broadsheet-package-"));
  const npm = (...args: string[]) =>
    execFileSync("npm", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  npm("pack", PROJECT, "--silent", "--pack-destination", folder);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  npm("install", "--silent", "--no-audit", "--no-fund", "--prefer-offline", join(folder, tarball));
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true }));

function broadsheet(...args: string[]): string {
  const bin = join(folder, "node_modules/broadsheet/dist/cli/main.js");
  return execFileSync(process.execPath, [bin, ...args], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

describe("the package, installed in an empty folder", () => {
  test("holds what it needs and nothing of the workshop", () => {
    const names = readdirSync(join(folder, "node_modules/broadsheet")).sort();
    expect(names).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "dist",
      "docs",
      "package.json",
      "templates",
    ]);
  });

  test("has a command that begins a newsletter and builds it", () => {
    const { version } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8"));
    expect(broadsheet("--version").trim()).toBe(version);
    broadsheet("init", "letter", "--yes");
    const built = JSON.parse(
      broadsheet("build", "--config", "letter/broadsheet.config.ts", "--json"),
    );
    expect(built).toMatchObject({ articles: 2, subject: expect.any(String) });
    expect(readdirSync(built.dir)).toEqual(
      expect.arrayContaining(["email.html", "email.txt", "email.eml"]),
    );
    expect(readFileSync(join(built.dir, "preview.html"), "utf8")).toMatch(
      /^<!doctype html>[^]*allow-same-origin/,
    );
  });

  test("has types that check, strictly", () => {
    writeFileSync(
      join(folder, "use.ts"),
      `import { buildIssue, composeDigest, deliver, loadTemplate, openNewsletter, openSubscribers, readArticle, readSources, renderEmail, summarize, type Article, type Config, type Delivery, type Email, type Newsletter } from "broadsheet";
       const config = { name: "A" } satisfies Config;
       const article: Article = readArticle({ format: "text", location: config.name, body: "One two three." });
       const digest = composeDigest({ newsletter: "a", slot: "2019-03-14" }, [{ article, summary: summarize(article) }]);
       export const email: Promise<Email> = loadTemplate("brief").then((template) => renderEmail(digest, template));
       export async function weekly(newsletter: Newsletter): Promise<Delivery> {
         for await (const read of readSources(newsletter, ["content"])) if ("error" in read) throw read.error;
         const { digest } = await buildIssue(newsletter, { date: "2019-03-14" });
         (await openSubscribers(newsletter)).close();
         return deliver(newsletter, digest.issue.slot, { limit: 1, signal: AbortSignal.timeout(1_000) });
       }
       export const opened: Promise<Newsletter> = openNewsletter(".");
       // @ts-expect-error a summary is no article
       summarize(summarize(article));`,
    );
    const options = [
      "--strict",
      "--noEmit",
      "--module",
      "nodenext",
      "--target",
      "es2024",
      "--lib",
      "es2024,dom",
      "--types",
      "",
      "use.ts",
    ];
    const tsc = join(PROJECT, "node_modules/.bin/tsc");
    expect(spawnSync(tsc, options, { cwd: folder, encoding: "utf8" }).stdout).toBe("");
  });
});
