import { describe, expect, test } from "vitest";
import type { OAuthSecrets } from "../../../../src/delivery/settings.ts";
import { parseSmtpUrl } from "../../../../src/delivery/io/smtp/smtp-server.ts";

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
      "SMTP_OAUTH_TOKEN_URL holds more than an address",
    ],
    ["two lines", { ...whole, refreshToken: "1//\n2" }, "SMTP_OAUTH_REFRESH_TOKEN has a blank"],
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
