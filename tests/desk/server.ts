import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { createInterface } from "node:readline";
import * as z from "zod";
import { ENVIRONMENT, MAIN } from "../cli/broadsheet.ts";
import { ALONE } from "../cli/spawn-broadsheet.ts";

export interface Running {
  /** As it is printed, with the key. */
  readonly url: string;
  /** Without it; ends with a slash. */
  readonly origin: string;
  readonly port: number;
  /** What a browser that came with the key sends from then on. */
  readonly cookie: string;
  /** Ends it as Ctrl-C does; what it left with. */
  stop(): Promise<number | null>;
}

interface Start {
  /** With which it opens the browser, which it doesn't without. */
  readonly opens?: Readonly<Record<string, string>>;
}

/** `broadsheet preview` as its users run it, once it listens. */
export async function startPreview(
  cwd: string,
  args: readonly string[] = [],
  { opens }: Start = {},
): Promise<Running> {
  const given = [...(opens ? [] : ["--no-open"]), "--json", ...args];
  const child = spawn(process.execPath, [ALONE, MAIN, "preview", ...given], {
    cwd,
    env: { ...ENVIRONMENT, ...opens },
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
  const { origin, port, searchParams } = new URL(url);
  return {
    url,
    origin: `${origin}/`,
    port: Number(port),
    cookie: `broadsheet-preview-${port}=${searchParams.get("key")}`,
    async stop() {
      child.kill("SIGINT");
      await ended;
      return child.exitCode;
    },
  };
}

/** A request of a browser that was let in, or with headers that no browser would let a page set. */
export async function ask(
  { port, cookie }: Running,
  target: string,
  {
    method = "GET",
    headers = {},
    body = "",
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ readonly status: number; readonly body: string; readonly cookies: string[] }> {
  const all = { cookie, ...headers };
  const sent = request({ host: "127.0.0.1", port, path: target, method, headers: all });
  sent.end(body);
  const [response] = await once(sent, "response");
  let text = "";
  for await (const chunk of response) text += String(chunk);
  const cookies = response.headers["set-cookie"] ?? [];
  return { status: Number(response.statusCode), body: text, cookies };
}
