import type { SMTPServerOptions } from "smtp-server";
import { describe, expect, test } from "vitest";
import type { OAuthSecrets } from "../../../../src/delivery/settings.ts";
import type { SmtpOptions } from "../../../../src/delivery/io/smtp/smtp-pool.ts";
import { failed, messageTo, transport } from "../../../smtp-client.ts";
import { reply, startScriptedServer, startSmtpServer } from "../../../smtp-server.ts";
import { startTokenServer, token } from "../../../token-server.ts";

const USER = "desk@letters.example";
const SECRETS = { refreshToken: "1//refresh", clientSecret: "client-secret" };

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

describe("access tokens", () => {
  test("one is fetched for all connections", async () => {
    const { url, forms } = await startTokenServer([token("A")]);
    const { server, tried } = await startMailbox(["A"]);
    const way = mailer(server.port, refreshing(url), { connections: 4 });
    await Promise.all((await messages(12)).map(async (message) => way.send(message)));
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
      const { server, valid } = await startMailbox(["A"], { isLikeGoogle });
      const way = mailer(server.port, refreshing(url), { connections: 3 });
      const all = await messages(30);
      await Promise.all(all.slice(0, 12).map(async (message) => way.send(message)));
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
      fix: "put a new token into SMTP_OAUTH_ACCESS_TOKEN: most end within an hour",
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

describe("no token is asked for", () => {
  test("where it would go in clear", async () => {
    const { url, forms } = await startTokenServer([token("A")]);
    const { server, tried } = await startMailbox(["A"]);
    const lax = { trustLoopback: false, requireTls: false };
    const error = await failed(
      mailer(server.port, refreshing(url), lax).send(await messageTo("mara@example.org")),
    );
    expect(error.message).toContain("would get the token in clear");
    expect([error.code, forms, tried]).toEqual(["SMTP_TLS", [], []]);
  });
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
