import { access, constants } from "node:fs/promises";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { domainOf, type Recipient } from "../../subscribers/recipient.ts";
import type { TransportSettings } from "../../delivery/io/choose-transport.ts";
import { isLoopback } from "../../platform/http/web-address.ts";
import { type Diagnosis, fromError, look, ok, toFix, unseen } from "../diagnosis.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Clock } from "../../platform/clock.ts";
import { connectAndLogin } from "../../delivery/io/smtp/smtp-connect.ts";
import {
  type Extensions,
  type SmtpPolicy,
  type Login,
  parseSmtpUrl,
  policyOf,
  type SmtpServer,
} from "../../delivery/io/smtp/smtp-server.ts";

/** The timeouts are short, because a person waits. */
const TIMEOUTS = { connectMs: 10_000, greetingMs: 15_000, replyMs: 15_000, sendMs: 30_000 };

const PARTS = ["Mail server", "Encryption", "Offers", "Login"] as const;

interface ServerSettings extends TransportSettings {
  readonly from: Recipient;
}

/** Connects to the mail server like sending does, but sends no message. */
export async function diagnoseServer(config: ServerSettings, clock: Clock): Promise<Diagnosis[]> {
  if (config.transport === "outbox") {
    return [unseen("Mail server", 'transport is "outbox": messages are written to files')];
  }
  if (config.transport === "sendmail") return [await diagnoseProgram(config.sendmail)];
  const { smtpUrl, smtpOAuth } = config.secrets;
  if (smtpUrl === undefined) {
    const fix =
      "set SMTP_URL, in the environment or in .env beside the config: smtps://user:password@host:465";
    return [toFix("Mail server", "SMTP_URL is not set", { fix, code: "SMTP_UNCONFIGURED" })];
  }
  try {
    return await diagnoseConnection(parseSmtpUrl(smtpUrl, smtpOAuth), config, clock);
  } catch (error) {
    return [fromError("Mail server", error)];
  }
}

/** The program's handling of messages can't be checked. */
async function diagnoseProgram(program: string): Promise<Diagnosis> {
  try {
    await access(program, constants.X_OK);
    return ok(
      "Mail server",
      `${program} is there; its handling of mail can't be checked from here`,
    );
  } catch {
    const fix = "install a mail server, or name its program as sendmail in the config";
    return toFix("Mail server", `${program} can't be run`, { fix, code: "SMTP_UNCONFIGURED" });
  }
}

async function diagnoseConnection(
  server: SmtpServer,
  config: ServerSettings,
  clock: Clock,
): Promise<Diagnosis[]> {
  const policy = policyOf({ ...config.smtp, timeouts: TIMEOUTS });
  const { login: _login, ...anonymous } = server;
  try {
    const connected = await connectAndLogin(anonymous, policy);
    const found = [
      ok("Mail server", `${server.host}:${server.port} greets`),
      encryption(connected.socket, server, clock),
      offers(connected.extensions),
    ];
    hangUp(connected.socket);
    return [...found, await login(server, policy), ...loginDomain(server, config)];
  } catch (error) {
    return notConnected(error);
  }
}

/** The fault, and a note that the later checks did not run. */
function notConnected(error: unknown): Diagnosis[] {
  const isTls = error instanceof BroadsheetError && error.code === "SMTP_TLS";
  const at = isTls ? "Encryption" : "Mail server";
  const left = PARTS.slice(PARTS.indexOf(at) + 1);
  return [
    fromError(at, error),
    ...left.map((part) => unseen(part, "it can't be checked without a connection")),
  ];
}

function hangUp(socket: Socket): void {
  socket.on("error", () => undefined);
  socket.end("QUIT\r\n");
  socket.destroySoon();
}

function encryption(socket: Socket, server: SmtpServer, clock: Clock): Diagnosis {
  if (socket instanceof TLSSocket) return diagnoseCertificate(socket, server, clock());
  if (isLoopback(server.host)) return ok("Encryption", "none, and the server is this machine");
  return look(
    "Encryption",
    "none, as smtp.requireTls is false: every machine on the way can read the mail",
    "use a port with STARTTLS, or smtps:// in SMTP_URL",
  );
}

