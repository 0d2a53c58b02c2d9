import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import type * as Yaml from "yaml";
import { BroadsheetError } from "../errors.ts";
import { ALIAS_FIX, aliasFault } from "../platform/yaml-aliases.ts";
import type { Position, Written } from "./invalid-config.ts";
import { attempt } from "../platform/attempt.ts";

interface YamlConfig {
  readonly raw: unknown;
  readonly written: Written;
}

/**
 * Parses a config in YAML 1.2, in which `no`, `on` and dates are texts. An empty one is valid.
 * @throws BroadsheetError CONFIG_INVALID with line and column.
 */
export function readYaml(text: string, file: string): YamlConfig {
  // Loaded only for a config in YAML.
  const yaml: typeof Yaml = createRequire(import.meta.url)("yaml");
  const lines = new yaml.LineCounter();
  const document = parse(yaml, text, { file, lines });
  const [fault] = [...document.errors, ...document.warnings, ...faultsIn(yaml, document)];
  const excess = aliasFault(yaml, document);
  const [says = ""] = fault?.message.split("\n") ?? [];
  if (fault)
    throw invalid(
      `this is not YAML: ${says}`,
      { file, ...positionAt(fault.pos[0], lines) },
      QUOTES,
    );
  if (excess)
    throw invalid(excess.message, { file, ...positionAt(excess.offset, lines) }, ALIAS_FIX);
  const placeOf = (path: readonly string[]) => {
    const offset = offsetOf(yaml, document, path);
    return offset === undefined ? undefined : positionAt(offset, lines);
  };
  return {
    raw: document.toJS({ maxAliasCount: -1 }) ?? {},
    written: { placeOf, beginning: 'name: "Your newsletter"' },
  };
}

/** A setting, by its keys from the outermost on, and its new value. Without a value the setting is removed. */
export interface ConfigChange {
  readonly path: readonly [string, ...(string | number)[]];
  readonly value?: unknown;
}

/**
 * Changes one setting in the text of a YAML config. Only the lines of its outermost key are rewritten; all other lines keep
 * their comments and their form.
 * @throws BroadsheetError CONFIG_INVALID if the place of the setting is an alias or a single value.
 */
export function changeYaml(text: string, { path, value }: ConfigChange): string {
  const yaml: typeof Yaml = createRequire(import.meta.url)("yaml");
  const parsed = (source: string) =>
    yaml.parseDocument(source, { schema: "core", stringKeys: true, uniqueKeys: false });
  const change = (source: string): string => {
    const document = parsed(source);
    setIn(yaml, document, path, value);
    const isEmpty = yaml.isMap(document.contents) && document.contents.items.length === 0;
    return isEmpty ? "" : document.toString({ lineWidth: 0, doubleQuotedAsJSON: true });
  };
  const before = parsed(text);
  if (value === undefined && !before.hasIn(path)) return text;
  const whole = change(text);
  const [start, end] = linesOf(yaml, before, text, path[0]);
  const old = text.slice(start, end);
  const fresh = attempt(() => change(old)) ?? whole;
  const isFirst = start === 0 || text[start - 1] === "\n";
  // The comment after a removed setting is removed too.
  const rest = text.slice(end).replace(fresh === "" ? /^.*(?:\r?\n|$)/ : /^/, "");
  const lines = old === "" ? fresh : fresh.replace(/\n$/, "");
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const spliced = `${text.slice(0, start)}${isFirst ? "" : eol}${lines.replaceAll("\n", eol)}${rest}`;
  const isSame = isDeepStrictEqual(parsed(spliced).toJS(), parsed(whole).toJS());
  // A config in brackets, or with anchors, can't be divided into lines.
  return isSame ? spliced : whole;
}

