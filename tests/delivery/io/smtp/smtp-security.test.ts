import { describe, expect, test } from "vitest";
import { selfSignedCertificate } from "../../../certificate.ts";
import { failed, messageTo, sendTo, transport } from "../../../smtp-client.ts";
import { reply, startScriptedServer, startSmtpServer, usual } from "../../../smtp-server.ts";

const PASSWORD = "p@ss/wörd#1";

describe("logging in", () => {
  const login = `desk:${encodeURIComponent(PASSWORD)}@`;

  test("a wrong password is SMTP_AUTH, asked once, and nowhere repeated", async () => {
    let attempts = 0;
    const server = await startSmtpServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth(_auth, _session, callback) {
        attempts++;
        callback(reply(535, "5.7.8 bad credentials"));
      },
    });
    const error = await failed(sendTo(server.port, {}, login));
    expect(error.code).toBe("SMTP_AUTH");
    expect(error.message).toBe(
      `127.0.0.1:${server.port} refuses the login: 535 5.7.8 bad credentials`,
    );
    expect(attempts).toBe(1);
  });

  test("454 at AUTH is a deferral", async () => {
    const server = await startSmtpServer({
      allowInsecureAuth: true,
      onAuth: (_auth, _session, callback) => callback(reply(454, "4.7.0 try again")),
    });
    expect((await failed(sendTo(server.port, {}, login))).code).toBe("SMTP_DEFERRED");
  });

  test("a server that repeats the credentials does not get them printed", async () => {
    const token = Buffer.from(`\0desk\0${PASSWORD}`).toString("base64");
    const { port } = await startScriptedServer("220 test\r\n", (line) => {
      if (line.startsWith("EHLO")) return "250-test\r\n250 AUTH PLAIN\r\n";
      return line.startsWith("AUTH") ? `535 no: ${PASSWORD} ${line}\r\n` : usual(line);
    });
    const error = await failed(sendTo(port, {}, login));
    const told = JSON.stringify([error.message, error.fix, error.stack, error.cause]);
    expect(error.code).toBe("SMTP_AUTH");
    expect(told).toContain("535 no: *** AUTH PLAIN ***");
    expect(told).not.toContain(token);
    expect(told).not.toContain("p@ss");
    expect(told).not.toContain("smtp://desk");
  });

  test("a server without AUTH is not sent to as nobody", async () => {
    const server = await startSmtpServer({ disabledCommands: ["STARTTLS", "AUTH"] });
    expect((await failed(sendTo(server.port, {}, login))).code).toBe("SMTP_AUTH");
    expect(server.received).toEqual([]);
  });
});

describe("encryption", () => {
  const strict = { trustLoopback: false };

  test("a server without STARTTLS gets nothing, not even the sender's name", async () => {
    const { port, lines } = await startScriptedServer("220 test\r\n", (line) =>
      line === "STARTTLS" ? "502 5.5.1 unknown\r\n" : usual(line),
    );
    const error = await failed(sendTo(port, strict));
    expect(error.code).toBe("SMTP_TLS");
    expect(error.fix).toContain("smtp.requireTls");
    expect(lines.some((line) => /^(?:MAIL|AUTH)/.test(line))).toBe(false);
  });

  test("the same from smtp-server", async () => {
    const server = await startSmtpServer();
    expect((await failed(sendTo(server.port, strict))).code).toBe("SMTP_TLS");
    expect(server.received).toEqual([]);
  });

  test("a server too old for EHLO has no TLS either", async () => {
    const { port } = await startScriptedServer("220 test\r\n", (line) =>
      line.startsWith("EHLO") ? "500 what?\r\n" : usual(line),
    );
    expect((await failed(sendTo(port, strict))).code).toBe("SMTP_TLS");
  });

  test("454 at STARTTLS may be gone later", async () => {
    const { port } = await startScriptedServer("220 test\r\n", (line) =>
      line === "STARTTLS" ? "454 4.7.0 not available now\r\n" : usual(line),
    );
    expect((await failed(sendTo(port, strict))).code).toBe("SMTP_DEFERRED");
  });

  test("a certificate that nobody vouches for is refused, over STARTTLS and from the first byte", async () => {
    const pair = selfSignedCertificate();
    const starttls = await startSmtpServer({ ...pair, disabledCommands: [] });
    const implicit = await startSmtpServer({ ...pair, secure: true });
    const message = await messageTo("mara@example.org");
    const errors = [
      await failed(sendTo(starttls.port, strict)),
      await failed(sendTo(starttls.port, { ...strict, requireTls: false })),
      // A loopback server that is asked for TLS has to be the right one.
      await failed(transport(`smtps://127.0.0.1:${implicit.port}`).send(message)),
    ];
    for (const { code, message: text } of errors) {
      expect(code).toBe("SMTP_TLS");
      expect(text).toContain("self-signed certificate");
    }
    expect([...starttls.received, ...implicit.received]).toEqual([]);
  });

  test("on this machine STARTTLS is used where it is on offer, whoever signed", async () => {
    const server = await startSmtpServer({ ...selfSignedCertificate(), disabledCommands: [] });
    await sendTo(server.port);
    expect(server.received[0]?.isEncrypted).toBe(true);
  });

  test("requireTls: false sends in clear, but never a password", async () => {
    const server = await startSmtpServer({
      allowInsecureAuth: true,
      onAuth: ({ username }, _session, callback) => callback(null, { user: username }),
    });
    const lax = { trustLoopback: false, requireTls: false };
    await sendTo(server.port, lax);
    expect(server.received).toHaveLength(1);
    const error = await failed(sendTo(server.port, lax, "desk:secret@"));
    expect(error.code).toBe("SMTP_TLS");
    expect(error.message).toContain("would get the password in clear");
    expect(server.received).toHaveLength(1);
  });

  test("smtps:// to a port without TLS says so", async () => {
    const server = await startSmtpServer();
    const sending = transport(`smtps://127.0.0.1:${server.port}`).send(
      await messageTo("m@example.org"),
    );
    expect((await failed(sending)).code).toBe("SMTP_TLS");
  });
});
