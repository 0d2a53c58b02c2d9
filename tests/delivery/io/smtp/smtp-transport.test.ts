import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SmtpOptions } from "../../../../src/delivery/io/smtp/smtp-pool.ts";
import { parseSmtpUrl } from "../../../../src/delivery/io/smtp/smtp-server.ts";
import type { Message } from "../../../../src/delivery/compile-message.ts";
import { isLoopback } from "../../../../src/platform/http/web-address.ts";
import { selfSignedCertificate } from "../../../certificate.ts";
import { type Fault, startFaultServer } from "../../../fault-server.ts";
import { quickTime } from "../../../quick-time.ts";
import { failed, messageTo, sendTo, transport } from "../../../smtp-client.ts";
import { startScriptedServer, startSmtpServer, usual } from "../../../smtp-server.ts";
import { transportContract } from "../../transport-contract.ts";

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

async function messagesTo(count: number) {
  const names = Array.from({ length: count }, (_, index) => `r${index}@example.org`);
  return Promise.all(names.map(async (name) => messageTo(name)));
}

test("several connections: are opened as they are needed, up to the limit, and kept", async () => {
  const server = await startSmtpServer();
  const mailer = transport(`smtp://127.0.0.1:${server.port}`, { connections: 4 });
  const messages = await messagesTo(20);
  // No message begins before all connections are there.
  const areOpen = async (): Promise<boolean> => {
    while (server.connections() < 4) await new Promise((resolve) => setImmediate(resolve));
    return true;
  };
  await Promise.all(messages.map(async (message) => mailer.send(message, areOpen)));
  expect(new Set(server.received.map(({ to }) => to[0]))).toEqual(
    new Set(messages.map(({ envelope }) => envelope.to)),
  );
  expect(server.received).toHaveLength(20);
  expect(server.connections()).toBe(4);
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

describe("the question before a message", () => {
  test("comes when the server is ready for it; where the answer is no, not a byte of it is sent", async () => {
    const server = await startFaultServer({});
    const mailer = transport(`smtp://127.0.0.1:${server.port}`);
    const [first, second] = await messagesTo(2);
    if (!first || !second) throw new Error("there are no messages");
    let commands: readonly string[] = [];
    const refused = mailer.send(first, async () => {
      commands = [...server.commands];
      return false;
    });
    const sent = mailer.send(second, async () => true);
    expect((await failed(refused)).code).toBe("SMTP_UNREACHABLE");
    expect(commands.at(-1)).toBe("DATA");
    await sent;
    expect(server.taken.map(({ to }) => to)).toEqual([second.envelope.to]);
  });

  test("is asked for one message a connection, however many wait", async () => {
    const server = await startFaultServer({});
    const mailer = transport(`smtp://127.0.0.1:${server.port}`, { connections: 2 });
    let [asked, most] = [0, 0];
    const isTaken = (to: string) => server.taken.some((message) => message.to === to);
    await Promise.all(
      (await messagesTo(20)).map(async (message) => {
        await mailer.send(message, async () => {
          most = Math.max(most, ++asked - server.taken.length);
          expect(isTaken(message.envelope.to)).toBe(false);
          return true;
        });
      }),
    );
    expect(server.taken).toHaveLength(20);
    expect(most).toBeLessThanOrEqual(2);
  });
});

test.each(["behind a command", "behind a message"] as const)(
  "a server that offers PIPELINING and loses input %s is asked one by one, and everybody is served once",
  async (losesInput) => {
    const server = await startFaultServer({ losesInput });
    quickTime();
    const mailer = transport(`smtp://127.0.0.1:${server.port}`, { connections: 3 });
    const messages = await messagesTo(30);
    await Promise.all(messages.map(async (message) => mailer.send(message)));
    expect(new Set(server.taken.map(({ to }) => to)).size).toBe(30);
    expect(server.taken).toHaveLength(30);
    // Only the connections that it stalled over were given up.
    expect(server.connections()).toBeLessThanOrEqual(6);
  },
);

const url = (port: number) => `smtp://${LOGIN}127.0.0.1:${port}`;
const logins = (commands: readonly string[]) =>
  commands.filter((line) => line.startsWith("AUTH")).length;

describe("logins", () => {
  test("one that is refused is the last, however many messages wait", async () => {
    const server = await startFaultServer({ login, faults: [{ at: "AUTH", say: "535 5.7.8 no" }] });
    const mailer = transport(url(server.port), { connections: 10 });
    const messages = await messagesTo(20);
    const errors = await Promise.all(messages.map(async (message) => failed(mailer.send(message))));
    const [again] = await messagesTo(1);
    if (again) errors.push(await failed(mailer.send(again)));
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["SMTP_AUTH"]));
    expect(logins(server.commands)).toBe(1);
  });

  test.each(["535 5.7.8 one session only", "454 4.7.0 one session only"])(
    "where only the first connection may log in (%j), it takes all messages",
    async (say) => {
      const faults: Fault[] = [2, 3, 4, 5, 6, 7, 8].map((nth) => ({ at: "AUTH", nth, say }));
      const server = await startFaultServer({
        login: { user: "desk", password: PASSWORD },
        faults,
      });
      const mailer = transport(url(server.port), { connections: 8 });
      const isRefused = async (): Promise<boolean> => {
        while (logins(server.commands) < 2) await new Promise((resolve) => setImmediate(resolve));
        return true;
      };
      const messages = await messagesTo(20);
      await Promise.all(messages.map(async (message) => mailer.send(message, isRefused)));
      expect(server.taken).toHaveLength(20);
      expect(logins(server.commands)).toBe(2);
    },
  );
});

