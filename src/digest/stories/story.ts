import type { Article } from "../../article/article.ts";

/**
 * What an article is recognised by when it comes again, under another guid, date or address, or mended. All of it
 * is of what its source says, before a page completes it.
 */
export interface Fingerprint {
  /** The article's own: of a feed its guid's, else of its address or its words. */
  readonly id: string;
  /** The file that it is the whole of. */
  readonly file?: string;
  /** The address without what varies between two mentions of it, where it is this article's alone. */
  readonly link?: string;
  readonly title: string;
  /** A hash of the text's letters; empty where it has none. */
  readonly letters: string;
  /** 64 bits that change little when the text does, in hexadecimal; only of a text that is long enough. */
  readonly likeness?: string;
  /** The source of the config that it came from, as `SourceOutcome.source`. */
  readonly source: string;
}

/** An article of an issue. */
interface Part {
  /** Unique among the articles of an issue, and the same in every build of it. */
  readonly id: string;
  readonly article: Article;
  /** Whether it came with others, in a feed or an export, so that no editor has put it in order. */
  readonly isCollected: boolean;
  /** What recognises the article from now on: of what its source says, not of its page. */
  readonly print: Fingerprint;
}

/** An article that was read for an issue, with what the config says about its source. */
export interface Reading extends Part {
  /** Whether the config pins its source: the story then comes right after the pins of the newsletter. */
  readonly isPinned: boolean;
  /** The weight of its source; 1 is neutral, 2 makes up for a day. */
  readonly weight: number;
}

/** A story while the issue is built: the article that tells it, the articles merged into it, and its place. */
export interface StoryDraft extends Part {
  readonly merged: readonly MergedArticle[];
  /** Why this article tells the story; absent where no other article was merged into it. */
  readonly told?: Told;
  readonly place: Place;
  /** The story of an earlier issue that this one follows. */
  readonly follows?: Follows;
}

/** An article that was merged into a story, and why it tells the same story. */
interface MergedArticle extends Part {
  readonly merge: Merge;
}

/** The reason for a story's place (a pin, the given order, its news value, a model), and its news value. */
interface Place extends NewsValue {
  readonly by: "pin" | "given" | "value" | "model";
}

/** The earlier story that one follows: the same story again, or the one before it in a running story. */
export interface Follows {
  readonly slot: string;
  readonly date?: string;
  readonly id: string;
  readonly title: string;
  /** The address of the story, or else of its issue. */
  readonly url?: string;
  readonly as: "again" | "next";
}

/** How far forward a story belongs, and why. */
export interface NewsValue {
  /** The sum, in days: the greater, the further forward. */
  readonly value: number;
  /** The number of papers that have it; twice as many make up for a day. */
  readonly papers: number;
  /** Days from its newest article to the end of the day. */
  readonly ageDays: number;
  /** The share of the subjects that it is about: 0 to 1. */
  readonly central: number;
  /** The worth of reading as news, in days: 0 to 2. */
  readonly newsDays: number;
  /** The weight that the editor and the config give it; 1 is neutral, and twice as much makes up for a day. */
  readonly weight: number;
}

/** An article tells a story by an editor's choice, as the fullest text, as the earliest of equally full texts, or as its paper's latest version. */
export type Told = "chosen" | "fullest" | "earliest" | "latest";

/** The reason for a merge (the articles' likeness, an editor, a model), and its chance to be right, from 0 to 1. */
export interface Merge {
  readonly as: Sameness | "joined" | "model";
  readonly chance: number;
}

/** The decisions of an editor about articles, by the ids of their readings. Those of older versions have the ids of articles. */
export interface StoryEdits {
  /** Pairs that are never merged. */
  readonly apart?: readonly (readonly [string, string])[] | undefined;
  /** Pairs of which the first article tells the second one's story. */
  readonly together?: readonly (readonly [string, string])[] | undefined;
}

/** Two stories that may be one, by their ids, and how likely that is. */
export interface OfferedPair {
  readonly stories: readonly [string, string];
  readonly chance: number;
}

/** Why two articles are told as one story. */
type Sameness = "article" | "copy" | "event";

/** That two articles tell one story, and how sure that is, from 0 to 1. */
export interface Match {
  readonly as: Sameness;
  readonly chance: number;
}

/** An article to gather stories from. */
export interface Member extends Part {
  /** The member with the lowest rank tells the story; where no member has one, the fullest text does. */
  readonly rank?: number | undefined;
}

/** The member that tells a story, and the members merged into it. */
export interface Story<M extends Member> {
  readonly teller: M;
  readonly merged: readonly Merged<M>[];
  readonly told?: Told;
}

interface Merged<M extends Member> {
  readonly member: M;
  readonly merge: Merge;
}

/** A gathered story as an issue has it, but for its place. */
export function partsOf({ teller, merged, told }: Story<Member>): Omit<StoryDraft, "place"> {
  return {
    ...partOf(teller),
    merged: merged.map(({ member, merge }) => ({ ...partOf(member), merge })),
    ...(told && { told }),
  };
}

function partOf({ id, article, isCollected, print }: Member) {
  return { id, article, isCollected, print };
}

/** A story that an earlier issue told. */
export interface ToldBefore {
  readonly slot: string;
  /** The day on that front page, YYYY-MM-DD. */
  readonly date?: string | undefined;
  /** The address of that issue. */
  readonly webUrl?: string | undefined;
  readonly article: Article;
}

/** What the outbox knows about an issue before it is built: its editor's decisions, and the stories of earlier issues. */
export interface Earlier {
  readonly edits: StoryEdits;
  readonly told: readonly ToldBefore[];
}
