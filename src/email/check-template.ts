import { BroadsheetError, nearest, type Where } from "../errors.ts";
import { HELPERS } from "./helpers.ts";
import { isRecord, type Template, type TemplateFile } from "./email.ts";
import { SPECIMEN } from "./specimen.ts";

type Node = hbs.AST.Node;
type Shape = unknown;

const BLOCK_HELPERS = new Set(["if", "unless", "each", "with"]);
const DATA = new Set(["root", "index", "first", "last", "key"]);

/** The scopes of a position in a template: `{{name}}` is resolved in the last one, `{{../name}}` in the one before. */
type Scopes = readonly Shape[];

/** The parser of Handlebars. It throws its own error for a syntax error. */
type ParseTemplate = (source: string) => hbs.AST.Program;

/**
 * Checks all branches of a template and its partials against the fields that exist.
 * @throws BroadsheetError TEMPLATE_INVALID at the file, line and column of the first fault: a syntax error, an unknown
 * field or helper, a missing partial, or an unescaped `{{{ }}}`.
 */
export function checkTemplate(template: Template, parse: ParseTemplate): void {
  for (const file of [template.html, template.text]) {
    new Checker(template, parse, file.file).check(file, [SPECIMEN]);
  }
}

class Checker {
  readonly #template: Template;
  readonly #parse: ParseTemplate;
  readonly #open: readonly string[];
  readonly #file: string;

  constructor(
    template: Template,
    parse: ParseTemplate,
    file: string,
    open: readonly string[] = [],
  ) {
    this.#template = template;
    this.#parse = parse;
    this.#file = file;
    this.#open = open;
  }

  check({ file, source }: TemplateFile, scopes: Scopes): void {
    this.#program(parseFile(this.#parse, { file, source }), scopes);
  }

  #program(program: hbs.AST.Program | undefined, scopes: Scopes): void {
    for (const statement of program?.body ?? []) this.#statement(statement, scopes);
  }

  #statement(node: Node, scopes: Scopes): void {
    if (isNode<hbs.AST.MustacheStatement>(node, "MustacheStatement")) this.#mustache(node, scopes);
    else if (isNode<hbs.AST.BlockStatement>(node, "BlockStatement")) this.#block(node, scopes);
    else if (isNode<hbs.AST.PartialStatement>(node, "PartialStatement"))
      this.#partial(node, scopes);
    else if (isNode<hbs.AST.PartialBlockStatement>(node, "PartialBlockStatement"))
      this.#program(node.program, [this.#partial(node, scopes)]);
    else if (node.type.startsWith("Decorator")) {
      const what = "uses a decorator, which templates do not need";
      throw this.#fault(node, what, "define a partial file instead");
    }
  }

  #mustache(node: hbs.AST.MustacheStatement, scopes: Scopes): void {
    if (!node.escaped) {
      const fix = "write two braces; every value is escaped for the place it stands in";
      throw this.#fault(node, "writes a value unescaped with {{{ }}}", fix);
    }
    this.#expression(node, scopes);
  }

  #expression(node: { path: Node; params: Node[]; hash?: hbs.AST.Hash }, scopes: Scopes): void {
    const isCall = node.params.length > 0 || (node.hash?.pairs.length ?? 0) > 0;
    if (isNode<hbs.AST.PathExpression>(node.path, "PathExpression")) {
      const name = node.path.original;
      if (isCall && !HELPERS.has(name)) throw this.#unknown(node.path, name, []);
      if (!isCall && !HELPERS.has(name)) this.#resolve(node.path, scopes);
    }
    for (const param of node.params) this.#param(param, scopes);
    for (const pair of node.hash?.pairs ?? []) this.#param(pair.value, scopes);
  }

  #param(node: Node, scopes: Scopes): Shape {
    if (isNode<hbs.AST.SubExpression>(node, "SubExpression")) return this.#expression(node, scopes);
    if (isNode<hbs.AST.PathExpression>(node, "PathExpression")) return this.#resolve(node, scopes);
    return undefined;
  }

  #block(node: hbs.AST.BlockStatement, scopes: Scopes): void {
    const name = nameOf(node.path);
    if (!BLOCK_HELPERS.has(name)) throw this.#unknown(node.path, name, BLOCK_HELPERS);
    const shapes = node.params.map((param) => this.#param(param, scopes));
    const inner = name === "each" ? elementOf(shapes[0]) : shapes[0];
    const scoped = name === "each" || name === "with" ? [...scopes, inner] : scopes;
    this.#program(node.program, scoped);
    this.#program(node.inverse, scopes);
  }

  /** Checks a partial and returns its scope, which is also that of the block passed to it. */
  #partial(node: hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement, scopes: Scopes): Shape {
    const name = nameOf(node.name);
    if (name === "@partial-block") return scopes.at(-1);
    const partial = this.#template.partials.get(name);
    if (!partial) {
      const near = nearest(name, this.#template.partials.keys());
      const fix = near ? `use {{> ${near}}}` : `write partials/${name}.mjml.hbs`;
      throw this.#fault(node, `includes {{> ${name}}}, but there is no such partial`, fix);
    }
    if (this.#open.includes(name)) {
      const what = `includes {{> ${name}}}, which includes itself`;
      throw this.#fault(node, what, "remove one of the includes");
    }
    const [context] = node.params;
    const scope = context ? this.#param(context, scopes) : scopes.at(-1);
    const hash = Object.fromEntries(
      (node.hash?.pairs ?? []).map((pair) => [pair.key, this.#param(pair.value, scopes) ?? ""]),
    );
    const inner = isRecord(scope) ? { ...scope, ...hash } : scope;
    const open = [...this.#open, name];
    new Checker(this.#template, this.#parse, partial.file, open).check(partial, [inner]);
    return inner;
  }

  #resolve(node: hbs.AST.PathExpression, scopes: Scopes): Shape {
    if (node.data) return this.#data(node);
    let shape: Shape = scopes.at(-1 - node.depth);
    for (const part of node.parts.map(String)) {
      if (!isRecord(shape) || !Object.hasOwn(shape, part)) {
        throw this.#unknown(node, node.original, isRecord(shape) ? Object.keys(shape) : [], part);
      }
      shape = new Map(Object.entries(shape)).get(part);
    }
    return shape;
  }

  #data(node: hbs.AST.PathExpression): Shape {
    const [head = "", ...parts] = node.parts.map(String);
    const known = [...DATA].map((name) => `@${name}`);
    if (!DATA.has(head)) throw this.#unknown(node, node.original, known);
    if (head !== "root") return undefined;
    return this.#resolve({ ...node, data: false, depth: 0, parts }, [SPECIMEN]);
  }

  #unknown(node: Node, name: string, known: Iterable<string>, part = name): BroadsheetError {
    const near = nearest(part, [...known, ...HELPERS.keys()]);
    const fix = near ? `use ${near}` : "docs/templates.md lists the fields and the helpers";
    return this.#fault(node, `uses {{${name}}}, which is neither a field nor a helper`, fix);
  }

  #fault(node: Node, what: string, fix: string): BroadsheetError {
    const { line, column } = node.loc.start;
    const where: Where = { file: this.#file, line, column: column + 1 };
    return new BroadsheetError("TEMPLATE_INVALID", `"${this.#template.name}" ${what}`, {
      where,
      fix,
    });
  }
}

