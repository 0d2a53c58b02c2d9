import { createServer } from "node:http";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { simpleParser } from "mailparser";
import sharp from "sharp";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { arrangedDigest } from "../../src/digest/arrange/weights.ts";
import { type Entry, flatEntries } from "../../src/digest/digest.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { animation, CHART, phonePhoto, photo, pixelBomb } from "../pictures.ts";
import { broadsheet, folderWith, HARBOUR, issueOf, type Run, writeInto } from "./broadsheet.ts";
import { spawnBroadsheet } from "./spawn-broadsheet.ts";
import { listening } from "../listening.ts";
import { withoutPackages } from "../without-packages.ts";

/** What the server has, by its path. */
const served = new Map<string, readonly [contentType: string, body: Buffer]>();
let base: string;
let cwd: string;

function picture(name: string, type: string, body: Buffer | string): void {
  served.set(`/${name}`, [type, Buffer.from(body)]);
}

beforeAll(async () => {
  const webp = await photo(1240, 830).webp().toBuffer();
  const jpeg = await photo(800, 600).jpeg().toBuffer();
  picture("mill.webp", "image/webp", webp);
  picture("mill-again", "application/octet-stream", webp);
  picture("chart.svg", "image/svg+xml", CHART);
  picture("page.jpg", "image/jpeg", "<!doctype html><title>Log in</title>");
  picture("page.html", "text/html", "<!doctype html><title>Log in</title>");
  picture("cut.jpg", "image/jpeg", jpeg.subarray(0, 9000));
  picture("empty.jpg", "image/jpeg", "");
  picture("bomb.png", "image/png", await pixelBomb());
  picture("fine.jpg", "image/jpeg", jpeg);
  const server = createServer(({ url = "" }, response) => {
    const [type, body] = served.get(url) ?? [];
    response.writeHead(type === undefined ? 404 : 200, { "content-type": type ?? "text/plain" });
    response.end(body);
  });
  const { origin, close } = await listening(server);
  base = origin;
  return close;
});

beforeEach(async () => {
  cwd = await folderWith();
});

const put = async (name: string, content: string | Uint8Array) =>
  writeInto(cwd, { [name]: content });

/** A story in content/ that leads with a picture. */
async function story(name: string, src: string): Promise<void> {
  const image = `{ src: "${src}", alt: A mill at low water, credit: The Quay }`;
  await put(`content/${name}`, `---\nimage: ${image}\n---\n${HARBOUR}`);
}

async function configured(images: object): Promise<void> {
  await put("broadsheet.config.json", JSON.stringify({ name: "The Quay", merge: false, images }));
}

const BUILD = ["build", "--date", "2031-04-02", "--allow-private", "--json"];

async function build(...flags: readonly string[]): Promise<Run> {
  return broadsheet([...BUILD, ...flags], { cwd });
}

/** Node finds no sharp, as where optional dependencies were left out. */
async function buildWithoutSharp(): Promise<Run> {
  return spawnBroadsheet(BUILD, { cwd, node: ["--import", withoutPackages("sharp")] });
}

/** The `img` elements of an email: what is in their attributes. */
async function shownIn(run: Run): Promise<Record<string, string>[]> {
  const html = await readFile(path.join(issueOf(run).dir, "email.html"), "utf8");
  return [...html.matchAll(/<img ([^>]*)>/g)].map(([, attributes = ""]) =>
    Object.fromEntries(
      [...attributes.matchAll(/(src|alt|width|height)="([^"]*)"/g)].map(([, key, value]) => [
        key,
        value,
      ]),
    ),
  );
}

async function placed(run: Run, name: string) {
  const content = await readFile(path.join(issueOf(run).dir, "images", name));
  const { format, width, height, exif } = await sharp(content).metadata();
  return { content, format, width, height, exif };
}

