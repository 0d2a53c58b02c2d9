import { UNDECLARED } from "./declared.ts";
import type { Article, Source, Caption, Dropped, Image, Reading, ReadOptions } from "./article.ts";
import type { Body } from "./body.ts";
import { composeArticle } from "./compose-article.ts";
import { boundMarkup, type BoundedMarkup } from "./page/bound-markup.ts";
import { readMetadata, type Metadata } from "./page/metadata/read-metadata.ts";
import { parsePage, type PageDocument, type PageElement, type PageNode } from "./page/page-dom.ts";
import { languageOf } from "./detect-language.ts";
import { ownDescription } from "./own-description.ts";
import { findDate } from "./dates.ts";
import { bylineOffers } from "./page/metadata/authors.ts";
import { dateOffer, lastChange, postedOn } from "./page/metadata/published.ts";
import { headingText, titleOffer } from "./page/metadata/title.ts";
import { pictureOffer } from "./page/metadata/lead-image.ts";
import { chooseField, type FieldOffers } from "./page/metadata/field-choice.ts";
import { judgeReading } from "./reading.ts";
import { BOILERPLATE_REASONS } from "./boilerplate.ts";
import { cleanText, fold, saysOneOf } from "./clean-text.ts";
import { storyHtml } from "./page/story-html.ts";
import { picturesIn, withLead, takeStory, type TakenStory } from "./page/take-story.ts";
import type { PageBlockWithRole } from "./page/roles.ts";
import { reasonOf, type Role, blocksThatAre } from "./block.ts";
import type { PageBlock } from "./page/blocks.ts";
import { seeBlocks, type SeenPage } from "./page/verdict-features.ts";
import { predictPage, predictText, type Prediction } from "./page/verdict.ts";
import type { BroadsheetError } from "../errors.ts";
import { refusal } from "./refusal.ts";
import { decodeText } from "../platform/references.ts";

/**
 * Reads the Article in a web page, or in a fragment of HTML from an export or a feed. Menus, bylines, links to other
 * stories and the like are in `dropped`, and captions in `captions`. `html` contains only text markup, and `text` its
 * paragraphs, headings and list items. It never runs a script and never loads anything.
 * @throws BroadsheetError CONTENT_NO_STORY for menus, empty pages, and pages that require JavaScript; CONTENT_TOO_LARGE
 */
export function readHtml(source: Source, options: ReadOptions = {}): Article {
  const markup = boundMarkup(source.body.toWellFormed());
  refuseHuge(markup.cost, source.location);
  const page = readBounded(markup, source.location);
  const hasStory = page.hasProse && !isGate(page.text, page.allText);
  if (!hasStory) throw noStoryOn(source.location, page.allText, page.metadata.feed);
  return toArticle(source, page, options);
}

/** The first feed that a page links. */
export function feedNamedIn({ body, location }: Source): string | undefined {
  const { html, jsonLd, cost } = boundMarkup(body.toWellFormed());
  refuseHuge(cost, location);
  return readMetadata(parsePage(html), jsonLd, location).feed;
}

// The input is limited above. This handles a parser that overflows on unforeseen markup.
function readBounded(markup: BoundedMarkup, location: string): Page {
  try {
    return readPage(markup, location, parsePage);
  } catch (error) {
    if (error instanceof RangeError) throw tooMuchMarkup(location, error);
    throw error;
  }
}

function toArticle(source: Source, page: Page, options: ReadOptions): Article {
  const { metadata, text, title } = page;
  const { url, site, tags } = metadata;
  const descriptions = [...(page.standfirst ? [page.standfirst] : []), ...metadata.descriptions];
  const declared = {
    ...UNDECLARED,
    language: languageOf(text, metadata.language, options.language),
    url,
    site,
    description: ownDescription(descriptions, title, text),
    tags,
  };
  return composeArticle(source, declared, page, options);
}

/** The result of reading a page: its story and its metadata. */
interface Page extends Body {
  readonly reading: Reading;
  readonly metadata: Metadata;
  /** All values that the page gives for its fields. */
  readonly offers: FieldOffers;
  readonly standfirst: string | undefined;
  /** Whether the text contains more than links. */
  readonly hasProse: boolean;
  /** The page as its verdict sees it. */
  readonly seen: SeenPage;
  /** All text of the page, to find out why it contains no story. */
  readonly allText: string;
}

