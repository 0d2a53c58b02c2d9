import type { Dropped } from "../article.ts";
import { oneLine } from "../clean-text.ts";
import { Cascade, type Declared, entryOf, type View } from "../../platform/css/cascade.ts";
import type { StyledElement } from "../../platform/css/selectors.ts";
import { parseStyleSheet } from "../../platform/css/style-sheet.ts";
import { decodeValue } from "../../platform/references.ts";
import { DEEPEST, OpenElements, VOID } from "../markup/open-elements.ts";
import { tokensOf, type Attributes, type MarkupToken, textOf } from "../markup/tokens.ts";
import {
  computeStyle,
  hidesElement,
  hidesText,
  type Hiding,
  INITIAL_STYLE,
  type PageStyle,
  PROPERTIES,
  Styled,
} from "./page-style.ts";

/** A stretch of markup that readers of the page do not see. */
export interface HiddenText {
  readonly start: number;
  readonly end: number;
  /** The reason for `Article.dropped`. */
  readonly reason: string;
  /** Whether it is an element with its tags, or only text. */
  readonly isElement: boolean;
}

/** The hidden text of some markup. */
export interface Seen {
  /** The hidden stretches in order. None of them overlap. */
  readonly hidden: readonly HiddenText[];
  /** Texts whose visibility cannot be decided, because of scripts or of conditions that may not hold. */
  readonly unsure: readonly string[];
}

/** Gives the reason why an element is left out, whatever its styles. Undefined for all others. */
type LeftOut = (tag: StartTag) => string | undefined;

/** Removes the hidden text from HTML, and the elements that `leftOut` gives a reason for, and returns all of them. */
export function withoutHidden(
  html: string,
  leftOut?: LeftOut,
): { html: string; dropped: Dropped[] } {
  const kept: string[] = [];
  const dropped: Dropped[] = [];
  let from = 0;
  for (const { start, end, reason } of lookAt(html, { leftOut }).hidden) {
    kept.push(html.slice(from, start));
    const text = oneLine(textOf(html.slice(start, end)));
    if (text !== "") dropped.push({ text, reason });
    from = end;
  }
  return { html: kept.join("") + html.slice(from), dropped };
}

const MAY_HIDE =
  /\bhidden\b|\bstyle\b|<font|bgcolor|<r[tp]\b|<d(?:etails|ialog)\b|\bpopover\b|#cmnt|\bsr-only|screen-?reader|invisible|-sr\b/i;

/**
 * Finds the hidden text of some markup: text without size, off screen, in the colour of its background and so on. The
 * styles must hide it on a narrow screen and on a wide one. Margin comments of Google Docs and readings of characters
 * (ruby) count as hidden. A story that the page hides until its scripts have run does not. Linear in the length.
 */
export function lookAt(
  markup: string,
  { tokens, leftOut }: { tokens?: readonly MarkupToken[]; leftOut?: LeftOut | undefined } = {},
): Seen {
  if (!leftOut && !MAY_HIDE.test(markup)) return { hidden: [], unsure: [] };
  return new Look(markup, new Tree(tokens ?? tokensOf(markup), markup.length, leftOut)).seen();
}

/** The amount of a text. */
interface Size {
  readonly letters: number;
  /** The letters of texts that are as long as a sentence. */
  readonly prose: number;
  /** The number of headlines and story elements. */
  readonly marks: number;
}

interface Finding extends HiddenText {
  /** The hidden element, or the element around the hidden text. */
  readonly tag: Tag;
  readonly hiding: Hiding | undefined;
  /** Findings of a group are judged together. */
  readonly group: string | undefined;
  readonly size: Size;
}

/** An element of the page. An element that continues after the end of its parent becomes two. */
class Tag implements StyledElement {
  readonly name: string;
  readonly attributes: Attributes;
  /** The start tag as it is written. */
  readonly source: string;
  readonly parent: Tag | undefined;
  readonly children: (Tag | string)[] = [];
  readonly depth: number;
  readonly isInStory: boolean;
  /** The position in the markup, and the amount of text before the element. */
  readonly start: number;
  readonly before: Size;
  end = 0;
  size: Size = NOTHING;
  /** The reason why the element is left out, whatever its styles. */
  reason: string | undefined;

  constructor({ name, attributes, source }: Start, around?: Tag, start = 0, before = NOTHING) {
    const isDeep = around !== undefined && around.depth >= DEEPEST;
    this.parent = isDeep ? around.parent : around;
    this.name = name;
    this.source = source;
    this.attributes = withStyle(attributes);
    this.depth = this.parent ? this.parent.depth + 1 : 0;
    this.isInStory = (around?.isInStory ?? false) || STORY.has(name);
    this.start = start;
    this.before = before;
    this.parent?.children.push(this);
  }
}

