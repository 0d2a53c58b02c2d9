import { parseAst } from "rolldown/parseAst";

export const SRC = new URL("../../src/", import.meta.url).href;

/**
 * A replacement of a declaration: the value of a constant, the body of a function, or a key of a JSON file (a path
 * with dots; empty for the whole file). `to` is TypeScript or JSON.
 */
export interface Change {
  /** Its path in src/. */
  readonly file: string;
  readonly name: string;
  readonly to: string;
}

/** Applies the changes to a file. Throws if a declaration is missing, so that no family outlives its rules. */
export function changed(source: string, changes: readonly Change[]): string {
  const json = changes.filter(({ file }) => file.endsWith(".json"));
  if (json.length > 0) return json.reduce(withKey, source);
  const places = changes.map((own) => ({ ...placeOf(source, own), to: own.to }));
  return places
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, { start, end, to }) => text.slice(0, start) + to + text.slice(end), source);
}

function withKey(source: string, { file, name, to }: Change): string {
  if (name === "") return to;
  const whole: unknown = JSON.parse(source);
  const keys = name.split(".");
  let at = whole;
  for (const key of keys.slice(0, -1)) at = Object(at)[key];
  const last = keys.at(-1) ?? "";
  if (!Object.hasOwn(Object(at), last)) throw new Error(`${file} has no ${name}`);
  Object(at)[last] = JSON.parse(to);
  return JSON.stringify(whole);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The range in the file that is replaced. */
function placeOf(source: string, { file, name }: Change): Span {
  const found = declarationOf(source, name);
  if (!found) throw new Error(`${file} declares no ${name}`);
  return found.value;
}

/** The number of lines of a declaration with its comment. */
export function linesOf(source: string, { file, name, to }: Change): number {
  if (file.endsWith(".json")) {
    const before = source.split("\n").length;
    const after = JSON.stringify(JSON.parse(withKey(source, { file, name, to })), undefined, 2);
    return Math.max(1, before - after.split("\n").length);
  }
  const whole = declarationOf(source, name)?.whole ?? { start: 0, end: 0 };
  const comment = /(?:\/\*\*(?:[^*]|\*(?!\/))*\*\/|\/\/[^\n]*)\n$/.exec(
    source.slice(0, whole.start),
  );
  return (
    (comment?.[0] ?? "").split("\n").length -
    1 +
    source.slice(whole.start, whole.end).split("\n").length
  );
}

/** The range of a top-level constant or function, and the range of its value or body. */
function declarationOf(source: string, name: string): { whole: Span; value: Span } | undefined {
  for (const statement of parseAst(source, { lang: "ts" }).body) {
    const declared =
      statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declared?.type === "FunctionDeclaration" && declared.id?.name === name && declared.body)
      return { whole: statement, value: declared.body };
    if (declared?.type !== "VariableDeclaration") continue;
    for (const { id, init } of declared.declarations)
      if (id.type === "Identifier" && id.name === name && init)
        return { whole: statement, value: init };
  }
  return undefined;
}
