import { mkdir, symlink, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Image } from "../../../../src/article/article.ts";
import {
  openPictureWeb,
  type PictureWeb,
} from "../../../../src/issue/pictures/io/fetch-pictures.ts";
import { readPictures } from "../../../../src/issue/pictures/io/read-pictures.ts";
import { article } from "../../../fixtures.ts";
import { animation, photo } from "../../../pictures.ts";
import { answer, INSIDE, PUBLIC, startServer } from "../../../platform/http/servers.ts";
import { newFolder } from "../../../temporary.ts";

const png = await photo(60, 40).png().toBuffer();
const jpeg = await photo(60, 40).jpeg().toBuffer();
const webp = await photo(60, 40).webp().toBuffer();
const dot = await photo(1, 1).png().toBuffer();
const line = await photo(20_000, 10).png().toBuffer();
const SIZE = { widthPx: 60, heightPx: 40 };

let root: string;

beforeEach(async () => {
  root = await newFolder();
  await put("content/a.md", "");
});

async function put(name: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), content);
}

/** Reads a story in content/ that shows these pictures. */
async function read(sources: readonly (string | Image)[], web?: PictureWeb) {
  const images = sources.map((src) => (typeof src === "string" ? { src, alt: "" } : src));
  const source = join(root, "content/a.md");
  const { articles, pictures, remarks } = await readPictures([article({ images, source })], root, {
    web,
    trustFor,
  });
  return { images: articles[0]?.images, pictures, remarks };
}

describe("a picture beside its article", () => {
  test("keeps its words, and loses the size that a page made up", async () => {
    await put("content/horn.webp", webp);
    const image = { alt: "A horn", caption: "On the head", credit: "The Quay" };
    const { images } = await read([{ src: "horn.webp", ...image, widthPx: 9, heightPx: 9 }]);
    expect(images).toEqual([{ src: "images/horn.png", ...image, ...SIZE }]);
  });

  test("of a name that another one has, in capitals perhaps, keeps apart", async () => {
    await put("content/a/horn.png", png);
    await put("content/b/HORN.png", await photo(8, 8).png().toBuffer());
    await put("content/c/horn.webp", webp);
    const { pictures } = await read(["a/horn.png", "b/HORN.png", "c/horn.webp"]);
    expect(pictures.map(({ name }) => name)).toEqual(["horn.png", "HORN-2.png", "horn-3.png"]);
  });

  test("that moves and is too heavy stands still, and that is remarked on", async () => {
    const heavy = Buffer.concat([
      await animation(60, 40),
      Buffer.alloc(2_000_001),
      Buffer.of(0x3b),
    ]);
    await put("content/lamp.gif", heavy);
    const { images, remarks } = await read(["lamp.gif"]);
    expect(images).toMatchObject([{ src: "images/lamp.png", ...SIZE }]);
    expect(remarks).toMatchObject([
      { became: "still", src: "lamp.gif", why: expect.stringMatching(/2\.0 MB.*first frame/) },
      { became: "mute", src: "lamp.gif" },
    ]);
  });

  test.each<[string, string, string, Record<string, Uint8Array | string>]>([
    ["that is not there", "pics/none.png", "INPUT_MISSING", {}],
    ["that is a folder", "pics", "INPUT_UNREADABLE", { "content/pics/a.txt": "" }],
    ["that is a text", "a.png", "CONTENT_UNSUPPORTED", { "content/a.png": "a horn" }],
    ["that is empty", "a.png", "CONTENT_UNSUPPORTED", { "content/a.png": "" }],
    ["that is cut off", "a.jpg", "CONTENT_UNSUPPORTED", { "content/a.jpg": jpeg.subarray(0, 500) }],
    [
      "of over 60 MB",
      "a.png",
      "CONTENT_TOO_LARGE",
      { "content/a.png": Buffer.alloc(60 * 1024 * 1024 + 1) },
    ],
    ["of one pixel", "a.png", "CONTENT_UNSUPPORTED", { "content/a.png": dot }],
    ["of 20,000 × 10 px", "a.png", "CONTENT_UNSUPPORTED", { "content/a.png": line }],
    ["outside the project", "/etc/hostname", "CONTENT_UNSUPPORTED", {}],
  ])("%s is left out, and remarked on", async (_what, src, code, files) => {
    for (const [name, content] of Object.entries(files)) await put(name, content);
    const { images, pictures, remarks } = await read([src]);
    expect([images, pictures]).toEqual([[], []]);
    const where = { file: join(root, "content/a.md") };
    expect(remarks).toMatchObject([
      { became: "leftOut", source: where.file, error: { code, where, fix: expect.any(String) } },
    ]);
  });

  test("that a link leads out of the project to is left out", async () => {
    const outside = await newFolder();
    await writeFile(join(outside, "horn.png"), png);
    await symlink(join(outside, "horn.png"), join(root, "content/horn.png"));
    const { pictures, remarks } = await read(["horn.png"]);
    expect([pictures, remarks]).toMatchObject([[], [{ error: { code: "CONTENT_UNSUPPORTED" } }]]);
  });
});

