import type { ImapFlow, ImapFlowError } from "imapflow";
import { BroadsheetError, type ErrorCode } from "../../errors.ts";
import { isLoopback } from "../../platform/http/web-address.ts";
import { DONE, MAILS_ON_PAGE, type MailPage } from "../../subscribers/io/mail-files.ts";
import { MOST_MAIL_BYTES } from "../../subscribers/received-mail.ts";
import type { OAuthSecrets } from "../settings.ts";
import { AccessTokens, grantFrom } from "./smtp/access-tokens.ts";
import { isTlsFailure, reasonOf, struckOut } from "./smtp/smtp-failure.ts";
import type { Login } from "./smtp/smtp-server.ts";

/** A mailbox on an IMAP server. Never print the whole value: it contains the password. */
export interface ImapMailbox {
  /** The name of the mailbox in messages. It contains no secret. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly login: Login;
  readonly folder: string;
}

/**
 * The mailbox that an `imaps://` URL names, INBOX by default. A user without a password logs in with `oauth`.
 * @throws BroadsheetError CONFIG_INVALID. Its text repeats no part of the URL or of `oauth`.
 */
export function parseImapUrl(text: string, oauth?: OAuthSecrets): ImapMailbox {
  const url = URL.parse(text.trim());
  if (url?.protocol !== "imaps:" || url.hash || url.search) throw notAUrl();
  const [user, password, host, folder] = [
    url.username,
    url.password,
    url.hostname.replace(/^\[(.*)\]$/, "$1"),
    url.pathname.replace(/^\/|\/$/g, "") || "INBOX",
  ].map(decoded);
  // If host or user is missing, a special character of the password was probably not encoded.
  if (!user || !host || !folder || !(password || oauth)) throw notAUrl();
  const login = password
    ? { user, password }
    : { user, tokens: new AccessTokens(grantFrom(oauth ?? {})) };
  return { name: `imaps://${host}/${folder}`, host, port: Number(url.port || 993), login, folder };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw notAUrl();
  }
}

function notAUrl(): BroadsheetError {
  return new BroadsheetError("CONFIG_INVALID", "BOUNCES_URL is not the address of a mailbox", {
    fix: "write imaps://user:password@host/INBOX; in the password, write # as %23, / as %2F, ? as %3F, @ as %40, % as %25; for a login by XOAUTH2 leave the password out and set the variables that begin with SMTP_OAUTH_ (docs/sending.md)",
  });
}

export interface MailboxReading {
  /** Whether a mail was read before and was left in the mailbox. It is not read again. */
  readonly isKnown: (key: string) => Promise<boolean>;
  /** Ends the connection. */
  readonly signal?: AbortSignal | undefined;
  /** The longest silence of the server. */
  readonly timeoutMs?: number;
}

const SILENCE_MS = 20_000;

/**
 * The mails in a mailbox, page by page. No mail is marked as read.
 * @throws BroadsheetError IMAP_MISSING, MAILBOX_AUTH, MAILBOX_REFUSED, MAILBOX_TLS, MAILBOX_UNREACHABLE; SMTP_* if no
 * access token can be fetched.
 */
export async function* pagesOnServer(
  mailbox: ImapMailbox,
  { isKnown, signal, timeoutMs = SILENCE_MS }: MailboxReading,
): AsyncGenerator<MailPage> {
  const client = await clientFor(mailbox, timeoutMs);
  const end = () => client.close();
  signal?.addEventListener("abort", end, { once: true });
  const rethrow = (error: unknown): never => {
    throw mailboxError(error, mailbox);
  };
  try {
    await client.connect();
    const { uidValidity } = await client.mailboxOpen(mailbox.folder);
    const { host, folder, login } = mailbox;
    const keyOf = (uid: number) => [host, login.user, folder, uidValidity, uid].join(" ");
    const all = await client.search({ deleted: false }, { uid: true });
    const uids: number[] = [];
    for (const uid of all || []) if (!(await isKnown(keyOf(uid)))) uids.push(uid);
    for (let at = 0; at < uids.length; at += MAILS_ON_PAGE) {
      const range = uids.slice(at, at + MAILS_ON_PAGE).join(",");
      const source = { start: 0, maxLength: MOST_MAIL_BYTES };
      const mails = await client.fetchAll(range, { uid: true, source }, { uid: true });
      yield {
        mails: mails.map(({ uid, source: bytes = NONE }) => ({ key: keyOf(uid), bytes })),
        file: async (done) =>
          moveAway(
            client,
            done.flatMap((one) => mails[one]?.uid ?? []),
          ).catch(rethrow),
      };
    }
    await client.logout();
  } catch (error) {
    rethrow(error);
  } finally {
    signal?.removeEventListener("abort", end);
    client.close();
  }
}

