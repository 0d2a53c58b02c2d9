import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { BRIDGE, LAMPS, wireCopy } from "../digest/stories/wire.ts";
import {
  broadsheet,
  folderWith,
  HARBOUR,
  issueOf,
  LIGHTHOUSE,
  linesOf,
  type Run,
} from "./broadsheet.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await folderWith();
});

type Told = readonly [title: string, text: string];

/** A story as a file, with the front matter that it has. */
function file([title, text]: Told, more = ""): string {
  return `---\ntitle: ${JSON.stringify(title)}\n${more}---\n\n${text}\n`;
}

function paper(name: string, told: Told, tag = "News"): string {
  const host = name.toLowerCase().replace(/\W+/g, "-");
  return file(
    told,
    `site: ${name}\nurl: https://${host}.example/story\ntags: [${tag}]\ndate: 2018-11-20\n`,
  );
}

/** A feed whose items are all of these stories, each of a day. */
function feed(name: string, items: readonly (readonly [day: number, told: Told])[]): string {
  const host = `https://${name.toLowerCase().replace(/\W+/g, "-")}.example`;
  const each = items.map(
    ([day, [title, text]], index) =>
      `<item><title>${title}</title><link>${host}/${index}</link><guid>${host}/${index}</guid><pubDate>${new Date(Date.UTC(2018, 10, day)).toUTCString()}</pubDate><content:encoded><![CDATA[${text
        .split("\n\n")
        .map((paragraph) => `<p>${paragraph}</p>`)
        .join("")}]]></content:encoded></item>`,
  );
  return `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>${name}</title><link>${host}/</link>${each.join("")}</channel></rss>`;
}

