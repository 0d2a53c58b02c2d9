import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { folderWith, HARBOUR, MAIN } from "../cli/broadsheet.ts";
import { SECRET } from "../cli/mailing-project.ts";

/** Two accounts of one machine that are no other's: numbers suffice to the kernel. */
const OWNER = 41_001;
const OTHER = 41_002;

let cwd: string;

/** A command, run by an account. */
function as(uid: number, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    "setpriv",
    [`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", process.execPath, MAIN, ...args],
    {
      cwd,
      encoding: "utf8",
      env: {
        PATH: process.env["PATH"],
        BROADSHEET_SECRET: SECRET,
        XDG_STATE_HOME: path.join(cwd, `state-${uid}`),
      },
    },
  );
  return { code: status, stdout, stderr };
}

beforeAll(async () => {
  if (process.getuid?.() !== 0) throw new Error("two accounts need root: run the tests as root");
  cwd = await folderWith({
    "content/1.txt": HARBOUR,
    "broadsheet.config.json": JSON.stringify({
      name: "The Slipway",
      from: "post@slipway.example",
      urls: { unsubscribe: "https://slipway.example/u/{token}" },
    }),
  });
  // The folder is everybody's, as /tmp is: what is in it is not.
  chmodSync(cwd, 0o777);
  for (const name of readdirSync(cwd, { recursive: true, encoding: "utf8" })) {
    chownSync(path.join(cwd, name), OWNER, OWNER);
  }
  expect(as(OWNER, "build", "--date", "2026-11-24").stderr).toBe("");
  expect(as(OWNER, "subscribers", "add", "ada@quay.example").code).toBe(0);
});

describe("another account of the machine", () => {
  test("can't look into the outbox or the store", () => {
    for (const name of ["outbox", ".broadsheet"]) {
      expect(statSync(path.join(cwd, name)).mode & 0o077).toBe(0);
    }
    const listed = as(OTHER, "subscribers", "list");
    expect(listed.code).not.toBe(0);
    expect(listed.stdout + listed.stderr).not.toContain("ada@quay.example");
    expect(listed.stderr).toMatch(/^error [A-Z_]+: .*\n/);
    expect(listed.stderr).not.toMatch(/^\s+at .*\.ts:\d+/m);
  });

  test("can't build over an issue, and is told what keeps it", () => {
    const built = as(OTHER, "build", "--date", "2026-11-24");
    expect([73, 74, 66]).toContain(built.code);
    expect(built.stderr).toMatch(/^error [A-Z_]+: /);
    expect(as(OWNER, "check", "2026-11-24").code).toBe(0);
  });

  test("root may look, and leaves what it owns to the owner", () => {
    expect(as(0, "subscribers", "list").stdout).toContain("ada@quay.example");
    expect(as(OWNER, "subscribers", "add", "bo@quay.example").code).toBe(0);
  });
});
