import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const SRC = fileURLToPath(new URL("../src", import.meta.url));

const ARCHITECTURE = readFileSync(join(SRC, "../ARCHITECTURE.md"), "utf8");

interface Room {
  readonly room: string;
  /** The most lines (ts, js, css) that people write. */
  readonly budget: number;
  /** The files that other rooms may import, types included. `platform` is a shelf: every room may use all of it. */
  readonly doors: readonly string[];
}

/** The table of the rooms in ARCHITECTURE.md, in its order: a room imports itself and the rooms before it. */
const ROOMS: readonly Room[] = [
  ...ARCHITECTURE.matchAll(/^\| ([a-z]+) +\| (\d+) +\| (.*?) *\|$/gm),
].map(([, room = "", budget, doors = ""]) => ({
  room,
  budget: Number(budget),
  doors: [...doors.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file),
}));

const FLOOR_PLAN = ROOMS.map(({ room }) => room);

/** The head of a file that a command writes. Its lines are not counted. */
const IS_GENERATED = /^(?:\/\/|\/\*+).*\bwrites this file\b/;

/** Where side effects are: the `io` folder of each room, what those stand on, the doors that people come in by, and browsers. */
const HAS_SIDE_EFFECTS = /^(?:platform|desk|cli)\/|(?:^|\/)(?:io|client)\//;

/** How mail programs turn colours round in the dark: in a browser that checks an email, and in the page. */
const INVERTING = "platform/css/invert-colours.js";
/** What a webmail leaves of an email: in both as well. */
const WEBMAIL = "platform/css/webmail.js";
/** Said by the terminal and the page alike. */
const VERDICT_WORDS = "review/verdict-words.js";

/** What the page has beside its own modules. */
const BROUGHT_ALONG = new Set([WEBMAIL, INVERTING, VERDICT_WORDS]);
const LIBRARIES_OF_THE_PAGE = new Set(["htm/preact", "preact/hooks", "@preact/signals"]);

