import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** Gives a run of the tests one folder for all that is temporary, and removes it when the run ends. */
export default function setup(): void {
  const folder = mkdtempSync(path.join(tmpdir(), "broadsheet-tests-"));
  // As /tmp is, for commands that another account runs.
  chmodSync(folder, 0o1777);
  process.env["TMPDIR"] = folder;
  // A teardown is not called after a test that fails.
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
}

/** A new folder of a test's own. Nobody has to remove it. */
export async function newFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), "broadsheet-"));
}