/** A large issue with its pictures exceeds this size. */
const SMALL_MESSAGE = 5 * 1024 * 1024;

function offers({ logins, isPipelining, isUtf8, is8Bit, largest }: Extensions): Diagnosis {
  const words = [
    ...(logins.length === 0 ? [] : [`AUTH ${logins.join(" ")}`]),
    ...(largest === undefined ? [] : [`SIZE ${Math.round(largest / 1024 / 1024)} MB`]),
    ...(isPipelining ? ["PIPELINING"] : []),
    ...(is8Bit ? ["8BITMIME"] : []),
    ...(isUtf8 ? ["SMTPUTF8"] : []),
  ];
  const has = words.join(", ") || "nothing beyond SMTP itself";
  if (largest !== undefined && largest < SMALL_MESSAGE) {
    const fix = "keep issues small: images.baseUrl in the config keeps pictures out of the message";
    return look("Offers", `${has}: messages may have ${largest} bytes at most`, fix);
  }
  const slow = isPipelining ? "" : "; without PIPELINING sending is slower";
  const plain = isUtf8 ? "" : "; without SMTPUTF8 it takes ASCII addresses only";
  return ok("Offers", has + slow + plain);
}

async function login(server: SmtpServer, policy: SmtpPolicy): Promise<Diagnosis> {
  if (!server.login) {
    return isLoopback(server.host)
      ? ok("Login", "none in SMTP_URL, and the server is this machine")
      : look(
          "Login",
          "SMTP_URL holds none",
          "add one if the server requires it: smtps://user:password@host",
        );
  }
  try {
    hangUp((await connectAndLogin(server, policy)).socket);
    return taken(server.login);
  } catch (error) {
    return fromError("Login", error);
  }
}

function taken(login: Login): Diagnosis {
  if ("password" in login) return ok("Login", "user and password are accepted");
  const { host } = login.tokens;
  if (host !== undefined) return ok("Login", `a token from ${host} is accepted (XOAUTH2)`);
  return look(
    "Login",
    "the access token is accepted (XOAUTH2); most expire within an hour, and this one can't be renewed",
    "to send unattended, set SMTP_OAUTH_REFRESH_TOKEN instead (docs/sending.md)",
  );
}

/** Many relays reject or rewrite a sender that is not the login. */
function loginDomain({ login }: SmtpServer, { from }: ServerSettings): Diagnosis[] {
  if (!login?.user.includes("@")) return [];
  const [own, other] = [domainOf(from.address), domainOf(login.user).toLowerCase()];
  if (own === other || own.endsWith(`.${other}`)) return [];
  const says = `the login is an address at ${other}, and readers see one at ${own}`;
  return [
    look("Login", says, "make sure that the server allows this login to send for that domain"),
  ];
}

const DAY_MS = 86_400_000;
/** A person who renews a certificate by hand needs some days. An automatic renewal has failed by then. */
const FEW_DAYS = 14;

/** Diagnoses the encryption of the connection, and the remaining validity of its certificate. */
function diagnoseCertificate(socket: TLSSocket, server: SmtpServer, now: Date): Diagnosis {
  const how = `${socket.getProtocol() ?? "TLS"}${server.isImplicitTls ? "" : " by STARTTLS"}`;
  if (!socket.authorized) {
    const says = `${how}, and no authority signed the certificate, which is accepted on this machine`;
    return look("Encryption", says, "name the certificate of its authority in NODE_EXTRA_CA_CERTS");
  }
  const found = lasting("Encryption", socket, now);
  return { ...found, says: `${how}, ${found.says}` };
}

/** Diagnoses the remaining validity of a connection's certificate. */
export function lasting(about: string, socket: TLSSocket, now: Date): Diagnosis {
  const until = Date.parse(socket.getPeerCertificate().valid_to);
  const days = Math.floor((until - now.getTime()) / DAY_MS);
  const says = `the certificate is valid for ${days} more ${days === 1 ? "day" : "days"}`;
  if (days >= FEW_DAYS) return ok(about, says);
  return look(about, says, "ask the operator of the server to renew it");
}
