import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { createInterface } from "node:readline";
import * as z from "zod";
import { ENVIRONMENT, MAIN } from "../cli/broadsheet.ts";
import { ALONE } from "../cli/spawn-broadsheet.ts";

export interface Running {
  /** Ends with a slash. */
  readonly url: string;
  readonly port: number;
  /** Ends it as Ctrl-C does; what it left with. */
  stop(): Promise<number | null>;
}

/** `broadsheet preview` as its users run it, once it listens. */
export async function startPreview(cwd: string, args: readonly string[] = []): Promise<Running> {
  const child = spawn(process.execPath, [ALONE, MAIN, "preview", "--no-open", "--json", ...args], {
    cwd,
    env: ENVIRONMENT,
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
  return {
    url,
    port: Number(new URL(url).port),
    async stop() {
      child.kill("SIGINT");
      await ended;
      return child.exitCode;
    },
  };
}

/** A request with headers that no browser would let a page set. */
export async function ask(
  { port }: Running,
  target: string,
  {
    method = "GET",
    headers = {},
    body = "",
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ readonly status: number; readonly body: string }> {
  const sent = request({ host: "127.0.0.1", port, path: target, method, headers });
  sent.end(body);
  const [response] = await once(sent, "response");
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return { status: Number(response.statusCode), body: text };
}
