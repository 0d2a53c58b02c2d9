import type { Report } from "../check/finding.ts";
import type { Digest } from "../digest/digest.ts";

/** What the preview page is given, as JSON: in a file once, from a server again after every change. */
export interface PageData {
  /** A file stands alone: nothing can be saved or sent from it, and nothing is ever fetched. */
  readonly mode: "file" | "server";
  readonly issue: IssueData;
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
  /** What `check` found; null where it has not looked. */
  readonly report: Report | null;
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