async function build(
  files: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<Run> {
  cwd = await folderWith(files);
  return broadsheet(["build", ...args, "--date", "2018-11-24", "--json", "--strict"], { cwd });
}

async function textOf(run: Run): Promise<string> {
  return (await readFile(path.join(issueOf(run).dir, "email.txt"), "utf8")).replaceAll(
    "\u00A0",
    " ",
  );
}

/** The headlines of an issue in their order, as the text part has them. */
async function orderOf(run: Run, titles: readonly string[]): Promise<string[]> {
  const text = (await textOf(run)).replace(/\s+/g, " ");
  const [, told = ""] = /^.*?In this issue.*?-{72}(.*)$/s.exec(text) ?? [];
  return titles.toSorted((a, b) => told.indexOf(a) - told.indexOf(b));
}

const COPY = wireCopy(BRIDGE.told, "No way across the Wether");
const THREE = {
  "content/1.md": paper("The One", BRIDGE.told, "Bridges"),
  "content/2.md": paper("The Third", LAMPS.told, "Light"),
  "content/3.md": paper("The Other", COPY, "Bridges"),
};

describe("articles that tell one story", () => {
  test("are one in the issue, told on the terminal, in --json and to the reader", async () => {
    const run = await build(THREE);
    expect(run).toMatchObject({
      code: 0,
      stderr: `1 story merged: "${BRIDGE.told[0]}" (The Other)\n`,
    });
    expect(linesOf(run)).toMatchObject([
      {
        articles: 2,
        subject: BRIDGE.told[0],
        merged: [
          {
            title: BRIDGE.told[0],
            alsoIn: [
              {
                site: "The Other",
                url: "https://the-other.example/story",
                title: COPY[0],
                source: "content/3.md",
              },
            ],
          },
        ],
      },
    ]);
    expect(await textOf(run)).toContain(
      "\n\nAlso in\nThe Other\nhttps://the-other.example/story\n",
    );
    expect(await textOf(run)).not.toContain(COPY[0]);
  });

  test("make a brief, where no other is there", async () => {
    const { "content/2.md": _lamps, ...two } = THREE;
    const run = await build(two);
    expect(await textOf(run)).toContain("\n1 min\n");
  });

  test("stay apart with merge: false", async () => {
    const run = await build({ ...THREE, "broadsheet.config.json": '{ "merge": false }' });
    expect(run.stderr).toBe("");
    expect(linesOf(run)).toMatchObject([{ articles: 3, merged: [] }]);
  });
});

describe("the order of an issue", () => {
  const old = [10, [HARBOUR.split("\n")[0] ?? "", HARBOUR.slice(40)]] as const;
  const items = [old, [23, LAMPS.told], [21, BRIDGE.told]] as const;
  const titles = [old[1][0], LAMPS.told[0], BRIDGE.told[0], "A lamp that counts moths"];
  const files = { "feed.xml": feed("The One", items), "mine.md": LIGHTHOUSE };

  test("has what was named by itself first, then a feed's items, the newest first", async () => {
    const run = await build(files, ["feed.xml", "mine.md"]);
    expect(await orderOf(run, titles)).toEqual([titles[3], titles[1], titles[2], titles[0]]);
  });

  test("obeys pins, and names the nearest headline for one that sticks to nothing", async () => {
    const pins = [
      old[1][0],
      "Lamp oil thief caught on Skery Rock after 11 yeers",
      "Nothing like it",
    ];
    const config = JSON.stringify({ pins, order: "weight" });
    const run = await build({ ...files, "broadsheet.config.json": config }, [
      "feed.xml",
      "mine.md",
    ]);
    expect(run.stderr).toBe(
      `Nothing is pinned by "${pins[1]}": did you mean "${LAMPS.told[0]}"?
Nothing is pinned by "Nothing like it": no article has that title, address or file\n`,
    );
    expect(linesOf(run)).toMatchObject([{ subject: titles[0] }]);
  });
});

describe("sections", () => {
  const rules = [
    { heading: "Over the water", tags: ["BRIDGES"] },
    { heading: "At the opera", tags: ["Opera"] },
    { heading: "After dark", sources: ["the-third.example"] },
  ];
  const config = { "broadsheet.config.json": JSON.stringify({ sections: rules, merge: false }) };

  test("of the editor's own hold what they are for; one without a story is left out and named", async () => {
    const run = await build({ ...THREE, ...config });
    expect(run.stderr).toBe('Left out the section "At the opera": no story belongs to it\n');
    const text = await textOf(run);
    expect(text.match(/(?<=={72}\n\n)\S.*(?=\n\n-{72})/g)).toEqual([
      "Over the water",
      "After dark",
    ]);
    expect(text).not.toContain("More stories");
  });

  test("can be rearranged in digest.json, and a merged paper taken out", async () => {
    const run = await build({ ...THREE, "broadsheet.config.json": '{ "sections": "tag" }' });
    const digest = path.join(issueOf(run).dir, "digest.json");
    const edited = JSON.parse(await readFile(digest, "utf8"));
    const [lead, rest] = edited.sections;
    delete lead.entries[0].alsoIn;
    edited.sections = [
      { ...lead, entries: rest.entries },
      { heading: "Mine", entries: lead.entries },
    ];
    await writeFile(digest, JSON.stringify(edited));
    const again = await broadsheet(["render", digest, "--json"], { cwd });
    expect(linesOf(again)).toMatchObject([{ articles: 2, merged: [] }]);
    const text = await textOf(again);
    expect(text).not.toContain("Also in");
    expect(text.indexOf(LAMPS.told[0])).toBeLessThan(text.indexOf("Mine"));
    expect(text.indexOf("Mine")).toBeLessThan(text.lastIndexOf("Swing bridge at Orrell"));
  });

  test("a misspelt field of an entry is named and not followed", async () => {
    const run = await build(THREE);
    const digest = path.join(issueOf(run).dir, "digest.json");
    await writeFile(digest, (await readFile(digest, "utf8")).replace('"alsoIn"', '"alsoin"'));
    const again = await broadsheet(["render", digest, "--json"], { cwd });
    expect(again.code).toBe(0);
    expect(again.stdout).toContain(
      "sections.0.entries.0.alsoin is not a field: did you mean alsoIn?",
    );
  });
});

describe("parts that the config switches off", () => {
  const story = { "a.txt": HARBOUR };

  test("are in neither part of the email, and stay off when it is rendered again", async () => {
    const config = {
      "broadsheet.config.json": '{ "parts": { "keyPoints": false, "quote": false } }',
    };
    const run = await build({ ...story, ...config }, ["a.txt"]);
    const { dir } = issueOf(run);
    const before = await Promise.all(
      ["email.html", "email.txt"].map(async (name) => readFile(path.join(dir, name), "utf8")),
    );
    for (const part of before)
      expect(part).not.toMatch(/What has changed|blockquote|timetable is a hope/);
    await rm(path.join(cwd, "broadsheet.config.json"));
    await broadsheet(["render", path.join(dir, "digest.json")], { cwd });
    expect(
      await Promise.all(
        ["email.html", "email.txt"].map(async (name) => readFile(path.join(dir, name), "utf8")),
      ),
    ).toEqual(before);
  });

  test("are there without a word in the config", async () => {
    const run = await build(story, ["a.txt"]);
    expect(await textOf(run)).toContain("What has changed");
    const digest = await readFile(path.join(issueOf(run).dir, "digest.json"), "utf8");
    expect(digest).not.toMatch(/"(?:parts|alsoIn)"/);
  });
});
