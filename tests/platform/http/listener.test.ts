import { Hono } from "hono";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { listen } from "../../../src/platform/http/listener.ts";
import { listening } from "../../listening.ts";

test("a port that another program uses is reported in words", async () => {
  const other = await listening(createServer());
  const { port } = other;
  const fix = "give another one";
  await expect(listen(new Hono(), { host: "127.0.0.1", port, fix })).rejects.toMatchObject({
    code: "USAGE",
    message: `the port ${port} can't be used: another program uses it`,
    fix,
  });
  await other.close();
});
