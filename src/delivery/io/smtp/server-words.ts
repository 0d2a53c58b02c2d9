import type { Login, SmtpServer } from "./smtp-url.ts";
import { struckOut } from "./struck-out.ts";

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
