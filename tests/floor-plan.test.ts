import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const SRC = fileURLToPath(new URL("../src", import.meta.url));

/** Who may import whom: a room imports itself and the rooms before it (ARCHITECTURE.md). */
const FLOOR_PLAN = [
  "errors",
  "article",
  "summary",
  "digest",
  "render",
  "audience",
  "delivery",
  "check",
  "config",
  "doctor",
  "pipeline",
  "io",
  "index",
  "preview",
  "schedule",
  "cli",
];

/** The only rooms with side effects: `io`, and the doors that people come in by. */
const OPEN_ROOMS = new Set(["io", "preview", "schedule", "cli"]);

const SIDE_EFFECTS =
  /from "node:(?:fs|net|http|https|tls|dgram|sqlite|child_process|worker_threads)[/"]|\bprocess\.|\bfetch\(|\bconsole\.|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b/;

const FILES = globSync("**/*.ts", { cwd: SRC }).map((name) => ({
  name,
  room: roomOf(name),
  source: readFileSync(join(SRC, name), "utf8"),
}));

/** Runs in the browser that checks too, so that the page shows what is judged. */
const INVERTING = "io/browser/invert-colours.js";

/** What the preview page's modules import beside each other. */
const BROUGHT_ALONG = new Set([`../../${INVERTING}`, "lettersanitizer"]);

function roomOf(name: string): string {
  return (name.split("/")[0] ?? name).replace(/\.ts$/, "");
}

function importsOf(source: string): string[] {
  return [...source.matchAll(/(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g)].map(
    ([, path]) => path ?? "",
  );
}

/** The source without comments, so that prose may name what code may not. */
function codeOf(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");
}

describe("the floor plan", () => {
  test("every file is in a room of the plan", () => {
    expect(FILES.filter(({ room }) => !FLOOR_PLAN.includes(room)).map(({ name }) => name)).toEqual(
      [],
    );
    expect(FILES.length).toBeGreaterThan(20);
  });

  test("a room imports only itself and the rooms before it", () => {
    const strays = FILES.flatMap(({ name, room, source }) =>
      importsOf(source)
        .map((path) => relative(SRC, join(SRC, dirname(name), path)))
        .filter((target) => FLOOR_PLAN.indexOf(roomOf(target)) > FLOOR_PLAN.indexOf(room))
        .map((target) => `${name} imports ${target}`),
    );
    expect(strays).toEqual([]);
  });

  test("outside io and the doors nothing touches the world", () => {
    const strays = FILES.filter(({ room }) => !OPEN_ROOMS.has(room)).flatMap(({ name, source }) => {
      const found = SIDE_EFFECTS.exec(codeOf(source))?.[0];
      return found === undefined ? [] : [`${name}: ${found}`];
    });
    expect(strays).toEqual([]);
  });

  test("what runs in the preview page imports nothing that doesn't", () => {
    const modules = [...globSync("preview/client/*.js", { cwd: SRC }), INVERTING];
    const strays = modules.flatMap((name) =>
      [...readFileSync(join(SRC, name), "utf8").matchAll(/^import .* from "([^"]+)"/gm)]
        .map(([, path = ""]) => path)
        .filter((path) => !/^\.\/[\w-]+\.js$/.test(path) && !BROUGHT_ALONG.has(path))
        .map((path) => `${name} imports ${path}`),
    );
    expect(strays).toEqual([]);
    expect(modules.length).toBeGreaterThan(10);
  });

  test("only index.ts re-exports", () => {
    const barrels = FILES.filter(
      ({ name, source }) => name !== "index.ts" && /^export .* from /m.test(source),
    );
    expect(barrels.map(({ name }) => name)).toEqual([]);
  });
});
