import type { SMTPServerOptions } from "smtp-server";
import { describe, expect, test } from "vitest";
import { requestToken } from "../../../../src/delivery/io/smtp/access-tokens.ts";
import type { SmtpOptions } from "../../../../src/delivery/io/smtp/smtp-pool.ts";
import { parseSmtpUrl } from "../../../../src/delivery/io/smtp/smtp-server.ts";
import type { OAuthSecrets } from "../../../../src/delivery/settings.ts";
import { selfSignedCertificate } from "../../../certificate.ts";
import { failed, messageTo, transport } from "../../../smtp-client.ts";
import { closedPort, reply, startScriptedServer, startSmtpServer } from "../../../smtp-server.ts";
import { type TokenReply, json, startTokenServer, token } from "../../../token-server.ts";

const USER = "desk@letters.example";
const SECRETS = { refreshToken: "1//refresh", clientSecret: "client-secret" };

describe("what the environment holds", () => {
  const whole = { ...SECRETS, clientId: "client", tokenUrl: "https://tokens.example/token" };

  test.each<[string, OAuthSecrets, string]>([
    ["no client", { ...SECRETS }, "SMTP_OAUTH_CLIENT_ID is not set"],
    ["no address", { ...SECRETS, clientId: "client" }, "SMTP_OAUTH_TOKEN_URL is not set"],
    [
      "no refresh token",
      { clientId: "client", tokenUrl: "https://tokens.example/" },
      "SMTP_OAUTH_REFRESH_TOKEN is not set",
    ],
    ["both", { ...whole, accessToken: "A" }, "SMTP_OAUTH_ACCESS_TOKEN is set, and"],
    [
      "an address in clear",
      { ...whole, tokenUrl: "http://tokens.example/" },
      "SMTP_OAUTH_TOKEN_URL is not an https address",
    ],
    ["a secret", { ...whole, tokenUrl: "1//refresh" }, "SMTP_OAUTH_TOKEN_URL is not an https"],
    [
      "a login in the address",
      { ...whole, tokenUrl: "https://a:client-secret@tokens.example/" },
      "SMTP_OAUTH_TOKEN_URL contains more than an address",
    ],
    [
      "two lines",
      { ...whole, refreshToken: "1//\n2" },
      "SMTP_OAUTH_REFRESH_TOKEN contains a blank",
    ],
  ])("%s is refused without being repeated", (_what, oauth, message) => {
    const error = thrownBy(() => parseSmtpUrl(`smtps://${USER}@mail.example`, oauth));
    expect(error).toMatchObject({ code: "CONFIG_INVALID", fix: expect.stringMatching(/\w/) });
    expect(error.message.startsWith(message)).toBe(true);
    for (const secret of Object.values(SECRETS)) expect(error.message).not.toContain(secret);
  });

  test("a password in SMTP_URL, or no user, needs none of it", () => {
    const oauth = { tokenUrl: "not looked at" };
    expect(parseSmtpUrl("smtp://localhost", oauth).login).toBeUndefined();
    expect(parseSmtpUrl("smtp://u:p@localhost", oauth).login).toEqual({ user: "u", password: "p" });
  });
});

function thrownBy(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("nothing was thrown");
}

async function refusedBy(url: string, timeoutMs = 60_000) {
  const grant = { ...SECRETS, clientId: "client", tokenUrl: new URL(url) };
  const error = await failed(requestToken(grant, timeoutMs));
  const { code, message, fix = "", facts } = error;
  const told = JSON.stringify([message, fix, error.stack, error.cause, facts]);
  for (const secret of Object.values(SECRETS)) expect(told).not.toContain(secret);
  return { code, message, fix, stage: facts.stage };
}

