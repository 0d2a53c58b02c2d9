import type { CommonFlags, OutboxFlags } from "../flags.ts";

export interface SendFlags extends CommonFlags, OutboxFlags {
  readonly to?: string;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly limit?: number;
  readonly segment?: string;
  readonly force?: true;
  readonly revise?: true;
}