const SIDE_EFFECTS =
  /from "node:(?:fs|net|http|https|tls|dgram|sqlite|child_process|worker_threads)[/"]|\bprocess\.|\bfetch\(|\bconsole\.|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b/;

/** What opens or reads a file by Node's own functions. */
const READS =
  /(?<![.#\w])(?:readFile(?:Sync)?|createReadStream|openSync|openAsBlob)\(|\bopen\b.*from "node:fs\/promises"/;

/**
 * All other files read by `openLocalFile` of platform/files/local-file.ts. These read their own files, the config or the
 * store, or write.
 */
const MAY_READ = new Set([
  "check/io/browser/axe.ts",
  "cli/github-workflows.ts",
  "config/io/load-config.ts",
  "delivery/io/sendmail-transport.ts",
  "issue/io/edits-file.ts",
  "platform/browser-code.ts",
  "platform/files/local-file.ts",
  "platform/files/swap-folder.ts",
  "platform/files/write-new-files.ts",
  "platform/own-files.ts",
  "platform/sqlite/database.ts",
  "platform/sqlite/home.ts",
  "platform/sqlite/run-lock.ts",
  "platform/sqlite/watermarks.ts",
  "subscribers/io/subscriber-list.ts",
  "subscribers/io/list-file.ts",
]);

const FILES = globSync("**/*.ts", { cwd: SRC }).map((name) => ({
  name,
  room: roomOf(name),
  source: readFileSync(join(SRC, name), "utf8"),
}));

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

type Imports = ReadonlyMap<string, ReadonlySet<string>>;

/** For each folder, which of its files and folders import which others of them, types included. */
function importsByFolder(): ReadonlyMap<string, Imports> {
  const folders = new Map<string, Map<string, Set<string>>>();
  for (const { name, source } of FILES) {
    for (const path of importsOf(source)) {
      const from = name.split("/");
      const to = join(dirname(name), path).split("/");
      const level = from.findIndex((part, at) => part !== to[at]);
      const [importer, imported] = [from[level], to[level]];
      if (importer === undefined || imported === undefined) continue;
      const folder = from.slice(0, level).join("/") || ".";
      const imports = folders.get(folder) ?? new Map<string, Set<string>>();
      folders.set(folder, imports.set(importer, imports.get(importer) ?? new Set()));
      imports.get(importer)?.add(imported);
    }
  }
  return folders;
}

/** What can only be reached from itself by others, taken away from the ends: what is left stands in circles. */
function circlesIn(imports: Imports): string[][] {
  const left = new Map([...imports].map(([one, others]) => [one, new Set(others)]));
  for (let size = -1; size !== left.size;) {
    size = left.size;
    for (const [one, others] of left) {
      for (const other of others) if (!left.has(other)) others.delete(other);
      if (others.size === 0) left.delete(one);
    }
  }
  return left.size === 0 ? [] : [[...left.keys()]];
}

/** The files that another room imports, but for those of the platform. */
function doorsUsed(): string[] {
  const importing = globSync("**/*.{ts,js}", { cwd: SRC });
  return importing.flatMap((name) =>
    importsOf(readFileSync(join(SRC, name), "utf8"))
      .filter((path) => /\.(?:ts|js)$/.test(path))
      .map((path) => join(dirname(name), path))
      .filter((target) => target.includes("/") && roomOf(target) !== roomOf(name))
      .filter((target) => roomOf(target) !== "platform"),
  );
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

  test("a room is entered by its doors alone, and every door is used", () => {
    const entered = new Set(doorsUsed());
    const doors = ROOMS.flatMap(({ room, doors }) => doors.map((file) => `${room}/${file}`));
    expect(
      [...entered].filter((file) => !doors.includes(file)),
      "another room imports them: use a door, or make them doors in ARCHITECTURE.md",
    ).toEqual([]);
    expect(
      doors.filter((file) => !entered.has(file)),
      "no other room imports these doors: remove them from ARCHITECTURE.md",
    ).toEqual([]);
  });

  test("each room stays within its budget of lines", () => {
    const lines = new Map<string, number>();
    for (const name of globSync("**/*.{ts,js,css}", { cwd: SRC })) {
      const text = readFileSync(join(SRC, name), "utf8");
      if (IS_GENERATED.test(text)) continue;
      lines.set(roomOf(name), (lines.get(roomOf(name)) ?? 0) + text.split("\n").length - 1);
    }
    const over = ROOMS.filter(({ room, budget }) => (lines.get(room) ?? 0) > budget);
    expect(
      over.map(({ room, budget }) => `${room} has ${lines.get(room)} lines, not ${budget}`),
      "write the number into the table of rooms in ARCHITECTURE.md, and the reason into the commit",
    ).toEqual([]);
  });

  test("every file that ARCHITECTURE.md names is there", () => {
    const named = [...ARCHITECTURE.matchAll(/`((?:\w[\w-]*\/)+[\w.-]+\.(?:ts|js|json))`/g)]
      .map(([, name = ""]) => name)
      .filter((name) => FLOOR_PLAN.includes(roomOf(name)));
    expect(named.filter((name) => globSync(name, { cwd: SRC }).length === 0)).toEqual([]);
    const templates = [...ARCHITECTURE.matchAll(/`([\w.-]+\.hbs)`/g)].map(([, name = ""]) => name);
    const shipped = globSync("../templates/**/*.hbs", { cwd: SRC }).join("\n");
    expect(templates.filter((name) => !shipped.includes(`/${name}`))).toEqual([]);
  });

  test("inside a room, no files or folders import each other in a circle", () => {
    const circles = [...importsByFolder()].flatMap(([folder, imports]) =>
      circlesIn(imports).map((circle) => `${folder}: ${circle.join(", ")}`),
    );
    expect(circles).toEqual([]);
  });

  test("the command line imports no command", () => {
    const strays = FILES.filter(({ name }) => /^cli\/(?!run\.ts)/.test(name)).flatMap(
      ({ name, source }) =>
        importsOf(source)
          .filter((path) => join(dirname(name), path).startsWith("cli/commands/"))
          .map((path) => `${name} imports ${path}`),
    );
    expect(strays).toEqual([]);
  });

  test("outside io, the platform and the doors nothing touches the world", () => {
    const strays = FILES.filter(({ name }) => !HAS_SIDE_EFFECTS.test(name)).flatMap(
      ({ name, source }) => {
        const found = SIDE_EFFECTS.exec(codeOf(source))?.[0];
        return found === undefined ? [] : [`${name}: ${found}`];
      },
    );
    expect(strays).toEqual([]);
  });

  test("delivery alone says what a connection to a mail server must be like", () => {
    const says = FILES.filter(({ source }) => /\btrustLoopback:/.test(codeOf(source)));
    expect(says.map(({ name }) => name)).toEqual(["delivery/io/smtp/smtp-server.ts"]);
  });

  test("local files are opened by one function, which refuses pipes and links that lead out", () => {
    const readers = FILES.filter(({ source }) => READS.test(codeOf(source)));
    expect(
      new Set(readers.map(({ name }) => name)),
      "read with platform/files/local-file.ts; MAY_READ above has the exceptions",
    ).toEqual(MAY_READ);
  });

  test("what runs in the preview page imports nothing that doesn't", () => {
    const own = globSync("preview/client/**/*.{ts,json}", { cwd: SRC });
    const modules = [...own.filter((name) => name.endsWith(".ts")), INVERTING, VERDICT_WORDS];
    const strays = modules.flatMap((name) =>
      [
        ...readFileSync(join(SRC, name), "utf8").matchAll(
          /^import (?!type\b)[^;]* from "([^"]+)"/gm,
        ),
      ]
        .map(([, path = ""]) => path)
        .filter((path) => !LIBRARIES_OF_THE_PAGE.has(path))
        .map((path) => join(dirname(name), path))
        .filter((path) => !own.includes(path) && !BROUGHT_ALONG.has(path))
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
