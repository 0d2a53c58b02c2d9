import { configFlags, type Configure, type ConfigFlags, logFlag, parsePort } from "../flags.ts";
import { BroadsheetError, ERROR_CODES } from "../../errors.ts";
import { openProject } from "../../config/io/load-config.ts";
import type { ServedRequest } from "../../serve/request.ts";
import { serveDoor } from "../../serve/io/serve.ts";
import { messageOf, type Terminal } from "../terminal.ts";
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
  const config = await openProject(flags, terminal);
  const serve = config.serve && { ...config.serve, ...(flags.port && { port: flags.port }) };
  const listener = await serveDoor(
    { ...config, ...(serve && { serve }) },
    {
      onServed: (served) => noteServed(served, terminal),
      onTrouble: (trouble) => noteTrouble(trouble, terminal),
    },
  );
  terminal.note(`Serving ${config.site} on http://${serve?.host}:${listener.port}`);
  await untilInterrupted(terminal, async (signal) => {
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    await listener.close();
  });
}

/** Writes a line per request to a log for programs. On a terminal, only errors are shown. */
function noteServed({ error, ...request }: ServedRequest, terminal: Terminal): void {
  const isOurs = request.status >= 500;
  const what = isOurs ? `${request.method} ${request.route}: ${error?.message}` : "request";
  if (terminal.hasLog) terminal.event(what, { ...request });
  else if (isOurs) terminal.note(what);
}

/** Prints a fault without mail addresses, because the answer of a server may contain that of a reader. */
function noteTrouble(trouble: unknown, terminal: Terminal): void {
  const {
    code = "INTERNAL",
    message,
    fix,
  } = trouble instanceof BroadsheetError ? trouble : { message: messageOf(trouble) };
  // The fix for a temporary fault is to repeat the command, and the server retries by itself.
  const isPassing = trouble instanceof BroadsheetError && ERROR_CODES[trouble.code].temporary;
  const next = isPassing ? "tried again every minute" : fix;
  const then = next === undefined ? "" : `; ${next}`;
  const says = `${message}${then}`.replace(/\S+@\S+/g, "…");
  terminal.note(`Mails wait: ${code}: ${says}`);
}

export const commands = { serve };