describe("where tokens are asked for", () => {
  test.each<[string, TokenReply, string, RegExp, RegExp]>([
    [
      "a refresh token that has ended",
      json(400, { error: "invalid_grant", error_description: "Token has been\r\n revoked." }),
      "SMTP_AUTH",
      /refuses the refresh token: invalid_grant: Token has been revoked\.$/,
      /^it has expired or was revoked: .* set SMTP_OAUTH_REFRESH_TOKEN/,
    ],
    [
      "a client that isn't known",
      json(401, { error: "invalid_client" }),
      "SMTP_AUTH",
      /: invalid_client$/,
      /^check SMTP_OAUTH_CLIENT_ID and SMTP_OAUTH_CLIENT_SECRET/,
    ],
    [
      "what it was told, told again",
      (response, form) =>
        json(400, { error: "invalid_request", error_description: [...form.values()].join(" ") })(
          response,
          form,
        ),
      "SMTP_AUTH",
      /: invalid_request: refresh_token client \*\*\* \*\*\*$/,
      /^check the variables/,
    ],
    [
      "an error with the name of what every object has",
      json(400, { error: "constructor" }),
      "SMTP_AUTH",
      /: constructor$/,
      /^check the variables/,
    ],
    [
      "no token at all",
      json(200, {}),
      "SMTP_AUTH",
      /answer without a token \(200\)$/,
      /_TOKEN_URL$/,
    ],
    ["none in its place", token("two\r\nlines"), "SMTP_AUTH", /a token \(200\)$/, /_TOKEN_URL$/],
    [
      "another address",
      (response) => response.writeHead(302, { location: "/elsewhere" }).end(),
      "SMTP_AUTH",
      /answer without a token \(302\)$/,
      /_TOKEN_URL$/,
    ],
    [
      "internal error",
      (response) => response.writeHead(503).end("<h1>later</h1>"),
      "SMTP_UNREACHABLE",
      /gives no access token now \(503\)$/,
      /nothing was sent$/,
    ],
    ["too many", json(429, { error: "slow" }), "SMTP_UNREACHABLE", /\(429\)$/, /nothing was sent$/],
    [
      "half an answer",
      (response) => {
        response.writeHead(200, { "content-length": "100" }).write('{"access_token":"A');
        setTimeout(() => response.destroy(), 10);
      },
      "SMTP_UNREACHABLE",
      /gives no access token: it closed the connection$/,
      /nothing was sent$/,
    ],
    [
      "an answer without end",
      (response) => response.writeHead(200).end(Buffer.alloc(3 * 1024 * 1024, " ")),
      "SMTP_UNREACHABLE",
      /gives no access token: /,
      /nothing was sent$/,
    ],
  ])("%s", async (_what, answer, code, message, fix) => {
    const { url, host, forms } = await startTokenServer([answer]);
    const error = await refusedBy(url);
    expect(error).toMatchObject({ code, stage: "connection" });
    expect(error.message.startsWith(`${host} `)).toBe(true);
    expect(error.message).toMatch(message);
    expect(error.fix).toMatch(fix);
    expect(forms).toHaveLength(1);
  });

  test("silence is waited for only so long", async () => {
    const { url } = await startTokenServer([() => undefined]);
    const error = await refusedBy(url, 50);
    expect(error.code).toBe("SMTP_UNREACHABLE");
    expect(error.message).toContain("gives no access token: it does not answer in time");
  });

  test("nobody is there", async () => {
    const error = await refusedBy(`http://127.0.0.1:${await closedPort()}/token`);
    expect(error.code).toBe("SMTP_UNREACHABLE");
    expect(error.message).toContain("nothing listens there");
  });

  test("a certificate that nobody vouches for gets no secret", async () => {
    const { url, forms } = await startTokenServer([token("A")], { tls: selfSignedCertificate() });
    expect([(await refusedBy(url)).code, forms]).toEqual(["SMTP_TLS", []]);
  });
});

interface Mailbox {
  /** The tokens that it takes; none may be said. */
  readonly valid: Set<string>;
  /** Those that were tried, in order. */
  readonly tried: string[];
}

