import { describe, expect, test } from "vitest";
import { requestToken } from "../../../../src/delivery/io/smtp/access-tokens.ts";
import { selfSignedCertificate } from "../../../certificate.ts";
import { failed } from "../../../smtp-client.ts";
import { closedPort } from "../../../smtp-server.ts";
import { json, startTokenServer, token, type TokenReply } from "../../../token-server.ts";

const SECRETS = { refreshToken: "1//refresh", clientSecret: "client-secret" };

async function refusedBy(url: string, timeoutMs = 2000) {
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
      /^it has ended or was revoked: .* set SMTP_OAUTH_REFRESH_TOKEN/,
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
    ["no token at all", json(200, {}), "SMTP_AUTH", /else than a token \(200\)$/, /_TOKEN_URL$/],
    ["none in its place", token("two\r\nlines"), "SMTP_AUTH", /a token \(200\)$/, /_TOKEN_URL$/],
    [
      "another address",
      (response) => response.writeHead(302, { location: "/elsewhere" }).end(),
      "SMTP_AUTH",
      /something else than a token \(302\)$/,
      /_TOKEN_URL$/,
    ],
    [
      "trouble of its own",
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
