import type { BroadsheetError } from "../errors.ts";

/** A source, page or article that could not be read, under the name by which it was given. */
export interface Failure {
  readonly name: string;
  readonly error: BroadsheetError;
}

/** The progress of work on many things. The caller closes it. */
export interface Progress {
  /** Raises the number of things to do, such as when a feed has named its pages. */
  expect(count: number): void;
  /** Counts things that are done, also those that failed. */
  step(count?: number): void;
  close(): void;
}

/** Receives the messages of a procedure while it works. The command line prints them; a program may ignore them. */
export interface Reporter {
  /** A note, in one line. */
  note(text: string): void;
  /** A fault that leaves the result complete. */
  warn(text: string): void;
  /** The inputs that are missing from the result because they could not be read. `isFatal`: there is no result. */
  unread(failures: readonly Failure[], isFatal?: boolean): void;
  progress(label: string, total: number): Progress;
}

const IDLE: Progress = { expect() {}, step() {}, close() {} };

/** Reports nothing: for callers who read the result. */
export const SILENT: Reporter = { note() {}, warn() {}, unread() {}, progress: () => IDLE };
