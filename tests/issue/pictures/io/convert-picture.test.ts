import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import * as fc from "fast-check";
import sharp, { type Metadata, type Sharp } from "sharp";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { pictureTypeOf } from "../../../../src/platform/picture.ts";
import {
  type Converted,
  convertPicture,
} from "../../../../src/issue/pictures/io/convert-picture.ts";
import { Converter } from "../../../../src/issue/pictures/io/converter.ts";
import { type Loaded, pictureLoader } from "../../../../src/issue/pictures/io/load-pictures.ts";
import { pictureFacts } from "../../../../src/issue/pictures/io/picture-facts.ts";
import { Kept } from "../../../../src/platform/kept.ts";
import { listening } from "../../../listening.ts";
import { SLOW_SVG, animation, phonePhoto, photo, pixelBomb } from "../../../pictures.ts";
import { newFolder } from "../../../temporary.ts";

async function convert(content: Buffer | string) {
  const bytes = Buffer.from(content);
  const type = pictureTypeOf(bytes)?.name ?? "jpeg";
  return convertPicture({ content: bytes, type, name: "pier" });
}

/** A conversion that succeeds, and what a reader of its bytes finds. */
async function converted(content: Buffer | string): Promise<Converted & { found: Metadata }> {
  const result = await convert(content);
  if (result.kind !== "converted") throw new Error(`it was ${result.kind}`);
  const found = await sharp(result.content).metadata();
  expect([found.format, found.width, found.height]).toEqual([
    result.type,
    result.widthPx,
    result.heightPx,
  ]);
  return { ...result, found };
}

const sized = { widthPx: 1200, heightPx: 300 };

describe("a photograph", () => {
  test.each<[string, (taken: Sharp) => Sharp]>([
    ["JPEG", (taken) => taken.jpeg()],
    ["WebP", (taken) => taken.webp()],
    ["AVIF", (taken) => taken.avif({ effort: 0 })],
    ["TIFF", (taken) => taken.tiff()],
    ["PNG", (taken) => taken.png()],
  ])("in %s becomes a progressive JPEG, 1200 px wide", async (_name, encode) => {
    const { found, ...picture } = await converted(await encode(photo(1300, 325)).toBuffer());
    expect(picture).toMatchObject({ type: "jpeg", ...sized, isFirstFrame: false });
    expect([found.isProgressive, found.space, found.channels]).toEqual([true, "srgb", 3]);
    expect(picture.content.length).toBeLessThan(67_000);
  });

  test("stands upright, and says neither where it was taken nor with what", async () => {
    const { found, content } = await converted(await phonePhoto(400, 300));
    expect([found.width, found.height]).toEqual([300, 400]);
    expect([found.orientation, found.exif, found.xmp, found.iptc, found.icc]).toEqual(
      Array.from({ length: 5 }),
    );
    expect(content.includes("Lanthorn")).toBe(false);
  });

  test("is never enlarged", async () => {
    expect(await converted(await photo(300, 200).webp().toBuffer())).toMatchObject({
      widthPx: 300,
      heightPx: 200,
    });
  });

  test("as tall as a page is made to fit", async () => {
    expect(await converted(await photo(600, 4800).jpeg().toBuffer())).toMatchObject({
      widthPx: 300,
      heightPx: 2400,
    });
  });

  test.each(["p3", "cmyk"])("in %s colours comes out in those of screens", async (profile) => {
    const red = sharp({ create: { width: 60, height: 60, channels: 3, background: "#c02020" } });
    const content = await red.withIccProfile(profile).jpeg({ quality: 100 }).toBuffer();
    const { content: jpeg } = await converted(content);
    const [r = 0, g = 0, b = 0] = await sharp(jpeg).raw().toBuffer();
    expect(Math.hypot(r - 0xc0, g - 0x20, b - 0x20)).toBeLessThan(24);
  });
});

