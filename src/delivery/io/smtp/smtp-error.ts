import { type DeliveryFacts, DeliveryError, type Reply, type Stage } from "../../transport.ts";
import { type SmtpFailure, isTlsFailure, reasonOf, struckOut } from "./smtp-failure.ts";
import type { ErrorCode } from "../../../errors.ts";
import type { Login, SmtpServer } from "./smtp-server.ts";

/**
 * The error for a failure. A definite reply decides its code. Without a reply after the message had begun, the code is
 * SMTP_UNCERTAIN. The error contains neither password nor URL, and at most 200 characters of the server's text.
 */
export function smtpError(failure: SmtpFailure, context: FailureContext): DeliveryError {
  const { server } = context;
  const reply = replyOf(failure);
  const { code, what, fix } = accountOf(failure, reply, context);
  const facts = {
    stage: stageOf(failure, context),
    reply,
    said: reply ? quoted(failure.response ?? "", server) : `the server ${what}`,
    isTimeout: failure.code === "ETIMEDOUT" || failure.originalCode === "ETIMEDOUT",
  };
  return new DeliveryError(code, `${server.host}:${server.port} ${what}`, { fix, facts });
}

/** The error for a limit of the server that is known before a message begins. */
export function serverRefusal(
  code: ErrorCode,
  { host, port }: SmtpServer,
  { what, fix, ...facts }: Omit<Account, "code"> & Omit<DeliveryFacts, "said">,
): DeliveryError {
  return new DeliveryError(code, `${host}:${port} ${what}`, {
    fix,
    facts: { ...facts, said: what },
  });
}

function stageOf(failure: SmtpFailure, { isOpening, hasBegun }: FailureContext): Stage {
  if (isOpening) return "connection";
  if (isOfUs(failure.response ?? "")) return "sender";
  if (hasBegun || failure.code === "EMESSAGE" || failure.command === "DATA") return "message";
  return failure.command === "RCPT TO" ? "recipient" : "sender";
}

/** The status must have the class of the reply code (RFC 3463 §2). A status of another class is ignored. */
function replyOf({ responseCode = 0, response = "" }: SmtpFailure): Reply | undefined {
  if (responseCode < 400 || responseCode > 599) return undefined;
  const [, status] = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response) ?? [];
  return { code: responseCode, ...(status?.[0] === String(responseCode)[0] && { status }) };
}

interface FailureContext {
  readonly server: SmtpServer;
  /** Whether the connection was still being opened. */
  readonly isOpening?: boolean;
  /** Whether any byte of the message had been sent. */
  readonly hasBegun?: boolean;
}

interface Account {
  readonly code: ErrorCode;
  /** Continues the sentence "host:port …". */
  readonly what: string;
  readonly fix: string;
}

/** The subject of each command, for the text of the error. */
const SUBJECTS: Readonly<Record<string, string>> = {
  "MAIL FROM": "the sender",
  "RCPT TO": "the recipient",
  DATA: "the message",
};

/** The code, the words and the fix for a failure. */
function accountOf(
  failure: SmtpFailure,
  reply: Reply | undefined,
  { server, hasBegun }: FailureContext,
): Account {
  const quote = quoted(failure.response ?? "", server);
  if (reply) return answered(failure, quote, server.login);
  if (hasBegun) return uncertain(failure);
  if (isTlsFailure(failure)) return untrusted(quoted(failure.message, server));
  if (quote !== "" || failure.code === "EPROTOCOL") return unintelligible(quote);
  return unreachable(failure);
}

/** The error for a reply. 4yz may succeed later, 5yz will not (RFC 5321 §4.2.1). */
function answered(failure: SmtpFailure, quote: string, login: Login | undefined): Account {
  const reply = failure.responseCode ?? 0;
  if (reply < 500) {
    return {
      code: "SMTP_DEFERRED",
      what: `asks to try again later: ${quote}`,
      fix: "send again in some minutes",
    };
  }
  if (needsTls(failure, quote)) return unencrypted(quote);
  if (failure.code === "EAUTH" || [530, 534, 535, 538].includes(reply))
    return login ? unauthorised(quote, login) : anonymous(quote);
  const isOurs = isOfUs(quote);
  const subject = isOurs ? "us" : (SUBJECTS[failure.command ?? ""] ?? "the connection");
  return {
    code: "SMTP_REFUSED",
    what: `refuses ${subject}: ${quote}`,
    fix: isOurs ? OURS : (FIXES[subject] ?? "ask the server's operator what it means"),
  };
}

