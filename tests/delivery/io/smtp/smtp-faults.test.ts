import { describe, expect, test } from "vitest";
import { failed, messageTo, sendTo, transport } from "../../../smtp-client.ts";
import { closedPort, startScriptedServer, startSmtpServer, usual } from "../../../smtp-server.ts";

describe("a server that is not there, or goes", () => {
  test("nothing listens", async () => {
    const port = await closedPort();
    const error = await failed(sendTo(port));
    expect(error.code).toBe("SMTP_UNREACHABLE");
    expect(error.message).toBe(`127.0.0.1:${port} cannot be reached: nothing listens there`);
  });

  test("a host that does not exist", async () => {
    const mailer = transport("smtp://no-such-host.invalid:25", { timeouts: { connectMs: 5000 } });
    const error = await failed(mailer.send(await messageTo("mara@example.org")));
    expect(error.code).toBe("SMTP_UNREACHABLE");
  });

  test.each(["220-hal", ""])("it closes after %j", async (greeting) => {
    const { port } = await startScriptedServer(greeting);
    const error = await failed(sendTo(port, { timeouts: { greetingMs: 200 } }));
    expect(error.code).toBe("SMTP_UNREACHABLE");
  });

  test("it closes instead of a greeting", async () => {
    const server = await startSmtpServer({ onConnect: () => setTimeout(() => server.drop(), 10) });
    expect((await failed(sendTo(server.port))).code).toBe("SMTP_UNREACHABLE");
  });

  test("it drops the connection before any of the message: nothing was sent", async () => {
    const { port } = await startScriptedServer("220 test\r\n", (line, socket) => {
      if (!line.startsWith("RCPT")) return line.startsWith("EHLO") ? "250 test\r\n" : usual(line);
      socket.destroy();
      return undefined;
    });
    expect((await failed(sendTo(port))).code).toBe("SMTP_UNREACHABLE");
  });

  test("it drops the connection within the message: uncertain", async () => {
    const server = await startSmtpServer({
      onData(stream) {
        stream.resume();
        stream.once("data", () => server.drop());
      },
    });
    const error = await failed(sendTo(server.port));
    expect(error.code).toBe("SMTP_UNCERTAIN");
    expect(error.message).toBe(
      `127.0.0.1:${server.port} may or may not have taken the message: it closed the connection`,
    );
  });

  test("it drops the connection after the message's end: uncertain", async () => {
    const server = await startSmtpServer({
      onData(stream) {
        stream.resume();
        stream.on("end", () => server.drop());
      },
    });
    expect((await failed(sendTo(server.port))).code).toBe("SMTP_UNCERTAIN");
  });

  test("it never answers the message's end: uncertain, when the time is up", async () => {
    const server = await startSmtpServer({ onData: (stream) => void stream.resume() });
    const error = await failed(sendTo(server.port, { timeouts: { replyMs: 300 } }));
    expect(error.code).toBe("SMTP_UNCERTAIN");
    expect(error.message).toContain("does not answer in time");
  });

  test("it drips its answer byte by byte: bounded by the time for one message", async () => {
    const { port } = await startScriptedServer("220 test\r\n", (line, socket) => {
      if (line !== ".") return usual(line);
      const drip = setInterval(() => void socket.write("2"), 50);
      socket.on("close", () => clearInterval(drip));
      return undefined;
    });
    const error = await failed(sendTo(port, { timeouts: { replyMs: 1000, sendMs: 600 } }));
    expect(error.code).toBe("SMTP_UNCERTAIN");
  });

  test("it is silent before the message: nothing was sent", async () => {
    const { port } = await startScriptedServer("220 test\r\n", (line) =>
      line.startsWith("MAIL") ? undefined : line.startsWith("EHLO") ? "250 test\r\n" : usual(line),
    );
    expect((await failed(sendTo(port, { timeouts: { replyMs: 200 } }))).code).toBe(
      "SMTP_UNREACHABLE",
    );
  });
});

describe("answers that are none", () => {
  test("another protocol at the greeting", async () => {
    const { port } = await startScriptedServer("HTTP/1.1 400 Bad Request\r\n\r\n");
    const error = await failed(sendTo(port));
    expect(error.code).toBe("SMTP_REFUSED");
    expect(error.message).toContain("does not speak SMTP: HTTP/1.1 400 Bad Request");
  });

  test("garbage after the message's end is no answer", async () => {
    const { port } = await startScriptedServer("220 test\r\n", (line) =>
      line === "." ? "\u0007\u001b[31mwhat?\r\n" : usual(line),
    );
    expect((await failed(sendTo(port))).code).toBe("SMTP_UNCERTAIN");
  });

  test("garbage at RCPT", async () => {
    const { port } = await startScriptedServer("220 test\r\n", (line) =>
      line.startsWith("RCPT") ? "perhaps\r\n" : usual(line),
    );
    expect((await failed(sendTo(port))).code).toBe("SMTP_REFUSED");
  });

  test("a refusal in many lines, with colours and bells, is quoted short and clean", async () => {
    const answer = `550-${"no ".repeat(500)}\r\n550-\u001b[31mRed\u0007\u202eevil\r\n550 end\r\n`;
    const { port } = await startScriptedServer("220 test\r\n", (line) =>
      line.startsWith("RCPT") ? answer : usual(line),
    );
    const { code, message } = await failed(sendTo(port));
    expect(code).toBe("SMTP_REFUSED");
    expect(message.length).toBeLessThan(300);
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test("a reply without end does not fill the memory", async () => {
    const { port } = await startScriptedServer(`220-${"x".repeat(2_000_000)}`);
    expect((await failed(sendTo(port))).code).toBe("SMTP_REFUSED");
  });
});
