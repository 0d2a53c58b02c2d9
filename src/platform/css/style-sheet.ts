import { nestedPrelude } from "./selectors.ts";

export interface Declaration {
  /** The property in lower case; a custom property as it is written. */
  readonly property: string;
  /** The value, without `!important`. */
  readonly value: string;
  readonly isImportant: boolean;
  readonly line: number;
}

interface Placed {
  readonly prelude: string;
  readonly declarations: readonly Declaration[];
  readonly line: number;
  /** The at-rules that it is in, from the outside in. */
  readonly within: readonly AtRule[];
  /** The selectors of the style rules that it is nested in; undefined where it is in none. */
  readonly nestedIn: string | undefined;
}

/** An at-rule, with a block or without: `declarations` are in its own block, as the descriptors of `@font-face` are. */
export interface AtRule extends Placed {
  /** The name in lower case, without its @. */
  readonly name: string;
}

/** A rule whose prelude are its selectors. */
export type StyleRule = Placed;

/** Text that a browser passes over, as it is no CSS. */
interface StyleFault {
  readonly line: number;
  readonly text: string;
}

/** A style sheet as CSS Syntax 3 reads it: whatever is written, something comes out. */
export interface StyleSheet {
  readonly rules: readonly StyleRule[];
  readonly atRules: readonly AtRule[];
  readonly faults: readonly StyleFault[];
}

/** Twice as deep as any style sheet that a person wrote; a generated one may have any depth. */
const DEEPEST = 32;

/**
 * A style sheet, read as CSS Syntax 3 §5.4 says, nested rules included. `line` is that of its first character. Only
 * where rules and declarations begin and end is looked at here: the style sheets of a page may have a million
 * characters, of which css-tree would make tokens in half a second.
 */
export function parseStyleSheet(css: string, line = 1): StyleSheet {
  return new Parser(css, line).sheet();
}

/** The declarations of a `style` attribute. */
export function parseDeclarations(css: string, line = 1): readonly Declaration[] {
  return new Parser(css, line).declarations();
}

interface Block {
  readonly declarations: Declaration[];
  readonly within: readonly AtRule[];
  readonly nestedIn: string | undefined;
  readonly depth: number;
  /** Whether it holds declarations: only the outermost of a style sheet does not. */
  readonly isInner: boolean;
}

class Parser {
  readonly #css: string;
  readonly #rules: StyleRule[] = [];
  readonly #atRules: AtRule[] = [];
  readonly #faults: StyleFault[] = [];
  #at = 0;
  #line: number;
  #nextBreak: number;

  constructor(css: string, line: number) {
    this.#css = css;
    this.#line = line;
    this.#nextBreak = breakFrom(css, 0);
  }

  sheet(): StyleSheet {
    const nothing = { declarations: [], within: [], nestedIn: undefined };
    this.#block({ ...nothing, depth: 0, isInner: false });
    return { rules: this.#rules, atRules: this.#atRules, faults: this.#faults };
  }

  declarations(): Declaration[] {
    const declarations: Declaration[] = [];
    this.#block({ declarations, within: [], nestedIn: "", depth: 0, isInner: true });
    return declarations;
  }

  /** All that a block holds, up to its end. */
  #block(block: Block): void {
    for (let sign = this.#next(); sign !== ""; sign = this.#next()) {
      const line = this.#lineHere();
      if (sign === "}") {
        this.#at++;
        if (block.depth > 0) return;
        this.#faults.push({ line, text: sign });
        continue;
      }
      AT_KEYWORD.lastIndex = this.#at;
      const name = sign === "@" ? AT_KEYWORD.exec(this.#css)?.[1] : undefined;
      if (name === undefined) this.#ruleOrDeclaration(line, block);
      else this.#atRule(name, line, block);
    }
  }

  /** The sign with which the next thing in a block begins; "" at the end. */
  #next(): string {
    this.#at = afterBlanks(this.#css, this.#at);
    return this.#css.charAt(this.#at);
  }