describe("a picture on the web", () => {
  beforeEach(() => story("mill.md", `${base}/mill.webp`));

  test("stays where it is where the config says so", async () => {
    await configured({ copy: false });
    const run = await build();
    expect(await shownIn(run)).toEqual([
      { src: `${base}/mill.webp`, alt: "A mill at low water", width: "520" },
    ]);
    expect(issueOf(run).files.filter((file) => file.startsWith("images/"))).toEqual([]);
  });

  test("travels in the message, as a JPEG twice as wide as it is shown", async () => {
    await configured({ copy: true });
    const run = await build();
    expect(run).toMatchObject({ code: 0, stderr: "" });
    const [shown, ...others] = await shownIn(run);
    expect(others).toEqual([]);
    expect(shown).toEqual({
      src: expect.stringMatching(/^images\/[0-9a-f]{16}-lead\.jpg$/),
      alt: "A mill at low water",
      width: "600",
      height: "338",
    });
    const name = path.basename(shown?.["src"] ?? "");
    const { content, ...found } = await placed(run, name);
    expect(found).toEqual({ format: "jpeg", width: 1200, height: 675, exif: undefined });
    const mail = await simpleParser(await readFile(path.join(issueOf(run).dir, "email.eml")));
    const [part] = mail.attachments;
    expect(part).toMatchObject({ contentType: "image/jpeg", filename: name, related: true });
    expect(part?.content.equals(content)).toBe(true);
    expect(await readFile(path.join(issueOf(run).dir, "email.html"), "utf8")).toContain("The Quay");
  });

  test("at two addresses is one file, and a build of the same gives the same", async () => {
    await story("again.md", `${base}/mill-again`);
    await configured({ copy: true });
    const [first, second] = [await build(), await build()];
    const { dir, files } = issueOf(first);
    const names = await readdir(path.join(dir, "images"));
    // The one that it was fetched as, cut for the lead. The row below does not show the picture again.
    expect([...new Set(names.map((name) => name.slice(0, 16)))]).toHaveLength(1);
    expect(names).toHaveLength(2);
    expect(await shownIn(first)).toHaveLength(1);
    expect(files).toEqual(issueOf(second).files);
  });

  test("with images.baseUrl too is shown from there, and the message carries nothing", async () => {
    await configured({ copy: true, baseUrl: "https://quay.example/mail/{slot}" });
    const run = await build();
    const [shown] = await shownIn(run);
    expect(shown?.["src"]).toMatch(
      /^https:\/\/quay\.example\/mail\/2031-04-02\/[0-9a-f]{16}-lead\.jpg$/,
    );
    expect((await placed(run, path.basename(shown?.["src"] ?? ""))).width).toBe(1200);
    const mail = await readFile(path.join(issueOf(run).dir, "email.eml"));
    expect((await simpleParser(mail)).attachments).toEqual([]);
  });

  test("that no template shows does not travel", async () => {
    await story("second.md", `${base}/chart.svg`);
    await configured({ copy: true });
    const { dir, files } = issueOf(await build("--template", "letter"));
    expect(files.filter((file) => /^images\/[0-9a-f]{16}\.\w+$/.test(file))).toHaveLength(2);
    const mail = await simpleParser(await readFile(path.join(dir, "email.eml")));
    expect(mail.attachments).toHaveLength(0);
  });

  test("inside a network is not fetched without leave", async () => {
    await configured({ copy: true });
    const run = await broadsheet(["build", "--json"], { cwd });
    expect(run.stderr).toMatch(/^No picture in content\/mill\.md: .*--allow-private\n$/);
    expect(await shownIn(run)).toEqual([]);
  });
});

describe("a picture that can't be had", () => {
  test("is one line on the terminal, and its story goes out", async () => {
    const lines: Readonly<Record<string, RegExp>> = {
      "bomb.png": /^No picture in content\/bomb\.png\.md: .* 50000 × 50000 px/,
      "cut.jpg": /^No picture in .* is cut off or damaged/,
      "empty.jpg": /^No picture in .* is empty/,
      "gone.jpg": /^No picture in .*gone\.jpg is not there \(404\)$/,
      "page.html": /^No picture in .*text\/html, not a picture/,
      "page.jpg": /^No picture in .* is a web page/,
    };
    for (const name of Object.keys(lines)) await story(`${name}.md`, `${base}/${name}`);
    await configured({ copy: true });
    const run = await build();
    expect(run.code).toBe(0);
    expect(run.stderr.trimEnd().split("\n")).toEqual(
      Object.values(lines).map((line) => expect.stringMatching(line)),
    );
    const { dir } = issueOf(run);
    const { sections } = parseDigest(await readFile(path.join(dir, "digest.json"), "utf8"), dir);
    const articles = sections.flatMap(({ entries }) => entries.map(({ article }) => article));
    expect(articles).toHaveLength(6);
    expect(articles.flatMap(({ images }) => images)).toEqual([]);
  });

  test("is, with --strict, the end of the build", async () => {
    await story("a.md", `${base}/none.jpg`);
    await configured({ copy: true });
    const run = await build("--strict");
    expect(run).toMatchObject({ code: 66, stdout: "" });
    expect(run.stderr).toMatch(/^error INPUT_MISSING: .*404.*\n {3}at content\/a\.md\n/);
  });

  test("gives its place to the next one of its story", async () => {
    const page = `<!doctype html><html lang="en"><head><title>The ferry that waits</title><meta property="og:image" content="${base}/none.jpg"><meta property="og:image:alt" content="A quay"></head>
<body><article><h1>The ferry that waits</h1>${HARBOUR.split("\n\n")
      .slice(2)
      .map((text) => `<p>${text}</p>`)
      .join(
        "",
      )}<figure><img src="${base}/fine.jpg" alt="A ferry"></figure></article></body></html>`;
    await put("content/page.html", page);
    await configured({ copy: true });
    const run = await build();
    expect(run.stderr).toMatch(/^No picture in content\/page\.html: [^\n]*404[^\n]*\n$/);
    expect(await shownIn(run)).toMatchObject([{ alt: "A ferry", width: "600", height: "338" }]);
  });
});

