import type { Config } from "../config/config.ts";
import type { BroadsheetError } from "../errors.ts";
import type { BuiltIssue, Rendering } from "../issue/issue-files.ts";

/** An issue that was made, and what it had to go without. */
interface Made {
  readonly built: BuiltIssue;
  readonly rendering: Rendering;
  readonly failures: readonly { readonly name: string; readonly error: BroadsheetError }[];
}

/** What makes issues, as the command line does it. */
export interface Builder {
  /** Where file names in errors count from. */
  readonly cwd: string;
  /** The config as it is now. */
  config(): Promise<Config>;
  /** The issue that the articles make now, not written. What was read before and has not changed is not read again. */
  make(config: Config): Promise<Made>;
  /** What is on the web is to be read again. */
  forget(): void;
}
