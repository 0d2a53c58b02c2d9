import { isNameLine, namesInByline } from "../plain-text/byline.ts";
import { findDate, isDateNoise } from "../dates.ts";
import { captionIn } from "./captions.ts";
import { noticeIn } from "./notices.ts";
import { findOtherStories } from "./other-stories.ts";
import { dropped, HEADLINE, STORY, type Placed, type Role } from "./roles.ts";
import { isAmong } from "./same-title.ts";
import { findBios, findFrame, findHeadline, keepGallery } from "./story-frame.ts";
import { toStoryLines, type Labels, type StoryLine } from "./story-line.ts";
import type { TextBlock } from "./text-blocks.ts";

/** What the page says of itself, in so far as its blocks may repeat it. */
export interface Known {
  /** The title, and other forms of it that the page has, folded. */
  readonly titles: ReadonlySet<string>;
  readonly authors: readonly string[];
  /** What the elements around the page's blocks were called. */
  readonly labels: Labels;
  /** Whether there is nothing around the story. */
  readonly isFragment: boolean;
}

/** The role of each block. */
export function toRoles(blocks: readonly TextBlock[], known: Known): Role[] {
  const lines = toStoryLines(blocks, known.labels);
  const own = lines.map((line, index): Placed => ({
    line,
    role: ownRole(line, index, lines.length, known),
  }));
  const stories = findOtherStories(keepGallery(own));
  const framed = known.isFragment ? findHeadline(stories) : findFrame(stories);
  return findBios(framed, known.authors).map(({ role }) => role);
}

const EARLY = 8;
const LATE = 5;

// What a line is by itself; bylines and dates only where a story starts or ends.
function ownRole(line: StoryLine, index: number, count: number, known: Known): Role {
  if (line.block.element.localName === "pre") return { is: "code" };
  const caption = captionIn(line);
  if (caption) return { is: "caption", caption };
  const isEarly = index < EARLY;
  if (isEarly && isAmong(line.text, known.titles)) return HEADLINE;
  const notice = noticeIn(line);
  if (notice !== undefined) return dropped(notice);
  if (isEarly && isStandfirst(line)) return { is: "standfirst" };
  if (!isEarly && index < count - LATE) return STORY;
  if (isDateLine(line.text)) return { is: "date" };
  return isByline(line) ? { is: "byline" } : STORY;
}

const STANDFIRST =
  / (?:stand ?first|sub ?titles?|sub ?headline|sub ?heading|sub ?head|sub ?hed|dek|deck|(?:article|story|post) (?:summary|subtitle|excerpt)|p summary|chapeau|chapo|catenaccio|copete|bajada|ingress|sottotitolo|occhiello|untertitel|subtitulo) /;

// The lines under a headline that sum the story up. They are its description, not its first
// paragraph.
function isStandfirst({ label, words }: StoryLine): boolean {
  return words < 70 && STANDFIRST.test(label);
}

// "By Ana Ruiz", or a name beside a date.
function isByline({ text, words }: StoryLine): boolean {
  if (words >= 20) return false;
  if (namesInByline(text).length > 0) return true;
  const beside = findDate(text)
    ?.rest.replace(/\d{1,2}[.:]\d{2}(?:\s?(?:uhr|h|am|pm))?/iu, "")
    .replace(/[\s,|·•–—-]+$/u, "")
    .trim();
  return beside !== undefined && (isNameLine(beside) || namesInByline(beside).length > 0);
}

// When something was published, or published and updated.
function isDateLine(text: string): boolean {
  let rest = text;
  for (let found = findDate(rest); found; found = findDate(rest)) {
    rest = found.rest;
    if (isDateNoise(rest)) return true;
  }
  return false;
}
