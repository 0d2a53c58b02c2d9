import { describe, expect, test } from "vitest";
import { failed, messageTo, transport } from "../../../smtp-client.ts";
import { startScriptedServer, startSmtpServer, usual } from "../../../smtp-server.ts";

async function messagesTo(count: number) {
  const names = Array.from({ length: count }, (_, index) => `r${index}@example.org`);
  return Promise.all(names.map(async (name) => messageTo(name)));
}

describe("several connections", () => {
  test("are opened as they are needed, up to the limit, and kept", async () => {
    const server = await startSmtpServer();
    const mailer = transport(`smtp://127.0.0.1:${server.port}`, { connections: 4 });
    const messages = await messagesTo(20);
    await Promise.all(messages.map(async (message) => mailer.send(message)));
    expect(new Set(server.received.map(({ to }) => to[0]))).toEqual(
      new Set(messages.map(({ envelope }) => envelope.to)),
    );
    expect(server.received).toHaveLength(20);
    expect(server.connections()).toBe(4);
  });
});

describe("after a refusal", () => {
  test.each([
    ["the recipient", /^RCPT/, "550 5.1.1 gone\r\n"],
    ["the message, before it", /^DATA/, "451 4.3.0 later\r\n"],
    ["the message", /^\.$/, "552 5.3.4 too big\r\n"],
  ])("of %s, the next message goes over the same connection", async (_what, command, answer) => {
    let isFirst = true;
    const { port, lines } = await startScriptedServer("220 test\r\n", (line) => {
      if (line === "RSET") return "250 ok\r\n";
      if (!command.test(line) || !isFirst) return usual(line);
      isFirst = false;
      return answer;
    });
    const mailer = transport(`smtp://127.0.0.1:${port}`);
    const [first, second] = await messagesTo(2);
    if (!first || !second) throw new Error("there are no messages");
    const { facts } = await failed(mailer.send(first));
    expect(facts?.reply?.code).toBe(Number(answer.slice(0, 3)));
    await mailer.send(second);
    expect(lines.filter((line) => line.startsWith("EHLO"))).toHaveLength(1);
    // What the dot has ended needs no other end.
    expect(lines.includes("RSET")).toBe(command.source !== "^\\.$");
  });

  test("a server that doesn't know RSET is connected to again", async () => {
    const { port, lines } = await startScriptedServer("220 test\r\n", (line) => {
      if (line === "RSET") return "502 what?\r\n";
      return line === "RCPT TO:<r0@example.org>" ? "550 5.1.1 gone\r\n" : usual(line);
    });
    const mailer = transport(`smtp://127.0.0.1:${port}`);
    const [first, second] = await messagesTo(2);
    if (!first || !second) throw new Error("there are no messages");
    await failed(mailer.send(first));
    await mailer.send(second);
    expect(lines.filter((line) => line.startsWith("EHLO"))).toHaveLength(2);
  });
});
