import { BroadsheetError } from "../../errors.ts";
import { openRecords } from "../../delivery/io/issue-records.ts";
import { systemClock } from "../../platform/clock.ts";
import { type Configure, outboxFlags, type OutboxFlags } from "../flags.ts";
import { openOutbox } from "../open-outbox.ts";
import { untilInterrupted } from "../until-interrupted.ts";
import type { Terminal } from "../terminal.ts";

interface WorkerFlags extends OutboxFlags {
  readonly verbose?: true;
}

const worker: Configure = (command, terminal) => {
  outboxFlags(command)
    .option("--verbose", "report in a line what was sent")
    .addHelpText("after", HELP)
    .action(async (flags: WorkerFlags) => work(flags, terminal));
};

const HELP = `
It needs DATABASE_URL: with all state in PostgreSQL, any number of workers on any machines send an issue together, and
each reader gets it once. It begins nothing by itself: \`broadsheet send\`, \`run\` and \`schedule\` plan an issue, and workers
join. The limits of smtp.rate and smtp.perDomain hold for all of them together.

All workers need the same config and secrets. A worker with another sender, link, DKIM key or secret sends nothing and exits
with 78. \`broadsheet hold\` stops all of them within two seconds. SIGTERM or Ctrl-C ends a worker when the messages in flight
have their answers. If a worker crashes, another one sends to its readers after half a minute. Readers whose message was being
sent are in doubt.

Examples:
  broadsheet worker
  broadsheet worker --verbose`;

async function work(flags: WorkerFlags, terminal: Terminal): Promise<void> {
  const config = await openOutbox(flags, terminal);
  const { store, slug } = config;
  if ("file" in store) throw alone();
  if (config.transport === "outbox") throw intoFiles();
  const [{ Bell }, { workOn }] = await Promise.all([
    import("../../delivery/io/postgres/team.ts"),
    import("../../schedule/worker.ts"),
  ]);
  await using records = await openRecords(config, systemClock);
  await using bell = await Bell.open(store.url, slug);
  const isSaid = flags.verbose === true || flags.json === true;
  await untilInterrupted(terminal, async (signal) =>
    workOn({
      config,
      records,
      clock: systemClock,
      env: process.env,
      signal,
      bell,
      report: (outcome) => {
        if (outcome instanceof BroadsheetError) return terminal.warn(outcome.message, 0);
        const { slot, says, ending, state } = outcome;
        if (ending === "fault") terminal.warn(`${slot}: ${says}`, 0);
        else if (flags.json) terminal.printJson({ newsletter: slug, slot, state, says });
        else if (isSaid) terminal.print(`${slot}: ${says}`);
      },
    }),
  );
}

function alone(): BroadsheetError {
  const what = "a worker shares the sending with others, and an SQLite file has one sender";
  return new BroadsheetError("CONFIG_INVALID", what, {
    fix: "set DATABASE_URL to a database of PostgreSQL, in the environment or in .env beside the config; without it, broadsheet send and broadsheet run send by themselves",
  });
}

function intoFiles(): BroadsheetError {
  const what =
    'transport: "outbox" writes messages to files of this machine, which no other one sees';
  return new BroadsheetError("CONFIG_INVALID", what, {
    fix: 'set transport to "smtp" in the config',
  });
}

export const commands = { worker };
