import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { isBuiltin } from "node:module";
import { homedir, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { blocksOf } from "./journey.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));

const README = blocksOf(readFileSync(join(PROJECT, "README.md"), "utf8"));

let home: string;
let folder: string;

/** Makes the package in this clone and installs it in an empty folder, by the commands of the README. */
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "broadsheet-package-"));
  // Every run of the tests begins with `npm ci`: see .ci/run. It would remove the packages that other tests use now.
  type(commandsOf("sh install").replace(/^npm ci\n/, ""), PROJECT);
  folder = join(home, "my-letter");
});

afterAll(() => rmSync(home, { recursive: true }));

/** The first block of the README with this behind its fence. */
function commandsOf(info: string): string {
  return README.find((block) => block.info === info)?.text ?? "";
}

/** Types commands into a shell of a user whose home folder is empty. npm keeps its settings and its cache. */
function type(commands: string, cwd: string): string {
  const env = {
    npm_config_userconfig: join(homedir(), ".npmrc"),
    npm_config_cache: join(homedir(), ".npm"),
    npm_config_prefer_offline: "true",
    npm_config_audit: "false",
    ...process.env,
    HOME: home,
  };
  return execFileSync("sh", ["-eu", "-c", commands], {
    cwd,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function broadsheet(...args: string[]): string {
  const { status, stdout, stderr } = spawn(args);
  expect(status, stderr).toBe(0);
  return stdout;
}

interface Surroundings {
  readonly env?: NodeJS.ProcessEnv;
  /** Flags for Node. */
  readonly node?: readonly string[];
}

function spawn(args: readonly string[], { env = {}, node = [] }: Surroundings = {}) {
  return spawnSync(process.execPath, [...node, join(dist(), "cli/main.js"), ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
}

function dist(): string {
  return join(folder, "node_modules/broadsheet/dist");
}

/** The names of what lies in a node_modules folder, scopes looked into. */
function installed(): string[] {
  const modules = join(folder, "node_modules");
  return globSync(["*", "@*/*"], { cwd: modules }).filter((name) => !/^[.]|^@[^/]+$/.test(name));
}

/** A text as a pattern that matches it alone. */
function quoted(text: string): string {
  return text.replaceAll(/\W/g, "\\$&");
}

describe("the package, installed in an empty folder", () => {
  test("holds what it needs and nothing of the workshop", () => {
    const names = readdirSync(join(folder, "node_modules/broadsheet")).sort();
    expect(names).toEqual(
      "CHANGELOG.md LICENSE README.md dist docs package.json templates".split(" "),
    );
  });

  test("names no folder of the machine that built it", () => {
    const root = join(folder, "node_modules/broadsheet");
    const files = globSync("**/*", { cwd: root, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    expect(files.length).toBeGreaterThan(50);
    // A short name such as /src/ is also a part of other paths, so none of them may come before it.
    const folders = [PROJECT, join(homedir(), "/")].filter((name) => name !== "/");
    const named = new RegExp(`(?<![\\w.*@-])(?:${folders.map(quoted).join("|")})`);
    const naming = files
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((file) => named.test(readFileSync(file, "latin1")));
    expect(naming.map((file) => relative(root, file))).toEqual([]);
  });

  test("has a command that begins a newsletter and builds it", () => {
    const { version } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8"));
    expect(broadsheet("--version").trim()).toBe(version);
    expect(type(commandsOf("sh run"), folder)).toContain("preview.html");
    const built = JSON.parse(broadsheet("build", "--json"));
    expect(built).toMatchObject({ articles: 2, subject: expect.any(String) });
    expect(readdirSync(built.dir)).toEqual(
      expect.arrayContaining(["email.html", "email.txt", "email.eml"]),
    );
    expect(readFileSync(join(built.dir, "preview.html"), "utf8")).toMatch(
      /^<!doctype html>[^]*allow-same-origin/,
    );
  });

  test("brings along zod, for its types, two packages whose fixes users need, and sharp with its parts", () => {
    const isOfSharp = /^(?:sharp|@img\/.+|detect-libc|semver|@emnapi\/runtime|tslib)$/;
    const isOfHandlebars = /^(?:minimist|neo-async|source-map|uglify-js|wordwrap)$/;
    expect(
      installed()
        .filter((name) => !isOfSharp.test(name) && !isOfHandlebars.test(name))
        .sort(),
    ).toEqual(["broadsheet", "handlebars", "nodemailer", "zod"]);
  });

  test("names every package that is in it, with its licence, and in the bill of materials", () => {
    const notices = readFileSync(join(dist(), "THIRD-PARTY-NOTICES.txt"), "utf8");
    const named = new Set(
      [...notices.matchAll(/^-{80}\n\n(\S+) \d[^\n]*: (?!no licence)/gm)].map(([, name]) => name),
    );
    const files = globSync("**/*.{js,mjs}", { cwd: dist() });
    const code = files.map((file) => readFileSync(join(dist(), file), "utf8")).join("\n");
    const origins = [
      ...code.matchAll(/^\/\/ node_modules\/(?:.+\/node_modules\/)?((?:@[^/]+\/)?[^/\n]+)/gm),
    ];
    // What feedsmith has copied into itself counts as feedsmith's.
    const bundled = new Set(
      origins
        .filter(([line]) => !line.includes("feedsmith/dist/node_modules"))
        .map(([, name]) => name),
    );
    expect(bundled.size).toBeGreaterThan(50);
    expect([...bundled].filter((name) => !named.has(name))).toEqual([]);
    expect([...named]).toEqual(expect.arrayContaining(["eld", "mjml-core"]));
    const bill = JSON.parse(readFileSync(join(dist(), "sbom.cdx.json"), "utf8"));
    const components: { name: string; purl: string }[] = bill.components;
    expect(new Set(components.map(({ name }) => name))).toEqual(named);
    expect(components.every(({ purl }) => /^pkg:npm\/[^@]+@\d/.test(purl))).toBe(true);
    expect(bill.metadata.component).toMatchObject({ name: "broadsheet" });
    expect(bill).not.toHaveProperty("serialNumber");
  });

  test("imports what it brings and what is optional, and nothing else", () => {
    const imported = globSync("**/*.{js,mjs}", { cwd: dist() }).flatMap((file) =>
      [
        ...readFileSync(join(dist(), file), "utf8").matchAll(
          /^(?:import|export) .*?from "([^".][^"]*)"|\bimport\("([^".][^"]*)"\)/gm,
        ),
      ].map(([, from, late]) => from ?? late ?? ""),
    );
    const known =
      /^(?:handlebars|nodemailer|ai|@ai-sdk\/(?:anthropic|openai-compatible)|axe-core|imapflow|mailauth|pg|pg-boss|playwright-core|sharp|@sparticuz\/chromium)(?:\/|$)/;
    expect(
      // A name in a template of minified code is none.
      imported
        .filter((name) => !name.includes("$"))
        .filter((name) => !known.test(name) && !isBuiltin(name) && name !== "broadsheet"),
    ).toEqual([]);
  });

  test("an old Node is told so, before it reads what it would not understand", () => {
    expect(readFileSync(join(dist(), "cli/main.js"), "utf8")).not.toMatch(/^import /m);
    const old = 'Object.defineProperty(process, "versions", { value: { node: "22.20.0" } });';
    const node = ["--import", `data:text/javascript,${encodeURIComponent(old)}`];
    const { status, stderr } = spawn(["build"], { node });
    expect([status, stderr]).toEqual([78, expect.stringContaining("24.12 or newer")]);
  });

  test("a compile cache that was cut off or can't be written costs time alone", () => {
    const cache = join(folder, "compile-cache");
    const env = { NODE_COMPILE_CACHE: cache };
    spawn(["--version"], { env });
    const kept = globSync("**/*", { cwd: cache, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    expect(kept.length).toBeGreaterThan(3);
    for (const file of kept) truncateSync(join(file.parentPath, file.name), 40);
    expect(spawn(["--version"], { env })).toMatchObject({ status: 0, stderr: "" });
    const unwritable = join(folder, "no-cache");
    mkdirSync(unwritable);
    chmodSync(unwritable, 0o500);
    const nowhere = { NODE_COMPILE_CACHE: join(unwritable, "in"), XDG_CACHE_HOME: unwritable };
    expect(spawn(["--version"], { env: nowhere })).toMatchObject({ status: 0, stderr: "" });
  });

  test("a template may inline a style and set attributes, and a picture converted by a process", () => {
    const head = readFileSync(join(dist(), "../templates/partials/head.mjml.hbs"), "utf8");
    const more =
      '<mj-style inline="inline">h1 { orphans: 3 }</mj-style><mj-html-attributes><mj-selector path="h1"><mj-html-attribute name="data-kind">title</mj-html-attribute></mj-selector></mj-html-attributes></mj-head>';
    mkdirSync(join(folder, "templates/partials"), { recursive: true });
    writeFileSync(
      join(folder, "templates/partials/head.mjml.hbs"),
      head.replace("</mj-head>", more),
    );
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="300"><rect width="600" height="300" fill="#345"/></svg>';
    writeFileSync(join(folder, "content/quay.svg"), svg);
    writeFileSync(
      join(folder, "content/quay.md"),
      `# The quay is open\n\n![The quay](quay.svg)\n\n${"The quay was opened to the public on Monday after two years of work. ".repeat(9)}`,
    );
    const { dir } = JSON.parse(broadsheet("build", "--json"));
    expect(readdirSync(join(dir, "images"))).toEqual(["quay.png"]);
    const html = readFileSync(join(dir, "email.html"), "utf8");
    expect(html).toMatch(/<h1 [^>]*orphans: 3/);
    expect(html).toMatch(/<h1 [^>]*data-kind="title"/);
  });

  test("a model's packages are asked for where a newsletter wants one", () => {
    writeFileSync(
      join(folder, "model.config.json"),
      JSON.stringify({ name: "Written", summary: { provider: "anthropic", model: "any" } }),
    );
    const env = { ANTHROPIC_API_KEY: "none" };
    const build = ["build", "content", "--config", "model.config.json"];
    const { status, stderr } = spawn(build, { env });
    expect(status).toBe(78);
    expect(stderr.match(/npm install ai@6 @ai-sdk\/anthropic@3/g)).toHaveLength(1);
  });

  test("the packages of PostgreSQL are asked for where a newsletter names a database", () => {
    const env = { DATABASE_URL: "postgres://letter@127.0.0.1:9/letter" };
    const { status, stderr } = spawn(["subscribers", "list"], { env });
    expect([status, stderr]).toEqual([78, expect.stringContaining("npm install pg pg-boss")]);
  });

  test("has types that check, strictly", () => {
    writeFileSync(
      join(folder, "use.mts"),
      `import { buildIssue, composeDigest, deliver, loadTemplate, openNewsletter, openSubscribers, readArticle, readSources, renderEmail, summarize, type Article, type Config, type Delivery, type Email, type Newsletter } from "broadsheet";
       const config = {
         name: "A",
         from: "A <a@letter.example>",
         sources: ["content", { from: "https://paper.example/feed.xml", limit: 3, tags: ["port"] }],
         sections: [{ heading: "Port", tags: ["port"], weight: "pair" }],
         smtp: { rate: "14/s, 50000/day" },
         schedule: { cron: "0 7 * * 2" },
       } satisfies Config;
       // @ts-expect-error there is no such key
       export const wrong: Config = { nam: "A" };
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
    const options =
      "--strict --noEmit --skipDefaultLibCheck --module nodenext --target es2024 --lib es2024,dom use.mts --types".split(
        " ",
      );
    const tsc = join(PROJECT, "node_modules/.bin/tsc");
    expect(spawnSync(tsc, [...options, ""], { cwd: folder, encoding: "utf8" }).stdout).toBe("");
  });
});
