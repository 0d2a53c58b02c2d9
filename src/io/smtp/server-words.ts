import type { SmtpServer } from "./smtp-url.ts";

const LONGEST_QUOTE = 200;

/** The server's own words on one line. Should it repeat the credentials, they are struck out. */
export function quoted(response: string, { login }: SmtpServer): string {
  const secrets = login
    ? [`\0${login.user}\0${login.password}`, login.password].flatMap((secret) => [
        Buffer.from(secret).toString("base64"),
        secret,
      ])
    : [];
  return secrets
    .reduce((text, secret) => text.replaceAll(secret, "***"), response.slice(0, 10 * LONGEST_QUOTE))
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .slice(0, LONGEST_QUOTE);
}
