import type { Article, Image } from "../article/article.ts";
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
 * An issue at each stage of its building. Each step takes one of these values and returns the next. Stories and letters are
 * identified by the ids of their readings. Digests, edits and a model's advice contain the ids of articles instead, because a
 * digest has no readings.
 */

export interface ReadIssue {
  readonly readings: readonly Reading[];
  readonly failures: readonly Failure[];
  /** The failures for the report, and the articles that are too old or left for a later issue. */
  readonly missing: readonly Missing[];
  /** The number of web addresses requested so far. */
  readonly fetched: number;
}

/** The editor's own words, an article of kind "letter". */
type Letter = Pick<Reading, "id" | "article" | "isCollected" | "print">;

/** An editor's changes to the previous build of an issue, and that build. */
export interface EditsBefore {
  readonly operations: readonly EditOperation[];
  readonly before: BuiltDigest | undefined;
}

/** Articles merged into stories and put in order; the first story leads. */
export interface IssueDraft extends Omit<ReadIssue, "readings"> {
  /** The input of this stage. It is arranged again if the editor joins or parts articles meanwhile. */
  readonly read: ReadIssue;
  readonly issue: Issue;
  /** The date on the front page, YYYY-MM-DD. */
  readonly date: string;
  readonly articles: number;
  readonly letters: readonly Letter[];
  readonly stories: readonly StoryDraft[];
  /** The advice of a model about the issue, if a model was asked. */
  readonly advice: Advice | undefined;
  /** The editor's decisions to join or to part pairs of articles. */
  readonly edits: StoryEdits;
  /** The editor's changes so far, and the digest in which they were made. */
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
  /** The summaries of the merged articles by their ids, because an editor may part them. */
  readonly others: ReadonlyMap<string, Summary>;
}

export interface SummarisedIssue extends Omit<IllustratedIssue, "stories"> {
  readonly stories: readonly SummarisedStory[];
}

export interface ComposedIssue extends SummarisedIssue {
  /** The digest from the articles, without an editor's changes. */
  readonly digest: BuiltDigest;
}

/** The digest of an issue with an editor's changes, and the pictures for its email. */
export interface EditedIssue {
  readonly digest: Digest;
  readonly pictures: readonly Picture[];
  /** The text of the digest before an editor's changes; undefined if it is unknown. */
  readonly built: string | undefined;
  /** The result of applying an editor's changes to this build; undefined if there were none. */
  readonly edits: KeptEdits | undefined;
  /** The text of digest.json that the operations already include. */
  readonly editedText: string | undefined;
  /** Whether the editor has joined or parted articles since they were arranged. */
  readonly isRegrouped?: boolean;
  /** The slot of the draft from which the changes came, if it was another one. */
  readonly movedFrom?: string | undefined;
  /** The text of articles.json; undefined if the issue's folder has none. */
  readonly articlesText: string | undefined;
}

/** The result of applying an editor's operations to a new build. */
export interface KeptEdits {
  /**
   * The omissions: titles of missing stories, lines of the file that can't be applied, and the subject or preheader if a flag
   * overrides it.
   */
  readonly lost: readonly string[];
  /** The editor's words for missing stories. */
  readonly setAside: readonly SetAside[];
  /** Lines of the file that are not applied, with the reason. A line that can be undone has its number. */
  readonly unapplied: readonly { readonly says: string; readonly n?: number }[];
  /** Words whose article has changed since they were written. They are in the issue. */
  readonly changed: readonly ChangedSince[];
  /** The titles of parted articles that only the next build can show as stories. */
  readonly waiting?: readonly string[];
  /** The file that keeps the omitted changes, relative to the folder of the newsletter. Set if anything is omitted. */
  readonly file?: string;
}

export interface RenderedIssue extends EditedIssue {
  /** The email with unfilled merge fields. */
  readonly email: Email;
  readonly sample: IssueMail;
}

export interface CheckedIssue extends RenderedIssue {
  readonly report: Report;
}

/** An issue that was written to the outbox. */
export interface PublishedIssue extends CheckedIssue {
  readonly files: IssueFiles;
  /** The data of these files for the preview. */
  readonly data: IssueData;
  /** The absolute path. */
  readonly folder: string;
  /** Whether it was approved and is a draft again because its digest changed. */
  readonly isDraftAgain: boolean;
  /**
   * Whether digest.json was edited by hand while the issue was made. These edits are now operations, but not yet in the
   * issue.
   */
  readonly isOutdated: boolean;
}

/** The maximum number of stories or pairs that a note of a build names. digest.json lists all of them. */
export const MOST_NAMED = 3;

/** The name of an article in a note: its title in quotes, otherwise its source. */
export function nameOf({ title, source }: Article): string {
  return title === "" ? source : JSON.stringify(title);
}
