import { once } from "node:events";
import { createServer } from "node:http";
import { afterAll, expect, test } from "vitest";
import { broadsheet, folderWith } from "./broadsheet.ts";

/** It doesn't answer until it is closed. */
const server = createServer();
let extraction: Promise<unknown>;

afterAll(async () => extraction);

test("a command that is still running is named to the one that would run beside it", async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const cwd = await folderWith();
  const asked = once(server, "request");
  extraction = broadsheet(["extract", url, "--allow-private"], { cwd });
  await asked;
  await expect(broadsheet(["--version"], { cwd })).rejects.toThrow(
    /^"broadsheet extract .*" of tests\/cli\/broadsheet\.test\.ts, a command .* is still running/,
  );
});

test("what a test has left running ends before the next test has the process", async () => {
  const cwd = await folderWith();
  const order: string[] = [];
  const extracted = extraction.then(() => order.push("extract"));
  const version = broadsheet(["--version"], { cwd }).then(() => order.push("--version"));
  server.close().closeAllConnections();
  await Promise.all([extracted, version]);
  expect(order).toEqual(["extract", "--version"]);
});
