import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { OutboxTransport } from "../../../src/delivery/io/outbox-transport.ts";
import { transportContract } from "../transport-contract.ts";
import { messageTo } from "../../smtp-client.ts";

transportContract("the outbox", way);

async function way() {
  const folder = await mkdtemp(path.join(tmpdir(), "broadsheet-outbox-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const messages = path.join(folder, "messages");
  return {
    folder,
    transport: new OutboxTransport(folder),
    arrived: async () => {
      const names = await readdir(messages).catch(() => []);
      return Promise.all(names.map(async (name) => readFile(path.join(messages, name))));
    },
    // A file where the folder should be: even root can't write into it.
    block: async () => writeFile(messages, ""),
  };
}

test("a message that is sent again is there once", async () => {
  const { transport, folder } = await way();
  const message = await messageTo("mara@example.org");
  await transport.send(message);
  await transport.send(message);
  const names = await readdir(path.join(folder, "messages"));
  expect(names).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.eml$/)]);
});