const OURS =
  "check that this server accepts mail from this machine or login (SMTP_URL), and for `from` and `bounce` in the config";

const FIXES: Readonly<Record<string, string>> = { "the recipient": "check the address" };

/**
 * The texts of Postfix, Exim, Sendmail and Exchange about the sender, the client or its right to relay. Postfix sends them
 * in reply to the first recipient (smtpd_delay_reject is on by default), so the command does not show their subject.
 */
const OF_US =
  /\b(?:sender address|client host|helo command) rejected\b|\brelay(?:ing)? (?:access denied|denied|not (?:allowed|permitted))|\bunable to relay\b/i;

/** Whether a reply to any command is about the sender or this machine. */
function isOfUs(said: string): boolean {
  return OF_US.test(said);
}

/** A server that requires TLS replies 530 (RFC 3207 §4). A server without TLS refuses STARTTLS or EHLO. */
function needsTls({ code, command }: SmtpFailure, quote: string): boolean {
  return (
    code === "ETLS" ||
    (code === "ECONNECTION" && command === "EHLO") ||
    /^530\b.*STARTTLS/i.test(quote)
  );
}

function unencrypted(quote: string): Account {
  return {
    code: "SMTP_TLS",
    what: `gives no encrypted connection: ${quote}`,
    fix: "use a port with STARTTLS, or smtps:// in SMTP_URL; if the network to the server is safe, set smtp.requireTls to false",
  };
}

function untrusted(reason: string): Account {
  return {
    code: "SMTP_TLS",
    what: `gives no encrypted connection that can be trusted: ${reason}`,
    fix: "check host, port and smtp:// or smtps:// in SMTP_URL; for a private authority, name its certificate in NODE_EXTRA_CA_CERTS",
  };
}

function unauthorised(quote: string, login: Login): Account {
  return { code: "SMTP_AUTH", what: `refuses the login: ${quote}`, fix: loginFix(login) };
}

function loginFix(login: Login): string {
  if ("password" in login) return "check user and password in SMTP_URL";
  const scope =
    "https://mail.google.com/ with Google, https://outlook.office.com/SMTP.Send with Microsoft";
  return login.tokens.host === undefined
    ? "put a new token into SMTP_OAUTH_ACCESS_TOKEN: most tokens expire within an hour"
    : `check that the tokens are for the mailbox of the user in SMTP_URL, and that they allow sending (${scope})`;
}

/** A server that requires a login replies to MAIL FROM with 530 (RFC 4954 §6). */
function anonymous(quote: string): Account {
  return {
    code: "SMTP_AUTH",
    what: `requires a login: ${quote}`,
    fix: "put one into SMTP_URL: smtps://USER:PASSWORD@HOST",
  };
}

/** The message was sent, but no reply came. The server may have accepted it or not (RFC 1047). */
function uncertain(failure: SmtpFailure): Account {
  const why = failure.response === undefined ? reasonOf(failure) : "its reply is not SMTP";
  return {
    code: "SMTP_UNCERTAIN",
    what: `may or may not have accepted the message: ${why}`,
    fix: "check whether it arrived before you send it again",
  };
}

function unintelligible(quote: string): Account {
  return {
    code: "SMTP_REFUSED",
    what: `does not speak SMTP: ${quote || "it answers without end"}`,
    fix: "check host and port in SMTP_URL",
  };
}

function unreachable(failure: SmtpFailure): Account {
  return {
    code: "SMTP_UNREACHABLE",
    what: `cannot be reached: ${reasonOf(failure)}`,
    fix: "check host and port in SMTP_URL and the network, then send again; nothing was sent",
  };
}

/** The server's text on one line. If it repeats the credentials, they are replaced by asterisks. */
function quoted(response: string, { login }: SmtpServer): string {
  return struckOut(response, login ? spokenIn(login) : []);
}

/** The secrets that are sent at a login. */
function spokenIn(login: Login): readonly string[] {
  const { user } = login;
  return "password" in login
    ? [`\0${user}\0${login.password}`, login.password]
    : login.tokens.secrets.flatMap((token) => [bearer(user, token), token]);
}

/** The initial response of XOAUTH2 (developers.google.com/gmail/imap/xoauth2-protocol). */
function bearer(user: string, token: string): string {
  return `user=${user}\x01auth=Bearer ${token}\x01\x01`;
}
