import type { Config, Schedule } from "../../config/config.ts";
import { BroadsheetError } from "../../errors.ts";
import type { OutboxFlags, CommonFlags } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import type { WebFlags } from "../../sources/article-reader.ts";

/** A newsletter that comes out on a schedule. */
interface Scheduled {
  readonly config: Config;
  readonly schedule: Schedule;
}

/** @throws BroadsheetError CONFIG_MISSING; CONFIG_INVALID where the config has no schedule. */
export async function scheduled(flags: OutboxFlags, terminal: Terminal): Promise<Scheduled> {
  const { openProject } = await import("../../config/io/load-config.ts");
  const config = await openProject(flags, terminal);
  if (config.schedule) return { config, schedule: config.schedule };
  const { hasConfig } = await import("../../config/io/load-config.ts");
  if (!flags.config && !(await hasConfig(terminal.cwd))) {
    throw new BroadsheetError("CONFIG_MISSING", `there is no config in ${terminal.cwd}`, {
      fix: "go to the newsletter's folder first, or name its config with --config",
    });
  }
  throw new BroadsheetError("CONFIG_INVALID", "the config has no schedule", {
    fix: 'add one, such as schedule: { cron: "0 7 * * 2" } for Tuesdays at 7:00',
  });
}

export interface RunFlags extends CommonFlags, OutboxFlags, WebFlags {
  readonly now?: true;
  readonly verbose?: true;
}
