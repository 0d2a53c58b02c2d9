import type { Notice } from "../platform/notice.ts";
import type { Report, Tally } from "../check/finding.ts";
import type { IssueState } from "../delivery/life.ts";
import type { Image } from "../article/article.ts";
import type { Digest } from "../digest/digest.ts";
import type { Explanation } from "../summary/explanation/explain.ts";

/** The names of an issue's files that programs read back, relative to its folder. */
export const ISSUE_FILES = {
  digest: "digest.json",
  /** The digest from `build`, before an editor's changes. It includes the entries of merged articles. */
  built: "digest.built.json",
  /** The text of digest.json as Broadsheet last wrote it. Differences from it were made by hand. */
  written: "digest.written.json",
  email: "email.json",
  report: "report.json",
  /** The identifiers of the issue's articles, and the time at which the schedule sends it. */
  articles: "articles.json",
} as const;

/** The data of the preview page as JSON. A file contains it once; a server sends it again after every change. */
export interface PageData {
  /** A file stands alone: it can't save or send anything, and it never fetches anything. */
  readonly mode: "file" | "server";
  /** Null if there is no issue to show; then `trouble` has the reason. */
  readonly issue: IssueData | null;
  /** The data that only a server has; null in a file. */
  readonly desk: DeskData | null;
}

/** The content of the config file, and the information needed to change it. */
export interface LookData {
  readonly file: string;
  readonly raw: Readonly<Record<string, unknown>>;
  /** The hash changes with the text. */
  readonly hash: string;
  /** False for a config in TypeScript or JSON, which is only shown. */
  readonly isWritable: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly templates: readonly string[];
  /** The contrast of the accent colour on the paper. */
  readonly contrast: readonly {
    readonly scheme: "light" | "dark";
    readonly colour: string;
    readonly ratio: number;
  }[];
  /** The lines that the last change wrote. */
  readonly wrote: readonly string[];
}

/** The first issue of a newsletter that is being set up. */
export interface FirstDraft extends Pick<LookData, "contrast"> {
  /** The number of articles in the folder `content`. The first issue is also made of them. */
  readonly inContent: number;
  /** The errors of the answers, by setting. */
  readonly refused: Readonly<Record<string, string>>;
  /** Null if the answers do not make an issue; then `trouble` has the reason. */
  readonly issue: IssueData | null;
  readonly trouble?: Trouble;
}

/** The files written for a new newsletter, and the path of its first issue. */
export interface FirstFiles {
  readonly wrote: readonly string[];
  readonly path: string;
}

/** The result of reading an address as a source. */
export interface FoundSource {
  readonly from: string;
  readonly stories: readonly { readonly title: string; readonly publishedAt?: string }[];
}

/** A page of the list of subscribers. */
export interface ReadersData {
  readonly counts: Readonly<
    Record<"subscribers" | "active" | "quarantined" | "paused" | "suppressed" | "erased", number>
  >;
  /** The most recent first. */
  readonly readers: readonly ReaderRow[];
  readonly isMore: boolean;
  /** For a search for an address that is not on the list: the reason why it gets no mail, or empty. */
  readonly stranger: string;
  /** The outcome of each issue, if exactly one reader was found. */
  readonly sent: readonly string[];
}

/** A subscriber. Times are in ISO 8601. */
export interface ReaderRow {
  readonly id: number;
  readonly address: string;
  readonly name: string;
  readonly language: string;
  readonly tags: readonly string[];
  readonly since: string;
  readonly consent: string;
  /** "subscribed", or the reason why the address gets no mail. */
  readonly status: string;
}

/** The effect that an import of a list would have. */
export interface ListReport {
  /** The id by which the import finds the list. */
  readonly id: string;
  readonly read: number;
  readonly rejected: number;
  readonly faults: readonly { readonly line: number; readonly fault: string }[];
  readonly columns: readonly { readonly heading: string; readonly field: string }[];
  readonly unused: readonly string[];
  /** The detected encoding, if the file does not declare one. */
  readonly guessed: string;
}

/** A finding about the mail server or the DNS. */
export interface SenderFinding {
  readonly about: string;
  readonly verdict: "ok" | "look" | "fix" | "unseen";
  readonly says: string;
  readonly fix?: string;
}

/** The sender of the newsletter, and the mail server. */
export interface SenderData {
  readonly address: string;
  readonly name: string;
  readonly transport: string;
  /** Whether environment variables of the desk name the server, so that `.env` has no effect. */
  readonly isFixed: boolean;
  readonly server?: {
    readonly host: string;
    readonly port: number;
    readonly isImplicitTls: boolean;
    readonly user: string;
    readonly hasPassword: boolean;
  };
}