  #atRule(name: string, line: number, { within, nestedIn, depth }: Block): void {
    this.#at += name.length + 1;
    const prelude = this.#upTo(";{}");
    const declarations: Declaration[] = [];
    const rule = { name: name.toLowerCase(), prelude, line, declarations, within, nestedIn };
    this.#atRules.push(rule);
    if (!this.#isAtBlock) return;
    const inside = [...within, rule];
    this.#inside({ declarations, within: inside, nestedIn, depth: depth + 1, isInner: true });
  }

  #ruleOrDeclaration(line: number, block: Block): void {
    const from = this.#at;
    let text = this.#upTo(block.isInner ? ";{}" : "{");
    const isCustom = text.startsWith("--");
    if (this.#isAtBlock && !isCustom) return this.#styleRule(text, line, block);
    // A custom property may hold a block (CSS Variables 1 §2).
    if (this.#isAtBlock && block.isInner) text = this.#upTo(";}", from);
    const declaration = block.isInner ? declarationOf(text, line) : undefined;
    if (declaration) block.declarations.push(declaration);
    else if (text !== "") this.#faults.push({ line, text });
  }

  #styleRule(prelude: string, line: number, { within, nestedIn, depth }: Block): void {
    const declarations: Declaration[] = [];
    this.#rules.push({ prelude, declarations, line, within, nestedIn });
    const inner = nestedIn === undefined ? prelude : nestedPrelude(prelude, nestedIn);
    this.#inside({ declarations, within, nestedIn: inner, depth: depth + 1, isInner: true });
  }

  get #isAtBlock(): boolean {
    return this.#css.charAt(this.#at) === "{";
  }

  #inside(block: Block): void {
    this.#at++;
    if (block.depth <= DEEPEST) return this.#block(block);
    // Its end is the first bracket that closes none of its own.
    this.#upTo("}");
    this.#at++;
  }

  /** The text up to one of these signs that no bracket is open around, at which the parser stays. */
  #upTo(ends: string, from = this.#at): string {
    const { at, textEnd } = endOfText(this.#css, this.#at, ends);
    this.#at = at;
    return this.#css.slice(from, textEnd).trim();
  }

  /** Every line break is looked for once. */
  #lineHere(): number {
    for (; this.#nextBreak < this.#at; this.#nextBreak = breakFrom(this.#css, this.#nextBreak + 1))
      this.#line++;
    return this.#line;
  }
}

function breakFrom(css: string, from: number): number {
  const at = css.indexOf("\n", from);
  return at === -1 ? Infinity : at;
}

const AT_KEYWORD = /@((?:-?[a-z_\u0080-\uffff]|--|\\.)(?:[\w\u0080-\uffff-]|\\.)*)/iy;

const PROPERTY =
  /^((?:-?[a-z_\u0080-\uffff]|--|\\.)(?:[\w\u0080-\uffff-]|\\.)*)(?:\s|\/\*[^]*?\*\/)*:(?:\s|\/\*[^]*?\*\/)*/i;

/** `*zoom` was for Internet Explorer 7: browsers pass it over, and so does this. */
function declarationOf(text: string, line: number): Declaration | undefined {
  const [before, name] = PROPERTY.exec(text) ?? [];
  if (before === undefined || name === undefined) return undefined;
  const value = text.slice(before.length);
  const plain = value.includes("!") ? value.replace(/\s*!\s*important$/i, "") : value;
  const property = name.startsWith("--") ? name : name.toLowerCase();
  return { property, value: plain, isImportant: plain.length < value.length, line };
}

/** Behind white space, semicolons and comments; `<!--` and `-->` are left over from the first browsers. */
function afterBlanks(css: string, from: number): number {
  let at = from;
  for (;;) {
    const code = css.charCodeAt(at);
    if (code <= SPACE || code === SEMICOLON || code === BYTE_ORDER_MARK) at++;
    else if (code === SLASH && css.startsWith("/*", at)) at = afterComment(css, at);
    else if (code === LESS && css.startsWith("<!--", at)) at += 4;
    else if (code === HYPHEN && css.startsWith("-->", at)) at += 3;
    else return at;
  }
}

