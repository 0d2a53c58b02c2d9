import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import sharp from "sharp";
import { expect, onTestFinished, test, vi } from "vitest";
import { Converter } from "../../../../src/issue/pictures/io/converter.ts";
import { photo, SLOW_SVG } from "../../../pictures.ts";

function open(limits?: ConstructorParameters<typeof Converter>[0]): Converter {
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

test("three slow pictures of one source cost that source its other pictures, and no other source any", async () => {
  const limits = { longestMs: 1, shortestMs: 1 };
  const converter = open(limits);
  const slow = ["slow-1.webp", "slow-2.webp", "slow-3.webp"];
  for (const name of slow) {
    expect(await converter.convert({ ...pier, name })).toEqual({ kind: "tooSlow", longestMs: 1 });
  }
  limits.longestMs = 60_000;
  const before = processes().length;
  expect(await converter.convert(pier)).toEqual({ kind: "givenUp", slow });
  expect(processes()).toHaveLength(before);
  const other = { ...pier, source: "another.example" };
  expect(await converter.convert(other)).toMatchObject({ kind: "converted" });
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
  // Node's own: by them it finds the channel to its parent.
  expect(names.filter((name) => name.startsWith("NODE_")).sort()).toEqual([
    "NODE_CHANNEL_FD",
    "NODE_CHANNEL_SERIALIZATION_MODE",
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
