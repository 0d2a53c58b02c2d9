import type { Notice } from "../platform/notice.ts";
import type { Report, Tally } from "../check/finding.ts";
import type { IssueState } from "../delivery/life.ts";
import type { Image } from "../article/article.ts";
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

/** What the config's file says, and what the page has to know to change it. */
export interface LookData {
  /** Its name. */
  readonly file: string;
  readonly raw: Readonly<Record<string, unknown>>;
  /** Changes whenever the text does. */
  readonly hash: string;
  /** A config in TypeScript or JSON is only shown. */
  readonly isWritable: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** The names of the templates. */
  readonly templates: readonly string[];
  /** How the accent reads on the paper. */
  readonly contrast: readonly {
    readonly scheme: "light" | "dark";
    readonly colour: string;
    readonly ratio: number;
  }[];
  /** The lines that the last change wrote. */
  readonly wrote: readonly string[];
}

/** The first issue of a newsletter that is being begun. */
export interface FirstDraft extends Pick<LookData, "contrast"> {
  /** Why answers were refused, by their settings. */
  readonly refused: Readonly<Record<string, string>>;
  /** Null where the answers make none; `trouble` says why. */
  readonly issue: IssueData | null;
  readonly trouble?: Trouble;
}

/** What was written for a new newsletter, and the path of its first issue. */
export interface FirstFiles {
  readonly wrote: readonly string[];
  readonly path: string;
}

/** What an address gives as a source. */
export interface FoundSource {
  readonly from: string;
  readonly stories: readonly { readonly title: string; readonly publishedAt?: string }[];
}

/** A part of the list of readers. */
export interface ReadersData {
  readonly counts: Readonly<
    Record<"subscribers" | "active" | "quarantined" | "paused" | "suppressed" | "erased", number>
  >;
  /** The latest first. */
  readonly readers: readonly ReaderRow[];
  readonly isMore: boolean;
  /** Of an address that is looked for and is not on the list: why nothing is sent there; empty where nothing says so. */
  readonly stranger: string;
}

/** A reader; times are ISO 8601. */
export interface ReaderRow {
  readonly id: number;
  readonly address: string;
  readonly name: string;
  readonly language: string;
  readonly tags: readonly string[];
  readonly since: string;
  readonly consent: string;
  /** "subscribed", or why nothing is sent. */
  readonly status: string;
}

/** What an import would do with a list. */
export interface ListReport {
  /** By which the import finds the list. */
  readonly id: string;
  readonly read: number;
  readonly rejected: number;
  readonly faults: readonly { readonly line: number; readonly fault: string }[];
  readonly columns: readonly { readonly heading: string; readonly field: string }[];
  readonly unused: readonly string[];
  /** The encoding, where nothing in the file says it. */
  readonly guessed: string;
}

/** What was found of the mail server and the DNS. */
export interface SenderFinding {
  readonly about: string;
  readonly verdict: "ok" | "look" | "fix" | "unseen";
  readonly says: string;
  readonly fix?: string;
}

/** Who sends the newsletter, and by which server. */
export interface SenderData {
  readonly address: string;
  readonly name: string;
  readonly transport: string;
  /** Whether the environment of the desk names the server, so that `.env` has no say. */
  readonly isFixed: boolean;
  readonly server?: {
    readonly host: string;
    readonly port: number;
    readonly isImplicitTls: boolean;
    readonly user: string;
    readonly hasPassword: boolean;
  };
}

/** What `broadsheet desk` says beside the issue. */
export interface DeskData {
  /** Whether there is no newsletter yet: its folder has no config. Then the page asks for what one needs. */
  readonly isNew: boolean;
  /** How many changes the server had announced before it made this. */
  readonly changes: number;
  /** The run of the server, and a number that is higher for what was read later in it. */
  readonly run: string;
  readonly read: number;
  /** Where this issue is: `/the-tidewrack/2026-11-25`. */
  readonly path: string;
  readonly life: LifeData;
  /** The latest first. */
  readonly issues: readonly IssueRow[];
  /** Why it isn't known which of them were sent; empty where it is. */
  readonly storeTrouble: string;
  /** What is left out, doubted, failing or waiting: of this issue, those of `issue.report` among it, and of all else. */
  readonly notices: readonly Notice[];
  readonly otherNotices: readonly Notice[];
  /** Whose `otherNotices` these are: `the-tidewrack`. */
  readonly newsletter: string;
  readonly most: typeof MOST;
  /** Why what is shown is not the newest. */
  readonly trouble: Trouble | null;
  /** Why the issue as it lies in the outbox can't be sent, whatever was found in it before; empty where it can. */
  readonly cannotGo: string;
  /** A line for the editor; empty where there is nothing to say. */
  readonly notice: string;
  /** At which time of day the issue was last built or rendered; empty where it was not in this run. */
  readonly done: string;
  readonly canEdit: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Sentences that the articles do not say. */
  readonly refusals: readonly Refusal[];
  /** `issue.html` with its texts marked by story and field; empty where it can't be edited in place. */
  readonly marked: string;
  /** The blocks of the letter in Markdown. */
  readonly letter: readonly string[];
  readonly edited: readonly EditedText[];
}

/** A text that an editor has changed. */
export interface EditedText {
  /** The story, or the key of the section; empty for the issue. */
  readonly id: string;
  readonly field: string;
  /** The words of a key point, by which it is known. */
  readonly text: string;
  /** The lines that a `drop` takes back. */
  readonly undoes: readonly number[];
}

/** What an editor may bring: characters of the words for a picture, which a screen reader reads whole, and MB of a file. */
export const MOST = { alt: 500, fileMb: 25 } as const;

/** A picture that a story may be given, as a data URL too. */
export interface ChosenPicture {
  readonly image: Image;
  readonly data: string;
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
  /** How many readers an issue of the desk's newsletter goes to now. */
  readonly readers: number;
  /** When the schedule sends it, ISO 8601; empty where no schedule does. */
  readonly at: string;
  /** What is held, so that the issue does not go out. */
  readonly held: "" | "issue" | "newsletter";
}

/** How many readers of an issue stand where; those who get none of it are not counted. */
export interface SendingData {
  readonly accepted: number;
  /** Still to be sent to, now or later. */
  readonly waiting: number;
  /** Those of `waiting` that a server has put off. */
  readonly deferred: number;
  readonly rejected: number;
  readonly uncertain: number;
}

/** What can be done about the life of an issue. */
export interface LifeData {
  /** Whether this desk is sending it now. */
  readonly isSending: boolean;
  /** Whether an editor is asked by mail to approve issues. */
  readonly asks: boolean;
  /** The zone of the schedule's times, IANA. */
  readonly zone: string;
  /** The next times of the schedule that are free, the soonest first. */
  readonly slots: readonly { readonly name: string; readonly at: string }[];
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
