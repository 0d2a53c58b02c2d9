import { BroadsheetError, type ErrorCode } from "../../errors.ts";
import { ROOM } from "../file-error.ts";

/** The code, the end of a sentence that begins with "The database", and the fix. */
type Fault = readonly [code: ErrorCode, what: string, fix: string];

const LATER = "run it again when the server answers; nothing was lost";
const URL_FIX = "correct DATABASE_URL";
const RIGHTS =
  "let an account with more rights run: broadsheet db migrate, which prints the grants that this one needs";

const AWAY: Fault = ["STORE_UNREACHABLE", "can't be reached", LATER];
const LOST: Fault = ["STORE_UNREACHABLE", "has ended the connection", LATER];
const AUTH: Fault = ["STORE_AUTH", "refuses this user or password", URL_FIX];
const UNKNOWN: Fault = ["STORE_UNUSABLE", "does not exist", URL_FIX];
const FULL: Fault = ["STORE_UNREACHABLE", "takes no more connections", LATER];
const TLS: Fault = [
  "STORE_TLS",
  "can't be reached over TLS",
  "let its server take TLS with a certificate that is valid for its name; for a network that is private write ?sslmode=disable at the end of DATABASE_URL, for a certificate of your own ?sslrootcert=FILE",
];
const FILE: Fault = [
  "STORE_TLS",
  "can't be reached: a file that DATABASE_URL names can't be read",
  "name a file that exists and that you can read, as in ?sslrootcert=FILE",
];
const BUSY: Fault = [
  "STORE_BUSY",
  "is in use by another program",
  "run the command again when that program has finished",
];
const DAMAGED: Fault = ["STORE_CORRUPT", "is damaged", "restore a backup of the server"];
const DISK: Fault = [
  "STORE_FAILED",
  "can't be read or written: the disk of its server failed",
  ROOM,
];
const CHANGED: Fault = [
  "STORE_SCHEMA",
  "has other tables than this version of Broadsheet, or was changed by hand",
  "run: broadsheet db migrate",
];

/** Faults by SQLSTATE, or by the two characters of its class (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const BY_STATE: ReadonlyMap<string, Fault> = new Map<string, Fault>([
  ["08", LOST],
  ["28", AUTH],
  ["25006", ["STORE_UNUSABLE", "can only be read, as a replica", "name the primary server"]],
  ["3D000", UNKNOWN],
  ["3F000", CHANGED],
  ["42P01", CHANGED],
  ["42703", CHANGED],
  ["42883", CHANGED],
  ["42501", ["STORE_UNUSABLE", "refuses what this user has no right to", RIGHTS]],
  ["53100", ["STORE_FAILED", "can't grow: the disk of its server is full", ROOM]],
  ["53200", ["STORE_UNREACHABLE", "has no memory left", LATER]],
  ["53300", FULL],
  ["53400", FULL],
  ["55P03", BUSY],
  ["40001", BUSY],
  ["40P01", BUSY],
  ["57014", BUSY],
  ["57P", LOST],
  ["58", DISK],
  ["XX001", DAMAGED],
  ["XX002", DAMAGED],
  ["25P03", LOST],
]);

/** Faults by the code of Node's error. */
const BY_ERRNO: ReadonlyMap<string, Fault> = new Map<string, Fault>([
  ["ETIMEDOUT", AWAY],
  ["EHOSTUNREACH", AWAY],
  ["ENETUNREACH", AWAY],
  ["ENOENT", FILE],
  ["EACCES", FILE],
  ["EISDIR", FILE],
  ["ENOTDIR", FILE],
  ["ECONNRESET", LOST],
  ["EPIPE", LOST],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", TLS],
]);

/** Faults by their message, for errors to which pg gives no code. */
const BY_WORDS: readonly (readonly [RegExp, Fault])[] = [
  [/does not support SSL|SSL connection/i, TLS],
  [/certificate|altname/i, TLS],
  [/timeout exceeded when trying to connect/, AWAY],
  [/Connection terminated|not queryable|read timeout|Client was closed/, LOST],
  [/password must be a string|SASL/, AUTH],
];

/** Faults by the message of PgBouncer, which has a code of its own. */
const OF_POOLER: readonly (readonly [RegExp, Fault])[] = [
  [/no such database|database .* does not exist/i, UNKNOWN],
  [/no more connections|too many/i, FULL],
  [/no such user|auth|password/i, AUTH],
];

/** A BroadsheetError for an error of PostgreSQL or of the connection. Any other error is returned unchanged. */
export function storeError(error: unknown, name: string): unknown {
  const fault = faultOf(error);
  if (!fault) return error;
  const [code, what, fix] = fault;
  const reason = fault === TLS && error instanceof Error ? `: ${error.message}` : "";
  return new BroadsheetError(code, `the database ${name} ${what}${reason}`, { fix, cause: error });
}

function faultOf(error: unknown): Fault | undefined {
  if (!(error instanceof Error) || error instanceof BroadsheetError) return undefined;
  if (error instanceof AggregateError) return faultOf(error.errors[0]);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if ("syscall" in error && /^(connect|getaddrinfo)$/.test(String(error.syscall))) return AWAY;
  const isState = /^[0-9A-Z]{5}$/.test(code) && "severity" in error;
  if (!isState) return BY_ERRNO.get(code) ?? byWords(BY_WORDS, error);
  const byClass = BY_STATE.get(code.slice(0, 3)) ?? BY_STATE.get(code.slice(0, 2));
  if (code.startsWith("08")) return byWords(OF_POOLER, error) ?? byClass;
  return BY_STATE.get(code) ?? byClass;
}

function byWords(
  table: readonly (readonly [RegExp, Fault])[],
  { message }: Error,
): Fault | undefined {
  return table.find(([words]) => words.test(message))?.[1];
}
