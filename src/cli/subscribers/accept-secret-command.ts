import type { Command } from "commander";
import type { GivenUp } from "../../subscribers/io/signing.ts";
import { counted } from "../../platform/counted.ts";
import { type CommonFlags, commonFlags, configFlag, type ConfigFlag } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import { withAudience } from "./with-audience.ts";

/** `subscribers accept-secret` */
export function acceptSecretCommand(command: Command, terminal: Terminal): void {
  configFlag(commonFlags(command))
    .addHelpText("after", HELP)
    .action(async (flags: CommonFlags & ConfigFlag) =>
      withAudience(flags, terminal, (audience, { slug }) => {
        const given = audience.acceptSecret();
        if (flags.json) terminal.printJson({ newsletter: slug, ...given });
        else terminal.print(textOf(given));
      }),
    );
}

function textOf({ links, erased }: GivenUp): string {
  const lines = [
    ...(links ? ["links that it signed end no subscription any more"] : []),
    ...(erased > 0
      ? [`who was erased under it (${counted(erased)}) is not kept out any more`]
      : []),
  ];
  return lines.length === 0
    ? "Nothing to accept: every secret that was used is set"
    : `Accepted that a secret is lost: ${lines.join(", and ")}`;
}

const HELP = `
Links that are out are signed with the BROADSHEET_SECRET of then. When you change it, set the old one as
BROADSHEET_SECRET_OLD (the one before that as BROADSHEET_SECRET_OLD_2, …), and they go on working. Nothing is sent
while one of them is missing, since readers who want to leave couldn't. This is for when it is lost for good. Whoever
was erased under it is not known any more either: leave them out of what you import.`;
