import type { Login, SmtpServer } from "./smtp-url.ts";

const LONGEST_QUOTE = 200;

/** The server's own words on one line. Should it repeat the credentials, they are struck out. */
export function quoted(response: string, { login }: SmtpServer): string {
  return struckOut(response, login ? spokenIn(login) : []);
}

/** What goes over the line at a login, and is to be shown in none of its parts. */
function spokenIn(login: Login): readonly string[] {
  const { user } = login;
  return "password" in login
    ? [`\0${user}\0${login.password}`, login.password]
    : login.tokens.secrets.flatMap((token) => [bearer(user, token), token]);
}

/** What XOAUTH2 says (developers.google.com/gmail/imap/xoauth2-protocol). */
function bearer(user: string, token: string): string {
  return `user=${user}\x01auth=Bearer ${token}\x01\x01`;
}

/** Somebody's words on one line, the secrets struck out, as they are and in base64. */
export function struckOut(words: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [Buffer.from(secret).toString("base64"), secret])
    .reduce((text, secret) => text.replaceAll(secret, "***"), words.slice(0, 10 * LONGEST_QUOTE))
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .slice(0, LONGEST_QUOTE);
}
