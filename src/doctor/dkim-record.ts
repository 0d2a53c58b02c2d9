import { createPublicKey, type KeyObject } from "node:crypto";
import { dkimRecord, type DkimKey } from "../delivery/dkim.ts";
import { type Diagnosis, look, ok, toFix } from "./diagnosis.ts";
import type { Dns } from "./dns.ts";

/** Shorter ones verify, and some receivers mark them down. */
const GOOD_RSA_BITS = 2048;

/** Whether receivers find the public half of a key where they look for it (RFC 6376 §3.6). */
export async function diagnoseDkim(key: DkimKey, dns: Dns): Promise<Diagnosis> {
  const name = `${key.selector}._domainkey.${key.domain}`;
  const records = await dns.txt(name);
  const publish = `publish this as a TXT record at ${name}: ${dkimRecord(key.key)}`;
  const [record] = records;
  if (record === undefined) return broken(key, `there is no record at ${name}`, publish);
  if (records.length > 1) {
    const says = `there are ${records.length} records at ${name}, and receivers take any of them`;
    return broken(key, says, "keep the one of this key, and remove the others");
  }
  const fault = faultOf(record, key);
  return fault === undefined ? judged(key, record) : broken(key, `${fault} (${name})`, publish);
}

function about({ selector }: DkimKey): string {
  return `DKIM ${selector}`;
}

function broken(key: DkimKey, says: string, fix: string): Diagnosis {
  return toFix(about(key), says, { fix, code: "DNS_RECORD_WRONG" });
}

/** Why no signature of this key verifies by the record; undefined where they do. */
function faultOf(record: string, { key }: DkimKey): string | undefined {
  const tags = tagsOf(record);
  if (!tags) return "the record can't be read";
  const type = tags.get("k") ?? "rsa";
  const text = tags.get("p")?.replace(/\s+/g, "");
  if ((tags.get("v") ?? "DKIM1") !== "DKIM1") return "the record is of another version";
  if (text === undefined) return "the record holds no key";
  if (text === "") return "the key has been revoked: the record's p= is empty";
  if (type !== key.asymmetricKeyType) {
    return `the record is for a key of another kind: ${type.slice(0, 20)}, not ${key.asymmetricKeyType ?? ""}`;
  }
  if (!listed(tags.get("h") ?? "sha256", "sha256")) return "the record doesn't allow SHA-256";
  if (!listed(tags.get("s") ?? "*", "email", "*")) return "the record isn't for mail";
  return isHalfOf(text, key) ? undefined : "the record holds the public half of another key";
}

function listed(value: string, ...wanted: readonly string[]): boolean {
  return value.split(":").some((one) => wanted.includes(one.trim().toLowerCase()));
}

/** Written as most do it, or as RFC 6376 §3.6.1 says it: the key without the frame. */
function isHalfOf(text: string, key: KeyObject): boolean {
  const given = Buffer.from(text, "base64");
  const own = createPublicKey(key);
  const spki = own.export({ format: "der", type: "spki" });
  if (key.asymmetricKeyType === "ed25519") return given.equals(spki.subarray(-32));
  return given.equals(spki) || given.equals(own.export({ format: "der", type: "pkcs1" }));
}

function judged(key: DkimKey, record: string): Diagnosis {
  const { modulusLength = GOOD_RSA_BITS } = key.key.asymmetricKeyDetails ?? {};
  const who = `the record of ${key.domain} has the key's public half`;
  if (listed(tagsOf(record)?.get("t") ?? "", "y")) {
    const fix = "remove t=y from the record";
    return look(about(key), `${who}, and says that it is only being tested (t=y)`, fix);
  }
  if (modulusLength < GOOD_RSA_BITS) {
    const fix = "make a new one under another selector: openssl genrsa -out dkim.pem 2048";
    return look(about(key), `${who}; it has ${modulusLength} bits, which is short`, fix);
  }
  const kind = key.key.asymmetricKeyType === "rsa" ? `RSA-${modulusLength}` : "Ed25519";
  return ok(about(key), `${who}, ${kind}`);
}

/**
 * The tags of a record of DKIM (RFC 6376 §3.2) or DMARC, their names in small letters; undefined where one
 * comes twice or isn't written as `name=value`, which makes the record void.
 */
export function tagsOf(record: string): ReadonlyMap<string, string> | undefined {
  const parts = record.split(";").map((part) => part.trim());
  const tags = new Map<string, string>();
  for (const part of parts.filter((part) => part !== "")) {
    const [, name = "", value = ""] = /^([a-z][a-z0-9_]*)\s*=\s*(.*)$/is.exec(part) ?? [];
    if (name === "" || tags.has(name.toLowerCase())) return undefined;
    tags.set(name.toLowerCase(), value.trim());
  }
  return tags;
}
