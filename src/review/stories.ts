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

/** Returns the articles of an issue in its order. */
export function shownArticles(digest: Digest): Entry["article"][] {
  return shownEntries(digest).map(({ article }) => article);
}

/** Returns the headlines of an issue, with slots in the order of its page. */
export function headlinesOf(digest: Digest, slots?: Slots): string[] {
  return shownEntries(digest, slots).map(headlineOf);
}

/** A heading of an email with the full headline of its story. */
interface StoryHeading {
  readonly heading: MailElement;
  readonly headline: string;
}

/** The range of a story in an email: from its first element to the next story or section, or to the part after the stories. */
interface StoryRegion extends StoryHeading {
  /** Offsets in the source. */
  readonly start: number;
  readonly end: number;
}

/** Returns the stories in the HTML of an issue, in its order. */
export function storiesIn(html: HtmlDocument, digest: Digest): readonly StoryRegion[] {
  return known(html)(digest);
}

const known = memo((html: HtmlDocument) => memo((digest: Digest) => regionsOf(html, digest)));

/** Returns the headline and id of the story that contains an element. Undefined if none does. */
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

/** Returns the advertisement between stories: the largest element around its link that contains no headline. */
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
  const end = endOfStories(html, digest, stories.at(-1)?.heading);
  const starts = new Map(headings.map((heading) => [heading, blockStart(heading, html, headings)]));
  const limits = [...starts.values(), end];
  return stories.map(({ heading, headline }) => {
    const start = starts.get(heading) ?? heading.start;
    const end = Math.min(...limits.filter((limit) => limit > start), html.source.length);
    return { heading, headline, start, end };
  });
}

/** Returns each form of a headline with the story's full headline. A full headline wins over another story's short form. */
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
  expected: readonly (readonly [form: string, headline: string])[],
): StoryHeading[] {
  const byText = new Map(expected.map(([form, headline]) => [folded(form), headline]));
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

/** Only a short kicker precedes a headline. */
const MOST_LETTERS_ABOVE = 80;

/** Returns the start of the largest element that contains a heading, with at most a kicker before it. */
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

/**
 * Returns the start of the part after the stories: of the largest element after the last headline with the editor's last word,
 * a link about the issue, the reason for the mail or the postal address.
 */
function endOfStories(html: HtmlDocument, digest: Digest, last: MailElement | undefined): number {
  const { name = digest.issue.newsletter, reason, postalAddress = "" } = digest.publication ?? {};
  const { closing = "", feedback, subscribe } = digest.modules ?? {};
  const why = reason ?? labelsFor(digest.language).reason(name);
  const after = html.elements.slice((last?.lastIndex ?? 0) + 1);
  const firstWith = (...texts: string[]) => {
    const says = new Set(texts.map(folded).filter(Boolean));
    return after.find((element) => says.has(folded(ownText(element))));
  };
  const foot = firstWith(why, postalAddress);
  const leads = new Set([feedback?.yes, feedback?.no, subscribe]);
  // The last link counts, because the last story may lead to the page to subscribe too.
  const link = after.slice(0, foot && after.indexOf(foot)).findLast((element) => {
    const href = attribute(element, "href");
    return element.name === "a" && (leads.has(href) || FORWARDS.test(href));
  });
  const marks = [firstWith(closing), link, foot].filter((one) => one !== undefined);
  return Math.min(...marks.map((mark) => outermost(mark, last).start), html.source.length);
}

/** A link that opens a mail without a recipient: it passes the issue on (RFC 6068 §2). */
const FORWARDS = /^mailto:\?/i;

/** Returns the largest element around this one that does not contain the last headline. */
function outermost(element: MailElement, last: MailElement | undefined): MailElement {
  const around = [...outwards(element)].filter((one) => !last || !isIn(last, one));
  return around.at(-1) ?? element;
}
