import type { SqliteAudience } from "../../io/sqlite/audience/sqlite-audience.ts";
import type { Config } from "../../config.ts";
import type { ConfigFlag } from "../flags.ts";
import type { Terminal } from "../terminal.ts";

type Work = (audience: SqliteAudience, config: Config) => Promise<void> | void;

/** Does something with the subscribers of the newsletter that the flags mean. */
export async function withAudience(
  flags: ConfigFlag,
  terminal: Terminal,
  work: Work,
): Promise<void> {
  await withOpened(flags, terminal, { work, isLooking: false });
}

/** Looks at them. */
export async function lookAtAudience(
  flags: ConfigFlag,
  terminal: Terminal,
  work: Work,
): Promise<void> {
  await withOpened(flags, terminal, { work, isLooking: true });
}

async function withOpened(
  flags: ConfigFlag,
  terminal: Terminal,
  { work, isLooking }: { readonly work: Work; readonly isLooking: boolean },
): Promise<void> {
  const [{ openProject }, { openAudience }, { systemClock }] = await Promise.all([
    import("../project.ts"),
    import("../../io/sqlite/open-audience.ts"),
    import("../../io/clock.ts"),
  ]);
  const config = await openProject(flags, terminal);
  const audience = await openAudience(config, systemClock, { isLooking });
  try {
    await work(audience, config);
  } finally {
    audience.close();
  }
}