/** Reads a page with the given parser. Metadata come first, because finding the story changes the document. */
export function readPage(
  markup: BoundedMarkup,
  location: string,
  parse: (html: string) => PageDocument,
): Page {
  const document = parse(markup.html);
  const metadata = readMetadata(document, markup.jsonLd, location);
  const allText = document.body.textContent;
  const taken = takeStory(document, metadata, markup, parse);
  const story = blocksThatAre("story", taken.blocks);
  const captions = captionsOf(taken.blocks);
  const beside = taken.figures.map(({ picture }) => picture);
  const pictures = [...beside, ...picturesIn(taken, captions, metadata.base)];
  const offers = allOffers(taken, metadata, pictures);
  const title = chooseField("title", offers.title);
  const authors = chooseField("authors", offers.authors);
  const date = chooseField("date", offers.date);
  const picture = chooseField("picture", offers.picture);
  const images = withLead(picture.value, pictures);
  const shown = [...taken.figures.map(({ caption }) => caption), ...captions.values()];
  const { titles, descriptions, declaredBody } = metadata;
  const seen: SeenPage = {
    blocks: seeBlocks(taken.blocks, taken.judged),
    titles,
    title: title.value ?? "",
    isTitleSite: title.value !== undefined && metadata.isSite(title.value),
    descriptions,
    declaredBody,
  };
  const text = story.map((block) => block.text).join("\n\n");
  const prediction = markup.isFragment
    ? predictText({ text, title: seen.title, description: descriptions[0] })
    : predictPage(seen);
  return {
    metadata,
    offers,
    title: seen.title,
    authors: authors.value ?? [],
    publishedAt: date.value,
    standfirst: blocksThatAre("standfirst", taken.blocks)[0]?.text,
    text,
    hasProse: story.some((block) => block.linked < block.text.length * 0.6),
    html: htmlOf(taken, [...story, ...blocksThatAre("markup", taken.blocks)], metadata.base),
    images,
    captions: [...captionOfLead(images, shown), ...shown].filter(({ text }) => text !== ""),
    dropped: droppedFrom(taken),
    seen,
    reading: {
      ...verdictOn(taken, seen, prediction, markup.unsure),
      fields: {
        title: title.chance,
        authors: authors.chance,
        date: date.chance,
        picture: picture.chance,
      },
    },
    allText,
  };
}

/** The caption that only the declaration of the lead picture has. */
function captionOfLead([lead]: readonly Image[], shown: readonly Caption[]): Caption[] {
  const { caption: text = "", credit } = lead ?? {};
  const isShown = shown.some((caption) => fold(caption.text) === fold(text));
  return isShown ? [] : [{ text, ...(credit === undefined ? {} : { credit }) }];
}

const SHORT_CHARACTERS = 60;
const MOST_ABOVE = 12;

// Adds values without markup of their own: dates and names between the headline and the story, and the story's
// pictures.
function allOffers(
  { blocks: all, page, hidden }: TakenStory,
  { titles, isSite, offers }: Metadata,
  pictures: readonly Image[],
): FieldOffers {
  const first = all.findIndex(({ role }) => role.is === "story");
  const above = all
    .slice(Math.max(first - MOST_ABOVE, 0), Math.max(first, 0))
    .flatMap(({ block, role }) => (role.is === "boilerplate" ? [] : [block]));
  const marked = all.flatMap(({ block, role }) =>
    role.is === "date" || role.is === "byline" ? [block] : [],
  );
  const blocks = [...marked, ...above, ...underHeadline(page, titles)];
  const short = blocks.map(({ text }) => text).filter((text) => text.length < SHORT_CHARACTERS);
  const beside = all.flatMap(({ block, role }) => (role.is === "story" ? [] : [block]));
  const everything = [...all.map(({ block }) => block), ...hidden];
  const over = above.findLast(({ place }) => /^h[1-4]$/.test(place.name))?.place.element;
  const heading = over && headingText(over);
  return {
    title: [
      ...offers.title,
      ...(heading && !isSite(heading) ? [titleOffer("above the story", heading)] : []),
    ],
    authors: [
      ...offers.authors,
      ...bylineOffers(
        short.map((text) => ({ text, label: "" })),
        isSite,
        "above the story",
      ),
    ],
    date: [
      ...offers.date,
      ...short.flatMap((text, at) => dateOffer("above the story", findDate(text)?.iso, at)),
      ...dateOffer("note", postedOn(linesOf([...beside, ...hidden]))),
      ...dateOffer("last change", lastChange(linesOf(everything))),
    ],
    picture: [
      ...offers.picture,
      ...pictures
        .slice(0, FEW_BLOCKS)
        .flatMap((picture, at) => pictureOffer("above the story", picture, at)),
    ],
  };
}

function linesOf(texts: readonly { readonly text: string }[]): string[] {
  return texts.flatMap(({ text }) => text.split("\n"));
}

const FEW_BLOCKS = 6;

function underHeadline(page: readonly PageBlock[], titles: readonly string[]): PageBlock[] {
  const isTitle = saysOneOf(titles);
  const headline = page.findIndex(({ text }) => isTitle(text));
  return headline === -1 ? [] : page.slice(headline + 1, headline + 1 + FEW_BLOCKS);
}

/** Judges how well the printed text matches the story of the page. */
function verdictOn(
  { blocks }: TakenStory,
  { title, isTitleSite }: Pick<SeenPage, "title" | "isTitleSite">,
  prediction: Prediction,
  unsure: readonly string[],
): Reading {
  const story = blocksThatAre("story", blocks).map(({ text }) => text);
  const last = blocks.findLastIndex(({ role }) => role.is === "story");
  const after = blocks.slice(last + 1).filter(({ role }) => mayBeGate(role));
  return judgeReading({
    title,
    isTitleSite,
    story,
    after: after.slice(0, FEW_BLOCKS).map(({ block }) => block.text),
    mayBeHidden: holdsOneOf(unsure, story),
    prediction,
  });
}