/**
 * Parses a template file.
 * @throws BroadsheetError TEMPLATE_INVALID at the line of a syntax error.
 */
function parseFile(parse: ParseTemplate, { file, source }: TemplateFile): hbs.AST.Program {
  try {
    return parse(source);
  } catch (cause) {
    const open = /got 'EOF'/.test(String(cause)) ? unclosedBlock(source) : undefined;
    throw new BroadsheetError("TEMPLATE_INVALID", syntaxFault(cause, open?.name), {
      where: { file, line: open?.line ?? lineOf(cause) },
      fix: open
        ? `close it with {{/${open.name}}}`
        : "every {{#block}} needs its {{/block}}, and every {{ its }}",
      cause,
    });
  }
}

function syntaxFault(cause: unknown, open: string | undefined): string {
  if (open !== undefined) return `{{#${open}}} is never closed`;
  const message = cause instanceof Error ? cause.message : String(cause);
  const closing = /(\w+) doesn't match (\w+)/.exec(message);
  if (closing) return `{{#${closing[1]}}} is closed by {{/${closing[2]}}}`;
  return "this is not Handlebars: a brace, a name or a quotation mark is missing or one too many";
}

function lineOf(cause: unknown): number {
  const message = cause instanceof Error ? cause.message : String(cause);
  return Number(/line (\d+)/.exec(message)?.[1] ?? /(\d+):\d+/.exec(message)?.[1] ?? 1);
}

/** Returns the innermost block that is still open at the end of a source. Handlebars itself reports only the end. */
function unclosedBlock(source: string): { name: string; line: number } | undefined {
  const open: { name: string; line: number }[] = [];
  for (const { 1: sign, 2: name = "", index } of source.matchAll(/\{\{~?(#>?|\/)\s*([\w-]+)/g)) {
    if (sign === "/") open.pop();
    else open.push({ name, line: source.slice(0, index).split("\n").length });
  }
  return open.at(-1);
}

function isNode<T extends Node>(node: Node, type: T["type"]): node is T {
  return node.type === type;
}

function nameOf(node: Node): string {
  return isNode<hbs.AST.PathExpression>(node, "PathExpression") ? node.original : "";
}

function elementOf(shape: Shape): Shape {
  return Array.isArray(shape) ? shape[0] : undefined;
}
