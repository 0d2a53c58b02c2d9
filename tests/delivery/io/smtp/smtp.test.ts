import tls from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { connectSmtp } from "../../../../src/delivery/io/smtp/smtp-pool.ts";
import { selfSignedCertificate } from "../../../certificate.ts";
import { messageTo, sendTo, transport } from "../../../smtp-client.ts";
import { reply, startScriptedServer, startSmtpServer, usual } from "../../../smtp-server.ts";

const PASSWORD = "p@ss/wörd#1";

describe("a server that takes the message", () => {
  test("gets envelope and bytes exactly as they were composed", async () => {
    const server = await startSmtpServer();
    const message = await messageTo("mara@example.org");
    const receipt = await transport(`smtp://127.0.0.1:${server.port}`).send(message);
    expect(receipt.response).toMatch(/^250 .*queued as 7/);
    expect(server.received).toHaveLength(1);
    expect(server.received[0]).toMatchObject({
      from: "desk@letters.example",
      to: ["mara@example.org"],
    });
    expect(server.received[0]?.raw.equals(message.raw)).toBe(true);
  });

  test("gets many messages over one connection, one recipient each, also when asked at once", async () => {
    const server = await startSmtpServer();
    const mailer = transport(`smtp://127.0.0.1:${server.port}`);
    const names = ["a", "b", "c", "d", "e"].map((name) => `${name}@example.org`);
    const messages = await Promise.all(names.map(async (name) => messageTo(name)));
    await Promise.all(messages.map(async (message) => mailer.send(message)));
    expect(server.received.map(({ to }) => to)).toEqual(names.map((name) => [name]));
    expect(server.connections()).toBe(1);
  });

  test("is connected to again when it ended an idle connection", async () => {
    const server = await startSmtpServer();
    const mailer = transport(`smtp://127.0.0.1:${server.port}`);
    await mailer.send(await messageTo("a@example.org"));
    server.drop();
    await mailer.send(await messageTo("b@example.org"));
    expect(server.received.map(({ to }) => to[0])).toEqual(["a@example.org", "b@example.org"]);
    expect(server.connections()).toBe(2);
  });

  test("has taken it even if it cuts the connection right after saying so", async () => {
    const { port } = await startScriptedServer("220 test\r\n", (line, socket) => {
      if (line !== ".") return usual(line);
      socket.end("250 2.0.0 taken\r\n");
      return undefined;
    });
    await expect(sendTo(port)).resolves.toEqual({ response: "250 2.0.0 taken" });
  });

  test("is found by name", async () => {
    const server = await startSmtpServer();
    const mailer = transport(`smtp://localhost:${server.port}`);
    await mailer.send(await messageTo("mara@example.org"));
    expect(server.received).toHaveLength(1);
  });

  test("gets the login, over STARTTLS, when its certificate is trusted", async () => {
    const pair = selfSignedCertificate();
    const before = tls.getCACertificates("default");
    tls.setDefaultCACertificates([...before, pair.cert]);
    onTestFinished(() => tls.setDefaultCACertificates(before));
    const server = await startSmtpServer({
      ...pair,
      disabledCommands: [],
      authOptional: false,
      onAuth: ({ username, password }, _session, callback) =>
        password === PASSWORD ? callback(null, { user: username }) : callback(reply(535, "no")),
    });
    await sendTo(server.port, { trustLoopback: false }, `desk:${encodeURIComponent(PASSWORD)}@`);
    expect(server.received[0]).toMatchObject({ isEncrypted: true, user: "desk" });
  });
});

test.each(["", "  "])("an SMTP_URL %j is SMTP_UNCONFIGURED", (url) => {
  expect(() => connectSmtp(url)).toThrow(expect.objectContaining({ code: "SMTP_UNCONFIGURED" }));
});