describe("a picture beside its article", () => {
  test("becomes what mail programs show, upright, no larger than need be, and tells nothing of its owner", async () => {
    const made: Readonly<Record<string, readonly [string | Buffer, string, object]>> = {
      "chart.svg": [CHART, "chart.png", { format: "png", width: 1200, height: 800 }],
      "lamp.gif": [
        await animation(300, 200),
        "lamp.gif",
        { format: "gif", width: 300, height: 200 },
      ],
      "phone.jpeg": [
        await phonePhoto(1950, 1300),
        "phone.jpg",
        { format: "jpeg", width: 1200, height: 1800 },
      ],
      "web.webp": [
        await photo(1300, 800).webp().toBuffer(),
        "web.jpg",
        { format: "jpeg", width: 1200, height: 738 },
      ],
    };
    for (const [src, [content]] of Object.entries(made)) {
      await put(`content/images/${src}`, content);
      await story(`${src}.md`, `images/${src}`);
    }
    await configured({});
    const run = await build();
    expect(run).toMatchObject({ code: 0, stderr: "" });
    for (const [, name, found] of Object.values(made)) {
      expect(issueOf(run).files).toContain(`images/${name}`);
      expect(await placed(run, name)).toMatchObject({ ...found, exif: undefined });
    }
  });

  test("is shown as wide as it is, where the text is wider", async () => {
    await put("content/small.png", await photo(300, 200).png().toBuffer());
    await story("a.md", "small.png");
    expect(await shownIn(await build())).toMatchObject([{ width: "300", height: "200" }]);
  });

  test("that is not there is one line, and its story goes out", async () => {
    await story("a.md", "none.png");
    const run = await build();
    expect(run.code).toBe(0);
    expect(run.stderr).toBe(
      "No picture in content/a.md: the picture none.png is not there; put it beside the article, or take it out of the article\n",
    );
  });
});