const NONE = new Uint8Array();

async function moveAway(client: ImapFlow, uids: readonly number[]): Promise<void> {
  if (uids.length === 0) return;
  // A server refuses to create a folder that exists.
  await client.mailboxCreate(DONE).catch(() => undefined);
  const moved = await client.messageMove(uids.join(","), DONE, { uid: true });
  if (!moved) throw new Error(`mails can't be moved to ${DONE}`);
}

async function clientFor({ host, port, login }: ImapMailbox, timeoutMs: number): Promise<ImapFlow> {
  const { user } = login;
  const secret =
    "password" in login
      ? { pass: login.password }
      : { accessToken: await login.tokens.current(timeoutMs) };
  const { ImapFlow } = await import("imapflow").catch((cause: unknown) => {
    const what = "imapflow is not installed, which reads mailboxes";
    throw new BroadsheetError("IMAP_MISSING", what, { fix: "npm install imapflow", cause });
  });
  const client = new ImapFlow({
    host,
    port,
    auth: { user, ...secret },
    secure: true,
    // On a loopback address no other machine can listen, so the certificate need not be checked.
    tls: { rejectUnauthorized: !isLoopback(host) },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  // Without a listener, a broken connection would end the process. The command in flight fails anyway.
  return client.on("error", () => undefined);
}

/** The code, the end of the sentence that begins with the mailbox, and the fix. */
type Fault = readonly [code: ErrorCode, what: string, fix: string];

/** The error of a connection, without the secrets that the server may have repeated. */
function mailboxError(error: unknown, mailbox: ImapMailbox): unknown {
  if (error instanceof BroadsheetError || !(error instanceof Error)) return error;
  const { login, name } = mailbox;
  const secrets = "password" in login ? [login.password] : login.tokens.secrets;
  const [code, what, fix] = faultOf(error, (words) => struckOut(words, secrets));
  return new BroadsheetError(code, `${name} ${what}`, { fix, cause: error });
}

function faultOf(failure: ImapFlowError, quoted: (words: string) => string): Fault {
  const { code = "", responseText, serverResponseCode = "", responseStatus, message } = failure;
  const said = quoted(responseText ?? message);
  if (isTlsFailure({ originalCode: code }))
    return ["MAILBOX_TLS", `gives no encrypted connection that can be trusted (${code})`, TLS];
  // Temporary faults of the server (RFC 5530).
  const isPassing = /^(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG)$/.test(serverResponseCode);
  if (failure.authenticationFailed && !isPassing)
    return ["MAILBOX_AUTH", `refuses the login: ${said}`, "check user and password in BOUNCES_URL"];
  if (!isPassing && (responseStatus || code === ""))
    return ["MAILBOX_REFUSED", `refuses: ${said}`, "check that the folder in BOUNCES_URL exists"];
  const why = isPassing ? said : reasonOf({ code: commonCode(code) });
  return [
    "MAILBOX_UNREACHABLE",
    `cannot be read now: ${why}`,
    "the next run reads it; check BOUNCES_URL and the network",
  ];
}

const TLS =
  "check host and port in BOUNCES_URL; for a private authority, name its certificate in NODE_EXTRA_CA_CERTS";

/** Node's code for an error code of imapflow. */
function commonCode(code: string): string {
  if (/timeout/i.test(code)) return "ETIMEDOUT";
  return /connection|closed/i.test(code) ? "ECONNRESET" : code;
}
