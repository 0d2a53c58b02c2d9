import type { Caption, Dropped, Image } from "../article.ts";
import { toHtml } from "../paragraph-html.ts";
import { findDate } from "../dates.ts";
import type { BoundedMarkup } from "./bound-markup.ts";
import { leftAround } from "./left-around.ts";
import { authorsInBylines } from "./metadata/authors.ts";
import { lastChange } from "./metadata/published.ts";
import type { NearbyText } from "./metadata/near-headline.ts";
import { readMetadata, type Metadata } from "./metadata/read-metadata.ts";
import type { PageDocument, PageElement, PageNode } from "./page-dom.ts";
import type { Role } from "./roles.ts";
import { fold, isAmong } from "./same-title.ts";
import { storyHtml } from "./story-html.ts";
import { picturesIn, withLead } from "./story-pictures.ts";
import { takeStory, type TakenStory, type Told } from "./take-story.ts";
import type { TextBlock } from "./text-blocks.ts";

/** A page as it was read: its story, and what it says of it. */
export interface Page {
  readonly metadata: Metadata;
  /** The heading right above the story. */
  readonly heading: string | undefined;
  readonly authors: readonly string[];
  /** The date that stands above the story, or that of the page's last change. */
  readonly publishedAt: string | undefined;
  readonly standfirst: string | undefined;
  readonly text: string;
  /** Whether more than links is in it. */
  readonly hasProse: boolean;
  readonly html: string;
  readonly images: readonly Image[];
  readonly captions: readonly Caption[];
  readonly dropped: readonly Dropped[];
  /** All text on the page, for telling why there is no story in it. */
  readonly allText: string;
}

/**
 * Reads a page with the given parser: its metadata first, for finding the story takes the page
 * apart.
 */
export function readPage(
  markup: BoundedMarkup,
  location: string,
  parse: (html: string) => PageDocument,
): Page {
  const document = parse(markup.html);
  const metadata = readMetadata(document, markup.jsonLd, location);
  const allText = document.body.textContent;
  const taken = takeStory(document, metadata, markup, parse);
  const blocksThatAre = (is: Role["is"]): TextBlock[] =>
    taken.told.filter(({ role }) => role.is === is).map(({ block }) => block);
  const story = blocksThatAre("story");
  const captions = captionsOf(taken.told);
  const beside = taken.figures.flatMap(({ picture }) => picture ?? []);
  const pictures = [...beside, ...picturesIn(taken.content, captions, metadata.base)];
  return {
    metadata,
    ...saidAboveStory(taken, metadata),
    standfirst: blocksThatAre("standfirst")[0]?.text,
    text: story.map(({ text }) => text).join("\n\n"),
    hasProse: story.some(({ linked, text }) => linked < text.length * 0.6),
    html: htmlOf(taken, [...story, ...blocksThatAre("code")], metadata.base),
    images: withLead(metadata.image, pictures),
    captions: [...taken.figures.map(({ caption }) => caption), ...captions.values()].filter(
      ({ text }) => text !== "",
    ),
    dropped: droppedFrom(taken),
    allText,
  };
}

const SHORT = 60;

// Dates and names that no markup tells from the other lines between a headline and a story.
function saidAboveStory(
  { told, page, pruned }: TakenStory,
  { titles }: Metadata,
): Pick<Page, "heading" | "authors" | "publishedAt"> {
  const first = told.findIndex(({ role }) => role.is === "story");
  const above = told.slice(0, Math.max(first, 0)).map(({ block }) => block);
  const marked = told.filter(({ role }) => role.is === "date" || role.is === "byline");
  const blocks = [...marked.map(({ block }) => block), ...above, ...underHeadline(page, titles)];
  const short = blocks.map(({ text }) => text).filter((text) => text.length < SHORT);
  const lines = [...page, ...pruned].flatMap(({ text }) => text.split("\n"));
  return {
    heading: above.findLast(({ element }) => /^h[1-4]$/.test(element.localName))?.text,
    authors: authorsInBylines(short.flatMap(withoutDate)),
    publishedAt: short.map((text) => findDate(text)?.iso).find(Boolean) ?? lastChange(lines),
  };
}

const FEW = 6;

function underHeadline(page: readonly TextBlock[], titles: readonly string[]): TextBlock[] {
  const folded = new Set(titles.map(fold));
  const headline = page.findIndex(({ text }) => isAmong(text, folded));
  return headline === -1 ? [] : page.slice(headline + 1, headline + 1 + FEW);
}

// "4 March 2024, by Ana Ruiz"
function withoutDate(text: string): NearbyText[] {
  const rest = findDate(text)
    ?.rest.replace(/^[\s,|·•–—-]+/u, "")
    .trim();
  return [text, rest].flatMap((line) => (line ? [{ text: line, label: "" }] : []));
}

// What was recovered is not in the element that holds the rest.
function htmlOf(
  { content, opening }: TakenStory,
  blocks: readonly TextBlock[],
  base: string | undefined,
): string {
  const kept = new Set<PageNode>(blocks.flatMap(({ nodes }) => nodes));
  const recovered = opening.filter((block) => blocks.includes(block)).map(({ text }) => text);
  return [toHtml(recovered), storyHtml(content, kept, base)].filter(Boolean).join("\n");
}

function captionsOf(told: readonly Told[]): Map<PageElement, Caption> {
  return new Map(
    told.flatMap(({ block, role }): [PageElement, Caption][] =>
      role.is === "caption" ? [[block.element, role.caption]] : [],
    ),
  );
}

const REASONS: Readonly<Record<string, string>> = {
  standfirst: "the standfirst, which is the description",
  byline: "the byline",
  date: "the date line",
  code: "code, not story prose",
};

function droppedFrom({ told, pruned, page, figures }: TakenStory): Dropped[] {
  const own = told.flatMap(({ block, role }): Dropped[] => {
    const reason = reasonOf(role);
    return reason === undefined ? [] : [{ text: block.text, reason }];
  });
  const taken = [...told.map(({ block }) => block.text), ...figures.map(({ text }) => text)];
  return [...pruned, ...own, ...leftAround(page, taken)];
}

function reasonOf(role: Role): string | undefined {
  if (role.is === "dropped") return role.reason;
  const isCreditAlone = role.is === "caption" && role.caption.text === "";
  return isCreditAlone ? "a picture credit without a caption" : REASONS[role.is];
}
