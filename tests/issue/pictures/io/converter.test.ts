import { execFileSync } from "node:child_process";
import sharp from "sharp";
import { expect, onTestFinished, test } from "vitest";
import { Converter } from "../../../../src/issue/pictures/io/converter.ts";
import { photo, SLOW_SVG } from "../../../pictures.ts";

function open(limits?: { readonly longestMs: number }): Converter {
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

const webp = await photo(900, 600).webp().toBuffer();

test("converts pictures in another process, one after the other, until it is closed", async () => {
  const converter = open();
  const before = processes();
  const results = await Promise.all([1, 2, 3].map(() => converter.convert(webp, "webp")));
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
  const limits = { longestMs: 60_000 };
  const converter = open(limits);
  const before = processes();
  await converter.convert(webp, "webp");
  const started = processes().find((pid) => !before.includes(pid));
  limits.longestMs = 500;
  // It would take minutes.
  expect(await converter.convert(Buffer.from(SLOW_SVG), "svg")).toEqual({ kind: "tooSlow" });
  await expect.poll(processes).not.toContain(started);
  limits.longestMs = 60_000;
  expect(await converter.convert(webp, "webp")).toMatchObject({ kind: "converted" });
});

test("tries no more after the third that took too long", async () => {
  const converter = open({ longestMs: 1 });
  for (let count = 0; count < 3; count++) await converter.convert(webp, "webp");
  const before = processes().length;
  expect(await converter.convert(webp, "webp")).toEqual({ kind: "tooSlow" });
  expect(processes()).toHaveLength(before);
});

test("takes a picture that is the end of its process for damaged, and goes on", async () => {
  const converter = open();
  await converter.convert(webp, "webp");
  const dying = converter.convert(Buffer.from(SLOW_SVG), "svg");
  for (const pid of processes()) process.kill(pid, "SIGSEGV");
  expect(await dying).toEqual({ kind: "unreadable" });
  expect(await converter.convert(webp, "webp")).toMatchObject({ kind: "converted" });
});
