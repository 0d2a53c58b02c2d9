import { spawn } from "node:child_process";
import { once } from "node:events";
import { type IncomingHttpHeaders, request } from "node:http";
import { createInterface } from "node:readline";
import * as z from "zod";
import { ENVIRONMENT, MAIN } from "../cli/broadsheet.ts";
import { ALONE } from "../cli/spawn-broadsheet.ts";

export interface Running {
  /** The address as it is printed. It contains the key and ends with a slash. */
  readonly url: string;
  readonly port: number;
  readonly key: string;
  /** What it has written to stderr so far. */
  said(): string;
  /** Ends it as Ctrl-C does; what it left with. */
  stop(): Promise<number | null>;
}

interface Start {
  /** With which it opens the browser, which it doesn't without. */
  readonly opens?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** `broadsheet preview` as its users run it, once it listens. */
export async function startPreview(
  cwd: string,
  args: readonly string[] = [],
  { opens, env }: Start = {},
): Promise<Running> {
  const given = [...(opens ? [] : ["--no-open"]), "--json", ...args];
  const child = spawn(process.execPath, [ALONE, MAIN, "preview", ...given], {
    cwd,
    env: { ...ENVIRONMENT, ...env, ...opens },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const ended = once(child, "exit");
  const line = await Promise.race([
    once(createInterface(child.stdout), "line"),
    ended.then(() => Promise.reject(new Error(`preview ended: ${errors}`))),
  ]);
  const { url } = z.object({ url: z.string() }).parse(JSON.parse(String(line[0])));
  const { port, pathname } = new URL(url);
  return {
    url,
    port: Number(port),
    key: /^\/k\/([\w-]{32})\/$/.exec(pathname)?.[1] ?? "",
    said: () => errors,
    async stop() {
      child.kill("SIGINT");
      await ended;
      return child.exitCode;
    },
  };
}

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** What stands before the target; by default the path with the key. */
  readonly root?: string;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

/** A request for a path under the key, with headers that no browser would let a page set. */
export async function ask(
  { port, key }: Running,
  target: string,
  { method = "GET", headers = {}, body = "", root = `/k/${key}` }: Asked = {},
): Promise<Answer> {
  const sent = request({ host: "127.0.0.1", port, path: root + target, method, headers });
  sent.end(body);
  const [response] = await once(sent, "response");
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return { status: Number(response.statusCode), body: text, headers: response.headers };
}