/** A mailbox that wants XOAUTH2. `isLikeGoogle`: it says why in a challenge (334) before it says no. */
async function startMailbox(
  tokens: readonly string[],
  {
    isLikeGoogle = false,
    ...options
  }: SMTPServerOptions & { readonly isLikeGoogle?: boolean } = {},
) {
  const mailbox: Mailbox = { valid: new Set(tokens), tried: [] };
  const server = await startSmtpServer({
    authOptional: false,
    authMethods: ["XOAUTH2"],
    allowInsecureAuth: true,
    onAuth({ username, accessToken = "" }, _session, callback) {
      mailbox.tried.push(accessToken);
      if (username === USER && mailbox.valid.has(accessToken)) callback(null, { user: username });
      else if (isLikeGoogle) callback(null, { data: { status: "401", schemes: "bearer" } });
      else callback(reply(535, "5.7.3 Authentication unsuccessful"));
    },
    ...options,
  });
  return { ...mailbox, server };
}

function mailer(port: number, oauth: OAuthSecrets, options: SmtpOptions = {}) {
  return transport(`smtp://${USER}@127.0.0.1:${port}`, { oauth, ...options });
}

function refreshing(tokenUrl: string): OAuthSecrets {
  return { ...SECRETS, clientId: "client", tokenUrl };
}

async function messages(count: number) {
  return Promise.all(Array.from({ length: count }, async (_, n) => messageTo(`r${n}@example.org`)));
}

/** No message begins before there were so many logins. They come one after another, as messages wait. */
function afterLogins(count: number, tried: readonly string[]): () => Promise<boolean> {
  return async () => {
    while (tried.length < count) await new Promise((resolve) => setImmediate(resolve));
    return true;
  };
}

