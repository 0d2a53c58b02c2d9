import type { CommonFlags, OutboxFlags } from "../flags.ts";
import type { WebFlags } from "../../sources/article-reader.ts";

export interface RunFlags extends CommonFlags, OutboxFlags, WebFlags {
  readonly now?: true;
  readonly verbose?: true;
}
