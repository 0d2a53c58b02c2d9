import type { CheckOptions } from "../check/io/check-outside.ts";
import type { CommonFlags, OutboxFlags } from "./flags.ts";

export interface CheckFlags extends CommonFlags, OutboxFlags, CheckOptions {
  readonly html?: string;
}
