import { randomBytes } from "node:crypto";
import { createAdaptorServer } from "@hono/node-server";
import { BroadsheetError } from "../errors.ts";
import { loadMjml } from "../email/mjml/load-mjml.ts";
import { previewApp } from "./app.ts";
import { type Builder, Desk } from "./desk.ts";
import { Events } from "./events.ts";
import { watchFiles, type Watched } from "./watch-files.ts";

export interface Served {
  /** The address of the issue that the articles make, with the key that lets a browser in. */
  readonly url: string;
  /** Resolves once a browser has come in by it. */
  readonly entered: Promise<void>;
  close(): Promise<void>;
}

interface ServeOptions {
  readonly builder: Builder;
  /** 0 for any free one. */
  readonly port: number;
  /** Files and folders that are watched besides the config; absolute. */
  readonly articles: readonly string[];
  /** The config's file, where it doesn't have one of the usual names. */
  readonly configFile?: string | undefined;
}

/**
 * Serves the preview on 127.0.0.1 and keeps it fresh. A first build that fails is shown in the page, like any
 * later one.
 * @throws BroadsheetError USAGE where the port is taken, CONFIG_…
 */
export async function servePreview({
  builder,
  port,
  articles,
  configFile,
}: ServeOptions): Promise<Served> {
  const events = new Events();
  const desk = new Desk(builder, await builder.config(), (name) => events.announce(name));
  const key = randomBytes(24).toString("base64url");
  const { promise: entered, resolve: onEntered } = Promise.withResolvers<void>();
  let bound = port;
  const access = { key, port: () => bound, onEntered };
  const app = previewApp({ desk, events, cwd: builder.cwd, access });
  const server = createAdaptorServer({ fetch: app.fetch });
  bound = await listen(server, port);
  await desk.rebuild();
  const watching = await watch({ desk, events, articles, configFile });
  // So that the next change of a template doesn't wait for it.
  setTimeout(() => void loadMjml(), 100).unref();
  return {
    url: `http://127.0.0.1:${bound}/?key=${key}`,
    entered,
    close: async () => {
      await watching.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(
  server: ReturnType<typeof createAdaptorServer>,
  port: number,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, "127.0.0.1", () => resolve());
  await promise.catch((cause: NodeJS.ErrnoException) => {
    throw new BroadsheetError(
      "USAGE",
      `the port ${port} can't be had: ${cause.code ?? cause.message}`,
      {
        fix: "leave --port out to take any that is free",
        cause,
      },
    );
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

interface WatchOptions extends Omit<Watched, "config"> {
  readonly desk: Desk;
  readonly events: Events;
}

/**
 * An issue's folder is replaced as a whole, so that no file in it can be watched for long; the few issues that are
 * open in a browser are polled instead.
 */
const LOOK_MS = 100;

/** The event when only the list of issues has changed. No issue has this name. */
const ISSUES_EVENT = "~issues";

/** Builds again when articles, config or templates change, and polls the issues that are open. */
async function watch({
  desk,
  events,
  ...watched
}: WatchOptions): Promise<{ close(): Promise<void> }> {
  const watcher = await watchFiles({ ...watched, config: desk.config }, async (hasTemplates) => {
    if (hasTemplates) desk.templatesChanged();
    await desk.rebuild();
  });
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void look(desk, events).finally(() => (isLooking = false));
  }, LOOK_MS);
  return {
    close: async () => {
      clearInterval(timer);
      await watcher.close();
    },
  };
}

async function look(desk: Desk, events: Events): Promise<void> {
  await desk.look(events.watched);
  if (events.watched.size > 0 && (await desk.lookAtStore())) events.announce(ISSUES_EVENT);
}
