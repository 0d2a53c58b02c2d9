import type { SMTPServerOptions } from "smtp-server";
import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { closedPort, reply, startSmtpServer } from "../smtp-server.ts";
import { json, startTokenServer, token } from "../token-server.ts";
import { linesOf, type Run } from "./broadsheet.ts";
import { mailingProject, NONE, people, SLOT, stateOf } from "./mailing-project.ts";

const USER = "post@slipway.example";
const REFRESH = "1//the-refresh-token";
const CLIENT_SECRET = "the-client-secret";
const SEND = ["send", SLOT, "--yes", "--json"];

const diagnosed = z.object({ diagnoses: z.array(z.looseObject({ about: z.string() })) });

const runs: Run[] = [];
beforeEach(() => void (runs.length = 0));

/** A newsletter that logs in with tokens; what it prints is kept, and never holds a secret. */
async function project(port: number, tokenUrl: string, readers = 30) {
  const made = await mailingProject({ port, recipients: people(readers) });
  const env = {
    SMTP_URL: `smtp://${encodeURIComponent(USER)}@127.0.0.1:${port}`,
    SMTP_OAUTH_CLIENT_ID: "client",
    SMTP_OAUTH_CLIENT_SECRET: CLIENT_SECRET,
    SMTP_OAUTH_REFRESH_TOKEN: REFRESH,
    SMTP_OAUTH_TOKEN_URL: tokenUrl,
  };
  return async (args: readonly string[], more: Readonly<Record<string, string>> = {}) => {
    const run = await made.run(args, { ...env, ...more });
    runs.push(run);
    return run;
  };
}

/**
 * A mailbox that accepts token A until it has received `atMost` messages. From then on it hangs up on every
 * client that logged in with token A, and accepts token B alone.
 */
async function startMailbox(atMost = Infinity, options: SMTPServerOptions = {}) {
  let valid = "token-A";
  const server = await startSmtpServer({
    authOptional: false,
    authMethods: ["XOAUTH2"],
    allowInsecureAuth: true,
    onAuth: ({ accessToken }, _session, callback) =>
      accessToken === valid
        ? callback(null, { user: accessToken })
        : callback(reply(535, "5.7.3 Authentication unsuccessful")),
    onMailFrom(_address, { user }, callback) {
      if (server.received.length >= atMost) valid = "token-B";
      return user === valid ? callback() : callback(reply(421, "4.7.0 session expired"));
    },
    ...options,
  });
  return server;
}

function expectNoSecrets(): void {
  expect(runs.length).toBeGreaterThan(0);
  for (const { stdout, stderr } of runs) {
    expect(stdout + stderr).not.toMatch(/the-refresh-token|the-client-secret|token-[AB]/);
  }
}

test("a token that ends in the middle of an issue is replaced, and each reader gets it once", async () => {
  const tokens = await startTokenServer([token("token-A"), token("token-B")]);
  const server = await startMailbox(10);
  const run = await project(server.port, tokens.url);
  expect(stateOf(await run(SEND))).toEqual({ ...NONE, accepted: 30 });
  expect(new Set(server.received.map(({ to }) => to[0]))).toEqual(new Set(people(30)));
  expect([server.received.length, tokens.forms.length]).toEqual([30, 2]);
  expectNoSecrets();
});

test("a refresh token that is refused in the middle leaves the others planned, and ends with 77", async () => {
  const refused = json(400, { error: "invalid_grant", error_description: `${REFRESH} expired` });
  const tokens = await startTokenServer([token("token-A"), refused]);
  const server = await startMailbox(10);
  const run = await project(server.port, tokens.url);
  const sent = await run(SEND);
  const { accepted, planned, deferred, ...rest } = stateOf(sent);
  expect([sent.code, accepted + planned + deferred, rest.uncertain]).toEqual([77, 30, 0]);
  // Messages that the server had begun to receive are accepted too.
  expect(accepted).toBeGreaterThanOrEqual(10);
  expect(planned + deferred).toBeGreaterThan(0);
  expect(sent.stderr).toContain("refuses the refresh token: invalid_grant: *** expired");
  expect(sent.stderr).toContain("SMTP_OAUTH_REFRESH_TOKEN");
  expectNoSecrets();
});

test("where nobody gives tokens now the issue waits, and goes out with the next run", async () => {
  const tokens = await startTokenServer([
    (response) => response.destroy(),
    (response) => response.writeHead(503).end(),
    token("token-A"),
  ]);
  const server = await startMailbox();
  const run = await project(server.port, tokens.url, 3);
  for (const code of [75, 75]) {
    const sent = await run(SEND);
    expect([sent.code, stateOf(sent)]).toEqual([code, { ...NONE, planned: 3 }]);
  }
  expect(stateOf(await run(SEND))).toEqual({ ...NONE, accepted: 3 });
  expectNoSecrets();
});

test("a server that takes no tokens, and a variable that is missing, are told before anything is sent", async () => {
  const tokens = await startTokenServer([token("token-A")]);
  const server = await startMailbox(Infinity, { authMethods: ["PLAIN"] });
  const run = await project(server.port, tokens.url, 2);
  const missing = await run(SEND, { SMTP_OAUTH_TOKEN_URL: "" });
  expect(missing.code).toBe(78);
  expect(missing.stderr).toContain("SMTP_OAUTH_TOKEN_URL is not set");
  expect(missing.stderr).toContain("https://oauth2.googleapis.com/token");
  const sent = await run(SEND);
  expect([sent.code, stateOf(sent)]).toEqual([77, { ...NONE, planned: 2 }]);
  expect(sent.stderr).toContain("it offers PLAIN, but not XOAUTH2");
  expect(tokens.forms).toEqual([]);
  expectNoSecrets();
});

test("the doctor logs in by token as sending does", async () => {
  const tokens = await startTokenServer([token("token-A")]);
  const server = await startMailbox();
  const run = await project(server.port, tokens.url, 1);
  const login = async (more: Readonly<Record<string, string>> = {}) => {
    const resolver = `127.0.0.1:${await closedPort()}`;
    const [told] = linesOf(await run(["doctor", "--json", "--resolver", resolver], more));
    return diagnosed.parse(told).diagnoses.find(({ about }) => about === "Login");
  };
  expect(await login()).toMatchObject({
    verdict: "ok",
    says: `a token from ${tokens.host} is accepted (XOAUTH2)`,
  });
  const given = { SMTP_OAUTH_REFRESH_TOKEN: "", SMTP_OAUTH_ACCESS_TOKEN: "token-A" };
  expect(await login(given)).toMatchObject({
    verdict: "look",
    fix: expect.stringContaining("SMTP_OAUTH_REFRESH_TOKEN"),
  });
  expect(await login({ ...given, SMTP_OAUTH_ACCESS_TOKEN: "token-B" })).toMatchObject({
    verdict: "fix",
    code: "SMTP_AUTH",
    fix: expect.stringContaining("SMTP_OAUTH_ACCESS_TOKEN"),
  });
  expectNoSecrets();
});
