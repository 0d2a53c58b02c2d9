import { type DeliveryFacts, DeliveryError, type Reply, type Stage } from "../../transport.ts";
import { type SmtpFailure, isTlsFailure, reasonOf, struckOut } from "./smtp-failure.ts";
import type { ErrorCode } from "../../../errors.ts";
import type { Login, SmtpServer } from "./smtp-server.ts";

/**
 * The error for a failure. A definite answer decides its code, and no answer once the message had begun is
 * SMTP_UNCERTAIN. It holds neither password nor URL, and at most 200 characters of the server's own words.
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

/** The error for what is known of a server before a message is begun. */
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

/** RFC 3463 §2: the class of the status is that of the reply code; a status of another class is ignored. */
function replyOf({ responseCode = 0, response = "" }: SmtpFailure): Reply | undefined {
  if (responseCode < 400 || responseCode > 599) return undefined;
  const [, status] = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response) ?? [];
  return { code: responseCode, ...(status?.[0] === String(responseCode)[0] && { status }) };
}

interface FailureContext {
  readonly server: SmtpServer;
  /** Whether the connection was still being made. */
  readonly isOpening?: boolean;
  /** Whether any of the message had been handed over. */
  readonly hasBegun?: boolean;
}

interface Account {
  readonly code: ErrorCode;
  /** Continues the sentence "host:port …". */
  readonly what: string;
  readonly fix: string;
}

/** What each command is about, so that the error says what was refused. */
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

/** RFC 5321 §4.2.1: 4yz may succeed later, 5yz will not. */
function answered(failure: SmtpFailure, quote: string, login: Login | undefined): Account {
  const reply = failure.responseCode ?? 0;
  if (reply < 500) {
    return {
      code: "SMTP_DEFERRED",
      what: `says to try later: ${quote}`,
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
  "see that this server sends for this machine or login (SMTP_URL), and for `from` and `bounce` in the config";

const FIXES: Readonly<Record<string, string>> = { "the recipient": "check the address" };

/**
 * What Postfix, Exim, Sendmail and Exchange say of the sender, the client or its right to relay. Postfix says it in
 * answer to the first recipient (smtpd_delay_reject is on by default), so the command doesn't show which address it is about.
 */
const OF_US =
  /\b(?:sender address|client host|helo command) rejected\b|\brelay(?:ing)? (?:access denied|denied|not (?:allowed|permitted))|\bunable to relay\b/i;

/** Whether a server's words are about the sender or this machine, in answer to whichever command. */
function isOfUs(said: string): boolean {
  return OF_US.test(said);
}

/** RFC 3207 §4: a server that requires TLS answers 530, one without TLS refuses STARTTLS or EHLO. */
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
    fix: "use a port with STARTTLS, or smtps:// in SMTP_URL; where the way to the server is safe, set smtp.requireTls to false",
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
    ? "put a new token into SMTP_OAUTH_ACCESS_TOKEN: most end within an hour"
    : `check that the user in SMTP_URL is whose mailbox the tokens are for, and that they may send (${scope})`;
}

/** RFC 4954 §6: a server that requires a login answers MAIL FROM with 530. */
function anonymous(quote: string): Account {
  return {
    code: "SMTP_AUTH",
    what: `wants a login: ${quote}`,
    fix: "put one into SMTP_URL: smtps://USER:PASSWORD@HOST",
  };
}

/** RFC 1047: between the message's end and the answer, the two sides can disagree. */
function uncertain(failure: SmtpFailure): Account {
  const why =
    failure.response === undefined ? reasonOf(failure) : "it answered in something else than SMTP";
  return {
    code: "SMTP_UNCERTAIN",
    what: `may or may not have taken the message: ${why}`,
    fix: "look whether it arrived before you send it again",
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

/** The server's own words on one line. If it repeats the credentials, they are struck out. */
function quoted(response: string, { login }: SmtpServer): string {
  return struckOut(response, login ? spokenIn(login) : []);
}

/** What is sent at a login, and must not be shown. */
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
