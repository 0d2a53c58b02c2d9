import type { Command } from "commander";
import { type CommonFlags, commonFlags, configFlag, type ConfigFlag } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import { withAudience } from "./with-audience.ts";

/** `subscribers accept-secret` */
export function acceptSecretCommand(command: Command, terminal: Terminal): void {
  configFlag(commonFlags(command))
    .addHelpText("after", HELP)
    .action(async (flags: CommonFlags & ConfigFlag) =>
      withAudience(flags, terminal, (audience, { slug }) => {
        const isChanged = audience.acceptSecret();
        if (flags.json) terminal.printJson({ newsletter: slug, isChanged });
        else
          terminal.print(isChanged ? ACCEPTED : "Nothing to accept: all links that are out work");
      }),
    );
}

const ACCEPTED =
  "Accepted: links that were signed with an earlier secret end no subscription any more";

const HELP = `
Links that are out are signed with the BROADSHEET_SECRET of then. When you change it, set the old one as
BROADSHEET_SECRET_OLD (the one before that as BROADSHEET_SECRET_OLD_2, …), and they go on working. Nothing is sent
while one of them is missing, since readers who want to leave couldn't. This is for when it is lost for good.`;
