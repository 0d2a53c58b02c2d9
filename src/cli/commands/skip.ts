import {
  type CommonFlags,
  commonFlags,
  configFlag,
  type ConfigFlag,
  type Configure,
} from "../flags.ts";

interface SkipFlags extends CommonFlags, ConfigFlag {
  readonly off?: true;
}

export const skip: Configure = (command, terminal) => {
  configFlag(commonFlags(command))
    .argument("<SLOT>", "as `schedule explain` shows it, such as 2026-W48")
    .option("--off", "take that back, as long as there is time for it")
    .addHelpText("after", HELP)
    .action(async (name: string, flags: SkipFlags) => {
      const { withJob } = await import("../schedule/with-job.ts");
      const { skipSlot, unskipSlot } = await import("../../schedule/skip-slot.ts");
      await withJob(flags, terminal, async ({ slots, schedule, clock, config }) => {
        const circumstances = { slots, schedule, now: clock() };
        const isSkipped = flags.off !== true;
        const isChanged = isSkipped
          ? skipSlot(name, circumstances)
          : unskipSlot(name, circumstances);
        const { slug: newsletter } = config;
        if (flags.json) terminal.printJson({ newsletter, slot: name, isSkipped, isChanged });
        else terminal.print(`${name} ${isSkipped ? LEFT_OUT : isChanged ? GOES_OUT : NEVER_WAS}`);
      });
    });
};

const LEFT_OUT = "is left out: no issue is sent for it, unless you take that back with --off";
const GOES_OUT = "is no longer left out: its issue is made when it is due";
const NEVER_WAS = "was not left out";

const HELP = `
Examples:
  broadsheet skip 2026-12-25
  broadsheet skip 2026-12-25 --off`;
