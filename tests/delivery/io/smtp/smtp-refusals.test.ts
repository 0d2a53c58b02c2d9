import { describe, expect, test } from "vitest";
import { failed, messageTo, sendTo, transport } from "../../../smtp-client.ts";
import { reply, startScriptedServer, startSmtpServer, usual } from "../../../smtp-server.ts";

describe("a server that answers no", () => {
  test("550 at RCPT is a refusal of the recipient, in the server's words", async () => {
    const server = await startSmtpServer({
      onRcptTo: (_address, _session, callback) => callback(reply(550, "5.1.1 no such mailbox")),
    });
    const error = await failed(sendTo(server.port));
    expect(error.code).toBe("SMTP_REFUSED");
    expect(error.message).toBe(
      `127.0.0.1:${server.port} refuses the recipient: 550 5.1.1 no such mailbox`,
    );
    expect(server.received).toEqual([]);
  });

  test.each([
    "5.1.8 <desk@letters.example>: Sender address rejected: Domain not found",
    "5.7.1 <reader@example.org>: Relay access denied",
    "5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
    "relay not permitted",
  ])("what is said at RCPT and is about us is told as that: 550 %s", async (words) => {
    const server = await startSmtpServer({
      onRcptTo: (_address, _session, callback) => callback(reply(550, words)),
    });
    expect(await failed(sendTo(server.port))).toMatchObject({
      code: "SMTP_REFUSED",
      message: expect.stringContaining(" refuses us: 550 "),
      fix: expect.stringContaining("`from` and `bounce`"),
      facts: { stage: "sender" },
    });
  });

  test.each([450, 421, 452])("%i at RCPT is a deferral", async (code) => {
    const server = await startSmtpServer({
      onRcptTo: (_address, _session, callback) => callback(reply(code, "later please")),
    });
    const error = await failed(sendTo(server.port));
    expect(error.code).toBe("SMTP_DEFERRED");
    expect(error.message).toContain(`${code} later please`);
  });

  test.each([
    [451, "SMTP_DEFERRED"],
    [553, "SMTP_REFUSED"],
  ])("%i at MAIL FROM is %s", async (code, expected) => {
    const server = await startSmtpServer({
      onMailFrom: (_address, _session, callback) => callback(reply(code, "not you")),
    });
    expect((await failed(sendTo(server.port))).code).toBe(expected);
  });

  test("530 without a login asks for one", async () => {
    const server = await startSmtpServer({
      onMailFrom: (_address, _session, callback) =>
        callback(reply(530, "5.7.0 authentication required")),
    });
    expect(await failed(sendTo(server.port))).toMatchObject({
      code: "SMTP_AUTH",
      message: `127.0.0.1:${server.port} wants a login: 530 5.7.0 authentication required`,
      fix: expect.stringMatching(/^put one into SMTP_URL/),
    });
  });

  test.each([
    [451, "SMTP_DEFERRED"],
    [554, "SMTP_REFUSED"],
    [421, "SMTP_DEFERRED"],
  ])("%i after the message's end is definite: %s", async (code, expected) => {
    const server = await startSmtpServer({
      onData(stream, _session, callback) {
        stream.resume();
        stream.on("end", () => callback(reply(code, "not this")));
      },
    });
    const error = await failed(sendTo(server.port));
    expect(error.code).toBe(expected);
    expect(error.message).toContain(`${code} not this`);
  });

  test("554 instead of 354 is a refusal", async () => {
    const { port } = await startScriptedServer("220 test\r\n", (line) =>
      line === "DATA" ? "554 5.5.1 no valid recipients\r\n" : usual(line),
    );
    expect((await failed(sendTo(port))).code).toBe("SMTP_REFUSED");
  });

  test.each([
    [554, "SMTP_REFUSED"],
    [421, "SMTP_DEFERRED"],
  ])("%i as its greeting is %s", async (code, expected) => {
    const server = await startSmtpServer({
      onConnect: (_session, callback) => callback(reply(code, "not today")),
    });
    const error = await failed(sendTo(server.port));
    expect(error.code).toBe(expected);
    expect(error.message).toContain(`${code} `);
    expect(error.message).toContain("not today");
  });

  test("the next message after a refusal goes out", async () => {
    const server = await startSmtpServer({
      onRcptTo: ({ address }, _session, callback) =>
        callback(address === "gone@example.org" ? reply(550, "gone") : null),
    });
    const mailer = transport(`smtp://127.0.0.1:${server.port}`);
    await failed(mailer.send(await messageTo("gone@example.org")));
    await mailer.send(await messageTo("mara@example.org"));
    expect(server.received.map(({ to }) => to)).toEqual([["mara@example.org"]]);
  });

  test("a message above its size limit is not even begun", async () => {
    const server = await startSmtpServer({ size: 2000 });
    const mailer = transport(`smtp://127.0.0.1:${server.port}`);
    const error = await failed(
      mailer.send(await messageTo("mara@example.org", "long ".repeat(1000))),
    );
    expect(error.code).toBe("SMTP_REFUSED");
    expect(error.message).toContain("at most 2000 bytes");
    expect(server.received).toEqual([]);
  });

  test("an internationalised local part goes only where SMTPUTF8 is on offer", async () => {
    const without = await startSmtpServer({ hideSMTPUTF8: true });
    const withIt = await startSmtpServer({ hideSMTPUTF8: false });
    const message = await messageTo("büro@example.org");
    const error = await failed(transport(`smtp://127.0.0.1:${without.port}`).send(message));
    expect(error.code).toBe("SMTP_REFUSED");
    expect(error.message).toContain("SMTPUTF8");
    await transport(`smtp://127.0.0.1:${withIt.port}`).send(message);
    expect(withIt.received[0]?.to).toEqual(["büro@example.org"]);
    expect(without.received).toEqual([]);
  });
});
