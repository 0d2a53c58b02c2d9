/** The values, in small letters, of the properties that can hide text. */
export type Declarations = ReadonlyMap<string, string>;

interface Rule {
  /** The element's name; empty for any. */
  readonly tag: string;
  /** The classes and the id that it must have: ".a", "#b". */
  readonly names: readonly string[];
  readonly weight: number;
  readonly body: string;
}

interface Declaration {
  readonly property: string;
  readonly value: string;
  readonly isImportant: boolean;
}

const PROPERTIES =
  `display visibility opacity font font-size position left right top bottom text-indent margin-left margin-top
   clip clip-path color background background-color background-image background-clip -webkit-background-clip
   -webkit-text-fill-color text-shadow width max-width height max-height overflow overflow-x overflow-y padding
   padding-top padding-bottom transform transition animation animation-name will-change zoom`.split(
    /\s+/,
  );
const DECLARATION = new RegExp(String.raw`(?:^|[;\s])(${PROPERTIES.join("|")})\s*:([^;]*)`, "gi");

/** What a `style` attribute, or the inside of a rule, says of these properties. */
function declarationsIn(css: string): Declaration[] {
  return Array.from(css.matchAll(DECLARATION), ([, property = "", written = ""]) => {
    const value = written.trim().toLowerCase();
    const plain = value.replace(/\s*!\s*important$/, "");
    return { property: property.toLowerCase(), value: plain, isImportant: plain !== value };
  });
}

/** What a `style` attribute says. */
export function inlineStyle(style: string): Declarations {
  if (style === "") return NONE;
  return new Map(declarationsIn(style).map(({ property, value }) => [property, value]));
}

const NONE: Declarations = new Map();

/**
 * What the style sheets in a page say of elements. Only selectors of one element count, made of its
 * name, classes and id. Where a class is shown after all under some other condition (a state, a width), the sheet
 * says nothing of it for sure; nor of what scripts in the page may show when it is wanted.
 */
export class StyleRules {
  readonly #byName = new Map<string, Rule[]>();
  /** The insides of rules that show or hide what has a name, under some condition. */
  readonly #elsewhere = new Map<string, string[]>();
  readonly #hasScripts: boolean;
  readonly #parsed = new Map<string, readonly Declaration[]>();

  constructor(markup: string) {
    this.#hasScripts = /<script(?![^>]*ld\+json)/i.test(markup);
    for (const css of sheetsIn(markup)) {
      for (const rule of rulesIn(withoutComments(css))) this.#add(rule);
    }
  }

  get isEmpty(): boolean {
    return this.#byName.size === 0;
  }

  /** What holds for an element: the style sheets' words, and its own where theirs are not important. */
  styleOf(tag: string, classes: string, id: string, own: Declarations): Declarations {
    if (this.isEmpty) return own;
    const found = this.#declarationsFor(tag, classes, id);
    if (found.length === 0) return own;
    const lasting = found.filter(({ isImportant }) => isImportant).map(toEntry);
    return new Map([...found.map(toEntry), ...own, ...lasting]);
  }

  #declarationsFor(tag: string, classes: string, id: string): readonly Declaration[] {
    const names = classes.split(/\s+/, MOST_CLASSES).map((name) => `.${name}`);
    const candidates = [tag, ...names, `#${id}`].flatMap((name) => this.#byName.get(name) ?? []);
    if (candidates.length === 0) return [];
    const own = new Set([...names, `#${id}`]);
    return candidates
      .filter((rule) => isOf(rule, tag, own))
      .sort((a, b) => a.weight - b.weight)
      .flatMap((rule) =>
        this.#inside(rule.body).filter(({ property }) => this.#isSure(rule, property)),
      );
  }

  #isSure({ names }: Rule, property: string): boolean {
    if (this.#hasScripts && SHOWN_BY_SCRIPTS.has(property)) return false;
    return !names.some((name) =>
      this.#elsewhere
        .get(name)
        ?.some((body) => this.#inside(body).some((other) => other.property === property)),
    );
  }

  #inside(body: string): readonly Declaration[] {
    const declarations = this.#parsed.get(body) ?? declarationsIn(body);
    this.#parsed.set(body, declarations);
    return declarations;
  }

