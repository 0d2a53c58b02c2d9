import type { Article } from "../../article/article.ts";
import type { Digest, Entry } from "../digest.ts";

/**
 * The properties that identify an article when it appears again with another guid, date or address, or corrected. They come
 * from its source, before its page completes it.
 */
export interface Fingerprint {
  /** The id of the article: from the guid in a feed, otherwise from its address or its words. */
  readonly id: string;
  /** The file, if it contains only this article. */
  readonly file?: string;
  /** The normalised address, if it is unique to this article. */
  readonly link?: string;
  readonly title: string;
  /** A hash of the text's letters; empty for a text without letters. */
  readonly letters: string;
  /** 64 bits, in hexadecimal, that change little with the text; only for a sufficiently long text. */
  readonly likeness?: string;
  /** The source in the config, as `SourceOutcome.source`. */
  readonly source: string;
}

/** An article of an issue. */
interface Part {
  /** Unique among the articles of an issue, and the same in every build. */
  readonly id: string;
  readonly article: Article;
  /** Whether it came with others in a feed or an export, so that no editor chose its position. */
  readonly isCollected: boolean;
  /** Identifies the article from now on, by the data of its source, not of its page. */
  readonly print: Fingerprint;
}

/** An article read for an issue, with the config's options for its source. */
export interface Reading extends Part {
  /** Whether the config pins its source. The story then follows the pins of the newsletter. */
  readonly isPinned: boolean;
  /** The weight of its source; 1 is neutral, 2 counts as one day newer. */
  readonly weight: number;
}

/** A story during the build: the article that tells it, the articles merged into it, and its position. */
export interface StoryDraft extends Part {
  readonly merged: readonly MergedArticle[];
  /** The reason why this article tells the story; absent if no other article was merged into it. */
  readonly told?: Told;
  readonly place: Place;
  /** The story of an earlier issue that this one follows. */
  readonly follows?: Follows;
}

/** An article that was merged into a story, and why it tells the same story. */
interface MergedArticle extends Part {
  readonly merge: Merge;
}

/** The reason for a story's position (a pin, the given order, its news value, a model), and its news value. */
interface Place extends NewsValue {
  readonly by: "pin" | "given" | "value" | "model";
}

/** The earlier story that a story follows: the same one, or the previous one of a running story. */
export type Follows = NonNullable<Entry["follows"]>;

/** The news value of a story and its parts. */
export interface NewsValue {
  /** The sum in days. Stories with a higher value come first. */
  readonly value: number;
  /** The number of papers with the story. Twice as many papers are worth as much as one day newer. */
  readonly papers: number;
  /** The days from its newest article to the end of the day. */
  readonly ageDays: number;
  /** Its similarity to the whole issue, from 0 to 1. */
  readonly central: number;
  /** The value of reading as news, in days: 0 to 2. */
  readonly newsDays: number;
  /** The weight from the editor and the config; 1 is neutral, and twice as much counts as one day newer. */
  readonly weight: number;
}

/** An article tells a story by an editor's choice, as the fullest text, as the earliest of equally full texts, or as its paper's latest version. */
export type Told = "chosen" | "fullest" | "earliest" | "latest";

/** The reason for a merge (similar articles, an editor, a model), and the probability that it is right, from 0 to 1. */
export interface Merge {
  readonly as: Sameness | "joined" | "model";
  readonly chance: number;
}

/** An editor's decisions about articles, by the ids of their readings. Decisions of older versions use the ids of articles. */
export type StoryEdits = NonNullable<Digest["stories"]>;

/** Two stories, by id, that may report the same event, and the probability that they do. */
export type OfferedPair = NonNullable<Digest["offered"]>[number];

/** The reason why two articles are one story. */
type Sameness = "article" | "copy" | "event";

/** Two articles are one story, with a confidence from 0 to 1. */
export interface Match {
  readonly as: Sameness;
  readonly chance: number;
}

/** An article that is grouped into a story. */
export interface Member extends Part {
  /** The member with the lowest rank tells the story. If no member has a rank, the fullest text does. */
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

/** Converts a gathered story to the form in an issue, without its position. */
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

/** A story of an earlier issue. */
export interface ToldBefore {
  readonly slot: string;
  /** The date on that front page, YYYY-MM-DD. */
  readonly date?: string | undefined;
  /** The address of that issue. */
  readonly webUrl?: string | undefined;
  readonly article: Article;
}

/** The known facts about an issue before it is built: its editor's decisions, and the stories of earlier issues. */
export interface Earlier {
  readonly edits: StoryEdits;
  readonly told: readonly ToldBefore[];
}
