import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const SOAK = path.join(import.meta.dirname, "../soak.ts");
const SECONDS = "120";

test("three workers of one database send each issue once, whatever goes wrong around them", async () => {
  const args = [SOAK, "--postgres", SECONDS, "4000"];
  // The soak is a program of its own, and none of vitest's.
  const env = { ...process.env, VITEST: undefined };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, maxBuffer: 2 ** 26 });
  expect(stdout).toMatch(/^twice +0\nlost +0\nleft out +0\ntoo late +0 /m);
}, 900_000);
