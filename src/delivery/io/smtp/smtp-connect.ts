import { Socket } from "node:net";
import type SMTPConnection from "nodemailer/lib/smtp-connection";
import { DeliveryError } from "../../transport.ts";
import type { SmtpFailure } from "./smtp-failure.ts";
import { serverRefusal, smtpError } from "./smtp-error.ts";
import {
  type Extensions,
  extensionsIn,
  isTrusted,
  type SmtpPolicy,
  type SmtpServer,
} from "./smtp-server.ts";
import type { AccessTokens } from "./access-tokens.ts";

/** A connection that is ready for the first message. */
export interface Connected {
  readonly socket: Socket;
  /** The extensions in the server's last reply to EHLO. On an encrypted connection that is the reply over TLS. */
  readonly extensions: Extensions;
}

/** The time that a server has to close the connection after QUIT. */
export const GOODBYE_MS = 2_000;

/**
 * Connects to a server, encrypts, and logs in. nodemailer does this part: hosts with many addresses, STARTTLS without
 * injection, all kinds of login. `Conversation` does the rest. `signal` ends the attempt.
 * @throws DeliveryError SMTP_UNREACHABLE, SMTP_TLS, SMTP_AUTH, SMTP_DEFERRED or SMTP_REFUSED.
 */
export async function connectAndLogin(
  server: SmtpServer,
  policy: SmtpPolicy,
  signal?: AbortSignal,
): Promise<Connected> {
  const { default: Connection } = await import("nodemailer/lib/smtp-connection");
  const connection = new Connection(connectionOptions(server, policy));
  // Without a listener, an "error" event in addition to the callback would throw.
  connection.on("error", () => undefined);
  const hangUp = (): void => connection.close();
  signal?.addEventListener("abort", hangUp);
  try {
    await settled(connection, policy.timeouts.sendMs, (done) => connection.connect(done));
    const extensions = extensionsIn(connection.lastServerResponse || "");
    await logIn(connection, server, { policy, extensions });
    return { socket: takeOver(connection), extensions };
  } catch (error) {
    connection.close();
    throw isFailure(error) ? smtpError(error, { server, isOpening: true }) : error;
  } finally {
    signal?.removeEventListener("abort", hangUp);
  }
}

/** Takes over the socket. From now on nodemailer only notices its end. */
function takeOver(connection: SMTPConnection): Socket {
  const { _socket: socket } = connection;
  if (!(socket instanceof Socket)) throw new Error("nodemailer keeps its socket elsewhere");
  socket.removeAllListeners("data");
  socket.removeAllListeners("timeout");
  return socket;
}

async function logIn(
  connection: SMTPConnection,
  server: SmtpServer,
  { policy, extensions }: { readonly policy: SmtpPolicy; readonly extensions: Extensions },
): Promise<void> {
  const { login } = server;
  if (!login) return;
  if (!connection.secure && !isTrusted(server, policy)) {
    throw serverRefusal("SMTP_TLS", server, {
      stage: "connection",
      what: `would get the ${"password" in login ? "password" : "token"} without encryption`,
      fix: "use a port with STARTTLS, or smtps:// in SMTP_URL",
    });
  }
  if (!connection.allowsAuth) {
    throw serverRefusal("SMTP_AUTH", server, {
      stage: "connection",
      what: "does not offer a login",
      fix: "use another port, or remove user and password from SMTP_URL",
    });
  }
  const { connectMs, sendMs } = policy.timeouts;
  const attempt = async (auth: Auth) =>
    settled(connection, sendMs, (done) => connection.login(auth, done));
  if ("password" in login) {
    await attempt({ credentials: { user: login.user, pass: login.password } });
    return;
  }
  const { logins } = extensions;
  if (!logins.includes("XOAUTH2")) throw withoutTokens(server, logins);
  await logInByToken(login, {
    attempt,
    timeoutMs: connectMs,
    said: () => connection.lastServerResponse || "",
  });
}

