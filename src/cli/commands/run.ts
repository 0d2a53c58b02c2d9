import { commonFlags, type Configure, logFlag, outboxFlags, webFlags } from "../flags.ts";
import type { RunFlags } from "../schedule/scheduled.ts";

export const run: Configure = (command, terminal) => {
  logFlag(webFlags(outboxFlags(commonFlags(command))), terminal)
    .option("--now", "take the next issue before its time where none is due or unfinished")
    .option("--verbose", "say in a line what was done, or when there is something to do")
    .addHelpText("after", HELP)
    .action(async (flags: RunFlags) => {
      terminal.isTerse = true;
      const { runOnce } = await import("../schedule/run-once.ts");
      await runOnce(flags, terminal);
    });
};

const HELP = `
It is for cron and systemd: as often as you like, and it does what is due, once. It collects, builds, checks and
sends; what was cut off is finished by the next run. It says nothing where all went well, and a line on stderr
where somebody has to know. A fault that lasts is told when it begins, when it becomes another one, once a day and
in the last hour of its issue; at a terminal, with --verbose and in a log each run tells it. It leaves with 0 when
nothing is left to do, and with 75 when the next run goes on: some were put off, or another run is at work.

What nobody has to mend, such as readers who were put off, a slot that passed while nothing ran, or a source that
failed, is named with --verbose and by "broadsheet status".

Examples:
  broadsheet run
  broadsheet run --now --verbose`;