describe("what is see-through", () => {
  test("stays so, in a PNG", async () => {
    const { found } = await converted(await photo(300, 200, 4).webp().toBuffer());
    expect([found.format, found.hasAlpha]).toEqual(["png", true]);
  });

  test("is reduced to 256 colours where it would be too heavy for a mail", async () => {
    const { found, content } = await converted(await photo(800, 500, 4).webp().toBuffer());
    expect([found.format, found.hasAlpha, found.isPalette]).toEqual(["png", true, true]);
    expect(content.length).toBeLessThan(1_000_000);
  });

  test("and only says that it is becomes a JPEG", async () => {
    const opaque = await photo(300, 200).ensureAlpha().png().toBuffer();
    expect((await converted(opaque)).type).toBe("jpeg");
  });
});

describe("a drawing", () => {
  test("reaches neither files nor servers", async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end();
    });
    const { origin: base, close } = await listening(server);
    const file = new URL("../../../../content/images/garrant-head.png", import.meta.url).href;
    const drawing = (inside: string) =>
      `<?xml-stylesheet href="${base}/a.css"?><svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><style>@import url("${base}/b.css");</style><rect width="60" height="60" fill="#ffffff"/>${inside}</svg>`;
    const images = [`${base}/c.png`, file]
      .map((href) => `<image href="${href}" width="60" height="60"/>`)
      .join("");
    const { content } = await converted(drawing(images));
    expect(content.equals((await converted(drawing(""))).content)).toBe(true);
    expect(asked).toEqual([]);
    await close();
  });

  test.each([
    ["an external entity", `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>`, "&x;"],
    [
      "a billion laughs",
      `<!DOCTYPE svg [<!ENTITY a "ha">${Array.from({ length: 12 }, (_, at) => `<!ENTITY ${"a".repeat(at + 2)} "${`&${"a".repeat(at + 1)};`.repeat(10)}">`).join("")}]>`,
      `&${"a".repeat(13)};`,
    ],
    ["20,000 groups in each other", "", `${"<g>".repeat(20_000)}${"</g>".repeat(20_000)}`],
  ])("with %s is refused", async (_what, before, inside) => {
    const svg = `${before}<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><text y="20">${inside}</text></svg>`;
    expect(await convert(svg)).toEqual({ kind: "unreadable" });
  });
});

test("of an animation the first frame remains, and that is said", async () => {
  const { content, isFirstFrame } = await converted(await animation(60, 40));
  expect([...(await sharp(content).raw().toBuffer())].slice(0, 3)).toEqual([255, 0, 0]);
  expect(isFirstFrame).toBe(true);
});

test.each<[string, () => Promise<Buffer>, string]>([
  [
    "a JPEG cut in the middle",
    async () => {
      const whole = await photo(600, 400).jpeg().toBuffer();
      return whole.subarray(0, whole.length / 2);
    },
    "unreadable",
  ],
  [
    "a PNG that is only a head",
    async () => (await photo(60, 40).png().toBuffer()).subarray(0, 60),
    "unreadable",
  ],
  ["a PNG of 2,500 million pixels", pixelBomb, "tooLarge"],
  ["a HEIC", async () => Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1"), "unreadable"],
])("%s comes to nothing", async (_what, make, kind) => {
  expect(await convert(await make())).toEqual({ kind });
});

/** With limits that no picture reaches on a machine that stands still for a while, unless a test is about them. */
function open(limits = { longestMs: 60_000, shortestMs: 60_000 }): Converter {
  const converter = new Converter(limits);
  onTestFinished(() => converter.close());
  return converter;
}

/** The processes that this one has started and that convert pictures. */
function processes(): number[] {
  const list = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(process.pid)], {
    encoding: "utf8",
  });
  return list
    .split("\n")
    .filter((line) => line.includes("converter-process"))
    .map((line) => Number.parseInt(line, 10));
}

const pier = {
  name: "pier.webp",
  source: "paper.example",
  type: "webp",
  content: await photo(900, 600).webp().toBuffer(),
} as const;
const drawing = {
  name: "drawing.svg",
  source: "paper.example",
  type: "svg",
  content: Buffer.from(SLOW_SVG),
} as const;

