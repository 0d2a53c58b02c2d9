import { expect, test } from "vitest";
import { composeMessage } from "../../../../src/delivery/compile-message.ts";
import type { Message } from "../../../../src/delivery/message.ts";
import { transportContract } from "../../transport-contract.ts";
import { startSmtpServer } from "../../../smtp-server.ts";
import { transport } from "../../../smtp-client.ts";

transportContract("smtp, over one connection", async () => way(1));
transportContract("smtp, over several", async () => way(4));

test("a message in parts goes out as it is, and is never put together for it", async () => {
  const server = await startSmtpServer({ size: 1_000_000 });
  const message = letter();
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

function letter(): Message {
  const email = { subject: "Ebb", html: "<p>Ebb at six.</p>", text: "Ebb at six.", slots: {} };
  return composeMessage(
    email,
    { address: "mara@example.org" },
    {
      issue: { newsletter: "the-slipway", slot: "2026-W48" },
      from: { address: "post@slipway.example" },
      date: new Date("2026-11-24T07:00:00Z"),
    },
  );
}

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
