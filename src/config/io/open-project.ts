import path from "node:path";
import type { Config } from "../config.ts";
import { loadConfig } from "./load-config.ts";

/** What wins over the environment and the file. Paths are relative to the working directory. */
export interface ProjectFlags {
  /** The config's file, where it isn't the one that lies there. */
  readonly config?: string;
  /** The outbox. */
  readonly out?: string;
  readonly template?: string;
}

/** The config of the newsletter that is worked on. Flags win over the environment, and that over the file. */
export async function openProject(
  flags: ProjectFlags,
  { cwd }: { readonly cwd: string },
): Promise<Config> {
  const config = await loadConfig({ cwd, file: flags.config, env: process.env });
  return {
    ...config,
    ...(flags.out && { outbox: path.resolve(cwd, flags.out) }),
    ...(flags.template && { template: flags.template }),
  };
}
