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

/** The server that `SMTP_URL` names. Never print it whole: it holds the password. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (RFC 8314 §3.3), not by STARTTLS. */
  readonly isImplicitTls: boolean;
  readonly login?: Login;
}

const FIX =
  "write smtp://user:password@host:587 or smtps://user:password@host:465; in the password, write # as %23, / as %2F, ? as %3F, @ as %40, % as %25";

const OAUTH_FIX =
  "for a login by XOAUTH2, as Gmail and Microsoft 365 want it, leave the password out and set the variables that begin with SMTP_OAUTH_ (docs/sending.md)";

/**
 * The server that an `smtp://` or `smtps://` URL names; the ports default to 587 and 465. User and
 * password are percent-encoded. A path, a query or a fragment is refused: it is a password that
 * should be encoded, or an option that would be ignored. A user without a password logs in with `oauth`.
 * @throws BroadsheetError CONFIG_INVALID, which never repeats any of the URL, nor of `oauth`.
 */
export function parseSmtpUrl(text: string, oauth?: OAuthSecrets): SmtpServer {
  const url = URL.parse(text.trim());
  if (url?.protocol !== "smtp:" && url?.protocol !== "smtps:") {
    const isMeant = /^\s*smtps?:\/\//i.test(text);
    throw invalid(isMeant ? "cannot be read" : "is not a URL that begins with smtp:// or smtps://");
  }
  if (url.hash !== "" || url.search !== "" || !["", "/"].includes(url.pathname)) {
    throw invalid("has something after its host and port, where nothing may stand");
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
  if (url.username === "") throw invalid("has a password and no user");
  const user = decoded(url.username);
  if (url.password !== "") return { user, password: decoded(url.password) };
  if (!oauth) throw invalid("has a user and no password", `${FIX}; ${OAUTH_FIX}`);
  // XOAUTH2 separates its fields with it.
  if (user.includes("\x01")) throw invalid("has a user that can't be one");
  return { user, tokens: new AccessTokens(grantFrom(oauth)) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid("has a % that encodes nothing");
  }
}

function invalid(fault: string, fix = FIX): BroadsheetError {
  return new BroadsheetError("CONFIG_INVALID", `SMTP_URL ${fault}`, { fix });
}

/** What the connection must be like before anything is said over it. */
export interface SmtpPolicy {
  /** Whether a connection in clear is refused. A password never goes in clear. */
  readonly requireTls: boolean;
  /** Whether a server on this machine, such as one that only shows mails, may be spoken to in clear, and show any certificate. */
  readonly trustLoopback: boolean;
  readonly timeouts: SmtpTimeouts;
}

/** The policy of the settings `smtp`. Where a person waits, the caller gives shorter `timeouts` in them. */
export function policyOf({ requireTls, timeouts }: Omit<SmtpPolicy, "trustLoopback">): SmtpPolicy {
  return { requireTls, trustLoopback: true, timeouts };
}

/** Whether the server is on this machine and trusted, since no other machine can listen. */
export function isTrusted({ host }: SmtpServer, { trustLoopback }: SmtpPolicy): boolean {
  return trustLoopback && isLoopback(host);
}

/** What a server can do beyond RFC 5321, as far as it matters here. */
export interface Extensions {
  /** RFC 4954: the kinds of login, in capitals. */
  readonly logins: readonly string[];
  /** RFC 2920 */
  readonly isPipelining: boolean;
  /** RFC 6531: addresses beyond ASCII. */
  readonly isUtf8: boolean;
  /** RFC 6152 */
  readonly is8Bit: boolean;
  /** RFC 1870: whether MAIL FROM may declare the message's size, and the largest size, where the server states it. */
  readonly hasSize: boolean;
  readonly largest?: number;
}

/** Reads the extensions from the answer to EHLO. An answer to HELO names none. */
export function extensionsIn(capabilities: string): Extensions {
  const lines = capabilities.split("\n").map((line) => line.replace(/^\d{3}[ -]/, "").trim());
  const has = (word: string) => lines.some((line) => line.toUpperCase().split(" ")[0] === word);
  const size = lines.map((line) => /^SIZE (\d+)$/i.exec(line)?.[1]).find(Boolean);
  const largest = Number(size ?? 0);
  // Some servers write AUTH=, for old clients.
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

/** Whether an address has letters beyond ASCII, and so its header has too. */
export function needsUtf8({ envelope: { from, to } }: Message): boolean {
  return !/^[\x21-\x7e]*$/.test(from + to);
}
