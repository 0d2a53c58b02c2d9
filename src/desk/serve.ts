import { randomBytes } from "node:crypto";
import { createAdaptorServer } from "@hono/node-server";
import { BroadsheetError } from "../errors.ts";
import { loadMjml } from "../email/mjml/load-mjml.ts";
import { previewApp } from "./app.ts";
import { type Builder, Desk } from "./desk.ts";
import { Events } from "./events.ts";
import { watch } from "./watch.ts";

export interface Served {
  /** Of the issue that the articles make, with the key that lets a browser in. */
  readonly url: string;
  /** Settled once a browser has come in by it. */
  readonly entered: Promise<void>;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly builder: Builder;
  /** 0 for any that is free. */
  readonly port: number;
  /** What is to be built again when it changes, beside the config: files and folders, absolute. */
  readonly articles: readonly string[];
  /** The config's own file, where it has another name than those that are looked for. */
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
  const desk = new Desk(builder, await builder.config(), (name) => events.tell(name));
  const key = randomBytes(24).toString("base64url");
  const { promise: entered, resolve: onEntered } = Promise.withResolvers<void>();
  let bound = port;
  const lock = { key, port: () => bound, onEntered };
  const app = previewApp({ desk, events, cwd: builder.cwd, lock });
  const server = createAdaptorServer({ fetch: app.fetch });
  bound = await listen(server, port);
  await desk.rebuild();
  const watching = await watch({ desk, events, articles, configFile });
  // The next change of a template would have to wait for it.
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
