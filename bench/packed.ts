import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const PROJECT = fileURLToPath(new URL("..", import.meta.url));

/** Installs the package into a folder as npm would; its bin. */
export function installPacked(into: string): string {
  const npm = (...args: string[]) =>
    execFileSync("npm", args, {
      cwd: into,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
  const tarball =
    npm("pack", PROJECT, "--silent", "--pack-destination", into).trim().split("\n").at(-1) ?? "";
  writeFileSync(join(into, "package.json"), '{ "private": true }');
  npm("install", "--silent", "--no-audit", "--no-fund", join(into, tarball));
  return join(into, "node_modules/broadsheet/dist/cli/main.js");
}
