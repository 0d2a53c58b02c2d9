import { domainToASCII } from "node:url";
import { grantFrom, AccessTokens } from "./access-tokens.ts";
import type { OAuthSecrets, SmtpTimeouts } from "../../settings.ts";
import { BroadsheetError } from "../../../errors.ts";
import { isLoopback } from "../../../platform/http/web-address.ts";
import { type Message, sizeOf } from "../../compile-message.ts";

/** The login: with a password, or with access tokens (XOAUTH2). */
export type Login =
  | { readonly user: string; readonly password: string }
  | { readonly user: string; readonly tokens: AccessTokens };

/** The server in `SMTP_URL`. Never print the whole value: it contains the password. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** Whether TLS begins with the first byte (RFC 8314 §3.3), and not by STARTTLS. */
  readonly isImplicitTls: boolean;
  readonly login?: Login;
}

const FIX =
  "write smtp://user:password@host:587 or smtps://user:password@host:465; in the password, write # as %23, / as %2F, ? as %3F, @ as %40, % as %25";

const OAUTH_FIX =
  "for a login by XOAUTH2, as Gmail and Microsoft 365 require it, leave the password out and set the variables that begin with SMTP_OAUTH_ (docs/sending.md)";

/**
 * The server in an `smtp://` or `smtps://` URL. The default ports are 587 and 465. User and password are percent-encoded. A
 * path, a query or a fragment is refused, because it is part of an unencoded password, or an option that would be ignored.
 * A user without a password logs in with `oauth`.
 * @throws BroadsheetError CONFIG_INVALID. Its text repeats no part of the URL or of `oauth`.
 */
export function parseSmtpUrl(text: string, oauth?: OAuthSecrets): SmtpServer {
  const url = URL.parse(text.trim());
  if (url?.protocol !== "smtp:" && url?.protocol !== "smtps:") {
    const isMeant = /^\s*smtps?:\/\//i.test(text);
    throw invalid(isMeant ? "cannot be read" : "is not a URL that begins with smtp:// or smtps://");
  }
  if (url.hash !== "" || url.search !== "" || !["", "/"].includes(url.pathname)) {
    throw invalid("has more text after its host and port, which is not allowed");
  }
  const host = hostOf(url);
  const isImplicitTls = url.protocol === "smtps:";
  const port = url.port === "" ? (isImplicitTls ? 465 : 587) : Number(url.port);
  const login = loginOf(url, oauth);
  return { host, port, isImplicitTls, ...(login && { login }) };
}

function hostOf(url: URL): string {
  const host = decoded(url.hostname.replace(/^\[(.*)\]$/, "$1")).toLowerCase();
  if (!/^[a-z0-9.:_\-\u0080-\u{10FFFF}]+$/u.test(host)) throw invalid("names no host");
  const ascii = /^[\x21-\x7e]+$/.test(host) ? host : domainToASCII(host);
  if (ascii === "") throw invalid("names a host that cannot exist");
  return ascii;
}

function loginOf(url: URL, oauth: OAuthSecrets | undefined): Login | undefined {
  if (url.username === "" && url.password === "") return undefined;
  if (url.username === "") throw invalid("has a password but no user");
  const user = decoded(url.username);
  if (url.password !== "") return { user, password: decoded(url.password) };
  if (!oauth) throw invalid("has a user but no password", `${FIX}; ${OAUTH_FIX}`);
  // XOAUTH2 separates its fields with this character.
  if (user.includes("\x01")) throw invalid("has a control character in its user");
  return { user, tokens: new AccessTokens(grantFrom(oauth)) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid("has a % that does not begin an encoded character");
  }
}

function invalid(fault: string, fix = FIX): BroadsheetError {
  return new BroadsheetError("CONFIG_INVALID", `SMTP_URL ${fault}`, { fix });
}

/** The conditions for a connection. */
export interface SmtpPolicy {
  /** Whether a connection without encryption is refused. A password is never sent without encryption. */
  readonly requireTls: boolean;
  /** Whether a server on this machine may be used without encryption or with any certificate, such as one for testing. */
  readonly trustLoopback: boolean;
  readonly timeouts: SmtpTimeouts;
}

/** The policy of the settings `smtp`. If a person waits for the result, the caller gives shorter `timeouts`. */
export function policyOf({ requireTls, timeouts }: Omit<SmtpPolicy, "trustLoopback">): SmtpPolicy {
  return { requireTls, trustLoopback: true, timeouts };
}

/** Whether the server is trusted because it is on this machine: no other machine can listen there. */
export function isTrusted({ host }: SmtpServer, { trustLoopback }: SmtpPolicy): boolean {
  return trustLoopback && isLoopback(host);
}

/** The extensions of a server that matter here. */
export interface Extensions {
  /** The kinds of login, in capitals (RFC 4954). */
  readonly logins: readonly string[];
  /** RFC 2920 */
  readonly isPipelining: boolean;
  /** Addresses with characters outside ASCII (RFC 6531). */
  readonly isUtf8: boolean;
  /** RFC 6152 */
  readonly is8Bit: boolean;
  /** Whether MAIL FROM may declare the size of the message (RFC 1870). */
  readonly hasSize: boolean;
  /** The largest size, if the server states it. */
  readonly largest?: number;
}

/** The extensions in the reply to EHLO. A reply to HELO has none. */
export function extensionsIn(capabilities: string): Extensions {
  const lines = capabilities.split("\n").map((line) => line.replace(/^\d{3}[ -]/, "").trim());
  const has = (word: string) => lines.some((line) => line.toUpperCase().split(" ")[0] === word);
  const size = lines.map((line) => /^SIZE (\d+)$/i.exec(line)?.[1]).find(Boolean);
  const largest = Number(size ?? 0);
  // Some servers write AUTH= for old clients.
  const [, logins = ""] = lines.map((line) => /^AUTH[ =](.*)$/i.exec(line)).find(Boolean) ?? [];
  return {
    logins: logins.toUpperCase().split(/[ =]+/).filter(Boolean),
    isPipelining: has("PIPELINING"),
    isUtf8: has("SMTPUTF8"),
    is8Bit: has("8BITMIME"),
    hasSize: has("SIZE"),
    ...(largest > 0 && { largest }),
  };
}

/** The parameters of MAIL FROM for a message. */
export function parametersFor(message: Message, { is8Bit, hasSize }: Extensions): string {
  const words = [
    ...(needsUtf8(message) ? [...(is8Bit ? ["BODY=8BITMIME"] : []), "SMTPUTF8"] : []),
    ...(hasSize ? [`SIZE=${sizeOf(message)}`] : []),
  ];
  return words.map((word) => ` ${word}`).join("");
}

/** Whether an address, and therefore the header, has characters outside ASCII. */
export function needsUtf8({ envelope: { from, to } }: Message): boolean {
  return !/^[\x21-\x7e]*$/.test(from + to);
}
