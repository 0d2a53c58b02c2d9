import type { Notice } from "../platform/notice.ts";
import type { Report, Tally } from "../check/finding.ts";
import type { IssueState } from "../delivery/life.ts";
import type { Digest } from "../digest/digest.ts";
import type { Explanation } from "../summary/explanation/explain.ts";

/** The names of an issue's files that programs read back, relative to its folder. */
export const ISSUE_FILES = {
  digest: "digest.json",
  /** The digest as `build` made it, before an editor's changes, with the entries of merged articles. */
  built: "digest.built.json",
  /** The text of digest.json as it was last written: what differs by now was changed by hand. */
  written: "digest.written.json",
  email: "email.json",
  report: "report.json",
  /** What its articles are recognised by, and when the schedule sends it. */
  articles: "articles.json",
} as const;

/** What the preview page is given, as JSON: in a file once, from a server again after every change. */
export interface PageData {
  /** A file stands alone: nothing can be saved or sent from it, and nothing is ever fetched. */
  readonly mode: "file" | "server";
  /** Null where there is none that could be shown; then there is a trouble. */
  readonly issue: IssueData | null;
  /** What only a server knows; null in a file. */
  readonly desk: DeskData | null;
}

/** What `broadsheet preview` says beside the issue. */
export interface DeskData {
  /** How many changes the server had announced before it made this. */
  readonly changes: number;
  /** Where this issue is: `/the-tidewrack/2026-11-25`. */
  readonly path: string;
  /** The latest first. */
  readonly issues: readonly IssueRow[];
  /** Why it isn't known which of them were sent; empty where it is. */
  readonly storeTrouble: string;
  /** What is left out, doubted, failing or waiting: of this issue, those of `issue.report` among it, and of all else. */
  readonly notices: readonly Notice[];
  readonly otherNotices: readonly Notice[];
  /** Whose `otherNotices` these are: `the-tidewrack`. */
  readonly newsletter: string;
  readonly fixtures: readonly { readonly name: string; readonly title: string }[];
  /** Why what is shown is not the newest. */
  readonly trouble: Trouble | null;
  /** Why the issue as it lies in the outbox can't be sent, whatever was found in it before; empty where it can. */
  readonly cannotGo: string;
  /** A line for the editor; empty where there is nothing to say. */
  readonly notice: string;
  /** When the issue was last built or rendered, and how long that took; null where it was not in this run. */
  readonly done: { readonly at: string; readonly ms: number } | null;
  readonly canEdit: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Sentences that the articles do not say. */
  readonly refusals: readonly Refusal[];
}

/** An issue in the list of all. */
export interface IssueRow {
  readonly newsletter: string;
  readonly slot: string;
  readonly title: string;
  readonly template: string;
  readonly number: number | null;
  /** How many checks hold; null where none has been made. */
  readonly tally: Tally | null;
  /** Null as long as that isn't known. */
  readonly standing: StandingData | null;
}

/** Where an issue stands. */
export interface StandingData {
  readonly state: IssueState;
  /** Its state, and whether it is held: "2026-W49 is …". */
  readonly says: string;
  /** When it goes out to how many; empty where it doesn't any more, or goes out already. */
  readonly goes: string;
  /** Where its readers stand; null before it was planned. */
  readonly sending: SendingData | null;
}

/** How many readers of an issue stand where; those who get none of it are not counted. */
export interface SendingData {
  readonly accepted: number;
  /** Still to be sent to, now or later. */
  readonly waiting: number;
  readonly rejected: number;
  readonly uncertain: number;
}

/** An error as the page shows it. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly fix?: string;
  /** `templates/digest/html.mjml.hbs:12:5` */
  readonly at?: string;
  /** The lines around it, where the file can be read. */
  readonly lines?: readonly { readonly number: number; readonly text: string }[];
  /** Which of them is at fault. */
  readonly line?: number;
}

/** A sentence that an editor wrote and its article does not say. */
export interface Refusal {
  /** Counted from 0 through all sections. */
  readonly story: number;
  /** `g` for the gist, `k1` for the first key point. */
  readonly point: string;
  readonly why: string;
}

/** One issue, with all that its views show. */
export interface IssueData {
  /** SHA-256 of digest.json: says which state of it an edit was made to. */
  readonly hash: string;
  /** The articles without their HTML and without what was left out of them. */
  readonly digest: Digest;
  /** As a sample reader gets it; pictures under the names that `pictures` has. */
  readonly html: string;
  readonly text: string;
  /** The message in pieces: its source, and pictures that stand there in base64, by name. */
  readonly message: readonly (string | { readonly picture: string })[];
  readonly pictures: readonly PictureData[];
  /** What the HTML is made of, in the order in which it stands there. */
  readonly sizes: readonly SizeData[];
  /** Gmail shows this much of the HTML. */
  readonly clippedBytes: number;
  /** What `check` found; null where it has not looked. */
  readonly report: Report | null;
  /** How many of its rules hold; null where it has not looked. */
  readonly tally: Tally | null;
  /** Of each story through all sections: why its sentences were chosen, and others nearly. */
  readonly explanations: readonly Explanation[];
}

export interface SizeData {
  readonly name: string;
  readonly bytes: number;
  /** Where it is a story: which, from 1. */
  readonly story?: number;
}

export interface PictureData {
  readonly name: string;
  /** As the HTML names it: `images/x.png`, or where it is hosted. */
  readonly sources: readonly string[];
  readonly contentType: string;
  readonly base64: string;
}
