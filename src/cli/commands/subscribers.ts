import type { Command } from "commander";
import type { Configure } from "../flags.ts";
import {
  acceptSecretCommand,
  addCommand,
  eraseCommand,
  removeCommand,
  suppressCommand,
} from "../subscribers/change-commands.ts";
import { bounceCommand, unsubscribeCommand } from "../subscribers/mail-commands.ts";
import { importCommand } from "../subscribers/import-command.ts";
import { exportCommand, listCommand } from "../subscribers/list-commands.ts";
import type { Terminal } from "../terminal.ts";

interface Entry {
  readonly name: string;
  /** One sentence, without a full stop. */
  readonly summary: string;
  readonly configure: (command: Command, terminal: Terminal) => void;
}

const COMMANDS: readonly Entry[] = [
  {
    name: "import",
    summary: "Take in a list: CSV or JSON, of any service",
    configure: importCommand,
  },
  {
    name: "list",
    summary: "Show who is on the list",
    configure: listCommand,
  },
  {
    name: "export",
    summary: "Write the list down, to keep it or to take it elsewhere",
    configure: exportCommand,
  },
  { name: "add", summary: "Put one address on the list", configure: addCommand },
  { name: "remove", summary: "Take addresses off the list", configure: removeCommand },
  { name: "suppress", summary: "Send nothing to an address any more", configure: suppressCommand },
  {
    name: "unsubscribe",
    summary: "End the subscription of whoever asks for it, by token or mail",
    configure: unsubscribeCommand,
  },
  {
    name: "bounce",
    summary: "Read a mail that came back, or a complaint",
    configure: bounceCommand,
  },
  {
    name: "erase",
    summary: "Forget an address, and keep it out",
    configure: eraseCommand,
  },
  {
    name: "accept-secret",
    summary: "Go on where the secret is lost that links already sent are signed with",
    configure: acceptSecretCommand,
  },
];

export const subscribers: Configure = (command, terminal) => {
  for (const { name, summary, configure } of COMMANDS) {
    configure(command.command(name).summary(summary).description(`${summary}.`), terminal);
  }
};
