import {
  type CommonFlags,
  commonFlags,
  configFlag,
  type ConfigFlag,
  type Configure,
} from "../flags.ts";

interface HoldFlags extends CommonFlags, ConfigFlag {
  readonly off?: true;
}

export const hold: Configure = (command, terminal) => {
  configFlag(commonFlags(command))
    .option("--off", "let it go on")
    .addHelpText("after", HELP)
    .action(async (flags: HoldFlags) => {
      const { withJob } = await import("../schedule/with-job.ts");
      const { ON_TIME_MS } = await import("../../schedule/agenda.ts");
      await withJob(flags, terminal, async ({ slots, clock, config }) => {
        slots.enrol(new Date(clock().getTime() - ON_TIME_MS));
        const isHeld = flags.off !== true;
        const isChanged = slots.hold(isHeld);
        if (flags.json) terminal.printJson({ newsletter: config.slug, isHeld, isChanged });
        else terminal.print(isHeld ? HELD : GOES_ON);
      });
    });
};

const HELD = "Held: no issue is made or sent until you say: broadsheet hold --off";
const GOES_ON = "It goes on with the next run";

const HELP = `
Stops the schedule: no issue is built, sent or expires, and a run that is sending stops when what is in flight has
landed. What comes due meanwhile is treated by the schedule's catchUp and maxLate when it goes on.`;