/** The test's servers are on this machine. */
const trustFor = () => () => true;

function open(patienceMs?: number): PictureWeb {
  const limit = patienceMs === undefined ? {} : { patienceMs };
  const web = openPictureWeb({ folder: root, version: "1.2.3", ...limit });
  onTestFinished(() => web.close());
  return web;
}

/** An answer that goes on and comes to no end. */
function drip(response: ServerResponse): void {
  const dripping = setInterval(() => response.write(jpeg.subarray(0, 1)), 50);
  response.on("close", () => clearInterval(dripping));
}

const image = (body: Uint8Array) => answer(body, 200, { "content-type": "image/jpeg" });

describe("a picture on the web", () => {
  test("is copied, the first of a story only, and the rest are not asked for", async () => {
    const { origin, requests } = await startServer({ "/a": image(jpeg) }, INSIDE);
    const { images, pictures } = await read([`${origin}/a`, `${origin}/b`], open());
    expect(images).toMatchObject([
      { src: expect.stringMatching(/^images\/[0-9a-f]{16}\.jpg$/), ...SIZE },
      { src: `${origin}/b` },
    ]);
    expect(pictures).toMatchObject([{ contentType: "image/jpeg", content: jpeg }]);
    expect(requests.map(({ path }) => path)).toEqual(["/a"]);
  });

  test("without alt text takes its caption's words, and never the name of a file", async () => {
    const { origin } = await startServer({ "/a": image(jpeg) }, INSIDE);
    const shown = (more: object) => ({ src: `${origin}/a`, alt: "", ...more });
    const altOf = async (more: object) => (await read([shown(more)], open())).images?.[0]?.alt;
    expect(await altOf({ caption: "A horn on the quay" })).toBe("A horn on the quay");
    expect(await altOf({ alt: "A horn", caption: "The quay" })).toBe("A horn");
    expect(await altOf({ caption: "DSC_0041.jpg" })).toBe("");
    expect(await altOf({})).toBe("");
  });

  test("of a hundred that are gone no more than three are asked for", async () => {
    const { origin, requests } = await startServer({}, INSIDE);
    const sources = Array.from({ length: 100 }, (_, at) => `${origin}/${at}.jpg`);
    const { images, remarks } = await read(sources, open());
    const asked = requests.filter(({ path }) => path !== "/robots.txt");
    expect([images, remarks.length, asked.length]).toEqual([[], 3, 3]);
  });

  test("that was kept from the last run is not sent again", async () => {
    const { origin } = await startServer(
      {
        "/a": (response, { headers }) => {
          const isKept = headers["if-none-match"] === '"1"';
          response.writeHead(isKept ? 304 : 200, { "content-type": "image/jpeg", etag: '"1"' });
          response.end(isKept ? undefined : jpeg);
        },
      },
      INSIDE,
    );
    const first = await read([`${origin}/a`], open());
    expect(await read([`${origin}/a`], open())).toEqual(first);
    expect(first.pictures).toHaveLength(1);
  });

  test("is waited for until its time is over, and after two such no other of its server is", async () => {
    const paths = Array.from({ length: 20 }, (_, at) => `/${at}.jpg`);
    const late = Object.fromEntries(
      paths.map((path, at) => [path, at % 2 ? drip : () => undefined]),
    );
    const hosts = [INSIDE, PUBLIC, "127.0.0.3"];
    const servers = await Promise.all(hosts.map(async (host) => startServer(late, host)));
    const articles = paths.map((path, at) =>
      article({ id: path, images: [{ src: `${servers[at % 3]?.origin}${path}`, alt: "" }] }),
    );
    const { articles: read, remarks } = await readPictures(articles, root, {
      web: open(500),
      trustFor,
    });
    expect(servers.flatMap(({ requests }) => requests).length).toBeLessThanOrEqual(12);
    expect(remarks.map(({ became }) => became)).toEqual(articles.map(() => "leftOut"));
    expect(read.flatMap(({ images }) => images)).toEqual([]);
  });
});