/** The data that `broadsheet desk` sends with the issue. */
export interface DeskData {
  /** Whether the folder has no config yet. Then the page shows the setup form. */
  readonly isNew: boolean;
  /** The number of changes that the server had announced before it made this data. */
  readonly changes: number;
  /** The id of the server's run, and a number that grows with each read in the run. */
  readonly run: string;
  readonly read: number;
  /** The path of this issue, such as `/the-tidewrack/2026-11-25`. */
  readonly path: string;
  readonly life: LifeData;
  /** The most recent first. */
  readonly issues: readonly IssueRow[];
  /** The reason why the store can't be read, so that it is unknown which issues were sent; empty if it can. */
  readonly storeTrouble: string;
  /** Notices about omissions, doubts, failures and waiting work. `notices` concern this issue and its report. */
  readonly notices: readonly Notice[];
  readonly otherNotices: readonly Notice[];
  /** The newsletter of `otherNotices`, such as `the-tidewrack`. */
  readonly newsletter: string;
  readonly most: typeof MOST;
  /** The reason why the newest version is not shown. */
  readonly trouble: Trouble | null;
  /** The reason why the issue in the outbox can't be sent, whatever the check found; empty if it can. */
  readonly cannotGo: string;
  /** A message to the editor; empty if there is none. */
  readonly notice: string;
  /** The time of day of the last build or render in this run; empty if there was none. */
  readonly done: string;
  readonly canEdit: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Sentences that the articles do not support. */
  readonly refusals: readonly Refusal[];
  /** `issue.html` with each text marked by story and field; empty if it can't be edited in place. */
  readonly marked: string;
  /** The blocks of the letter in Markdown. */
  readonly letter: readonly string[];
  readonly edited: readonly EditedText[];
}

export interface EditedText {
  /** The id of the story, or the key of the section; empty for the issue. */
  readonly id: string;
  readonly field: string;
  /** The words of a key point, which identify it. */
  readonly text: string;
  /** The edit lines that a `drop` removes. */
  readonly undoes: readonly number[];
}

/** The limits for an editor's input: characters of alt text, which a screen reader reads in full, and MB of a file. */
export const MOST = { alt: 500, fileMb: 25 } as const;

/** A picture available for a story, with a data URL. */
export interface ChosenPicture {
  readonly image: Image;
  readonly data: string;
}

export interface IssueRow {
  readonly newsletter: string;
  readonly slot: string;
  readonly title: string;
  readonly template: string;
  readonly number: number | null;
  /** The number of passed checks; null if the checks have not run. */
  readonly tally: Tally | null;
  /** Null until the state is known. */
  readonly standing: StandingData | null;
}

export interface StandingData {
  readonly state: IssueState;
  /** The state in words, and whether the issue is held: "2026-W49 is …". */
  readonly says: string;
  /** The time and the number of recipients of the coming delivery; empty once the delivery has begun or will not happen. */
  readonly goes: string;
  /** The progress of the delivery; null before it was planned. */
  readonly sending: SendingData | null;
  /** The number of subscribers who would get an issue of the desk's newsletter now. */
  readonly readers: number;
  /** The time at which the schedule sends it, in ISO 8601; empty without a schedule. */
  readonly at: string;
  /** Whether the issue or the whole newsletter is on hold, so that it is not sent. */
  readonly held: "" | "issue" | "newsletter";
}

/** The number of recipients by state. Recipients who get none of it are not counted. */
export interface SendingData {
  readonly accepted: number;
  /** Recipients still to be sent to, now or later. */
  readonly waiting: number;
  /** Those of `waiting` that a server has deferred. */
  readonly deferred: number;
  readonly rejected: number;
  readonly uncertain: number;
}

/** The data for the actions on the state of an issue. */
export interface LifeData {
  /** Whether this desk is sending the issue now. */
  readonly isSending: boolean;
  /** Whether the newsletter asks an editor by mail for approval. */
  readonly asks: boolean;
  /** The IANA time zone of the schedule. */
  readonly zone: string;
  /** The next free times of the schedule, the soonest first. */
  readonly slots: readonly { readonly name: string; readonly at: string }[];
}

/** An error as the page shows it. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly fix?: string;
  /** For example `templates/digest/html.mjml.hbs:12:5`. */
  readonly at?: string;
  /** The lines around it, if the file can be read. */
  readonly lines?: readonly { readonly number: number; readonly text: string }[];
  readonly line?: number;
}

/** A sentence by an editor that its article does not support. */
export interface Refusal {
  /** Counted from 0 through all sections. */
  readonly story: number;
  /** `g` for the gist, `k1` for the first key point. */
  readonly point: string;
  readonly why: string;
}

export interface IssueData {
  /** The SHA-256 of digest.json. An edit names it to identify the version that it changes. */
  readonly hash: string;
  /** The articles without their HTML and without the omitted parts. */
  readonly digest: Digest;
  /** The HTML for a sample recipient; `pictures` has its pictures by name. */
  readonly html: string;
  readonly text: string;
  /** The message in pieces: its source, and the names of the pictures that it contains in base64. */
  readonly message: readonly (string | { readonly picture: string })[];
  readonly pictures: readonly PictureData[];
  /** The sizes of the HTML's parts, in order. */
  readonly sizes: readonly SizeData[];
  /** Gmail clips an HTML part of this many bytes. */
  readonly clippedBytes: number;
  /** The findings of `check`; null if it has not run. */
  readonly report: Report | null;
  /** The number of passed checks; null if they have not run. */
  readonly tally: Tally | null;
  /** For each story through all sections: the reasons for its sentences, and the near misses. */
  readonly explanations: readonly Explanation[];
}

export interface SizeData {
  readonly name: string;
  readonly bytes: number;
  /** The id of the story, if the part is a story. The stories are in the order of the email. */
  readonly id?: string;
}

export interface PictureData {
  readonly name: string;
  /** The sources in the HTML: `images/x.png`, or the address of a hosted picture. */
  readonly sources: readonly string[];
  readonly contentType: string;
  readonly base64: string;
}