const MOST_UNSURE = 50_000;

/** Whether one of the paragraphs is in the pieces of markup. */
function holdsOneOf(markup: readonly string[], paragraphs: readonly string[]): boolean {
  if (markup.length === 0) return false;
  const text = markup
    .join(" ")
    .slice(0, MOST_UNSURE)
    .replace(/<[^>]*>/g, " ");
  const words = fold(cleanText(decodeText(text)));
  return paragraphs
    .map(fold)
    .some((said) => said.length >= PARAGRAPH_CHARACTERS / 2 && words.includes(said));
}

// An invitation to subscribe may hide the rest of the story.
function mayBeGate(role: Role): boolean {
  return role.is !== "boilerplate" || role.reason === BOILERPLATE_REASONS.subscribe;
}

/** A shorter text is a label or a line of a menu. */
const PARAGRAPH_CHARACTERS = 80;

function htmlOf(
  { content }: TakenStory,
  blocks: readonly PageBlock[],
  base: string | undefined,
): string {
  return storyHtml(content, new Set<PageNode>(blocks.flatMap(({ nodes }) => nodes)), base);
}

function captionsOf(blocks: readonly PageBlockWithRole[]): Map<PageElement, Caption> {
  return new Map(
    blocks.flatMap(({ block, role }): [PageElement, Caption][] =>
      role.is === "caption" ? [[block.place.element, role.caption]] : [],
    ),
  );
}

function droppedFrom({ blocks, hidden }: TakenStory): Dropped[] {
  const own = blocks.flatMap(({ block, role }): Dropped[] => {
    const reason = reasonOf(role);
    return reason === undefined ? [] : [{ text: block.text, reason }];
  });
  return [...hidden, ...own];
}

// A longer page with one of these sentences also has a story.
const FEW_CHARACTERS = 2500;

const SCRIPT =
  /\b(?:enable|activate|turn on|allow) (?:your browser['’]s )?java ?script\b|\bjava ?script (?:is|to be|must be) (?:required|disabled|enabled|not enabled|turned off)\b|\b(?:site|page|app|application|website|content) requires java ?script\b|\bneed to enable java ?script\b|java ?script (?:aktivieren|einschalten|ist deaktiviert)|aktivieren sie (?:bitte )?java ?script|(?:activer|activez) (?:le )?java ?script|java ?script est désactivé|(?:habilite|habilitar|activar?|active) (?:el |o )?java ?script|(?:abilitare|attivare|abilita|attiva) java ?script|schakel java ?script in|включите java ?script|włącz(?:yć)? (?:obsługę )?java ?script|javascript\s?を有効|启用\s?javascript|啟用\s?javascript|자바스크립트를|تفعيل (?:ال)?جافا/iu;
const GATE =
  /\bchecking (?:if the site connection is secure|your browser)\b|\bverif(?:y|ying) (?:that )?you are (?:a )?human\b|\bare you a robot\b|\bcomplete the captcha\b|\bunusual traffic\b|\baccess (?:to this page has been )?denied\b|\brequest unsuccessful\b|^just a moment/iu;

/** The error for a page without a story. `feed` is the feed of its site, if the page links one. */
function noStoryOn(location: string, pageText: string, feed?: string): BroadsheetError {
  const isShort = pageText.length < FEW_CHARACTERS;
  const because = (what: string, fix = SAVE) =>
    refusal(location, what, fix, { code: "CONTENT_NO_STORY" });
  if (isShort && SCRIPT.test(pageText))
    return because("shows its story only to browsers that run JavaScript");
  if (isShort && GATE.test(pageText))
    return because("checks that its reader is human, and is not the story");
  if (pageText.trim() === "") return because("has no text in it");
  return because(
    "is a page of links and menus, with no story in it",
    `give the address of one story${feed === undefined ? "" : `, or that of its feed: ${feed}`}`,
  );
}

/** Whether the text, or the page beside it, only asks to enable scripts or to prove that the reader is human. */
function isGate(story: string, pageText: string): boolean {
  if (story.length < 600 && (SCRIPT.test(story) || GATE.test(story))) return true;
  return story.length < 300 && pageText.length < FEW_CHARACTERS && SCRIPT.test(pageText);
}

const SAVE = "open it in a browser and save the page from there, or copy its text into a .txt file";

// A novel on one page, or the longest encyclopedia article, costs 20,000. Readability and its DOM take up to 0.1 ms
// and 10 KB for each unit.
const MOST_COST = 30_000;

/** @throws BroadsheetError CONTENT_TOO_LARGE if a page has more markup than any article. */
function refuseHuge(cost: number, location: string): void {
  if (cost > MOST_COST) throw tooMuchMarkup(location);
}

/** The error for a page that cannot be read within the limits of time and depth. */
function tooMuchMarkup(location: string, cause?: unknown): BroadsheetError {
  const fix = "copy the story out of it into a file of its own";
  const more = { code: "CONTENT_TOO_LARGE", cause } as const;
  return refusal(location, "has more markup than any article", fix, more);
}