test("converts pictures in another process, one after the other, until it is closed", async () => {
  const converter = open();
  const before = processes();
  const results = await Promise.all([1, 2, 3].map(() => converter.convert(pier)));
  expect(results.map(({ kind }) => kind)).toEqual(["converted", "converted", "converted"]);
  const [first] = results;
  const content = first?.kind === "converted" ? first.content : Buffer.alloc(0);
  expect((await sharp(content).metadata()).width).toBe(900);
  const started = processes().filter((pid) => !before.includes(pid));
  expect(started).toHaveLength(1);
  converter.close();
  await expect.poll(processes).not.toContain(started[0]);
});

test("ends what takes too long, and goes on with the next picture", async () => {
  const limits = { longestMs: 60_000, shortestMs: 0 };
  const converter = open(limits);
  const before = processes();
  await converter.convert(pier);
  const started = processes().find((pid) => !before.includes(pid));
  limits.longestMs = 500;
  // It would take minutes.
  expect(await converter.convert(drawing)).toEqual({ kind: "tooSlow", longestMs: 500 });
  await expect.poll(processes).not.toContain(started);
  limits.longestMs = 60_000;
  expect(await converter.convert(pier)).toMatchObject({ kind: "converted" });
});

test("slow pictures of many sources get less time each, and other pictures are still converted", async () => {
  const limits = { longestMs: 400, shortestMs: 100 };
  const converter = open(limits);
  const results = [];
  for (const source of ["a.example", "a.example", "b.example", "c.example", "a.example"])
    results.push(await converter.convert({ ...drawing, source }));
  expect(results).toEqual([
    { kind: "tooSlow", longestMs: 400 },
    { kind: "tooSlow", longestMs: 200 },
    { kind: "tooSlow", longestMs: 100 },
    { kind: "tooSlow", longestMs: 100 },
    { kind: "givenUp", slow: ["drawing.svg", "drawing.svg"] },
  ]);
  limits.shortestMs = 60_000;
  expect(await converter.convert(pier)).toMatchObject({ kind: "converted" });
});

test("the process that decodes pictures gets no token and no option of Node's", async () => {
  const secrets = {
    NODE_AUTH_TOKEN: "npm_1234567890",
    NODE_OPTIONS: "--no-deprecation",
    NODE_EXTRA_CA_CERTS: "/etc/company.pem",
    XDG_SESSION_TOKEN: "1234567890",
    LC_PASSWORD: "1234567890",
    SMTP_PASSWORD: "1234567890",
  };
  for (const [name, value] of Object.entries(secrets)) vi.stubEnv(name, value);
  vi.stubEnv("FONTCONFIG_PATH", "/etc/fonts");
  const options = process.execArgv;
  process.execArgv = [...options, "--env-file-if-exists", "secrets.env", "--env-file=secrets.env"];
  onTestFinished(() => {
    process.execArgv = options;
    vi.unstubAllEnvs();
  });
  const before = processes();
  await open().convert(pier);
  const started = processes().find((pid) => !before.includes(pid));
  const environment = readFileSync(`/proc/${started}/environ`, "utf8");
  const names = environment.split("\0").map((line) => line.replace(/=.*/s, ""));
  expect(names).toEqual(expect.arrayContaining(["PATH", "FONTCONFIG_PATH"]));
  expect(names.filter((name) => name in secrets)).toEqual([]);
  expect(readFileSync(`/proc/${started}/cmdline`, "utf8")).not.toContain("secrets.env");
  // Node itself sets the first two, for the channel to the parent process.
  expect(names.filter((name) => name.startsWith("NODE_")).sort()).toEqual([
    "NODE_CHANNEL_FD",
    "NODE_CHANNEL_SERIALIZATION_MODE",
    "NODE_COMPILE_CACHE",
  ]);
});

test("takes a picture that is the end of its process for damaged, and goes on", async () => {
  const converter = open();
  await converter.convert(pier);
  const dying = converter.convert(drawing);
  for (const pid of processes()) process.kill(pid, "SIGSEGV");
  expect(await dying).toEqual({ kind: "unreadable" });
  expect(await converter.convert(pier)).toMatchObject({ kind: "converted" });
});

function factsOf(content: Buffer) {
  const type = pictureTypeOf(content);
  return type && pictureFacts(content, type);
}

const PLAIN = {
  widthPx: 40,
  heightPx: 30,
  isWhole: true,
  hasMetadata: false,
  isAnimated: false,
  isForPrint: false,
};

