import { AROUND, BIO, HEADLINE, STORY, type Placed, type Role } from "./roles.ts";
import { isRoundUp } from "./other-stories.ts";
import { isProse, type StoryLine } from "./story-line.ts";

/** Finds what was taken along with a story above its first sentence and below its last. */
export function findFrame(placed: readonly Placed[]): Placed[] {
  const first = placed.findIndex(isOfStory);
  const last = placed.findLastIndex(isOfStory);
  // Further down, what looks like a frame is a table, or a list that the story opens with.
  const isShort = first !== -1 && first <= MOST_ABOVE;
  const lines = placed.map(({ line }) => line);
  const isMadeOfLinks = isRoundUp(lines);
  return placed.map(({ line, role }, index): Placed => {
    if (role.is !== "story" || first === -1) return { line, role };
    const isFrame =
      (isShort && index < first && isAbove(line, index === first - 1 ? lines.slice(first) : [])) ||
      (index > last && (line.isHeading || line.isLink) && !isMadeOfLinks);
    return { line, role: isFrame ? AROUND : role };
  });
}

function isOfStory({ line, role }: Placed): boolean {
  return role.is === "story" && isProse(line);
}

const MOST_ABOVE = 12;
const FEW_WORDS = 8;

const NAMED_HEADLINE =
  / (?:(?:entry|post|article|story|page|main|single post) (?:title|headline)|headline|title|titulo|titre|titolo|titel) /;

// A heading right above the first sentence heads it, if there are others of its kind below.
function isAbove(line: StoryLine, below: readonly StoryLine[]): boolean {
  if (!line.isHeading) return line.words < FEW_WORDS;
  const { localName } = line.block.element;
  return (
    NAMED_HEADLINE.test(line.label) ||
    !below.some(({ block }) => block.element.localName === localName)
  );
}

/** Finds the title of an export: a heading at its very start. */
export function findHeadline([first, ...rest]: readonly Placed[]): Placed[] {
  if (!first) return [];
  const isTitle = first.line.isHeading && first.role.is === "story" && rest.length > 0;
  return [isTitle ? { ...first, role: HEADLINE } : first, ...rest];
}

const NEAR_END = 4;

/** Finds the note about an author under a story: "Ana Ruiz covers the coast for the paper." */
export function findBios(placed: readonly Placed[], authors: readonly string[]): Placed[] {
  const from = Math.max(NEAR_END, placed.length - NEAR_END);
  return placed.map(({ line, role }, index): Placed => {
    const isBio =
      role.is === "story" && index >= from && line.words <= 70 && isAbout(line.text, authors);
    return { line, role: isBio ? BIO : role };
  });
}

function isAbout(text: string, authors: readonly string[]): boolean {
  return authors.some(
    (name) =>
      name.includes(" ") && text.startsWith(name) && /^,? \p{Ll}/u.test(text.slice(name.length)),
  );
}

/** Gives a gallery its captions back as its story, where most of the words stand under pictures. */
export function keepGallery(placed: readonly Placed[]): Placed[] {
  const wordsOf = (kind: Role["is"]): number =>
    placed.reduce((sum, { line, role }) => sum + (role.is === kind ? line.words : 0), 0);
  if (wordsOf("caption") < wordsOf("story") * 1.5) return [...placed];
  return placed.map(({ line, role }) => ({
    line,
    role: role.is === "caption" && isProse(line) ? STORY : role,
  }));
}
