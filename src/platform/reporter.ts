import type { BroadsheetError } from "../errors.ts";

/** A source, page or article that could not be read, under the name by which it was given. */
export interface Failure {
  readonly name: string;
  readonly error: BroadsheetError;
}

/** How far work on many things has come. The caller closes it. */
export interface Progress {
  /** Raises the number of things to do: a feed has said which pages it stands for. */
  expect(count: number): void;
  /** Counts things that are done, also those that failed. */
  step(count?: number): void;
  close(): void;
}

/** What a procedure says while it works. The command line prints it; a program may want none of it. */
export interface Reporter {
  /** A note, in one line. */
  note(text: string): void;
  /** What went wrong while the result is whole all the same. */
  warn(text: string): void;
  /** What a result has to go without. `isFatal`: nothing came of it. */
  unread(failures: readonly Failure[], isFatal?: boolean): void;
  progress(label: string, total: number): Progress;
}

const IDLE: Progress = { expect() {}, step() {}, close() {} };

/** Reports nothing: for callers who read the result. */
export const SILENT: Reporter = { note() {}, warn() {}, unread() {}, progress: () => IDLE };