const jpeg = await photo(40, 30).jpeg().toBuffer();
const png = await photo(40, 30).png().toBuffer();
const gif = await animation(40, 30);
const progressive = await photo(40, 30).jpeg({ progressive: true }).toBuffer();
const fromPhone = await phonePhoto(40, 30);
const turnedPng = await photo(40, 30).png().withMetadata({ orientation: 3 }).toBuffer();
const cmyk = await photo(40, 30).toColourspace("cmyk").jpeg().toBuffer();

describe("the head of a picture says", () => {
  test.each<[string, Buffer, object]>([
    ["the size of a JPEG", jpeg, PLAIN],
    ["that of a progressive one", progressive, PLAIN],
    ["that of a PNG", png, PLAIN],
    ["that of a GIF that moves", gif, { ...PLAIN, isAnimated: true }],
    ["that one was taken somewhere", fromPhone, { ...PLAIN, hasMetadata: true }],
    ["the same of a PNG", turnedPng, { ...PLAIN, hasMetadata: true }],
    ["that its colours are for print", cmyk, { ...PLAIN, isForPrint: true }],
    ["that it was cut off", jpeg.subarray(0, -20), { ...PLAIN, isWhole: false }],
    ["that a PNG was", png.subarray(0, -20), { ...PLAIN, isWhole: false }],
    ["that zeros behind it mean nothing", Buffer.concat([jpeg, Buffer.alloc(9)]), PLAIN],
    [
      "that something else is behind it",
      Buffer.concat([jpeg, Buffer.from("film")]),
      { ...PLAIN, isWhole: false },
    ],
  ])("%s", (_what, content, facts) => {
    expect(factsOf(content)).toEqual(facts);
  });

  test("nothing where it is too short to", () => {
    expect([jpeg, png, gif].map((content) => factsOf(content.subarray(0, 9)))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

test("no damage to a picture makes its facts throw, or takes long", () => {
  const damaged = fc.tuple(
    fc.constantFrom(jpeg, png, gif),
    fc.nat(2000),
    fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 8 }),
  );
  fc.assert(
    fc.property(damaged, ([whole, length, changes]) => {
      const content = Buffer.from(whole.subarray(0, length));
      for (const [at, byte] of changes) if (at < content.length) content[at] = byte;
      expect(() => factsOf(content)).not.toThrow();
    }),
  );
});

const webp = await photo(60, 40).webp().toBuffer();

test("three slow pictures of one article cost no other article its picture, and messages name them", async () => {
  const root = await newFolder();
  const names = ["a.svg", "b.svg", "c.svg"];
  for (const name of names) await writeFile(join(root, name), SLOW_SVG);
  await writeFile(join(root, "pier.webp"), webp);
  const limits = { longestMs: 1, shortestMs: 1 };
  const converter = new Converter(limits);
  onTestFinished(() => converter.close());
  const kept = new Kept<Loaded>();
  const load = pictureLoader({ root, converter, kept });
  const hostile = { source: join(root, "hostile.md") };
  const harmless = { source: join(root, "harmless.md") };

  const slow: Loaded[] = [];
  for (const name of names) slow.push(await load(name, hostile));
  expect(slow.map(messageOf)).toEqual(
    ["a", "b", "c"].map(
      (name) => `the picture ${name}.svg took longer than 0.001 seconds to decode`,
    ),
  );
  limits.longestMs = 60_000;
  const left = await load("pier.webp", hostile);
  expect(messageOf(left)).toBe(
    "the picture pier.webp was not decoded, since other pictures of its source took too long: a.svg, b.svg, c.svg",
  );
  expect(left).toMatchObject({ error: { fix: expect.stringMatching(/^take those out/) } });
  // Two articles show the same picture at once. If the harmless one asks first, the other one gets the picture too.
  const [, shown] = await Promise.all([load("pier.webp", hostile), load("pier.webp", harmless)]);
  expect(shown).toMatchObject({ picture: { type: { name: "png" } } });
});

function messageOf(loaded: Loaded): string {
  return "error" in loaded ? loaded.error.message : "shown";
}
