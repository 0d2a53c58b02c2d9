import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { expect } from "vitest";
import type { FaultServer } from "../fault-server.ts";
import { newFolder } from "../temporary.ts";
import { broadsheet, ENVIRONMENT, folderWith, HARBOUR, MAIN, type Run } from "./broadsheet.ts";
import { people } from "./mailing-project.ts";
import { LESS_GC } from "../less-gc.ts";

export const SLOT = "2031-04-02";
export const CONFIG = {
  name: "The Slipway",
  from: "post@slipway.example",
  urls: { unsubscribe: "https://slipway.example/u/{token}" },
  smtp: { concurrency: 4 },
  // Of no rhythm that could fall due meanwhile.
  schedule: { cron: "0 7 1 1 *", zone: "UTC" },
};

/** Until a process has started, and more on a machine that is busy. */
export const SOON = { timeout: 60_000, interval: 100 };

const sendingIn = z.object({
  sending: z.object({ workers: z.array(z.object({ staysUp: z.boolean() })) }),
});
/** Nobody has it twice. */
export function assertOnce(server: FaultServer): void {
  const addresses = server.taken.map(({ to }) => to);
  expect(new Set(addresses).size).toBe(addresses.length);
}

/** Machines with the config of one newsletter, and its list in one database. */
export class Machines {
  readonly url: string;
  readonly server: FaultServer;
  readonly #running: ChildProcess[] = [];

  constructor(url: string, server: FaultServer) {
    this.url = url;
    this.server = server;
  }

  async env(): Promise<Readonly<Record<string, string>>> {
    return {
      DATABASE_URL: this.url,
      SMTP_URL: `smtp://127.0.0.1:${this.server.port}`,
      BROADSHEET_SECRET: "a secret that all machines have",
      XDG_STATE_HOME: await newFolder(),
    };
  }

  async folder(config: object = {}): Promise<string> {
    const text = JSON.stringify({ ...CONFIG, ...config });
    return folderWith({ "content/1.txt": HARBOUR, "broadsheet.config.json": text });
  }

  /** One command on a machine. */
  async run(cwd: string, ...args: readonly string[]): Promise<Run> {
    return broadsheet(args, { cwd, env: await this.env() });
  }

  /** Starts a worker on a machine of its own. */
  async work(config: object = {}, env: Readonly<Record<string, string>> = {}) {
    const cwd = await this.folder(config);
    const child = spawn(process.execPath, [...LESS_GC, MAIN, "worker", "--verbose"], {
      cwd,
      env: { ...ENVIRONMENT, ...(await this.env()), ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#running.push(child);
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    const ended = once(child, "close").then(([code]) => ({ code: code as unknown, said }));
    return { child, ended };
  }

  /** How many workers `status` knows that stay up. */
  async workers(cwd: string): Promise<number> {
    const { stdout } = await this.run(cwd, "status", "--json");
    const { sending } = sendingIn.parse(JSON.parse(stdout));
    return sending.workers.filter(({ staysUp }) => staysUp).length;
  }

  /** An issue in the outbox of a folder, and so many readers on the list. */
  async prepare(cwd: string, readers: number): Promise<void> {
    const list = path.join(cwd, "list.csv");
    await writeFile(list, ["email", ...people(readers)].join("\n"));
    expect(await this.run(cwd, "subscribers", "import", list)).toMatchObject({ code: 0 });
    expect(await this.run(cwd, "build", "--date", SLOT)).toMatchObject({ code: 0 });
  }

  close(): void {
    for (const child of this.#running) child.kill("SIGKILL");
  }
}
