import { flatBlocks, type LetterBlock, textsOf } from "../article/letter-block.ts";
import { inlineTokens, isStoryName } from "../article/markdown/letter.ts";
import { escapeMailHtml } from "../platform/references.ts";
import { folded } from "../platform/text.ts";
import { drawn, type DrawnBlock, type LetterElement, namedStory, type Pen } from "./letter.ts";
import { SOURCE, type Sourced } from "./marks.ts";
import type { SponsorView } from "./page-view.ts";
import type { StoryView } from "./story-view.ts";

/** One place of a letter: words, a story beside them, or the sponsor. */
export interface LetterPlace extends DrawnBlock {
  readonly kind: "words" | "story" | "sponsor";
  readonly inset: StoryView | null;
  readonly sponsor: SponsorView | null;
}

/** More stories would turn the letter into a list. */
const MOST_INSETS = 3;

interface Around {
  readonly stories: readonly StoryView[];
  readonly sponsor: SponsorView | null;
  readonly pen: Pen;
}

/**
 * Places stories in a letter. A story is placed where the editor named it, or after the first block that links to it or
 * contains its headline. At most three stories are placed, each once. The caller shows the others.
 */
export function weaveStories(
  blocks: readonly LetterBlock[],
  { stories, sponsor, pen }: Around,
): LetterPlace[] {
  const named = blocks.flatMap((block) =>
    block.kind === "story" ? (storyNamed(block.name, stories) ?? []) : [],
  );
  const placed = new Set([...new Set(named)].slice(0, MOST_INSETS));
  const woven = new Set<StoryView>();
  let room = MOST_INSETS - placed.size;
  return blocks.flatMap((block): LetterPlace[] => {
    if (block.kind === "sponsor") return sponsor ? [{ ...place("sponsor"), sponsor }] : [];
    if (block.kind === "story") {
      const story = storyNamed(block.name, stories);
      const words = drawn(namedStory(block), pen);
      if (!story || !placed.has(story) || woven.has(story)) return [place("words", words)];
      woven.add(story);
      return [place("story", words, story)];
    }
    const words = drawn(block, pen);
    const left = stories.filter((story) => !woven.has(story) && !placed.has(story));
    const inset = room > 0 ? namedIn(words, left) : undefined;
    if (inset) {
      woven.add(inset);
      room--;
    }
    return [place("words", words), ...(inset ? [place("story", undefined, inset)] : [])];
  });
}

function place(
  kind: LetterPlace["kind"],
  { elements, text }: DrawnBlock = { elements: [], text: "" },
  inset: StoryView | null = null,
): LetterPlace {
  return { kind, elements, text, inset, sponsor: null };
}

function namedIn(
  { elements, text }: DrawnBlock,
  stories: readonly StoryView[],
): StoryView | undefined {
  const words = folded(text);
  const html = elements.map((element) => element.html).join("");
  return stories.find(({ title, source }) => {
    const isLinked = source.url !== null && html.includes(`href="${escapeMailHtml(source.url)}"`);
    return isLinked || (isDistinctive(title) && words.includes(folded(title)));
  });
}

/** A short headline such as "Ferries" may also be an ordinary word. */
function isDistinctive(title: string): boolean {
  return folded(title).length >= 12;
}

/** Returns the names in a letter that match no story, each with its line. */
export function unansweredNames(
  blocks: readonly LetterBlock[],
  stories: readonly Pick<StoryView, "title">[],
): { readonly name: string; readonly line: number | undefined }[] {
  const names = flatBlocks(blocks).flatMap((block) => {
    const own = block.kind === "story" ? [block.name] : textsOf(block).flatMap(namesIn);
    return own.map((name) => ({ name, line: block.line }));
  });
  return names.filter(({ name }) => storyNamed(name, stories) === undefined);
}

function namesIn(text: string): string[] {
  const names = (tokens: ReturnType<typeof inlineTokens>): string[] =>
    tokens.flatMap((token) => {
      if (isStoryName(token)) return [token.name];
      return "tokens" in token && token.tokens ? names(token.tokens) : [];
    });
  return names(inlineTokens(text));
}

/** Finds a story by its headline, by a unique beginning of it, or by its number. */
export function storyNamed<Titled extends Pick<StoryView, "title">>(
  name: string,
  stories: readonly Titled[],
): Titled | undefined {
  const searched = folded(name);
  const whole = stories.find(({ title }) => folded(title) === searched);
  if (whole) return whole;
  if (/^\d+$/.test(name)) return stories[Number(name) - 1];
  const begun = stories.filter(({ title }) => folded(title).startsWith(searched));
  return begun.length === 1 ? begun[0] : undefined;
}

/** A block of a letter in the form for older templates. */
export interface PlainBlock
  extends Sourced, Pick<LetterElement, "html" | "text" | "open" | "close"> {
  readonly kind: "paragraph" | "quote" | "item";
}

/** Blocks of a letter, and the story after them. */
export interface LetterPart {
  readonly blocks: readonly PlainBlock[];
  readonly inset: StoryView | null;
}

/** Converts a letter for simple templates: elements other than quotations and list entries become paragraphs. */
export function plainParts(places: readonly LetterPlace[]): LetterPart[] {
  const parts: LetterPart[] = [];
  const open: PlainBlock[] = [];
  for (const { elements, inset } of places) {
    open.push(...elements.filter(({ html }) => html !== "").map(plainBlock));
    if (inset) parts.push({ blocks: open.splice(0), inset });
  }
  return open.length > 0 || parts.length === 0 ? [...parts, { blocks: open, inset: null }] : parts;
}

function plainBlock({ kind: own, html, text, open, close, ...rest }: LetterElement): PlainBlock {
  const kind = own === "task" ? "item" : own;
  const source = rest[SOURCE];
  return {
    ...(source && { [SOURCE]: source }),
    kind: kind === "quote" || kind === "item" ? kind : "paragraph",
    html,
    text,
    open,
    close,
  };
}