function withStyle(attributes: Attributes): Attributes {
  const style = attributes.get("style");
  return style?.includes("&")
    ? new Map([...attributes, ["style", decodeValue(style)]])
    : attributes;
}

/** A text of the page with more than white space. */
interface Letters {
  readonly around: Tag;
  readonly start: number;
  readonly end: number;
  readonly size: Size;
}

type Start = Pick<Tag, "name" | "attributes" | "source">;
type RawToken = Extract<MarkupToken, { is: "raw" }>;
export type StartTag = Extract<MarkupToken, { is: "open" }> | RawToken;

const NOTHING: Size = { letters: 0, prose: 0, marks: 0 };
const STORY: ReadonlySet<string> = new Set(["main", "article"]);
const HEAD: ReadonlySet<string> = new Set("meta link base title style script".split(" "));
const SENTENCE_CHARACTERS = 40;
const COMMENT = "a comment";
const COMMENT_LINK = /^#cmnt((?:_ref)?)\d+$/;
const READING = "the reading of a character";
const READINGS: ReadonlySet<string> = new Set(["rt", "rp", "rtc"]);

/** The elements and texts of a page, made from its tokens. */
class Tree {
  readonly body: Tag;
  readonly tags: Tag[] = [];
  readonly texts: Letters[] = [];
  /** The style sheets of browsers that run scripts. */
  readonly sheets: string[] = [];
  readonly #open = new OpenElements<Tag>((tag) => this.#end(tag));
  readonly #leaves: Tag[] = [];
  readonly #leftOut: LeftOut;
  #size = NOTHING;
  /** The beginning and the end of the current token. */
  #at = 0;
  #tokenEnd = 0;
  /** The name of the current end tag. */
  #closing = "";

  constructor(tokens: readonly MarkupToken[], length: number, leftOut: LeftOut = () => undefined) {
    this.#leftOut = leftOut;
    const html = new Tag(startOf("html", tokens));
    this.body = new Tag(startOf("body", tokens), html);
    for (const token of tokens) {
      this.#at = token.at;
      this.#tokenEnd = token.at + token.source.length;
      if (token.is === "text") this.#readText(token.source);
      else if (token.is === "close") this.#readEnd(token.name);
      else this.#readStart(token);
    }
    this.#at = length;
    this.#open.closeAll();
  }

  get size(): Size {
    return this.#size;
  }

  /** The ids and classes of all elements, as `#id` and `.class`. */
  get names(): ReadonlySet<string> {
    const names = new Set<string>();
    const lists = new Set<string>();
    const html = this.body.parent ?? this.body;
    for (const { attributes } of [html, this.body, ...this.tags, ...this.#leaves]) {
      names.add(`#${attributes.get("id")}`);
      lists.add(attributes.get("class") ?? "");
    }
    for (const list of lists) for (const one of list.split(/\s+/)) names.add(`.${one}`);
    return names;
  }

  get #around(): Tag {
    return this.#open.innermost ?? this.body;
  }