/*
 * What becomes of a message that a server doesn't take, in the words that people read and the facts that sending goes
 * by. What sending makes of each stands in sending-faults.test.ts and sending-doubt.test.ts.
 */

const PASSWORD = "p@ss/wörd#1";
const LOGIN = `desk:${encodeURIComponent(PASSWORD)}@`;
const login = { user: "desk", password: PASSWORD };
const strict: SmtpOptions = { trustLoopback: false };
const said = (text: string) => expect.stringContaining(text);

/** What a server does, the code of the error, and words of its message. */
test.each<[Fault, string, string?]>([
  [{ at: "connect", say: "220-hal", do: "hang" }, "SMTP_UNREACHABLE"],
  [{ at: "connect", do: "hang" }, "SMTP_UNREACHABLE"],
  [{ at: "connect", do: "end" }, "SMTP_UNREACHABLE"],
  [{ at: "connect", say: "HTTP/1.1 400 No" }, "SMTP_REFUSED", "does not speak SMTP: HTTP/1.1 400"],
  [{ at: "connect", say: `220-${"x".repeat(2_000_000)}` }, "SMTP_REFUSED"],
  [{ at: "connect", say: "554 not today" }, "SMTP_REFUSED", "554 not today"],
  [{ at: "connect", say: "421 not today" }, "SMTP_DEFERRED", "421 not today"],
  [{ at: "MAIL", do: "hang" }, "SMTP_UNREACHABLE"],
  [{ at: "MAIL", say: "553 not you" }, "SMTP_REFUSED"],
  [{ at: "MAIL", say: "451 4.7.1 slow down" }, "SMTP_DEFERRED"],
  [{ at: "MAIL", say: "530 5.7.0 log in" }, "SMTP_AUTH", "requires a login: 530 5.7.0 log in"],
  [{ at: "RCPT", do: "drop" }, "SMTP_UNREACHABLE"],
  [{ at: "RCPT", say: "perhaps" }, "SMTP_REFUSED"],
  [{ at: "RCPT", say: "550 5.1.1 gone" }, "SMTP_REFUSED", "refuses the recipient: 550 5.1.1 gone"],
  [{ at: "RCPT", say: "450 later please" }, "SMTP_DEFERRED", "450 later please"],
  [{ at: "RCPT", say: "421 later" }, "SMTP_DEFERRED"],
  [{ at: "RCPT", say: "452 later" }, "SMTP_DEFERRED"],
  [{ at: "DATA", say: "554 5.5.1 no" }, "SMTP_REFUSED"],
  [{ at: "body", do: "end" }, "SMTP_UNCERTAIN", "may or may not have accepted the message"],
  [{ at: "dot", do: "drop" }, "SMTP_UNCERTAIN"],
  [{ at: "dot", do: "hang" }, "SMTP_UNCERTAIN", "does not answer in time"],
  [{ at: "dot", do: "drip" }, "SMTP_UNCERTAIN"],
  [{ at: "dot", say: "\u0007\u001b[31mwhat?" }, "SMTP_UNCERTAIN"],
  [{ at: "dot", say: "554 not this" }, "SMTP_REFUSED", "554 not this"],
  [{ at: "dot", say: "451 not this" }, "SMTP_DEFERRED", "451 not this"],
  [{ at: "dot", say: "421 not this" }, "SMTP_DEFERRED", "421 not this"],
])("%o is %s %s", async (fault, code, words = "") => {
  const { port, taken } = await startFaultServer({ faults: [fault] });
  quickTime();
  const timeouts = { greetingMs: 5_000, sendMs: 10_000 };
  const error = await failed(sendTo(port, { timeouts }));
  expect(error).toMatchObject({ code, message: said(words) });
  expect(taken).toEqual([]);
});

