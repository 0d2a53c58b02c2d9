import { type HtmlDocument, type MailElement, named, ownText, memo } from "../html/mail-element.ts";
import { parseSelectors, type Selector } from "./parse-selectors.ts";
import { type Token, tokensOf } from "./tokens.ts";

export interface Declaration {
  /** In lower case, save for custom properties. */
  readonly property: string;
  /** Without `!important`. */
  readonly value: string;
  readonly isImportant: boolean;
  readonly line: number;
}

/** An at-rule, with a block or without. */
export interface AtRule {
  /** In lower case, without its @. */
  readonly name: string;
  readonly prelude: string;
  readonly line: number;
  /** What stands in its own block: the descriptors of `@font-face`. */
  readonly declarations: readonly Declaration[];
  /** The at-rules that it is in, from the outside in. */
  readonly within: readonly AtRule[];
}

export interface StyleRule {
  /** None where the selector cannot be understood. */
  readonly selectors: readonly Selector[];
  readonly prelude: string;
  readonly declarations: readonly Declaration[];
  readonly line: number;
  readonly within: readonly AtRule[];
  /** Whether it stands in another style rule's block. */
  readonly isNested: boolean;
}

/** A style sheet as CSS Syntax 3 reads it: whatever is written, something comes out. */
export interface StyleSheet {
  readonly rules: readonly StyleRule[];
  readonly atRules: readonly AtRule[];
  /** The lines that a browser passes over since they are no CSS. */
  readonly faults: readonly { readonly line: number; readonly text: string }[];
}

/** The style sheets of an email and the styles that its elements have of their own. */
interface DocumentStyles {
  readonly sheets: readonly { readonly element: MailElement; readonly sheet: StyleSheet }[];
  readonly inline: ReadonlyMap<MailElement, readonly Declaration[]>;
}

export const stylesOf = memo((html: HtmlDocument): DocumentStyles => {
  const sheets = named(html, "style").map((element) => {
    const css = ownText(element);
    return { element, sheet: parseStyleSheet(css, element.line) };
  });
  return { sheets, inline: inlineStyles(html) };
});

/** A mail says the same thing to a hundred cells, so that each wording is read once. */
function inlineStyles({ elements }: HtmlDocument) {
  const read = new Map<string, readonly Declaration[]>();
  const inline = new Map<MailElement, readonly Declaration[]>();
  for (const element of elements) {
    const css = element.attributes.get("style");
    if (css === undefined) continue;
    const declarations = read.get(css) ?? parseDeclarations(css);
    read.set(css, declarations);
    inline.set(element, declarations);
  }
  return inline;
}

/** Nobody writes half of it, and a machine may write any number. */
const DEEPEST = 32;

/**
 * A style sheet, read as CSS Syntax 3 §5.4 says, nested rules included: css-tree's own parser knows those
 * only where they begin with `&`. `line` is that of its first character.
 */
export function parseStyleSheet(css: string, line = 1): StyleSheet {
  return new Parser(css, line).sheet();
}

/** The declarations of a `style` attribute. */
export function parseDeclarations(css: string, line = 1): Declaration[] {
  return new Parser(css, line).declarations();
}

interface Block {
  readonly declarations: Declaration[];
  readonly within: readonly AtRule[];
  /** Whether it is the block of a style rule, or in one. */
  readonly isStyle: boolean;
  readonly depth: number;
}

class Parser {
  readonly #css: string;
  readonly #tokens: readonly Token[];
  readonly #rules: StyleRule[] = [];
  readonly #atRules: AtRule[] = [];
  readonly #faults: { line: number; text: string }[] = [];
  #at = 0;
  #line: number;
  #countedTo = 0;

  constructor(css: string, line: number) {
    this.#css = css;
    this.#tokens = tokensOf(css);
    this.#line = line;
  }

  sheet(): StyleSheet {
    this.#block({ declarations: [], within: [], isStyle: false, depth: 0 });
    return { rules: this.#rules, atRules: this.#atRules, faults: this.#faults };
  }

  declarations(): Declaration[] {
    const block: Block = { declarations: [], within: [], isStyle: true, depth: 0 };
    this.#block(block);
    return block.declarations;
  }

  /** All that a block holds, up to its end. */
  #block(block: Block): void {
    for (let token = this.#tokens[this.#at]; token; token = this.#tokens[this.#at]) {
      if (SKIPPED.has(token.type)) this.#at++;
      else if (token.type === "}") {
        this.#at++;
        if (block.depth > 0) return;
        this.#fault(token, "}");
      } else if (token.type === "at-keyword") this.#atRule(token, block);
      else this.#ruleOrDeclaration(token, block);
    }
  }

  #atRule(token: Token, { within, isStyle, depth }: Block): void {
    const line = this.#lineAt(token);
    this.#at++;
    const prelude = this.#text(this.#upTo(";{}"));
    const declarations: Declaration[] = [];
    const name = token.text.slice(1).toLowerCase();
    const rule: AtRule = { name, prelude, line, declarations, within };
    this.#atRules.push(rule);
    if (this.#tokens[this.#at]?.type !== "{") return;
    this.#inside({ declarations, within: [...within, rule], isStyle, depth: depth + 1 });
  }