/** A mill of a few lines on a clear ground. */
async function clearDrawing(colour: string): Promise<Buffer> {
  const lines = `<g stroke="${colour}" stroke-width="9"><path d="M80 480 L400 60 L760 500 Z" fill="none"/><path d="M20 540 H820 M100 100 L700 400 M700 90 L120 420"/></g>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="840" height="600">${lines}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

async function movingPhoto(width: number, height: number): Promise<Buffer> {
  const frames = await Promise.all(
    [4, 5].map(async (scene) => photo(width, height, 3, scene).png().toBuffer()),
  );
  return sharp(frames, { join: { animated: true } })
    .gif({ effort: 1 })
    .toBuffer();
}

function asRow(entry: Entry): Entry {
  return { ...entry, weight: "row" };
}

/** A frame with white paper round it. */
async function framed(height: number, colour: string): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="${height}"><rect width="1200" height="${height}" fill="#ffffff"/><rect x="50" y="50" width="1100" height="${height - 100}" fill="none" stroke="${colour}" stroke-width="40"/><path d="M100 100 L900 400 L1100 150" stroke="${colour}" stroke-width="10" fill="none"/></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

/** The colour at a point of a picture, and whether the picture is opaque. */
async function pointOf(content: Buffer, left: number, top: number) {
  const { isOpaque } = await sharp(content).stats();
  const point = sharp(content).extract({ left, top, width: 1, height: 1 }).removeAlpha();
  return { isOpaque, colour: [...(await point.raw().toBuffer())] };
}

describe("a drawing", () => {
  test.each([
    ["a dark one", "#111111", [251, 250, 247]],
    ["a light one", "#ffffff", [26, 26, 24]],
  ])("%s on a clear ground is laid onto the page or onto ink", async (_what, colour, ground) => {
    await put("content/mill.png", await clearDrawing(colour));
    await story("a.md", "mill.png");
    const run = await build();
    expect(run).toMatchObject({ code: 0, stderr: "" });
    const [shown] = await shownIn(run);
    const { content, ...size } = await placed(run, path.basename(shown?.["src"] ?? ""));
    expect(await pointOf(content, 3, 3)).toEqual({ isOpaque: true, colour: ground });
    // Too tall for 16:9, it is widened by its ground.
    expect(size).toMatchObject({ format: "png", width: 1067, height: 600 });
    const digest = await readFile(path.join(issueOf(run).dir, "digest.json"), "utf8");
    const [entry] = parseDigest(digest, "digest.json").sections[0]?.entries ?? [];
    expect(entry?.article.images[0]?.look).toMatchObject({
      kind: "drawing",
      clear: expect.toSatisfy((clear: number) => clear > 0.9),
    });
  });

  test("is never cut, and in a pair both pictures have one height", async () => {
    await put("content/quay.jpg", await photo(1200, 700).jpeg().toBuffer());
    await put("content/tall.png", await framed(1000, "#aa2200"));
    await put("content/wide.png", await framed(520, "#004488"));
    await story("a.md", "quay.jpg");
    await story("b.md", "tall.png");
    await story("c.md", "wide.png");
    await configured({});
    const run = await build();
    const [, ...pair] = await shownIn(run);
    expect(pair).toMatchObject([
      { src: "images/tall-pair.png", width: "236", height: "148" },
      { src: "images/wide-pair.png", width: "236", height: "148" },
    ]);
    const [tall, wide] = [await placed(run, "tall-pair.png"), await placed(run, "wide-pair.png")];
    // The frame is there on all four sides, and the ground of the drawing goes on beside it or above.
    for (const { content } of [tall, wide]) {
      const frame = await sharp(content)
        .trim({ background: "#ffffff", threshold: 40 })
        .toBuffer({ resolveWithObject: true });
      expect(frame.info.width / frame.info.height).toBeCloseTo(
        content === tall.content ? 1140 / 940 : 1140 / 460,
        1,
      );
    }
  });
});

test("a crop keeps the point of focus in view", async () => {
  // It is dark at its top and light at its foot.
  await put("content/quay.jpg", await photo(900, 900).jpeg().toBuffer());
  const tone = async (focus: string) => {
    const image = `{ src: quay.jpg, alt: A quay, focus: ${focus} }`;
    await put("content/a.md", `---\nimage: ${image}\n---\n${HARBOUR}`);
    const run = await build();
    const name = path.basename((await shownIn(run))[0]?.["src"] ?? "");
    const { channels } = await sharp((await placed(run, name)).content).stats();
    return { name, tone: channels[0]?.mean ?? 0 };
  };
  const [top, foot] = [await tone("[0.5, 0]"), await tone("[0.5, 1]")];
  expect([top.name, foot.name]).toEqual(["quay-lead-50-0.jpg", "quay-lead-50-100.jpg"]);
  expect(foot.tone - top.tone).toBeGreaterThan(60);
  expect((await tone("[50, 100]")).name).toBe("quay-lead.jpg");
});

test("pictures that are too small, too long, empty or linked get the place that they pass for, and none is lost for a crash", async () => {
  await put("content/small.png", await photo(60, 40).png().toBuffer());
  await put("content/banner.jpg", await photo(1200, 240, 3, 2).jpeg().toBuffer());
  await put("content/tower.jpg", await photo(600, 1500, 3, 3).jpeg().toBuffer());
  await put("content/moving.gif", await movingPhoto(700, 500));
  await put("content/black.png", await clearDrawing("#000000"));
  await put(
    "content/white.png",
    await sharp(await clearDrawing("#ffffff"))
      .flop()
      .flip()
      .png()
      .toBuffer(),
  );
  await put(
    "content/nothing.png",
    await sharp({ create: { width: 800, height: 500, channels: 4, background: "#ffffff00" } })
      .png()
      .toBuffer(),
  );
  const sources = [
    "small.png",
    "banner.jpg",
    "tower.jpg",
    "moving.gif",
    "black.png",
    "white.png",
    "nothing.png",
    `${base}/mill.webp`,
  ];
  for (const [at, src] of sources.entries()) {
    const text = HARBOUR.replace(/^.*$/m, `Story ${at} of the harbour`);
    await put(`content/${at}.md`, `---\nimage: { src: "${src}", alt: Shown }\n---\n${text}`);
  }
  await configured({ copy: false, baseUrl: "https://quay.example/{slot}/" });
  const run = await build();
  expect(run).toMatchObject({ code: 0, stderr: "" });
  const digest = parseDigest(
    await readFile(path.join(issueOf(run).dir, "digest.json"), "utf8"),
    "digest.json",
  );
  const rows = flatEntries(digest).map(asRow);
  const page = arrangedDigest({ ...digest, sections: [{ heading: "", entries: rows }] });
  const placedAs = page.sections.flatMap(({ entries }) =>
    entries.map(({ article: { images }, picturePlaces }) => [
      path.basename(images[0]?.src ?? ""),
      picturePlaces.join(" "),
    ]),
  );
  expect(Object.fromEntries(placedAs)).toEqual({
    "small.png": "",
    "banner.jpg": "",
    "tower.jpg": "",
    "moving.gif": "lead row",
    "black.png": "lead pair row",
    "white.png": "lead pair row",
    "nothing.png": "",
    "mill.webp": "row",
  });
});

describe("without sharp", () => {
  test("pictures go out as they were, and one line names them and says how to mend it", async () => {
    const webp = await photo(1300, 800).webp().toBuffer();
    await put("content/mill.webp", webp);
    await put("content/chart.svg", CHART);
    await story("a.md", "mill.webp");
    await story("b.md", "chart.svg");
    await configured({});
    const run = await buildWithoutSharp();
    expect(run.code).toBe(0);
    expect(run.stderr).toBe(
      "Not converted, as sharp is not installed: mill.webp in content/a.md is WebP, which many mail programs don't show; chart.svg in content/b.md is SVG, which many mail programs don't show. Mend it with: npm install sharp\n",
    );
    expect((await placed(run, "mill.webp")).content.equals(webp)).toBe(true);
    // Without a size a picture passes for a row, and not for the lead.
    expect(await shownIn(run)).toMatchObject([{ src: "images/chart.svg", width: "136" }]);
    const mail = await simpleParser(await readFile(path.join(issueOf(run).dir, "email.eml")));
    expect(mail.attachments.map(({ contentType }) => contentType)).toEqual(["image/svg+xml"]);
    // As they are in the issue's folder, they are there for it to be rendered again.
    const digest = path.join(issueOf(run).dir, "digest.json");
    const again = await broadsheet(["render", digest, "--json"], { cwd });
    expect(issueOf(again).files).toEqual(issueOf(run).files);
  });

  test("a picture that may be clear has a light ground; one that needs nothing stays as it is; what is too heavy or cut off is left out", async () => {
    await put("content/mill.png", await clearDrawing("#111111"));
    const quay = await photo(800, 500).jpeg().toBuffer();
    await put("content/quay.jpg", quay);
    await put(
      "content/heavy.png",
      Buffer.concat([await photo(9, 9).png().toBuffer(), Buffer.alloc(6_000_000)]),
    );
    await put("content/cut.jpg", (await photo(300, 200).jpeg().toBuffer()).subarray(0, 2000));
    await story("a.md", "mill.png");
    await story("b.md", "quay.jpg");
    await story("c.md", "heavy.png");
    await story("d.md", "cut.jpg");
    await configured({});
    const run = await buildWithoutSharp();
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(
      /^No picture in content\/c\.md: the picture heavy\.png weighs 6\.0 MB.*npm install sharp\nNo picture in content\/d\.md: the picture cut\.jpg is cut off.*\n$/,
    );
    const html = await readFile(path.join(issueOf(run).dir, "email.html"), "utf8");
    const grounds = [...html.matchAll(/<img src="images\/(\w+)[^>]*>/g)].map(([tag, name]) => [
      name,
      tag.includes("background:#FBFAF7"),
    ]);
    expect(grounds).toEqual([
      ["mill", true],
      ["quay", false],
    ]);
    expect((await placed(run, "quay.jpg")).content.equals(quay)).toBe(true);
  });
});
