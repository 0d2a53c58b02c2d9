/**
 * How much there is to read and to keep right: for each room its lines, the lines of its tests, its regular expressions (each
 * alternative counts) and its named numeric constants, as the syntax tree has them.
 *
 *   node bench/count.ts [COMMIT...]      the working tree, or commits of its history
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseAst } from "rolldown/parseAst";

const PROJECT = path.resolve(import.meta.dirname, "..");
/** Files that are counted, by what their name ends with. */
const SOURCES = /\.(?:ts|js|css)$/;
/** Tests of several rooms, and what tests share. */
const NO_ROOM = "no room";
/** Rooms that have a figure together. */
const BOTH = ["article", "summary"];

interface Count {
  lines: number;
  testLines: number;
  patterns: number;
  numbers: number;
}

process.exitCode = main(process.argv.slice(2));

function main(commits: readonly string[]): number {
  if (commits.length === 0) print("the working tree", PROJECT);
  for (const commit of commits) {
    const folder = mkdtempSync(path.join(tmpdir(), "broadsheet-count-"));
    try {
      const archive = execFileSync("git", ["archive", commit, "src", "tests"], {
        cwd: PROJECT,
        maxBuffer: 2 ** 30,
      });
      execFileSync("tar", ["-x", "-C", folder], { input: archive });
      print(commit, folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return 0;
}

function print(title: string, folder: string): void {
  const rooms = new Map<string, Count>();
  for (const file of filesIn(folder, "src")) {
    const source = readFileSync(path.join(folder, "src", file), "utf8");
    const count = countOf(rooms, roomOf(file));
    count.lines += linesOf(source);
    if (!file.endsWith(".css")) addTree(count, source, file.endsWith(".ts") ? "ts" : "js");
  }
  const named = new Set(rooms.keys());
  for (const file of filesIn(folder, "tests")) {
    const room = named.has(roomOf(file)) ? roomOf(file) : NO_ROOM;
    const source = readFileSync(path.join(folder, "tests", file), "utf8");
    countOf(rooms, room).testLines += linesOf(source);
  }
  console.log(`${title}\n${row("room", ["lines", "tests", "patterns", "numbers"])}`);
  for (const room of [...rooms.keys()].toSorted())
    console.log(row(room, Object.values(countOf(rooms, room))));
  const both = BOTH.flatMap((room) => rooms.get(room) ?? []);
  console.log(row(BOTH.join(" + "), Object.values(sumOf(both))));
  console.log(`${row("all", Object.values(sumOf([...rooms.values()])))}\n`);
}

function row(name: string, figures: readonly (string | number)[]): string {
  return name.padEnd(20) + figures.map((figure) => String(figure).padStart(10)).join("");
}

function sumOf(counts: readonly Count[]): Count {
  const sum: Count = { lines: 0, testLines: 0, patterns: 0, numbers: 0 };
  for (const { lines, testLines, patterns, numbers } of counts) {
    sum.lines += lines;
    sum.testLines += testLines;
    sum.patterns += patterns;
    sum.numbers += numbers;
  }
  return sum;
}

function filesIn(folder: string, top: string): readonly string[] {
  return readdirSync(path.join(folder, top), { recursive: true, encoding: "utf8" })
    .filter((file) => SOURCES.test(file) && !file.includes("node_modules"))
    .toSorted();
}

/** The folder of a file, or its name where it is in none. */
function roomOf(file: string): string {
  return file.split(path.sep)[0]?.replace(/(?:\.test)?\.(?:ts|js|css)$/, "") ?? "";
}

function countOf(rooms: Map<string, Count>, room: string): Count {
  const count = rooms.get(room) ?? { lines: 0, testLines: 0, patterns: 0, numbers: 0 };
  rooms.set(room, count);
  return count;
}

function linesOf(source: string): number {
  return source.split("\n").length - 1;
}

function addTree(count: Count, source: string, lang: "ts" | "js"): void {
  walk(parseAst(source, { lang }), (node) => {
    count.patterns += alternativesOf(node);
    if (node["type"] !== "VariableDeclaration" || node["kind"] !== "const") return;
    for (const { id, init } of listOf(node["declarations"]))
      if (/^[A-Z][A-Z0-9_]*$/.test(String(Object(id)["name"])) && isNumeric(init)) count.numbers++;
  });
}

type Node = Readonly<Record<string, unknown>>;

function walk(node: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(node)) for (const child of node) walk(child, visit);
  if (!isNode(node)) return;
  visit(node);
  for (const child of Object.values(node)) walk(child, visit);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}

function listOf(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value : [];
}

/** Of a pattern, and of a text from which patterns are made (`new RegExp("…")`, `String.raw`). */
function alternativesOf(node: Node): number {
  const { type, regex, callee, arguments: given, tag, quasi } = node;
  if (type === "Literal" && regex !== undefined)
    return barsIn(String(Object(regex)["pattern"])) + 1;
  if (type === "TaggedTemplateExpression" && Object(Object(tag)["property"])["name"] === "raw")
    return textsIn(quasi).reduce((sum, text) => sum + barsIn(text), 0);
  const isMade = type === "NewExpression" || type === "CallExpression";
  if (!isMade || Object(callee)["name"] !== "RegExp") return 0;
  const [pattern] = listOf(given);
  const isRaw = pattern?.["type"] === "TaggedTemplateExpression";
  const texts = isRaw ? [] : textsIn(pattern);
  return texts.reduce((sum, text) => sum + barsIn(text), 1);
}

/** The texts of a string or a template, its expressions left out. */
function textsIn(node: unknown): readonly string[] {
  const { type, value, quasis } = Object(node);
  if (type === "Literal") return typeof value === "string" ? [value] : [];
  return listOf(quasis).map((part) => String(Object(part["value"])["raw"]));
}

function barsIn(pattern: string): number {
  return pattern.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]/gsu, "").split("|").length - 1;
}

/** A number, or arithmetic with numbers. */
function isNumeric(node: unknown): boolean {
  const { type, value, argument, left, right } = Object(node);
  if (type === "Literal") return typeof value === "number";
  if (type === "UnaryExpression") return isNumeric(argument);
  return type === "BinaryExpression" && isNumeric(left) && isNumeric(right);
}
