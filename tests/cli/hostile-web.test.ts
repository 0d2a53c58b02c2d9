import { createServer } from "node:http";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { folderWith, linesOf, type Run } from "./broadsheet.ts";
import { spawnBroadsheet } from "./spawn-broadsheet.ts";
import { listening } from "../listening.ts";

const WORDS =
  "The ferry at Sallow Ness leaves when the post van has come, and it is late on most days.";
const STORY = Array.from({ length: 6 }, (_, index) => `<p>${WORDS} That is ${index + 1}.</p>`).join(
  "",
);

const page = (body: string): string =>
  `<!doctype html><html lang="en"><head><title>The ferry that waits</title></head><body>${body}</body></html>`;
const rss = (items: string): string =>
  `<rss version="2.0"><channel><title>The Quay</title>${items}</channel></rss>`;
const item = (number: number): string =>
  `<item><title>Story ${number}</title><guid>quay-${number}</guid><description>${WORDS}</description></item>`;
const links = Array.from({ length: 60 }, (_, n) => `<li><a href="/${n}">Another page</a></li>`);
const laughs = Array.from(
  { length: 9 },
  (_, level) => `<!ENTITY lol${level + 1} "${`&lol${level};`.repeat(10)}">`,
).join("");

const HTML = "text/html";
const RSS = "application/rss+xml";
const gzip = { "content-encoding": "gzip" };

/** What is served, and the title or the error that it has to end in. */
const PAGES: readonly {
  readonly name: string;
  readonly type: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly gives: string | RegExp;
}[] = [
  {
    name: "billion-laughs",
    type: RSS,
    body: `<!DOCTYPE rss [<!ENTITY lol0 "lol">${laughs}]>${rss("<item><title>One &lol9;</title></item>")}`,
    gives: "One &lol9;",
  },
  {
    name: "external-entity",
    type: RSS,
    body: `<!DOCTYPE rss [<!ENTITY own SYSTEM "file:///etc/hostname"><!ENTITY % far SYSTEM "/stolen">%far;]>${rss("<item><title>Two &own;</title></item>")}`,
    gives: "Two &own;",
  },
  {
    name: "deep",
    type: HTML,
    body: page(`${"<div>".repeat(20_000)}${STORY}${"</div>".repeat(20_000)}`),
    gives: "The ferry that waits",
  },
  {
    name: "gzip-bomb",
    type: HTML,
    body: gzipSync(Buffer.alloc(64_000_000, " "), { level: 1 }),
    headers: gzip,
    gives: /CONTENT_TOO_LARGE: \S+ is larger than/,
  },
  {
    name: "brotli-bomb",
    type: HTML,
    body: brotliCompressSync(Buffer.alloc(64_000_000, " "), {
      params: { [constants.BROTLI_PARAM_QUALITY]: 1 },
    }),
    headers: { "content-encoding": "br" },
    gives: /CONTENT_TOO_LARGE: \S+ is larger than/,
  },
  {
    name: "pdf.html",
    type: HTML,
    body: "%PDF-1.7\n1 0 obj",
    gives: /CONTENT_UNSUPPORTED: \S+ is a damaged PDF/,
  },
  {
    name: "picture.html",
    type: HTML,
    body: Buffer.from("89504e470d0a1a0a0000000d", "hex"),
    gives: /CONTENT_BINARY: \S+ seems to be a PNG/,
  },
  { name: "empty-feed", type: RSS, body: rss(""), gives: /CONTENT_EMPTY: \S+ is a feed without/ },
  { name: "empty", type: RSS, body: "", gives: /CONTENT_EMPTY: \S+ has no text/ },
  {
    name: "cut-feed",
    type: RSS,
    body: rss(item(7_001) + item(7_002)).slice(0, -100),
    gives: "Story 7001",
  },
  {
    name: "many-items",
    type: RSS,
    body: rss(Array.from({ length: 5_000 }, (_, number) => item(number)).join("")),
    gives: "Story 999",
  },
  {
    name: "javascript",
    type: HTML,
    body: page(
      `<noscript>Please enable JavaScript to read this story.</noscript><div id="root"></div>`,
    ),
    gives: /CONTENT_NO_STORY: \S+ shows its story only to browsers that run JavaScript/,
  },
  {
    name: "menus",
    type: HTML,
    body: page(`<nav><ul>${links.join("")}</ul></nav><ul>${links.join("")}</ul>`),
    gives: /CONTENT_NO_STORY: \S+ is a page of links and menus/,
  },
  {
    name: "surrogates",
    type: HTML,
    body: page(STORY).replaceAll("late", "la&#xD83D;te").replace("waits", "waits halves"),
    gives: "The ferry that waits halves",
  },
  {
    name: "nul",
    type: HTML,
    body: page(STORY).replaceAll("late", "la\0te").replace("waits", "waits naught"),
    gives: "The ferry that waits naught",
  },
];

const REDIRECTS: readonly (readonly [name: string, to: string, gives: RegExp])[] = [
  ["round", "/round", /FETCH_REFUSED: \S+ redirects in a circle/],
  ["clouds", "http://169.254.169.254/keys", /FETCH_REFUSED: 169\.254\.169\.254 is no address/],
  ["mapped", "http://[::ffff:169.254.169.254]/", /FETCH_REFUSED: \S*169\.254\S* is no address/],
  ["file", "file:///etc/hostname", /FETCH_REFUSED: \S+ redirects, but file:… is not on the web/],
];

let base: string;
let run: Run;
const asked: string[] = [];

beforeAll(async () => {
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    const found = PAGES.find(({ name }) => url === `/${name}`);
    const [, to] = REDIRECTS.find(([name]) => url === `/${name}`) ?? [];
    if (to !== undefined) response.writeHead(302, { location: to }).end();
    else if (!found) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": found.type, ...found.headers }).end(found.body);
  });
  const { origin, close } = await listening(server);
  base = origin;
  const names = [...PAGES.map(({ name }) => name), ...REDIRECTS.map(([name]) => name)];
  const addresses = names.map((name) => `${base}/${name}`);
  // Whatever they send, one run reads them all with little memory.
  run = await spawnBroadsheet(["extract", ...addresses, "--json", "--allow-private"], {
    cwd: await folderWith(),
    node: ["--max-old-space-size=256"],
  });
  return close;
});

test.each(PAGES)("$name ends in an article or says what it is", ({ name, gives }) => {
  if (gives instanceof RegExp) {
    const error = run.stderr.split("\n").find((line) => line.includes(`/${name} `));
    expect(error).toMatch(gives);
  } else expect(linesOf(run)).toContainEqual(expect.objectContaining({ title: gives }));
});

test.each(REDIRECTS)("a redirect (%s) to %s is not followed", (_name, _to, gives) => {
  expect(run.stderr).toMatch(gives);
});

test("nothing is expanded, stolen, or left in what is read", () => {
  expect(asked).not.toContain("/stolen");
  expect(run.stdout).not.toContain("lollol");
  expect(run.stdout).not.toMatch(/\\u0000|\\ud8/i);
  expect(run.stdout).toContain("and it is late on most days. That is 6.");
  expect(run.code).toBe(65);
});

test("of 5,000 items the first thousand are read, and of a cut feed what is whole", () => {
  const titles = linesOf(run).map((line) => z.looseObject({ title: z.string() }).parse(line).title);
  expect(titles.filter((title) => /^Story \d{1,3}$/.test(title))).toHaveLength(1000);
  expect(titles).not.toContain("Story 7002");
});
