import { createPublicKey } from "node:crypto";
import type { SignatureVerdict } from "../outside-findings.ts";
import { dkimRecord } from "../../delivery/dkim.ts";
import { BroadsheetError } from "../../errors.ts";
import { fileError } from "../../platform/file-error.ts";
import { readLocalText } from "../../platform/files/local-file.ts";
import { attempt } from "../../platform/attempt.ts";

/**
 * Verifies each DKIM signature of a message with the DNS records that `recordOf` returns for names such as
 * `s2031._domainkey.letters.example`. No DNS query is made. Undefined if mailauth is not installed.
 */
export async function verifyDkim(
  raw: Buffer,
  recordOf: (name: string) => string | undefined,
): Promise<SignatureVerdict[] | undefined> {
  const mailauth = await import("mailauth/lib/dkim/verify.js").catch(whereMissing);
  if (!mailauth) return undefined;
  const resolver = async (name: string, type: string): Promise<string[][]> => {
    const record = type === "TXT" ? recordOf(name.toLowerCase()) : undefined;
    if (record === undefined) throw Object.assign(new Error("no record"), { code: "ENOTFOUND" });
    return [[record]];
  };
  const { results } = await mailauth.dkimVerify(raw, { resolver, strict: true });
  return results
    .filter(({ signingDomain }) => signingDomain !== undefined)
    .map(({ signingDomain = "", selector = "", algo = "", status }) => ({
      domain: signingDomain,
      selector,
      algorithm: algo,
      result: status.result,
      comment: typeof status.comment === "string" ? status.comment : undefined,
    }));
}

function whereMissing(error: unknown): undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "ERR_MODULE_NOT_FOUND") throw error;
}

/**
 * Reads a DNS record from a file: the record itself, with or without the quotes of a zone file, or a key in PEM format.
 * @throws BroadsheetError INPUT_MISSING, INPUT_UNREADABLE.
 */
export async function readDkimRecord(file: string, shown: string): Promise<string> {
  const bounds = { within: undefined, shown };
  const text = await readLocalText(file, bounds).catch((cause: NodeJS.ErrnoException) => {
    if (cause instanceof BroadsheetError) throw cause;
    const isMissing = cause.code === "ENOENT";
    throw isMissing
      ? new BroadsheetError("INPUT_MISSING", `there is no ${shown}`, { fix: FIX, cause })
      : fileError(cause, "INPUT_UNREADABLE", `${shown} can't be read`, { fix: FIX });
  });
  const record = text.includes("-----BEGIN") ? recordOfPem(text) : recordOfZone(text);
  if (record !== undefined) return record;
  throw new BroadsheetError("INPUT_UNREADABLE", `${shown} holds no key for DKIM`, { fix: FIX });
}

const FIX = 'give a file with the public key in PEM, or with the DNS record: "v=DKIM1; k=rsa; p=…"';

function recordOfPem(pem: string): string | undefined {
  const key = attempt(() => createPublicKey(pem));
  const isKnown = key?.asymmetricKeyType === "rsa" || key?.asymmetricKeyType === "ed25519";
  return isKnown ? attempt(() => dkimRecord(key)) : undefined;
}

/** A long record consists of several quoted strings (RFC 6376 §3.6.2.2). */
function recordOfZone(text: string): string | undefined {
  const quoted = [...text.matchAll(/"([^"]*)"/g)].map(([, part = ""]) => part);
  const record = (quoted.length > 0 ? quoted.join("") : text).replace(/\s+/g, " ").trim();
  return /(?:^|;)\s*p\s*=/.test(record) ? record : undefined;
}
