import { cp } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { broadsheet } from "./cli/broadsheet.ts";
import { newFolder } from "./temporary.ts";

/** The folder of a newsletter that an older version left. */
export function fixtureOf(name: string): string {
  return fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
}

interface CopyOptions {
  /** Of the mail server; none listens at 1. */
  readonly port?: number | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

/** A copy of such a newsletter, and a function that runs commands in it. */
export async function copyOf(fixture: string, { port = 1, env: more = {} }: CopyOptions = {}) {
  const home = await newFolder();
  const cwd = path.join(home, "slipway");
  const state = path.join(home, "state");
  await cp(path.join(fixture, "project"), cwd, { recursive: true });
  await cp(path.join(fixture, "store"), path.join(cwd, ".broadsheet"), { recursive: true });
  await cp(path.join(fixture, "state"), state, { recursive: true });
  const env = {
    XDG_STATE_HOME: state,
    BROADSHEET_SECRET: "a secret that only this fixture knows",
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    ...more,
  };
  const run = async (args: readonly string[], code = 0) => {
    const ran = await broadsheet(args, { cwd, env });
    expect([ran.code, code === ran.code ? "" : ran.stderr]).toEqual([code, ""]);
    return ran;
  };
  return { cwd, run };
}
