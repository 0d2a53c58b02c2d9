import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Image } from "../../src/article/article.ts";
import { readPictures } from "../../src/io/read-pictures.ts";
import { article } from "../fixtures.ts";

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "broadsheet-pictures-"));
});

afterEach(() => rm(root, { recursive: true }));

async function put(name: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), content);
}

/** Reads a story in content/ that shows these pictures. */
function read(...sources: string[]) {
  const images = sources.map((src): Image => ({ src, alt: "" }));
  return readPictures([article({ images, source: join(root, "content/a.md") })], root);
}

test("a picture beside its article is read, once, and stands in images/", async () => {
  await put("content/pics/The horn.PNG", PNG);
  const { articles, pictures } = await read("pics/The horn.PNG", "./pics/The horn.PNG");
  expect(pictures).toEqual([
    { name: "The-horn.png", contentType: "image/png", content: Buffer.from(PNG) },
  ]);
  expect(articles[0]?.images.map(({ src }) => src)).toEqual([
    "images/The-horn.png",
    "images/The-horn.png",
  ]);
});

test("two pictures of one name keep apart", async () => {
  await put("content/a/horn.png", PNG);
  await put("content/b/horn.png", Uint8Array.of(...PNG, 1));
  const { pictures } = await read("a/horn.png", "b/horn.png");
  expect(pictures.map(({ name }) => name)).toEqual(["horn.png", "horn-2.png"]);
});

test("a picture on the web stays there", async () => {
  const { articles, pictures } = await read("https://paper.example/horn.png");
  expect([articles[0]?.images[0]?.src, pictures]).toEqual(["https://paper.example/horn.png", []]);
});

describe("a picture is refused", () => {
  test.each<[string, string, string, Record<string, Uint8Array | string>]>([
    ["that is not there", "pics/none.png", "INPUT_MISSING", {}],
    ["that no mail program shows", "a.svg", "CONTENT_UNSUPPORTED", { "content/a.svg": "<svg/>" }],
    [
      "of more than 5 MB",
      "a.png",
      "CONTENT_TOO_LARGE",
      { "content/a.png": Buffer.concat([PNG, Buffer.alloc(5_000_001)]) },
    ],
    ["outside the project", "/etc/hostname", "CONTENT_UNSUPPORTED", {}],
  ])("%s", async (_what, src, code, files) => {
    await put("content/a.md", "");
    for (const [name, content] of Object.entries(files)) await put(name, content);
    await expect(read(src)).rejects.toMatchObject({ code, fix: expect.any(String) });
  });

  test("that a link leads out of the project to", async () => {
    const outside = await mkdtemp(join(tmpdir(), "broadsheet-outside-"));
    await writeFile(join(outside, "horn.png"), PNG);
    await put("content/a.md", "");
    await symlink(join(outside, "horn.png"), join(root, "content/horn.png"));
    await expect(read("horn.png")).rejects.toMatchObject({ code: "CONTENT_UNSUPPORTED" });
    await rm(outside, { recursive: true });
  });
});