  #ruleOrDeclaration(token: Token, block: Block): void {
    const line = this.#lineAt(token);
    const isDeclaration = block.depth > 0 || block.isStyle;
    const tokens = this.#upTo(isDeclaration ? ";{}" : "{");
    const isRule = this.#tokens[this.#at]?.type === "{";
    if (isRule && !isCustom(token)) this.#styleRule(tokens, line, block);
    else {
      // A custom property may hold a block (CSS Variables 1 §2).
      const rest = isRule ? this.#upTo(";}") : [];
      const declaration = declarationOf([...tokens, ...rest], this.#css, line);
      if (declaration && isDeclaration) block.declarations.push(declaration);
      else this.#fault(token, this.#text(tokens));
    }
  }

  #styleRule(tokens: readonly Token[], line: number, { within, isStyle, depth }: Block): void {
    const declarations: Declaration[] = [];
    const selectors = parseSelectors(tokens);
    const prelude = this.#text(tokens);
    if (selectors.length === 0) this.#faults.push({ line, text: prelude });
    this.#rules.push({ selectors, prelude, declarations, line, within, isNested: isStyle });
    this.#inside({ declarations, within, isStyle: true, depth: depth + 1 });
  }

  #inside(block: Block): void {
    this.#at++;
    if (block.depth <= DEEPEST) return this.#block(block);
    for (let open = 1; open > 0 && this.#at < this.#tokens.length; this.#at++) {
      const { type } = this.#tokens[this.#at] ?? {};
      open += type === "{" ? 1 : type === "}" ? -1 : 0;
    }
  }

  /** The tokens up to one of these that no bracket is open around, which is left to be read. */
  #upTo(ends: string): Token[] {
    const from = this.#at;
    const open = new OpenBrackets();
    for (let token = this.#tokens[this.#at]; token; token = this.#tokens[++this.#at]) {
      if (open.isNone && ends.includes(token.type)) break;
      open.see(token.type);
    }
    return this.#tokens.slice(from, this.#at);
  }

  #text(tokens: readonly Token[]): string {
    return textOf(tokens, this.#css);
  }

  #fault(token: Token, text: string): void {
    if (text.trim() !== "") this.#faults.push({ line: this.#lineAt(token), text });
  }

  /** Tokens are read in order, so that every character is looked at for line breaks once. */
  #lineAt({ start }: Token): number {
    for (; this.#countedTo < start; this.#countedTo++) {
      if (this.#css.charCodeAt(this.#countedTo) === 10) this.#line++;
    }
    return this.#line;
  }
}

/** Between two things they mean nothing; `<!--` and `-->` are left over from the first browsers. */
const SKIPPED: ReadonlySet<string> = new Set(["whitespace", ";", "CDO", "CDC"]);

const CLOSES: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["function", ")"],
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

  see(type: string): void {
    const closing = CLOSES.get(type);
    if (closing) {
      this.#closing.push(closing);
      this.#count(closing, 1);
    } else if (this.#counts.get(type)) {
      for (let last = ""; last !== type;) {
        last = this.#closing.pop() ?? type;
        this.#count(last, -1);
      }
    }
  }

  #count(closing: string, by: number): void {
    this.#counts.set(closing, (this.#counts.get(closing) ?? 0) + by);
  }
}

function isCustom({ type, text }: Token): boolean {
  return type === "ident" && text.startsWith("--");
}

function declarationOf(
  tokens: readonly Token[],
  css: string,
  line: number,
): Declaration | undefined {
  const colon = tokens.findIndex(({ type }) => type === ":");
  const name = tokens.slice(0, colon).filter(({ type }) => type !== "whitespace");
  // `*zoom` was for Internet Explorer 7: browsers pass it over, and so does this.
  if (colon < 1 || name.length !== 1 || name[0]?.type !== "ident") return undefined;
  const value = textOf(tokens.slice(colon + 1), css);
  const plain = value.replace(/\s*!\s*important$/i, "");
  const property = name[0].text.startsWith("--") ? name[0].text : name[0].text.toLowerCase();
  return { property, value: plain, isImportant: plain.length < value.length, line };
}

function textOf(tokens: readonly Token[], css: string): string {
  const [first, last] = [tokens[0], tokens.at(-1)];
  return first && last ? css.slice(first.start, last.start + last.text.length).trim() : "";
}

export type Scheme = "light" | "dark";

/**
 * Whether what stands in these at-rules holds on a screen in a colour scheme, whatever its width: what
 * only holds from a width on, or on paper, does not.
 */
export function holds(within: readonly AtRule[], scheme: Scheme): boolean {
  return within.every(({ name, prelude }) => name === "media" && mediaHolds(prelude, scheme));
}

/** Whether a media query asks for the dark scheme. */
export function asksForDark({ name, prelude }: AtRule): boolean {
  return name === "media" && /prefers-color-scheme\s*:\s*dark/i.test(prelude);
}

function mediaHolds(prelude: string, scheme: Scheme): boolean {
  return prelude.split(",").some((query) => {
    const parts = query
      .toLowerCase()
      .replace(/^\s*only\s/, "")
      .split(/\sand\s/);
    return parts.every((part) => partHolds(part.trim(), scheme));
  });
}

function partHolds(part: string, scheme: Scheme): boolean {
  const wanted = /^\(\s*prefers-color-scheme\s*:\s*(\w+)\s*\)$/.exec(part)?.[1];
  return wanted === undefined ? ["screen", "all", ""].includes(part) : wanted === scheme;
}
