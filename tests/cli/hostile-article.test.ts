import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { broadsheet, folderWith, issueOf, linesOf, writeInto } from "./broadsheet.ts";
import { bench, due, mailed, receivers } from "./scheduled-project.ts";
import { noticesIn } from "./notices.ts";
import { spawnBroadsheet } from "./spawn-broadsheet.ts";

const FERRY = `The ferry that waits for the post

The ferry at Sallow Ness leaves when the post van has come, and not before. The van comes at eight on most days.

Edda Marlow has driven the van since 1998 and has missed the ferry twice. Both times the ferry waited for her.
`;

const MILL = `The mill at Tarnø grinds again

The mill at Tarnø has ground no corn for eleven years, since the leat above it broke in a flood. On Monday it ground.

The miller has mended the leat by hand, one stone after another, and says that the flour is coarse.
`;

const SUPPER = `Supper at the inn

The inn has moved its supper back by an hour, and the cook is not pleased. The guests come from the late boat now.

The council asked for it in a letter, which hangs in the kitchen with a knife through it.
`;

const BUILD = ["build", "--date", "2019-03-14", "--json"];

let cwd: string;

beforeEach(async () => {
  cwd = await folderWith();
});

const put = async (name: string, content: string) => writeInto(cwd, { [name]: content });

/** Words of five letters, none twice. */
function distinctWords(count: number): string[] {
  return Array.from({ length: count }, (_, at) =>
    (at + 26 ** 4).toString(26).replace(/\d/g, (digit) => "qrstuvwxyz"[Number(digit)] ?? ""),
  );
}

describe("an article like no other does not stop the issue", () => {
  test("one with more distinct words than a call takes arguments", async () => {
    const words = distinctWords(25_000).join(" ");
    const sentences = words.replace(/((?:\S+ ){20})/g, (run) => `The ${run.trim()}. `);
    await put("a.txt", FERRY);
    await put("b.txt", `The words of the island\n\n${sentences}`);
    // The smaller the stack, the fewer arguments a call takes: 800 KB are too many for the usual one.
    const run = await spawnBroadsheet([...BUILD, "a.txt", "b.txt"], {
      cwd,
      node: ["--stack-size=200"],
    });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(issueOf(run)).toMatchObject({ articles: 2, failed: [] });
  });

  test("one with a word of 2 MB, which is left out of it and told", async () => {
    await put("a.txt", FERRY);
    await put("b.txt", MILL.replace("by hand", `by ${"x".repeat(2_000_000)} hand`));
    const run = await broadsheet([...BUILD, "a.txt", "b.txt"], { cwd });
    expect([run.code, run.stderr.slice(0, 5000)]).toEqual([0, expect.any(String)]);
    expect(run.stderr).toMatch(/^Cut in b\.txt: x{159}… \(a word of 2,000,000 characters\)\n$/);
    expect(issueOf(run)).toMatchObject({ articles: 2, failed: [] });
    expect(await readFile(path.join(issueOf(run).dir, "digest.json"), "utf8")).toContain("leat by");
  });

  test("nor one of Chinese without a stop, whose script has no spaces", async () => {
    await put("a.txt", FERRY);
    await put("b.txt", `渡船の話\n\n${"渡船は郵便車を待つ".repeat(20_000)}`);
    const run = await broadsheet([...BUILD, "a.txt", "b.txt"], { cwd });
    expect(issueOf(run)).toMatchObject({ articles: 1, failed: [{ source: "b.txt" }] });
  });
});

/**
 * Front matter in JSON, nested deeper than the stack that reads it: the one real input that breaks Broadsheet's own work on
 * an article. What the other steps do with one has held against thousands of mutated articles, and against whatever can be written
 * into each field of a digest.json. So they have no row here:
 * - arrange, summarise and compose see plain text of bounded words and fields, and take no step for each level of anything.
 * - illustrate decodes pictures in another process, whose end costs the picture alone (pictures.test.ts).
 * - render and check see the digest by its schema, and a template's fault is TEMPLATE_INVALID for the whole issue.
 * That a story is left out wherever it breaks is tested in tests/sources/left-out.test.ts.
 */
const BROKEN_MILL = `{"title": "The mill at Tarnø grinds again", "plan": ${"[".repeat(20_000)}${"]".repeat(20_000)}}

${MILL.split("\n\n").slice(1).join("\n\n")}`;

const BROKE = String.raw`Broadsheet crashed on it \(RangeError: Maximum call stack size exceeded\)`;

describe("an article at which our own work breaks", () => {
  beforeEach(async () => {
    await put("content/a.txt", FERRY);
    await put("content/b.md", BROKEN_MILL);
    await put("content/c.txt", SUPPER);
  });

  test("is one left-out story, told as a bug of ours", async () => {
    const run = await broadsheet(BUILD, { cwd });
    expect(run.code).toBe(75);
    expect(run.stderr).toMatch(
      new RegExp(String.raw`^error INTERNAL: content/b\.md: ${BROKE}\n +at `),
    );
    expect(run.stderr).toMatch(/\n {2}fix this is a bug in Broadsheet: please report it/);
    expect(issueOf(run)).toMatchObject({
      articles: 2,
      failed: [{ source: "content/b.md", code: "INTERNAL", temporary: false }],
    });
    const text = await readFile(path.join(issueOf(run).dir, "email.txt"), "utf8");
    expect(text).toContain("The ferry that waits");
    expect(text).toContain("Supper at the inn");
    expect(text).not.toContain("mill");
  });

  test("is told where the sources of the config are looked through too", async () => {
    await put("broadsheet.config.json", '{ "name": "The Quay", "maxItems": 10 }');
    const run = await broadsheet(BUILD, { cwd });
    expect(run.code).toBe(75);
    expect(issueOf(run)).toMatchObject({ articles: 2, failed: [{ source: "content/b.md" }] });
  });

  test("fails the build with --strict, or where there is no other", async () => {
    expect(await broadsheet([...BUILD, "--strict"], { cwd })).toMatchObject({
      code: 70,
      stdout: "",
    });
    const alone = await broadsheet([...BUILD, "content/b.md"], { cwd });
    expect(alone).toMatchObject({ code: 70, stdout: "" });
    expect(alone.stderr).toMatch(/^error INTERNAL: content\/b\.md/);
  });

  test("leaves summarize the others, and its exit code is 70", async () => {
    const run = await broadsheet(["summarize", "content", "--json"], { cwd });
    expect(run.code).toBe(70);
    expect(run.stderr).toMatch(/^error INTERNAL: content\/b\.md: Broadsheet crashed on it/);
    expect(linesOf(run)).toMatchObject([{ source: "content/a.txt" }, { source: "content/c.txt" }]);
  });
});

