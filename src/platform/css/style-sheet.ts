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
  /** The selectors of the style rules that it is nested in. Undefined if it is not nested. */
  readonly nestedIn: string | undefined;
}

/** An at-rule with or without a block. `declarations` are those of its own block, such as the descriptors of `@font-face`. */
export interface AtRule extends Placed {
  /** The name in lower case, without its @. */
  readonly name: string;
}

/** A style rule. Its prelude contains the selectors. */
export type StyleRule = Placed;

/** Invalid CSS, which a browser ignores. */
interface StyleFault {
  readonly line: number;
  readonly text: string;
}

/** A parsed style sheet. The parser accepts any text (CSS Syntax 3). */
export interface StyleSheet {
  readonly rules: readonly StyleRule[];
  readonly atRules: readonly AtRule[];
  readonly faults: readonly StyleFault[];
}

/** The maximum depth of nesting. Handwritten style sheets have at most half of it. */
const DEEPEST = 32;

/**
 * Parses a style sheet with its nested rules (CSS Syntax 3 §5.4). `line` is the line of its first character. The parser only
 * finds the beginnings and ends of rules and declarations. The style sheets of a page may have a million characters, and
 * css-tree needs half a second to split them into tokens.
 */
export function parseStyleSheet(css: string, line = 1): StyleSheet {
  return new Parser(css, line).sheet();
}

/** Parses the declarations of a `style` attribute. */
export function parseDeclarations(css: string, line = 1): readonly Declaration[] {
  return new Parser(css, line).declarations();
}

interface Block {
  readonly declarations: Declaration[];
  readonly within: readonly AtRule[];
  readonly nestedIn: string | undefined;
  readonly depth: number;
  /** Whether it may contain declarations. Only the outermost block of a style sheet may not. */
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

  /** Reads the contents of a block. */
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

  /** Returns the character with which the next rule or declaration of a block begins; "" at the end. */
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
    // A custom property may contain a block (CSS Variables 1 §2).
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
    // A block that is too deep is skipped up to its closing bracket.
    this.#upTo("}");
    this.#at++;
  }

  /** Returns the text up to the first of these characters outside brackets. The parser stops before it. */
  #upTo(ends: string, from = this.#at): string {
    const { at, textEnd } = endOfText(this.#css, this.#at, ends);
    this.#at = at;
    return this.#css.slice(from, textEnd).trim();
  }

  /** Returns the current line. Each line break is searched only once, so that the time is linear. */
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

/** Parses a declaration. `*zoom` was for Internet Explorer 7; browsers ignore it, and so do we. */
function declarationOf(text: string, line: number): Declaration | undefined {
  const [before, name] = PROPERTY.exec(text) ?? [];
  if (before === undefined || name === undefined) return undefined;
  const value = text.slice(before.length);
  const plain = value.includes("!") ? value.replace(/\s*!\s*important$/i, "") : value;
  const property = name.startsWith("--") ? name : name.toLowerCase();
  return { property, value: plain, isImportant: plain.length < value.length, line };
}

/** Skips white space, semicolons and comments. `<!--` and `-->` are allowed too, for the first browsers. */
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

/** Finds the end of a text that ends at one of these characters. `textEnd` is before the comments at the end. */
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
  readonly before: Comment | undefined;
}

/** Characters that end a value, open a bracket or string, or begin a comment. */
const SIGN = /[{}()[\];"'\\/]/g;

const SPACE = 0x20;
const HYPHEN = 0x2d;
const SLASH = 0x2f;
const SEMICOLON = 0x3b;
const LESS = 0x3c;
const BYTE_ORDER_MARK = 0xfeff;

/** Skips a character, or the string, the escape or the address that it begins (CSS Syntax 3 §4.3). */
function afterSign(css: string, at: number, sign: string): number {
  if (sign === '"' || sign === "'") return endOf(sign === '"' ? DOUBLE_QUOTED : QUOTED, css, at);
  if (sign === "\\") return Math.min(at + 2, css.length);
  const isAddress = sign === "(" && /(?:^|[^\w-])url$/i.test(css.slice(Math.max(0, at - 4), at));
  return isAddress ? endOf(ADDRESS, css, at + 1) : at + 1;
}

// A string that is not closed ends with its line.
const DOUBLE_QUOTED = /"[^"\\\n]*(?:\\[^][^"\\\n]*)*"?/y;
const QUOTED = /'[^'\\\n]*(?:\\[^][^'\\\n]*)*'?/y;
/** The content of an unquoted `url()`. Other brackets have no meaning in it. */
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

/** The stack of open brackets. A closing bracket also closes the brackets opened inside its pair. */
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
