import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { archiveOf } from "../../src/archive/archive.ts";
import { doorApp } from "../../src/serve/door-app.ts";
import type { Archive } from "../../src/serve/ports.ts";
import type { ServedRequest } from "../../src/serve/request.ts";
import { IssuesInMemory, kept } from "../archive/issues-in-memory.ts";
import { brief, PUBLICATION, roundUp } from "../fixtures.ts";
import { template } from "../render.ts";
import { storeBench } from "./store-bench.ts";

const SITE = "https://letter.example/news";

let bench: Awaited<ReturnType<typeof storeBench>>;
let archive: Archive;
let app: ReturnType<typeof doorApp>;
let served: ServedRequest[];

beforeEach(async () => {
  served = [];
  bench = await storeBench();
  const { theme } = await template("digest");
  const sent = new IssuesInMemory(
    await kept("2026-11-17", brief(), { template: "brief" }),
    await kept("2026-11-24", roundUp(4), { pictures: ["mill.png", "hidden.png"] }),
  );
  const site = { url: SITE, theme, publication: PUBLICATION, language: "en" };
  archive = { sent, site };
  app = doorWith(archive);
});
afterEach(async () => bench.close());

function doorWith(shown: Archive | undefined) {
  const settings = {
    site: SITE,
    hasArchive: shown !== undefined,
    theme: archive.site.theme,
    publication: PUBLICATION,
    language: "en",
    timeZone: "UTC",
    list: bench.list,
    keyring: bench.keyring,
    clock: bench.now,
    trustProxy: false,
    script: "",
    onServed: (request: ServedRequest) => served.push(request),
  };
  const { joins, outgoing } = bench.joinsWith(settings);
  return doorApp({ readers: bench.readers, joins, outgoing, archive: shown }, settings);
}

describe("the server shows the sent issues", () => {
  test("in the same files as the static folder has, with or without the path of the site", async () => {
    const files = await archiveOf(archive.sent, archive.site);
    expect(files.size).toBe(9);
    for (const [name, make] of files) {
      const file = await make();
      for (const base of ["", "/news"]) {
        const answer = await app.request(`${base}/${name.replace(/index\.html$/, "")}`);
        expect([name, answer.status]).toEqual([name, 200]);
        expect(answer.headers.get("content-type")).toBe(file?.type);
        expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from(file?.content ?? ""));
      }
    }
  });

  test("and logs each request by its own route", async () => {
    for (const path of ["/subscribe", "/u/x", "/2026-11-24/", "/2026-11-24/images/mill.png"])
      await app.request(path);
    await app.request("/subscribe", { method: "POST", body: "x".repeat(70_000) });
    expect(served.map(({ route }) => route)).toEqual([
      "/subscribe",
      "/u/:token",
      "/:page",
      "/:page/:file{.+}",
      "/subscribe",
    ]);
  });

  test("with headers by which a browser runs no script, and asks again for what is new alone", async () => {
    const answer = await app.request("/2026-11-24/");
    expect(answer.headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; .*frame-ancestors 'none'$/,
    );
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    expect(answer.headers.get("set-cookie")).toBeNull();
    const headers = { "if-none-match": answer.headers.get("etag") ?? "" };
    expect((await app.request("/2026-11-24/", { headers })).status).toBe(304);
    expect((await app.request("/2026-11-24/", { method: "HEAD" })).status).toBe(200);
  });

  test("in folders, since the links of a page count from there", async () => {
    for (const [path, location] of [
      ["/2026-11-24", `${SITE}/2026-11-24/`],
      ["/news/2026", `${SITE}/2026/`],
      ["/news", `${SITE}/`],
    ] as const) {
      const answer = await app.request(path);
      expect([path, answer.status]).toEqual([path, 301]);
      expect(answer.headers.get("location")).toBe(location);
    }
  });

  test("and nothing else", async () => {
    const missing = await (await app.request("/u/no-token")).text();
    for (const path of [
      "/2026-11-25/",
      "/2026-11-24/images/hidden.png",
      "/2026-11-24/images/",
      "/2026-11-24/images/..%2f..%2findex.html",
      "/2026-11-24//index.html",
      "/index.html%00",
      "/%zz",
      "/constructor",
      "/package.json",
    ]) {
      const answer = await app.request(path);
      expect([path, answer.status, await answer.text()]).toEqual([path, 404, missing]);
    }
  });

  test("only where the newsletter has an archive", async () => {
    const other = doorWith(undefined);
    expect((await other.request("/2026-11-24/")).status).toBe(404);
    expect((await other.request("/")).headers.get("location")).toBe(`${SITE}/subscribe`);
  });
});