  get #isWithoutScripts(): boolean {
    return this.#open.findLast(({ name }) => name === "noscript") !== undefined;
  }

  #readText(source: string): void {
    const { length } = source.trim();
    if (length === 0) return;
    const { letters, prose, marks } = this.#size;
    const size = { letters: length, prose: length >= SENTENCE_CHARACTERS ? length : 0, marks: 0 };
    this.#size = { letters: letters + length, prose: prose + size.prose, marks };
    const around = this.#around;
    around.children.push(source);
    this.texts.push({ around, start: this.#at, end: this.#tokenEnd, size });
  }

  #readStart(start: StartTag): void {
    const { is, name, attributes } = start;
    if (FRAME.has(name)) return;
    this.#open.makeWayFor(name);
    const around = this.#around;
    if (start.is === "raw" && name === "style" && !this.#isWithoutScripts)
      this.sheets.push(sheetIn(start));
    if (HEAD.has(name) && around === this.body && this.body.children.length === 0) return;
    const tag = new Tag(start, around, this.#at, this.#size);
    if (is === "raw" || VOID.has(name)) return void this.#leaves.push(tag);
    this.tags.push(tag);
    this.#open.push(tag);
    tag.reason = READINGS.has(name) ? READING : this.#leftOut(start);
    if (STORY.has(name) || name === "h1" || attributes.get("itemprop") === "articleBody")
      this.#size = { ...this.#size, marks: this.#size.marks + 1 };
    if (name === "a") this.#readLink(attributes.get("href") ?? "");
  }

  #readEnd(name: string): void {
    this.#closing = name;
    for (const block of this.#open.close(name)) {
      // The block continues after the end of its parent.
      const rest = new Tag(block, this.#around, this.#tokenEnd, this.#size);
      rest.reason = block.reason;
      this.tags.push(rest);
      this.#open.push(rest);
    }
    this.#closing = "";
  }

  #end(tag: Tag): void {
    tag.end = tag.name === this.#closing ? this.#tokenEnd : this.#at;
    tag.size = since(tag.before, this.#size);
  }

  // Google Docs: a mark in the text leads to a comment below it, which begins with a link back.
  #readLink(href: string): void {
    const [, back] = COMMENT_LINK.exec(href) ?? [];
    if (back === undefined) return;
    const holders = back === "" ? ["sup"] : ["div", "p"];
    const holder = holders
      .map((name) => this.#open.findLast((tag) => tag.name === name))
      .find((tag) => tag?.before.letters === this.#size.letters);
    const tag = holder ?? this.#open.innermost;
    if (tag) tag.reason = COMMENT;
  }
}

const FRAME: ReadonlySet<string> = new Set(["html", "head", "body"]);

function startOf(name: string, tokens: readonly MarkupToken[]): Start {
  for (const token of tokens.slice(0, LATEST_BODY))
    if (token.is === "open" && token.name === name) return token;
  return { name, attributes: new Map(), source: "" };
}

const LATEST_BODY = 5000;

/** The views: a narrow and a wide screen. On each, unknown conditions are assumed true and then false. */
const WIDE: View = { widthPx: 1280, scheme: "light", guess: true };
const NARROW: View = { ...WIDE, widthPx: 375 };
const WITHOUT: readonly View[] = [
  { ...WIDE, guess: false },
  { ...NARROW, guess: false },
];

/** The style of an element, and the cause that hides the whole element. */
interface Judgement {
  readonly style: PageStyle;
  readonly hiding: Hiding | undefined;
}

class Look {
  readonly #markup: string;
  readonly #tree: Tree;
  readonly #cascade: Cascade;
  /** Whether the page may have style sheets outside of the markup. */
  readonly #isStyledElsewhere: boolean;
  readonly #judgements = new Map<View, Map<Tag, Judgement>>();
  /** The computed styles, by outer style, declarations and start tag. A page repeats most of its start tags. */
  readonly #known = new Map<PageStyle, Map<Declared, Map<string, Judgement>>>();
  readonly #elementsOnly = new Cascade([], { properties: PROPERTIES });

  constructor(markup: string, tree: Tree) {
    this.#markup = markup;
    this.#tree = tree;
    const hasScripts = /<script(?![^>]*ld\+json)/i.test(markup);
    const unsure = hasScripts ? { unsure: SHOWN_BY_SCRIPTS } : {};
    const sheets = this.#tree.sheets.map((css) => parseStyleSheet(css));
    const named = sheets.length > 0 ? { names: this.#tree.names } : {};
    this.#cascade = new Cascade(sheets, { properties: PROPERTIES, ...named, ...unsure });
    this.#isStyledElsewhere = sheets.length === 0 || /<link\s[^>]*stylesheet/i.test(markup);
  }

  seen(): Seen {
    const { tags, texts, size: whole } = this.#tree;
    const found: Finding[] = [];
    for (const tag of tags) {
      const own = this.#judge(tag, WIDE).hiding;
      const reason = tag.reason ?? (own && notShown(own));
      if (reason === undefined || tag.end <= tag.start) continue;
      const hiding = tag.reason === undefined ? own : undefined;
      const group = hiding && this.#groupOf(tag, hiding);
      const { start, end, size } = tag;
      found.push({ tag, start, end, size, reason, isElement: true, hiding, group });
    }
    for (const { around: tag, start, end, size } of texts) {
      const hiding = hidesText(this.#judge(tag, WIDE).style);
      if (!hiding) continue;
      const [reason, group] = [notShown(hiding), hiding.cause];
      found.push({ tag, start, end, size, reason, isElement: false, hiding, group });
    }
    return this.#decided(judged(found, whole));
  }

  /** Separates the findings that are hidden in all views from the texts that are hidden in some views. */
  #decided(found: readonly Finding[]): Seen {
    if (this.#cascade.isEverywhere) return { hidden: found, unsure: [] };
    const unsure: string[] = [];
    const hidden = found.filter((one) => {
      if (!one.hiding) return true;
      if (!this.#isHiddenIn(NARROW, one)) return false;
      if (WITHOUT.every((view) => this.#isHiddenIn(view, one))) return true;
      if (one.size.prose > 0) unsure.push(this.#markup.slice(one.start, one.end));
      return false;
    });
    return { hidden, unsure };
  }

  #isHiddenIn(view: View, { tag: inner, isElement }: Finding): boolean {
    if (!isElement && hidesText(this.#judge(inner, view).style)) return true;
    for (let tag: Tag | undefined = inner; tag; tag = tag.parent)
      if (this.#judge(tag, view).hiding) return true;
    return false;
  }

  #judge(tag: Tag, view: View): Judgement {
    const judgements = entryOf(this.#judgements, view, () => new Map<Tag, Judgement>());
    return entryOf(judgements, tag, () => {
      const outer = tag.parent ? this.#judge(tag.parent, view).style : INITIAL_STYLE;
      const declared = this.#cascade.declaredFor(tag, view);
      const alike = entryOf(this.#known, outer, () => new Map<Declared, Map<string, Judgement>>());
      const same = entryOf(alike, declared, () => new Map<string, Judgement>());
      return entryOf(same, tag.source, () => this.#judgeAnew(tag, declared, outer, view));
    });
  }

  #judgeAnew(tag: Tag, declared: Declared, outer: PageStyle, view: View): Judgement {
    const styled = new Styled(tag, declared, outer, view);
    const style = computeStyle(styled, this.#isStyledElsewhere);
    return { style, hiding: FRAME.has(tag.name) ? undefined : hidesElement(styled, style) };
  }

  // An element that its own attributes hide is judged alone. Pages also give `opacity: 0` to each of many paragraphs.
  #groupOf(tag: Tag, hiding: Hiding): string | undefined {
    const own = this.#elementsOnly.declaredFor(tag, WIDE);
    if (!this.#judgeAnew(tag, own, INITIAL_STYLE, WIDE).hiding)
      return `.${tag.attributes.get("class")}`;
    return hiding.cause === "opacity: 0" ? hiding.cause : undefined;
  }
}

const SHOWN_BY_SCRIPTS: ReadonlySet<string> = new Set(
  "display visibility content-visibility opacity transform scale zoom width max-width height max-height".split(
    " ",
  ),
);

/** The style sheet in an element; in XHTML it may be marked as text. */
function sheetIn({ attributes, inside }: RawToken): string {
  const css = inside.replace(/^\s*<!\[CDATA\[|\]\]>\s*$/g, "");
  const media = attributes.get("media");
  return media ? `@media ${decodeValue(media)}{${css}}` : css;
}

function judged(all: readonly Finding[], whole: Size): readonly Finding[] {
  const found = all.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const groups = new Map<string, number>();
  let end = 0;
  for (const { start, end: to, group, size } of found) {
    if (group === undefined || start < end) continue;
    end = to;
    groups.set(group, (groups.get(group) ?? 0) + shareOf(size, whole));
  }
  const hidden: Finding[] = [];
  for (const finding of found) {
    const isInside = finding.start < (hidden.at(-1)?.end ?? 0);
    if (!isInside && !isShown(finding, whole, groups)) hidden.push(finding);
  }
  return hidden;
}

function since(before: Size, now: Size): Size {
  return {
    letters: now.letters - before.letters,
    prose: now.prose - before.prose,
    marks: now.marks - before.marks,
  };
}

function notShown({ cause }: Hiding): string {
  return `not shown on the page (${cause})`;
}

function shareOf(size: Size, all: Size): number {
  if (all.prose > 0) return size.prose / all.prose;
  return all.letters > 0 ? size.letters / all.letters : 0;
}

const MOST_SHARE = 0.6;
const NEARLY_ALL_SHARE = 0.9;

/**
 * Whether the page's scripts will show a finding. They will if it is most of the page and contains the story, unlike a
 * long notice in a dialog.
 */
function isShown(
  { hiding, group, tag, size }: Finding,
  all: Size,
  groups: ReadonlyMap<string, number>,
): boolean {
  if (!hiding) return false;
  if (size.letters === all.letters) return true;
  if (!hiding.mayBeForNow) return false;
  const share = shareOf(size, all);
  if (share > MOST_SHARE && (tag.isInStory || size.marks > 0 || share > NEARLY_ALL_SHARE))
    return true;
  return group !== undefined && (groups.get(group) ?? 0) > MOST_SHARE;
}