  #add({ selectors, body, isConditional }: WrittenRule): void {
    for (const written of selectors.split(",")) {
      const selector = written.trim();
      const [, tag = "", names = ""] = SIMPLE.exec(selector) ?? [];
      if (isConditional || tag + names === "") this.#note(selector, body);
      else {
        const list = names.match(NAME) ?? [];
        const weight = list.reduce((sum, name) => sum + (name.startsWith("#") ? 1000 : 10), 0);
        const isOfAll = list.length === 0 && !/^(?:html|body)$/i.test(tag);
        const rule = {
          tag: tag.toLowerCase(),
          names: list,
          weight,
          body: isOfAll ? colourOnly(body) : body,
        };
        append(this.#byName, list[0] ?? rule.tag, rule);
      }
    }
  }

  // A pointer or the keyboard shows it for a moment only.
  #note(selector: string, body: string): void {
    if (/:(?:hover|focus|active|target|before|after|:)/.test(selector)) return;
    for (const name of selector.match(NAME) ?? []) append(this.#elsewhere, name, body);
  }
}

// What is said of all elements of a name, others take back where it matters. So their colour is not known.
function colourOnly(body: string): string {
  return /(?:^|[;\s])color\s*:/i.test(body) ? "color: var(--any)" : "";
}

// So that no sheet makes a page slow.
const MOST_CLASSES = 20;
const MOST_RULES = 50;

function append<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list && list.length < MOST_RULES) list.push(value);
  else if (!list) lists.set(key, [value]);
}

const SHOWN_BY_SCRIPTS: ReadonlySet<string> = new Set(
  "display visibility opacity transform zoom width max-width height max-height".split(" "),
);

const SIMPLE = /^([a-z][\w-]*)?((?:[.#][\w-]+)*)$/i;
const NAME = /[.#][\w-]+/g;

function isOf({ tag, names }: Rule, elementTag: string, own: ReadonlySet<string>): boolean {
  return (tag === "" || tag === elementTag) && names.every((name) => own.has(name));
}

function toEntry({ property, value }: Declaration): [string, string] {
  return [property, value];
}

// Sheets for screens, of browsers that run scripts.
function* sheetsIn(markup: string): Generator<string> {
  const start = /<style(?:\s([^>]*))?>/gi;
  for (let match = start.exec(markup); match; match = start.exec(markup)) {
    const end = endOf("</style", markup, start.lastIndex);
    if (end === undefined) return;
    const media = /(?:^|\s)media\s*=\s*["']?([^"'>]*)/i.exec(match[1] ?? "")?.[1] ?? "all";
    const before = markup.slice(Math.max(0, match.index - 100), match.index);
    const isForScreens = /^\s*(?:all|screen)\s*$/i.test(media);
    if (isForScreens && !/<noscript[^>]*>\s*$/i.test(before)) {
      yield markup.slice(start.lastIndex, end);
    }
    start.lastIndex = end;
  }
}

function endOf(mark: string, text: string, from: number): number | undefined {
  const pattern = new RegExp(mark, "gi");
  pattern.lastIndex = from;
  return pattern.exec(text)?.index;
}

function withoutComments(css: string): string {
  if (!css.includes("/*")) return css;
  const parts: string[] = [];
  let from = 0;
  for (let start = css.indexOf("/*"); start !== -1; start = css.indexOf("/*", from)) {
    parts.push(css.slice(from, start));
    const end = css.indexOf("*/", start + 2);
    from = end === -1 ? css.length : end + 2;
  }
  return parts.join(" ") + css.slice(from);
}

interface WrittenRule {
  readonly selectors: string;
  readonly body: string;
  /** Whether it holds only for some screens or browsers. */
  readonly isConditional: boolean;
}

const CONDITION = /^@(?:media|supports|container|layer|scope)\b/i;

// The rules of a sheet; those inside of others, key frames and fonts left out.
function* rulesIn(css: string): Generator<WrittenRule> {
  const open: { readonly prelude: string; readonly from: number; readonly isRule: boolean }[] = [];
  let rules = 0;
  let from = 0;
  for (const { 0: sign, index } of css.matchAll(/[{};]/g)) {
    if (sign === "{") {
      const prelude = css.slice(from, index).trim();
      const isRule = !CONDITION.test(prelude);
      open.push({ prelude, from: index + 1, isRule });
      if (isRule) rules++;
    }
    const ended = sign === "}" ? open.pop() : undefined;
    if (ended?.isRule) rules--;
    if (ended?.isRule && rules === 0 && !ended.prelude.startsWith("@")) {
      const isConditional = open.length > 0;
      yield { selectors: ended.prelude, body: css.slice(ended.from, index), isConditional };
    }
    if (sign !== ";" || rules === 0) from = index + 1;
  }
}
