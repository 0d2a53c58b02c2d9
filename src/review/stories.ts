import { type Digest, type Entry, headlineOf, idOf } from "../digest/digest.ts";
import { shownEntries } from "../digest/arrange/weights.ts";
import { headlineForms } from "../digest/copy/fit-copy.ts";
import type { Slots } from "../digest/copy/slots.ts";
import { labelsFor } from "../email/labels.ts";
import { folded } from "../platform/text.ts";
import {
  attribute,
  memo,
  type HtmlDocument,
  inside,
  named,
  type MailElement,
  outwards,
  ownText,
  textOf,
} from "../check/html-document.ts";

/** The articles that an issue tells, in its order. */
export function shownArticles(digest: Digest): Entry["article"][] {
  return shownEntries(digest).map(({ article }) => article);
}

/** The headlines of an issue: with slots in the order of its page. */
export function headlinesOf(digest: Digest, slots?: Slots): string[] {
  return shownEntries(digest, slots).map(headlineOf);
}

/** A heading of an email that is the headline of a story, as it was written. */
interface StoryHeading {
  readonly heading: MailElement;
  readonly headline: string;
}

/** A story in an email: from the first element that is its own to the next story, section or footer. */
interface StoryRegion extends StoryHeading {
  /** Offsets into the source. */
  readonly start: number;
  readonly end: number;
}

/** The stories of an issue that its HTML tells, in the order in which it does. */
export function storiesIn(html: HtmlDocument, digest: Digest): readonly StoryRegion[] {
  return known(html)(digest);
}

const known = memo((html: HtmlDocument) => memo((digest: Digest) => regionsOf(html, digest)));

/** The story that an element is in, by its headline and its id; undefined where it is in none. */
export function storyAt(element: MailElement, html: HtmlDocument, digest: Digest) {
  const { start } = element;
  const stories = storiesIn(html, digest);
  const sponsored = sponsoredBlock(html, digest, stories);
  if (sponsored && isIn(element, sponsored)) return undefined;
  const story = stories.find((story) => story.start <= start && start < story.end)?.headline;
  if (story === undefined) return undefined;
  const entry = shownEntries(digest).find((entry) => headlineOf(entry) === story);
  return { story, ...(entry && { id: idOf(entry) }) };
}

/** The advertisement between two stories: the largest element around its link that holds no headline. */
function sponsoredBlock(
  html: HtmlDocument,
  { modules }: Digest,
  stories: readonly StoryHeading[],
): MailElement | undefined {
  const url = modules?.sponsor?.url;
  if (url === undefined) return undefined;
  const link = named(html, "a").find((element) => attribute(element, "href") === url);
  const around = link ? [...outwards(link)] : [];
  return around.findLast((element) => !stories.some(({ heading }) => isIn(heading, element)));
}

function regionsOf(html: HtmlDocument, digest: Digest): StoryRegion[] {
  const stories = headingsOf(html, storyHeadings(digest));
  const sections = headingsOf(
    html,
    sectionHeadings(digest).map((heading) => [heading, heading]),
  );
  const headings = [...stories, ...sections].map(({ heading }) => heading);
  const footer = footerStart(html, digest, stories.at(-1)?.heading);
  const starts = new Map(headings.map((heading) => [heading, blockStart(heading, html, headings)]));
  const limits = [...starts.values(), footer];
  return stories.map(({ heading, headline }) => {
    const start = starts.get(heading) ?? heading.start;
    const end = Math.min(...limits.filter((limit) => limit > start), html.source.length);
    return { heading, headline, start, end };
  });
}

/** Each form of a headline that a page may have, and the headline. Where two stories have one form, a whole headline counts. */
function storyHeadings(digest: Digest): (readonly [form: string, headline: string])[] {
  const forms = shownEntries(digest).map((entry) => {
    const [whole = "", ...shorter] = headlineForms(entry);
    return { whole, shorter };
  });
  return [
    ...forms.flatMap(({ whole, shorter }) => shorter.map((form) => [form, whole] as const)),
    ...forms.map(({ whole }) => [whole, whole] as const),
  ];
}

function headingsOf(
  html: HtmlDocument,
  wanted: readonly (readonly [form: string, headline: string])[],
): StoryHeading[] {
  const byText = new Map(wanted.map(([form, headline]) => [folded(form), headline]));
  return html.elements
    .filter(({ name }) => /^h[1-6]$/.test(name))
    .flatMap((heading) => {
      const headline = byText.get(folded(textOf(heading)));
      return headline === undefined ? [] : [{ heading, headline }];
    });
}

function sectionHeadings({ sections, language }: Digest): string[] {
  const { moreStories, inBrief } = labelsFor(language).words;
  return [moreStories, inBrief, ...sections.map(({ heading }) => heading)].filter(Boolean);
}

/** Above a headline stands its kicker, and no more of the story. */
const MOST_LETTERS_ABOVE = 80;

/** Where the largest element begins that holds a heading, and before it nothing but a kicker. */
function blockStart(
  heading: MailElement,
  html: HtmlDocument,
  headings: readonly MailElement[],
): number {
  let block = heading;
  for (const element of outwards(heading)) {
    const holdsOther = headings.some((other) => other !== heading && isIn(other, element));
    const above = inside(html, element).filter(
      ({ index, lastIndex }) => index < heading.index && lastIndex < heading.index,
    );
    const hasHeading = above.some(({ name }) => /^h[1-6]$/.test(name));
    const letters = above.map(ownText).join("").trim().length;
    if (holdsOther || hasHeading || letters > MOST_LETTERS_ABOVE) break;
    block = element;
  }
  return block.start;
}

function isIn({ index }: MailElement, element: MailElement): boolean {
  return index >= element.index && index <= element.lastIndex;
}

/** Where the footer begins: the largest element after the last headline that says why the reader gets this. */
function footerStart(html: HtmlDocument, digest: Digest, last: MailElement | undefined): number {
  const { name = digest.issue.newsletter, reason, postalAddress = "" } = digest.publication ?? {};
  const why = reason ?? labelsFor(digest.language).reason(name);
  const says = new Set([why, postalAddress].map(folded).filter(Boolean));
  const mark = html.elements.find((element) => {
    return element.index > (last?.index ?? 0) && says.has(folded(ownText(element)));
  });
  if (!mark) return html.source.length;
  const around = [...outwards(mark)].filter((element) => !last || !isIn(last, element));
  return around.at(-1)?.start ?? mark.start;
}
