import type { Image } from "../article/article.ts";
import type { Missing, Report } from "../check/finding.ts";
import type { IssueMail } from "../review/review.ts";
import type { Advice, BuiltDigest, Digest, Issue, Logo } from "../digest/digest.ts";
import type { Reading, StoryDraft, StoryEdits } from "../digest/stories/story.ts";
import type { EditOperation } from "../digest/operations/operation.ts";
import type { ChangedSince, SetAside } from "../digest/operations/apply.ts";
import type { Email } from "../email/email.ts";
import type { Picture } from "../platform/picture.ts";
import type { Failure } from "../platform/reporter.ts";
import type { IssueFiles } from "../preview/preview-page.ts";
import type { IssueData } from "../preview/page-data.ts";
import type { LeftOut } from "../sources/left-out.ts";
import type { Summary } from "../summary/summary.ts";

/*
 * An issue at each stage of its building. Every step takes one of these values and returns the next. Stories and letters
 * are found by the ids of their readings. Digests, edits and a model's advice hold the ids of articles instead, because a
 * digest has no readings.
 */

/** The articles of an issue as they were read. */
export interface ReadIssue {
  readonly readings: readonly Reading[];
  /** What could not be read. */
  readonly failures: readonly Failure[];
  /** The same for its report, with what is left for a later issue or too old. */
  readonly missing: readonly Missing[];
  /** How many web addresses were asked so far. */
  readonly fetched: number;
}

/** The editor's own words, an article of kind "letter". */
type Letter = Pick<Reading, "id" | "article" | "isCollected" | "print">;

/** An editor's changes to the last build of an issue, and that build. */
export interface EditsBefore {
  readonly operations: readonly EditOperation[];
  readonly before: BuiltDigest | undefined;
}

/** Articles merged into stories and put in order; the first story leads. */
export interface IssueDraft extends Omit<ReadIssue, "readings"> {
  /** What it was made of: it is made again if the editor joins or parts articles before it is written. */
  readonly read: ReadIssue;
  readonly issue: Issue;
  /** The day on the front page, YYYY-MM-DD. */
  readonly date: string;
  /** How many articles were read. */
  readonly articles: number;
  readonly letters: readonly Letter[];
  readonly stories: readonly StoryDraft[];
  /** What a model said about the issue, where one was asked. */
  readonly advice: Advice | undefined;
  /** The pairs of articles that the editor decided to join or to part. */
  readonly edits: StoryEdits;
  /** What the editor has changed so far, and the digest in which that was seen. */
  readonly edited: EditsBefore;
  /** The pairs of stories that may be one, for the editor to decide. */
  readonly offered: Digest["offered"];
  /** Articles left out because Broadsheet crashed on them. */
  readonly leftOut: readonly LeftOut[];
}

/** The articles refer to their pictures by their files in the issue's folder (`images/…`). */
export interface IllustratedIssue extends IssueDraft {
  readonly pictures: readonly Picture[];
  /** The newsletter's logo, whose files are among the pictures. */
  readonly logo: Logo | undefined;
  /** The picture of the sponsor. */
  readonly sponsorImage: Image | undefined;
}

export interface SummarisedStory extends StoryDraft {
  readonly summary: Summary;
  /** The summaries of the articles that were merged into it, by the ids of these: an editor may part them. */
  readonly others: ReadonlyMap<string, Summary>;
}

export interface SummarisedIssue extends Omit<IllustratedIssue, "stories"> {
  readonly stories: readonly SummarisedStory[];
}

export interface ComposedIssue extends SummarisedIssue {
  /** The digest as the articles give it, without an editor's changes. */
  readonly digest: BuiltDigest;
}

/** The digest of an issue with an editor's changes, and the pictures for its email. */
export interface EditedIssue {
  readonly digest: Digest;
  readonly pictures: readonly Picture[];
  /** The text of the digest before an editor's changes; undefined if it is unknown. */
  readonly built: string | undefined;
  /** What became of an editor's changes to the last build of this issue; undefined if there were none. */
  readonly edits: KeptEdits | undefined;
  /** The text of the digest.json that its operations cover. */
  readonly editedText: string | undefined;
  /** Whether the editor has joined or parted articles since they were arranged. */
  readonly isRegrouped?: boolean;
  /** The slot of the draft whose changes these were, where it was another one. */
  readonly movedFrom?: string | undefined;
  /** The text of articles.json; undefined where the issue's folder has none. */
  readonly articlesText: string | undefined;
}

/** What became of an editor's operations when their issue was built again. */
export interface KeptEdits {
  /**
   * What is not in the issue: the titles of stories that are gone, lines of the file that can't be applied, and the subject
   * or preheader if a flag gave another one.
   */
  readonly lost: readonly string[];
  /** The words of stories that are gone. */
  readonly setAside: readonly SetAside[];
  /** Lines of the file that are not applied, and why; those that can be taken back with their numbers. */
  readonly unapplied: readonly { readonly says: string; readonly n?: number }[];
  /** Words whose article has changed since they were written. They are in the issue. */
  readonly changed: readonly ChangedSince[];
  /** The titles of parted articles that only the next build can tell. */
  readonly waiting?: readonly string[];
  /** The file that keeps what is not in the issue, relative to the folder of the newsletter. Set if anything is lost. */
  readonly file?: string;
}

export interface RenderedIssue extends EditedIssue {
  /** The email with its merge fields not filled in. */
  readonly email: Email;
  /** The issue as the sample reader gets it. */
  readonly sample: IssueMail;
}

export interface CheckedIssue extends RenderedIssue {
  readonly report: Report;
}

/** An issue that was written into the outbox. */
export interface PublishedIssue extends CheckedIssue {
  readonly files: IssueFiles;
  /** What the preview shows of these files. */
  readonly data: IssueData;
  /** Absolute. */
  readonly folder: string;
  /** Whether it had been approved, and is a draft again since its digest changed. */
  readonly isDraftAgain: boolean;
  /** Whether digest.json was edited by hand while the issue was made. These edits are operations now, and not yet in it. */
  readonly isOutdated: boolean;
}
