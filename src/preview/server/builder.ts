import type { Config } from "../../config.ts";
import type { BuiltIssue, Rendering } from "../../pipeline.ts";

/** What makes issues, as the command line does it. */
export interface Builder {
  /** Where file names in errors count from. */
  readonly cwd: string;
  /** The config as it is now. */
  config(): Promise<Config>;
  /** The issue that the articles make now, not written. What was read before and has not changed is not read again. */
  make(config: Config): Promise<{ readonly built: BuiltIssue; readonly rendering: Rendering }>;
  /** What is on the web is to be read again. */
  forget(): void;
}