test("a feed's items that each break another limit leave the feed's others", async () => {
  const blanks = "\u00a0".repeat(40_000);
  const hostile: Readonly<Record<string, string>> = {
    "a title": `<title>${"word ".repeat(25_000)}</title>`,
    "a title of one word": `<title>${"w".repeat(126_000)}</title>`,
    "an author": `<title>A</title><dc:creator>${"Ana Ruiz ".repeat(14_000)}</dc:creator>`,
    tags: `<title>T</title>${Array.from({ length: 3000 }, (_, at) => `<category>tag ${at}</category>`).join("")}`,
    "an address": `<title>L</title><link>https://quay.example/${"a".repeat(126_000)}</link>`,
    "a date": `<title>D</title><pubDate>${"2".repeat(126_000)}</pubDate>`,
    blanks: `<title>x${blanks}y</title><dc:creator>A${blanks}B</dc:creator>`,
    surrogates: "<title>The \ud800 ferry\u0000</title><category>a\udc00b</category>",
  };
  const bodies = [
    FERRY,
    `${FERRY}${"x".repeat(100_000)}`,
    `${FERRY}${blanks}The end.`,
    `${FERRY}${"and the ferry waits for the van ".repeat(2_000)}.`,
    `<![CDATA[${"<div>".repeat(10_000)}${FERRY}]]>`,
    `<![CDATA[<p>${FERRY}</p>${'<img src="https://quay.example/a.jpg">'.repeat(1000)}]]>`,
    `${FERRY}${" “a ".repeat(10_000)}`,
  ];
  const bad = [
    ...Object.values(hostile).map((fields) => `${fields}<description>${FERRY}</description>`),
    ...bodies.map((body, at) => `<title>Body ${at}</title><description>${body}</description>`),
  ].map((inside, at) => `<item><guid>bad-${at}</guid>${inside}</item>`);
  const good = Array.from(
    { length: 60 - bad.length },
    (_, at) =>
      `<item><guid>good-${at}</guid><title>The ferry of pier ${at}</title><description>${FERRY}</description></item>`,
  );
  // A bad one after each three good ones.
  const items = good.map((item, at) => (at % 3 === 2 ? `${item}${bad.shift() ?? ""}` : item));
  await put(
    "feed.xml",
    `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Quay</title>${items.join("")}${bad.join("")}</channel></rss>`,
  );
  await put("broadsheet.config.json", '{ "name": "The Quay", "merge": false }');
  const run = await broadsheet([...BUILD, "feed.xml"], { cwd });
  expect([run.code, issueOf(run).articles, issueOf(run).failed]).toEqual([0, 60, []]);
});

describe("run goes on without an article that can't be read, and so does status", () => {
  test("one that is empty is told to whoever wants all of it, and by status until the next issue", async () => {
    const { server, project } = await bench();
    await writeFile(path.join(project.cwd, "content/2.txt"), "");
    const run = await project.run(["run", "--verbose"]);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain(
      "the-slipway: content/2.txt has no text in it; write something in it",
    );
    expect(receivers(server)).toHaveLength(5);
    const status = await project.run(["status", "--json"]);
    expect(linesOf(status)).toMatchObject([
      {
        sources: [{ failures: 0, code: "CONTENT_EMPTY" }],
      },
    ]);
    expect(noticesIn(status)).toEqual([
      "content/2.txt has no text in it; write something in it, or leave it out",
    ]);
    expect((await project.run(["status"])).stdout).toContain("2.txt has no text in it");
  });

  test("one at which our own work breaks is a fault, and stays new", async () => {
    const { server, project } = await bench();
    const file = path.join(project.cwd, "content/2.md");
    await writeFile(file, BROKEN_MILL);
    const { code, said } = await mailed(project);
    expect(code).toBe(75);
    expect(said).toEqual([
      expect.stringMatching(
        new RegExp(
          String.raw`^error INTERNAL: the-slipway/\S+: left out: \S*content/2\.md: ${BROKE}; this is a bug`,
        ),
      ),
    ]);
    expect(receivers(server)).toHaveLength(5);
    expect(noticesIn(await project.run(["status", "--json"]))).toEqual([
      expect.stringMatching(/^\S*content\/2\.md/),
    ]);
    await writeFile(file, MILL);
    expect(await due(project, { now: true })).toEqual({ code: 0, said: [] });
    expect(receivers(server)).toHaveLength(10);
    expect(String(server.taken.at(-1)?.raw)).toContain("The mill at Tarn");
  });
});
