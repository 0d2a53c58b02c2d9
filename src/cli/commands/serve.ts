import { configFlags, type Configure, type ConfigFlags, logFlag, parsePort } from "../flags.ts";
import { openProject } from "../../config/io/load-config.ts";
import { BroadsheetError } from "../../errors.ts";
import { serveDoor } from "../../serve/io/serve.ts";
import type { Terminal } from "../terminal.ts";
import { untilInterrupted } from "../until-interrupted.ts";

interface ServeFlags extends ConfigFlags {
  readonly port?: number;
}

const serve: Configure = (command, terminal) => {
  logFlag(configFlags(command), terminal)
    .option("--port <N>", "the port to listen on (default: serve.port of the config)", parsePort)
    .addHelpText("after", MORE)
    .action(async (flags: ServeFlags) => serveUntilStopped(flags, terminal));
};

const MORE = `
Serves the pages by which readers leave, join and change what they get, until it is stopped. It listens on this
machine alone and speaks HTTP: put a web server before it that has a certificate. docs/readers.md shows how.

Examples:
  broadsheet serve
  broadsheet serve --port 8080 --log-format json`;

async function serveUntilStopped(flags: ServeFlags, terminal: Terminal): Promise<void> {
  const { site, serve } = await openProject(flags, terminal);
  if (!serve || site === undefined) throw unserved();
  const port = flags.port ?? serve.port;
  await untilInterrupted(terminal, async (signal) => {
    const listener = await serveDoor({ site, serve: { ...serve, port } });
    terminal.print(`Serving ${site} on http://${serve.host}:${listener.port}`);
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    await listener.close();
  });
}

function unserved(): BroadsheetError {
  return new BroadsheetError("CONFIG_INVALID", "the config has no server", {
    fix: "add site: https://… and serve: {} to it; docs/readers.md shows how",
  });
}

export const commands = { serve };