function withoutTokens(server: SmtpServer, logins: readonly string[]): DeliveryError {
  return serverRefusal("SMTP_AUTH", server, {
    stage: "connection",
    what: `accepts no access token: it offers ${logins.join(", ")}, but not XOAUTH2`,
    fix: "put the password into SMTP_URL, or name the server that the tokens are for",
  });
}

function connectionOptions(server: SmtpServer, policy: SmtpPolicy): object {
  const { connectMs, greetingMs, replyMs } = policy.timeouts;
  const isClearAllowed = isTrusted(server, policy);
  return {
    host: server.host,
    port: server.port,
    secure: server.isImplicitTls,
    requireTLS: !server.isImplicitTls && policy.requireTls && !isClearAllowed,
    tls: { rejectUnauthorized: server.isImplicitTls || !isClearAllowed, minVersion: "TLSv1.2" },
    connectionTimeout: connectMs,
    dnsTimeout: connectMs,
    greetingTimeout: greetingMs,
    socketTimeout: replyMs,
    socketCloseTimeout: GOODBYE_MS,
  };
}

type Done<T> = (error?: SmtpFailure | null, result?: T) => void;

/**
 * The result of a command. nodemailer reports some failures to the callback, and others only to the "error" event. It does
 * not report a connection that just ends, or that answers too slowly.
 */
async function settled<T>(
  connection: SMTPConnection,
  limitMs: number,
  start: (done: Done<T>) => void,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const settle: Done<T> = (error, result) => {
      clearTimeout(timer);
      connection.off("error", onError).off("end", onEnd);
      if (error) reject(error);
      else resolve(result);
    };
    const onError = (error: SmtpFailure): void => settle(error);
    // After a 421 the connection ends before the callback gets the reply. We wait for it, because it says more.
    const onEnd = (): void => void setImmediate(() => settle(failure("ECONNECTION")));
    const timer = setTimeout(() => {
      settle(failure("ETIMEDOUT"));
      connection.close();
    }, limitMs);
    connection.on("error", onError).on("end", onEnd);
    start(settle);
  });
}

function failure(code: string): SmtpFailure {
  return Object.assign(new Error("the conversation ended"), { code });
}

function isFailure(error: unknown): error is SmtpFailure {
  return error instanceof Error && !(error instanceof DeliveryError);
}

type Auth = NonNullable<Parameters<SMTPConnection["login"]>[0]>;

interface Way {
  /** Logs in. Rejects with nodemailer's failure. */
  readonly attempt: (auth: Auth) => Promise<unknown>;
  /** The last reply of the server. */
  readonly said: () => string;
  /** The longest wait for a token. */
  readonly timeoutMs: number;
}

/**
 * Logs in by XOAUTH2. If the server refuses a token that may have expired, a new one is tried once.
 * @throws DeliveryError if there is no token; nodemailer's failure.
 */
async function logInByToken(
  { user, tokens }: { readonly user: string; readonly tokens: AccessTokens },
  { attempt, said, timeoutMs }: Way,
): Promise<void> {
  const { default: XOAuth2 } = await import("nodemailer/lib/xoauth2");
  // Google asks for another token (334) where other servers refuse (535). In both cases a new one is fetched below.
  const provisionCallback = (_user: string, _isNew: boolean, done: (error: Error) => void) =>
    done(loginFailure(said()));
  const logIn = async (accessToken: string): Promise<void> => {
    await attempt({ user, oauth2: new XOAuth2({ user, accessToken, provisionCallback }) });
    tokens.taken(accessToken);
  };
  const token = await tokens.current(timeoutMs);
  try {
    await logIn(token);
  } catch (error) {
    const other = isRefusal(error) ? await tokens.after(token, timeoutMs) : undefined;
    if (other === undefined) throw error;
    await logIn(other);
  }
}

/** The reply to a failed login, in the form in which nodemailer reports other failures. */
function loginFailure(response: string): SmtpFailure {
  const code = Number.parseInt(response);
  const responseCode = code >= 400 ? code : 535;
  return Object.assign(new Error("refused"), { code: "EAUTH", response, responseCode });
}

function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error) || !("responseCode" in error)) return false;
  return error.code === "EAUTH" && Number(error.responseCode) >= 500;
}