describe("access tokens", () => {
  test("one is fetched for all connections", async () => {
    const { url, forms } = await startTokenServer([token("A")]);
    const { server, tried } = await startMailbox(["A"]);
    const way = mailer(server.port, refreshing(url), { connections: 4 });
    const begin = afterLogins(4, tried);
    await Promise.all((await messages(12)).map(async (message) => way.send(message, begin)));
    expect(server.received).toHaveLength(12);
    expect(server.received[0]?.user).toBe(USER);
    expect(tried).toEqual(["A", "A", "A", "A"]);
    expect(forms.map((form) => Object.fromEntries(form))).toEqual([
      {
        grant_type: "refresh_token",
        client_id: "client",
        client_secret: "client-secret",
        refresh_token: "1//refresh",
      },
    ]);
  });

  test("a client that can keep no secret sends none", async () => {
    const { url, forms } = await startTokenServer([token("A", {})]);
    const { server } = await startMailbox(["A"]);
    const { clientSecret: _, ...open } = refreshing(url);
    await mailer(server.port, open).send(await messageTo("mara@example.org"));
    expect(forms[0]?.has("client_secret")).toBe(false);
  });

  test("a new connection gets a new one where the last has ended, by the newest refresh token", async () => {
    const { url, forms } = await startTokenServer([
      token("A", { expires_in: "1", refresh_token: "1//next" }),
      token("B"),
    ]);
    const { server, tried } = await startMailbox(["A", "B"]);
    const way = mailer(server.port, refreshing(url));
    const [one, two, three] = await messages(3);
    if (!one || !two || !three) throw new Error("three were made");
    await way.send(one);
    server.drop();
    await way.send(two);
    server.drop();
    await way.send(three);
    expect(server.received).toHaveLength(3);
    expect(tried).toEqual(["A", "B", "B"]);
    expect(forms.map((form) => form.get("refresh_token"))).toEqual(["1//refresh", "1//next"]);
  });

  test.each([true, false])(
    "one that ends in the middle is replaced, and every message arrives once (like Google: %s)",
    async (isLikeGoogle) => {
      const { url, forms } = await startTokenServer([token("A"), token("B")]);
      const { server, valid, tried } = await startMailbox(["A"], { isLikeGoogle });
      const way = mailer(server.port, refreshing(url), { connections: 3 });
      const all = await messages(30);
      const begin = afterLogins(3, tried);
      await Promise.all(all.slice(0, 12).map(async (message) => way.send(message, begin)));
      valid.clear();
      valid.add("B");
      server.drop();
      await Promise.all(all.slice(12).map(async (message) => way.send(message)));
      const received = server.received.map(({ to: [address = ""] }) => address);
      expect(received.toSorted(byLetters)).toEqual(
        all.map(({ envelope }) => envelope.to).toSorted(byLetters),
      );
      expect(forms).toHaveLength(2);
    },
  );

  test.each([true, false])(
    "a new one that is refused isn't tried again (like Google: %s)",
    async (isLikeGoogle) => {
      const { url, forms } = await startTokenServer([token("A"), token("B")]);
      const { server, tried } = await startMailbox([], { isLikeGoogle });
      const error = await failed(
        mailer(server.port, refreshing(url)).send(await messageTo("mara@example.org")),
      );
      expect(error.code).toBe("SMTP_AUTH");
      expect(error.message).toMatch(/^127\.0\.0\.1:\d+ refuses the login: 535 /);
      expect(error.fix).toContain("https://outlook.office.com/SMTP.Send");
      expect([tried, forms.length]).toEqual([["A"], 1]);
    },
  );

  test("one that was given is used as it is, and said to have ended where it is refused", async () => {
    const { server, valid, tried } = await startMailbox(["given"], { isLikeGoogle: true });
    const way = mailer(server.port, { accessToken: "given" });
    const [one, two] = await messages(2);
    if (!one || !two) throw new Error("two were made");
    await way.send(one);
    valid.clear();
    server.drop();
    const error = await failed(way.send(two));
    expect(error).toMatchObject({
      code: "SMTP_AUTH",
      fix: "put a new token into SMTP_OAUTH_ACCESS_TOKEN: most tokens expire within an hour",
    });
    expect(tried).toEqual(["given", "given"]);
  });

  test("454 at the login is a deferral, and costs no token", async () => {
    const { url, forms } = await startTokenServer([token("A")]);
    const { server } = await startMailbox([], {
      onAuth: (_auth, _session, callback) => callback(reply(454, "4.7.0 try again")),
    });
    const error = await failed(
      mailer(server.port, refreshing(url)).send(await messageTo("mara@example.org")),
    );
    expect([error.code, forms.length]).toEqual(["SMTP_DEFERRED", 1]);
  });
});

test("no token is asked for: where it would go in clear", async () => {
  const { url, forms } = await startTokenServer([token("A")]);
  const { server, tried } = await startMailbox(["A"]);
  const lax = { trustLoopback: false, requireTls: false };
  const error = await failed(
    mailer(server.port, refreshing(url), lax).send(await messageTo("mara@example.org")),
  );
  expect(error.message).toContain("would get the token without encryption");
  expect([error.code, forms, tried]).toEqual(["SMTP_TLS", [], []]);
});

test("a server that repeats the token does not get it printed", async () => {
  const { url } = await startTokenServer([token("secret-token")]);
  const { port } = await startScriptedServer("220 test\r\n", (line) => {
    if (line.startsWith("EHLO")) return "250-test\r\n250 AUTH XOAUTH2\r\n";
    const [, said = ""] = /^AUTH XOAUTH2 (.*)/.exec(line) ?? [];
    return `535 no: ${said} ${Buffer.from(said, "base64").toString()}\r\n`;
  });
  const error = await failed(
    mailer(port, refreshing(url)).send(await messageTo("mara@example.org")),
  );
  expect(error.message).toMatch(/refuses the login: 535 no: \*\*\* \*\*\*$/);
  expect(JSON.stringify([error.fix, error.stack, error.facts])).not.toContain("secret-token");
});

function byLetters(a: string, b: string): number {
  return a.localeCompare(b);
}
