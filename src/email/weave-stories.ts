import { escapeMailHtml } from "../platform/references.ts";
import type { LetterBlock } from "./letter.ts";
import type { StoryView } from "./story-view.ts";
import { folded } from "../platform/text.ts";

/** Some blocks of a letter, and the story that stands after them. */
export interface LetterPart {
  readonly blocks: readonly LetterBlock[];
  readonly inset: StoryView | null;
}

/** More would make a list of the letter. */
const MOST_INSETS = 3;

const REFERENCE = /\[\[\s*story\s*:\s*([^\]|]+?)\s*(?:\|\s*([^\]]+?)\s*)?\]\]/giu;

/**
 * A letter in which each `[[story: headline]]`, or `[[story: headline | words]]`, is a link to that story, as Markdown has
 * links. A headline may be cut short where its beginning is that of one story only; the story's number does too.
 * What no story answers to is left as its words.
 */
export function linkStories(markdown: string, stories: readonly StoryView[]): string {
  return markdown.replace(REFERENCE, (_mark, name: string, words: string | undefined) => {
    const story = storyNamed(name, stories);
    const text = (words ?? story?.title ?? name).replace(/[[\]\\]/g, "\\$&");
    const url = story?.source.url;
    return url ? `[${text}](<${inMarkdown(url)}>)` : text;
  });
}

/** An address as Markdown has it between `<` and `>`, where it may hold references as HTML does (CommonMark §6.3). */
function inMarkdown(url: string): string {
  return url.replace(/[<>]/g, encodeURIComponent).replaceAll("&", "&amp;");
}

/** The names in a letter's `[[story: …]]` that none of these stories answers to. */
export function unansweredNames(
  markdown: string,
  stories: readonly Pick<StoryView, "title">[],
): string[] {
  const names = Array.from(markdown.matchAll(REFERENCE), ([, name = ""]) => name);
  return names.filter((name) => storyNamed(name, stories) === undefined);
}

/**
 * The blocks of a letter in parts, each of which ends with the paragraph that first names a story, by a link to it or by its
 * headline. A story stands once, three of them at most; the others are the caller's to show.
 */
export function weaveStories(
  blocks: readonly LetterBlock[],
  stories: readonly StoryView[],
): LetterPart[] {
  const parts: LetterPart[] = [];
  const woven = new Set<StoryView>();
  let open: LetterBlock[] = [];
  for (const [at, block] of blocks.entries()) {
    open.push(block);
    const inset = woven.size < MOST_INSETS ? namedIn(block, stories, woven) : undefined;
    // Nothing stands between the points of a list.
    if (!inset || (block.kind === "item" && blocks[at + 1]?.kind === "item")) continue;
    woven.add(inset);
    parts.push({ blocks: open, inset });
    open = [];
  }
  return open.length > 0 || parts.length === 0 ? [...parts, { blocks: open, inset: null }] : parts;
}

function namedIn(
  { html, text }: LetterBlock,
  stories: readonly StoryView[],
  woven: ReadonlySet<StoryView>,
): StoryView | undefined {
  const words = folded(text);
  return stories.find((story) => {
    if (woven.has(story)) return false;
    const { title, source } = story;
    const isLinked = source.url !== null && html.includes(`href="${escapeMailHtml(source.url)}"`);
    return isLinked || (isTelling(title) && words.includes(folded(title)));
  });
}

/** "Ferries" may be a headline, and is a word too. */
function isTelling(title: string): boolean {
  return folded(title).length >= 12;
}

function storyNamed<Titled extends Pick<StoryView, "title">>(
  name: string,
  stories: readonly Titled[],
): Titled | undefined {
  const wanted = folded(name);
  const whole = stories.find(({ title }) => folded(title) === wanted);
  if (whole) return whole;
  if (/^\d+$/.test(name)) return stories[Number(name) - 1];
  const begun = stories.filter(({ title }) => folded(title).startsWith(wanted));
  return begun.length === 1 ? begun[0] : undefined;
}