/** The range of lines of an outermost key with its value. If the key is missing, both ends are the end of the text. */
function linesOf(
  yaml: typeof Yaml,
  { contents }: Yaml.Document.Parsed,
  text: string,
  key: string,
): [start: number, end: number] {
  const pairs = yaml.isMap(contents) ? contents.items : [];
  const pair = pairs.find((one) => yaml.isScalar(one.key) && one.key.value === key);
  if (!yaml.isScalar(pair?.key)) return [text.length, text.length];
  const start = pair.key.range?.[0] ?? 0;
  const value = yaml.isNode(pair.value) ? pair.value.range?.[1] : undefined;
  const own = text.slice(start, value ?? pair.key.range?.[1]);
  // The parser attributes the comments before the next key to the end of a list.
  return [start, start + own.replace(/(?:\r?\n(?:[ \t]*|#.*))+$/, "").length];
}

function setIn(
  yaml: typeof Yaml,
  document: Yaml.Document.Parsed,
  path: ConfigChange["path"],
  value: unknown,
): void {
  for (let depth = 1; depth < path.length; depth++) {
    const around = path.slice(0, depth);
    const node = document.getIn(around, true);
    if (yaml.isScalar(node) && node.value === null) document.deleteIn(around);
    else if (node !== undefined && !yaml.isCollection(node)) {
      const what = `"${path.join(".")}" can't be set, as "${around.join(".")}" is written as an alias or one value`;
      throw new BroadsheetError("CONFIG_INVALID", what, { fix: "change it in the file" });
    }
  }
  if (value === undefined) return void document.deleteIn(path);
  const old = document.getIn(path, true);
  const node = document.createNode(value);
  yaml.visit(node, {
    Scalar(key, scalar) {
      if (key !== "key" && typeof scalar.value === "string") scalar.type = "QUOTE_DOUBLE";
    },
  });
  if (yaml.isNode(old)) Object.assign(node, { comment: old.comment, spaceBefore: old.spaceBefore });
  document.setIn(path, node);
}

const QUOTES = "correct this line; put a text that contains any of # : @ * & [ { in quotes";

/** Deeper than any config. At this depth the parser neither overflows the stack nor takes minutes. */
const DEEPEST = 64;

function parse(
  yaml: typeof Yaml,
  text: string,
  { file, lines }: { readonly file: string; readonly lines: Yaml.LineCounter },
): Yaml.Document.Parsed {
  const fix = `write fewer levels: ${DEEPEST} are the most`;
  if (depthOf(text) > DEEPEST) throw invalid("its lists are nested too deeply", { file }, fix);
  return yaml.parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: "core",
    stringKeys: true,
    // The parser would compare each key with every other one.
    uniqueKeys: false,
  });
}

/** The maximum nesting of lists and objects: brackets, and successive dashes. */
function depthOf(text: string): number {
  let [open, deepest] = [0, 0];
  const code = text.replaceAll(/^\s*#.*$/gm, "");
  for (const [sign] of code.matchAll(/[[{\]}]|(?:[-?] +)+/g)) {
    if (sign === "]" || sign === "}") open = Math.max(open - 1, 0);
    else if (sign === "[" || sign === "{") open += 1;
    deepest = Math.max(deepest, open, sign.replaceAll(" ", "").length);
  }
  return deepest;
}

interface Fault {
  readonly message: string;
  readonly pos: readonly [number, ...number[]];
}

/** Faults that the parser does not detect: duplicate keys, and aliases without an anchor. */
function faultsIn(yaml: typeof Yaml, document: Yaml.Document.Parsed): readonly Fault[] {
  const faults: Fault[] = [];
  const anchors = new Set<string>();
  const add = (message: string, { range }: Yaml.Node) =>
    faults.push({ message, pos: [range?.[0] ?? 0] });
  yaml.visit(document, {
    Value(_key, { anchor }) {
      if (anchor !== undefined) anchors.add(anchor);
    },
    Map(_key, { anchor, items }) {
      if (anchor !== undefined) anchors.add(anchor);
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!yaml.isScalar(key)) continue;
        if (seen.has(key.value)) add("a key is written twice", key);
        seen.add(key.value);
      }
    },
    Alias(_key, alias) {
      if (!anchors.has(alias.source)) add(`there is no anchor &${alias.source} before it`, alias);
    },
  });
  return faults;
}

/** The offset of the last key of a path, or of its innermost existing parent. */
function offsetOf(
  yaml: typeof Yaml,
  document: Yaml.Document.Parsed,
  path: readonly string[],
): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const key of path) {
    if (yaml.isAlias(node)) node = node.resolve(document);
    if (yaml.isMap(node)) {
      const pair = node.items.find(
        (one) => yaml.isScalar(one.key) && String(one.key.value) === key,
      );
      if (!yaml.isScalar(pair?.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (yaml.isSeq(node)) {
      node = node.items[Number(key)];
      if (!yaml.isNode(node)) break;
      offset = node.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}

function positionAt(offset: number, lines: Yaml.LineCounter): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function invalid(
  message: string,
  where: { readonly file: string } & Partial<Position>,
  fix: string,
): BroadsheetError {
  return new BroadsheetError("CONFIG_INVALID", message, { where, fix });
}
