import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { type IncomingHttpHeaders, request } from "node:http";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { ENVIRONMENT } from "../cli/broadsheet.ts";
import { LESS_GC } from "../less-gc.ts";

export interface Running {
  /** The address as it is printed. It contains the key and ends with a slash. */
  readonly url: string;
  readonly port: number;
  readonly key: string;
  readonly pid: number;
  /** What it has written to stderr so far. */
  said(): string;
  /** Ends it as Ctrl-C does, or with another signal; what it left with. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

interface Start {
  /** With which it opens the browser, which it doesn't without. */
  readonly opens?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** How a process is to run `broadsheet desk`. */
export interface Asked {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly args: readonly string[];
}

const hours = new Date().getUTCHours() - 12;
/** A time zone in which it is noon. Without a schedule, midnight ends an issue. */
export const NOON_ZONE = `Etc/GMT${hours < 0 ? "" : "+"}${hours}`;

const HOST = fileURLToPath(new URL("host.ts", import.meta.url));

/** Processes that have served a desk, and wait for the next one. */
const idle: ChildProcess[] = [];

function newHost(): ChildProcess {
  const stdio = ["ignore", "pipe", "pipe", "ipc"] as const;
  const child = fork(HOST, { execArgv: [...LESS_GC], env: ENVIRONMENT, stdio: [...stdio] });
  child.stdout?.setEncoding("utf8");
  child.stderr?.setEncoding("utf8");
  // A worker that has done its tests does not wait for it.
  child.unref();
  child.channel?.unref();
  return child;
}

/** `broadsheet desk` in a process that had others before it, once it listens. */
export async function startPreview(
  cwd: string,
  args: readonly string[] = [],
  { opens, env }: Start = {},
): Promise<Running> {
  const child = idle.pop() ?? newHost();
  let [printed, errors, isEnded] = ["", "", false];
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const print = (text: string) => {
    printed += text;
    if (printed.endsWith("\n")) begin();
  };
  const { promise: left, resolve: leave } = Promise.withResolvers<number>();
  const complain = (text: string) => {
    errors += text;
    const [end = "", code] = /\0(\d+)\n$/.exec(errors) ?? [];
    if (code === undefined) return;
    errors = errors.slice(0, -end.length);
    leave(Number(code));
  };
  child.stdout?.on("data", print);
  child.stderr?.on("data", complain);
  const lost = new AbortController();
  const { signal } = lost;
  const ended = Promise.race([
    left,
    once(child, "exit", { signal }).then(([code]) => z.int().nullable().parse(code)),
  ]).finally(() => {
    isEnded = true;
    lost.abort();
    child.stdout?.off("data", print);
    child.stderr?.off("data", complain);
    if (child.exitCode === null && child.signalCode === null) idle.push(child);
  });
  const given = [...(opens ? [] : ["--no-open"]), "--json", ...args];
  child.send({ cwd, env: { ...ENVIRONMENT, ...env, ...opens }, args: given } satisfies Asked);
  const failed = ended.then(async () => Promise.reject(new Error(`the desk ended: ${errors}`)));
  await Promise.race([begun, failed]);
  const { url } = z.object({ url: z.string() }).parse(JSON.parse(printed));
  const { port, pathname } = new URL(url);
  return {
    url,
    port: Number(port),
    key: /^\/k\/([\w-]{32})\/$/.exec(pathname)?.[1] ?? "",
    pid: child.pid ?? 0,
    said: () => errors,
    async stop(signalled = "SIGINT") {
      if (!isEnded) child.kill(signalled);
      return ended;
    },
  };
}

interface AskOptions {
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

/** A change as a page of the desk sends it. */
export async function post(running: Running, target: string, body: object): Promise<Answer> {
  const origin = `http://127.0.0.1:${running.port}`;
  const type = { "content-type": "application/json" };
  const headers = { ...type, "broadsheet-key": running.key, origin };
  return ask(running, target, { method: "POST", headers, body: JSON.stringify(body) });
}

/** A request for a path under the key, with headers that no browser would let a page set. */
export async function ask(
  { port, key }: Running,
  target: string,
  { method = "GET", headers = {}, body = "", root = `/k/${key}` }: AskOptions = {},
): Promise<Answer> {
  // A server that refuses a long body closes the connection, which then serves no other request.
  const agent = false;
  const sent = request({ host: "127.0.0.1", port, path: root + target, method, headers, agent });
  sent.end(body);
  const [response] = await once(sent, "response");
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return { status: Number(response.statusCode), body: text, headers: response.headers };
}
