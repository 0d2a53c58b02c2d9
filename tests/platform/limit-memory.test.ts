import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const MODULE = new URL("../../src/platform/limit-memory.ts", import.meta.url).href;

/** The bytes of V8's space for young objects in a process that has made and kept many. */
async function youngBytes(statements: string): Promise<number> {
  const script = `
    import { getHeapSpaceStatistics } from "node:v8";
    import { limitMemory, ownProcess } from "${MODULE}";
    ${statements}
    const kept = [];
    for (let at = 0; at < 500_000; at++) kept.push({ at });
    console.log(getHeapSpaceStatistics().find((space) => space.space_name === "new_space").space_size);`;
  const args = ["--input-type=module", "-e", script];
  return Number((await promisify(execFile)(process.execPath, args)).stdout);
}

test("memory is limited in Broadsheet's own process, and not in a program that uses the library", async () => {
  const limited = await youngBytes("ownProcess(); limitMemory();");
  expect(await youngBytes("limitMemory();")).toBeGreaterThan(2 * limited);
});