function afterComment(css: string, at: number): number {
  const end = css.indexOf("*/", at + 2);
  return end === -1 ? css.length : end + 2;
}

/** Finds the end of a text that ends at one of these signs. `textEnd` is before the comments there. */
function endOfText(css: string, from: number, ends: string): { at: number; textEnd: number } {
  let open: OpenBrackets | undefined;
  let comment: Comment | undefined;
  let at = nextSign(css, from);
  for (; at < css.length; at = nextSign(css, at)) {
    const sign = css.charAt(at);
    if (sign === "/") {
      const end = css.startsWith("*", at + 1) ? afterComment(css, at) : at + 1;
      if (end > at + 1) comment = { start: at, end, before: comment };
      at = end;
    } else if ((open?.isNone ?? true) && ends.includes(sign)) break;
    else {
      open ??= new OpenBrackets();
      open.see(sign);
      at = afterSign(css, at, sign);
    }
  }
  let textEnd = at;
  for (; comment && css.slice(comment.end, textEnd).trim() === ""; comment = comment.before)
    textEnd = comment.start;
  return { at, textEnd };
}

function nextSign(css: string, from: number): number {
  SIGN.lastIndex = from;
  return SIGN.test(css) ? SIGN.lastIndex - 1 : css.length;
}

interface Comment {
  readonly start: number;
  readonly end: number;
  /** The one before it. */
  readonly before: Comment | undefined;
}

/** What ends a text, opens something in it, or begins a comment. */
const SIGN = /[{}()[\];"'\\/]/g;

const SPACE = 0x20;
const HYPHEN = 0x2d;
const SLASH = 0x2f;
const SEMICOLON = 0x3b;
const LESS = 0x3c;
const BYTE_ORDER_MARK = 0xfeff;

/** Behind a sign, or behind the string, the escape or the address that it begins (CSS Syntax 3 §4.3). */
function afterSign(css: string, at: number, sign: string): number {
  if (sign === '"' || sign === "'") return endOf(sign === '"' ? DOUBLE_QUOTED : QUOTED, css, at);
  if (sign === "\\") return Math.min(at + 2, css.length);
  const isAddress = sign === "(" && /(?:^|[^\w-])url$/i.test(css.slice(Math.max(0, at - 4), at));
  return isAddress ? endOf(ADDRESS, css, at + 1) : at + 1;
}

// A string that is not closed ends with its line.
const DOUBLE_QUOTED = /"[^"\\\n]*(?:\\[^][^"\\\n]*)*"?/y;
const QUOTED = /'[^'\\\n]*(?:\\[^][^'\\\n]*)*'?/y;
/** What stands between the brackets of `url()` without quotation marks, where brackets of other kinds mean nothing. */
const ADDRESS = /(?!\s*["'])[^)\\]*(?:\\[^][^)\\]*)*/y;

function endOf(pattern: RegExp, css: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(css) ? pattern.lastIndex : at;
}

const CLOSING: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

/** The brackets that are open; one that closes closes all that were opened after its own. */
class OpenBrackets {
  readonly #closing: string[] = [];
  readonly #counts = new Map<string, number>();

  get isNone(): boolean {
    return this.#closing.length === 0;
  }

  see(sign: string): void {
    const closing = CLOSING.get(sign);
    if (closing) {
      this.#closing.push(closing);
      this.#count(closing, 1);
    } else if (this.#counts.get(sign)) {
      for (let last = ""; last !== sign;) {
        last = this.#closing.pop() ?? sign;
        this.#count(last, -1);
      }
    }
  }

  #count(closing: string, by: number): void {
    this.#counts.set(closing, (this.#counts.get(closing) ?? 0) + by);
  }
}
