import {
  type CommonFlags,
  commonFlags,
  configFlag,
  type ConfigFlag,
  type Configure,
} from "../flags.ts";

interface SkipFlags extends CommonFlags, ConfigFlag {}

export const skip: Configure = (command, terminal) => {
  configFlag(commonFlags(command))
    .argument("<SLOT>", "as `schedule explain` shows it, such as 2026-W48")
    .addHelpText("after", "\nExample:\n  broadsheet skip 2026-12-25")
    .action(async (name: string, flags: SkipFlags) => {
      const { withJob } = await import("../schedule/with-job.ts");
      const { skipSlot } = await import("../schedule/skip-slot.ts");
      await withJob(flags, terminal, async ({ slots, schedule, clock, config }) => {
        const isChanged = skipSlot(name, { slots, schedule, now: clock() });
        if (flags.json) terminal.printJson({ newsletter: config.slug, slot: name, isChanged });
        else terminal.print(`${name} is left out: no issue is sent for it`);
      });
    });
};
