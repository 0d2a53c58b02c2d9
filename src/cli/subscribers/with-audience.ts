import type { Config } from "../../config/config.ts";
import type { Clock } from "../../platform/clock.ts";
import type { SqliteAudience } from "../../subscribers/io/sqlite-audience.ts";
import type { ConfigFlag } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import { withOpened, type Work } from "../with-opened.ts";

type AudienceWork = Work<SqliteAudience>;

/** Does something with the subscribers of the newsletter that the flags mean. */
export async function withAudience(
  flags: ConfigFlag,
  terminal: Terminal,
  work: AudienceWork,
): Promise<void> {
  await withOpened(flags, terminal, { open: opening({ isLooking: false }), work });
}

/** Looks at them. */
export async function lookAtAudience(
  flags: ConfigFlag,
  terminal: Terminal,
  work: AudienceWork,
): Promise<void> {
  await withOpened(flags, terminal, { open: opening({ isLooking: true }), work });
}

function opening(how: { readonly isLooking: boolean }) {
  return async (config: Config, clock: Clock): Promise<SqliteAudience> => {
    const { openAudience } = await import("../../subscribers/io/open-audience.ts");
    return openAudience(config, clock, how);
  };
}
