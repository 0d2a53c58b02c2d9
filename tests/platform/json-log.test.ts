import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

const MODULE = new URL("../../src/platform/json-log.ts", import.meta.url).href;

/** What the log writes to stderr in a process of its own. */
function logged(calls: string): Record<string, unknown>[] {
  const code = `import { openJsonLog } from ${JSON.stringify(MODULE)}; const log = openJsonLog("tidewrack"); ${calls}; process.exit();`;
  const text = execFileSync(
    "sh",
    ["-c", '"$0" --input-type=module -e "$1" 2>&1', process.execPath, code],
    {
      encoding: "utf8",
    },
  );
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("an event is one line of JSON, written before the process can end, with no address in full", () => {
  const [sent, failed] = logged(
    `log("info", "sent", { slot: "2026-W48", accepted: 3, why: undefined });
     log("error", 'RCPT <ada.lovelace@mail.example>: 550 no such user\\nbye', { at: "x", to: "o'neil@a.example" })`,
  );
  expect(sent).toEqual({
    level: "info",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    name: "tidewrack",
    slot: "2026-W48",
    accepted: 3,
    msg: "sent",
  });
  expect(failed).toMatchObject({
    level: "error",
    msg: "RCPT <a…@mail.example>: 550 no such user\nbye",
    at: "x",
  });
  expect(JSON.stringify(failed)).not.toContain("neil@");
});
