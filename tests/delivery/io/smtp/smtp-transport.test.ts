import { expect, test } from "vitest";
import type { Message } from "../../../../src/delivery/compile-message.ts";
import { transportContract } from "../../transport-contract.ts";
import { startSmtpServer } from "../../../smtp-server.ts";
import { messageTo, transport } from "../../../smtp-client.ts";

transportContract("smtp, over one connection", async () => way(1));
transportContract("smtp, over several", async () => way(4));

test("a message in parts goes out as it is, and is never put together for it", async () => {
  const server = await startSmtpServer({ size: 1_000_000 });
  const message = await messageTo("mara@example.org");
  let joins = 0;
  const watched: Message = {
    ...message,
    get raw() {
      joins++;
      return message.raw;
    },
  };
  const smtp = transport(`smtp://127.0.0.1:${server.port}`);
  await smtp.send(watched);
  expect(server.received.map(({ raw }) => raw.equals(message.raw))).toEqual([true]);
  expect(joins).toBe(0);
});

async function way(connections: number) {
  let isBlocked = false;
  const server = await startSmtpServer({
    onConnect: (_session, callback) =>
      callback(isBlocked ? Object.assign(new Error("closed"), { responseCode: 554 }) : null),
  });
  return {
    transport: transport(`smtp://127.0.0.1:${server.port}`, { connections }),
    arrived: async () => server.received.map(({ raw }) => raw),
    block: async () => void (isBlocked = true),
  };
}