/** The facts by which sending decides whose fault it is. */
test.each([
  ["RCPT", "550 5.1.1 no such user", "recipient", { code: 550, status: "5.1.1" }],
  ["RCPT", "550-5.7.1 first\r\n550 5.7.1 blocked", "recipient", { code: 550, status: "5.7.1" }],
  ["RCPT", "450 later", "recipient", { code: 450 }],
  ["RCPT", "550 4.1.1 confused", "recipient", { code: 550 }],
  ["MAIL", "451 4.7.1 slow down", "sender", { code: 451, status: "4.7.1" }],
  ["DATA", "554 5.5.1 no", "message", { code: 554, status: "5.5.1" }],
  ["dot", "554 5.6.0 no", "message", { code: 554, status: "5.6.0" }],
  ["dot", "421 4.3.0 closing", "message", { code: 421, status: "4.3.0" }],
] as const)("after %s, %j is about the %s", async (at, say, stage, reply) => {
  const { port } = await startFaultServer({ faults: [{ at, say }] });
  const { facts } = await failed(sendTo(port));
  expect(facts).toMatchObject({ stage, reply, said: say.replace(/\r\n/g, " ") });
});

describe("what a server says is quoted", () => {
  test("short and clean, whatever colours and bells are in it", async () => {
    const say = `550-${"no ".repeat(500)}\r\n550-\u001b[31mRed\u0007\u202eevil\r\n550 end`;
    const { port } = await startFaultServer({ faults: [{ at: "RCPT", say }] });
    const { code, message } = await failed(sendTo(port));
    expect(code).toBe("SMTP_REFUSED");
    expect(message.length).toBeLessThan(300);
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test("without the credentials that it repeats", async () => {
    const token = Buffer.from(`\0desk\0${PASSWORD}`).toString("base64");
    const say = `535 no: ${PASSWORD} AUTH PLAIN ${token}`;
    const { port } = await startFaultServer({ login, faults: [{ at: "AUTH", say }] });
    const { code, message, fix, stack, cause } = await failed(sendTo(port, {}, LOGIN));
    const told = JSON.stringify([message, fix, stack, cause]);
    expect(code).toBe("SMTP_AUTH");
    expect(told).toContain("535 no: *** AUTH PLAIN ***");
    for (const secret of [token, "p@ss", "smtp://desk"]) expect(told).not.toContain(secret);
  });
});

test("logging in: where it can't be done, nothing is sent as nobody, and no password in clear", async () => {
  const without = await startFaultServer({});
  expect((await failed(sendTo(without.port, {}, LOGIN))).code).toBe("SMTP_AUTH");
  const inClear = await startFaultServer({ login });
  expect(await failed(sendTo(inClear.port, { ...strict, requireTls: false }, LOGIN))).toMatchObject(
    { code: "SMTP_TLS", message: said("would get the password without encryption") },
  );
  expect([...without.taken, ...inClear.taken]).toEqual([]);
});

describe("encryption", () => {
  const tls = selfSignedCertificate();

  test("a server on this machine that is asked for TLS has to be the right one", async () => {
    const message = await messageTo("mara@example.org");
    for (const options of [{ tls: { ...tls, isImplicit: true } }, {}]) {
      const { port, taken } = await startFaultServer(options);
      const sending = transport(`smtps://127.0.0.1:${port}`).send(message);
      expect((await failed(sending)).code).toBe("SMTP_TLS");
      expect(taken).toEqual([]);
    }
  });

  test("on this machine STARTTLS is used where it is on offer, whoever signed", async () => {
    const { port, taken } = await startFaultServer({ tls });
    await sendTo(port);
    expect(taken[0]?.isEncrypted).toBe(true);
  });

  test("requireTls: false sends in clear", async () => {
    const { port, taken } = await startFaultServer({});
    await sendTo(port, { ...strict, requireTls: false });
    expect(taken).toHaveLength(1);
  });
});

const AFTER_PORT = "has more text after its host and port, which is not allowed";

describe("parseSmtpUrl", () => {
  test.each([
    ["smtp://mail.example", { host: "mail.example", port: 587, isImplicitTls: false }],
    ["smtps://mail.example", { host: "mail.example", port: 465, isImplicitTls: true }],
    ["smtp://mail.example:25/", { host: "mail.example", port: 25, isImplicitTls: false }],
    ["SMTP://MAIL.Example:2525", { host: "mail.example", port: 2525, isImplicitTls: false }],
    ["smtp://[::1]:25", { host: "::1", port: 25, isImplicitTls: false }],
    ["smtp://b%C3%BCh.example", { host: "xn--bh-xka.example", port: 587, isImplicitTls: false }],
    ["smtp://bücher.example", { host: "xn--bcher-kva.example", port: 587, isImplicitTls: false }],
  ])("%s", (url, server) => {
    expect(parseSmtpUrl(url)).toEqual(server);
  });

  test("user and password are percent-encoded, and any of them comes through", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: "grapheme" }),
        fc.string({ minLength: 1, unit: "grapheme" }),
        (user, password) => {
          const url = `smtp://${encodeURIComponent(user)}:${encodeURIComponent(password)}@mail.example`;
          expect(parseSmtpUrl(url).login).toEqual({ user, password });
        },
      ),
    );
  });

  test("an @ in the user is understood as it is usually written", () => {
    expect(parseSmtpUrl("smtp://desk@letters.example:pw@mail.example").login).toEqual({
      user: "desk@letters.example",
      password: "pw",
    });
  });

  test.each([
    ["mail.example:25", "is not a URL that begins with smtp:// or smtps://"],
    ["https://mail.example", "is not a URL that begins with smtp:// or smtps://"],
    ["smtp://u:se#cret@mail.example", "cannot be read"],
    ["smtp://u:12/secret@mail.example", AFTER_PORT],
    ["smtp://mail.example/?tls=off", AFTER_PORT],
    ["smtp://mail.example/#secret", AFTER_PORT],
    ["smtp://", "names no host"],
    ["smtp://mail%20example", "names no host"],
    ["smtp://a%2Fb", "names no host"],
    ["smtp://secret@mail.example", "has a user but no password"],
    ["smtp://:secret@mail.example", "has a password but no user"],
    ["smtp://u:secret%zz@mail.example", "has a % that does not begin an encoded character"],
    ["smtp://mail.example:99999", "cannot be read"],
  ])("%s is refused without being repeated", (url, fault) => {
    expect(() => parseSmtpUrl(url)).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", message: `SMTP_URL ${fault}` }),
    );
  });

  test.each([
    ["localhost", true],
    ["127.0.0.1", true],
    ["127.8.9.1", true],
    ["::1", true],
    ["::ffff:127.0.0.1", true],
    ["::ffff:7f00:1", true],
    ["localhost.example", false],
    ["127.0.0.1.example", false],
    ["10.0.0.1", false],
    ["0.0.0.0", false],
    ["::2", false],
    ["mail.example", false],
  ])("%s stays on this machine: %s", (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
