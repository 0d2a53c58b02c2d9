import { createPublicKey, type KeyObject } from "node:crypto";
import { dkimRecord, type DkimKey } from "../delivery/dkim.ts";
import { type Diagnosis, look, ok, toFix, unseen } from "./diagnosis.ts";
import type { Dns } from "./dns.ts";

/** Shorter keys verify, but some receivers distrust them. */
const GOOD_RSA_BITS = 2048;

/** Diagnoses whether receivers find the public half of a key in the DNS (RFC 6376 §3.6). */
export async function diagnoseDkim(key: DkimKey, dns: Dns): Promise<Diagnosis> {
  const name = `${key.selector}._domainkey.${key.domain}`;
  const records = await dns.txt(name);
  const publish = `publish this as a TXT record at ${name}: ${dkimRecord(key.key)}`;
  const [record] = records;
  if (record === undefined) return broken(key, `there is no record at ${name}`, publish);
  if (records.length > 1) {
    const says = `there are ${records.length} records at ${name}, and receivers use any of them`;
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

/** The reason why signatures with this key do not match the record; undefined if they do. */
function faultOf(record: string, { key }: DkimKey): string | undefined {
  const tags = tagsOf(record);
  if (!tags) return "the record can't be read";
  const type = tags.get("k") ?? "rsa";
  const text = tags.get("p")?.replace(/\s+/g, "");
  if ((tags.get("v") ?? "DKIM1") !== "DKIM1") return "the record has an unknown version";
  if (text === undefined) return "the record has no key";
  if (text === "") return "the key has been revoked: the record's p= is empty";
  if (type !== key.asymmetricKeyType) {
    return `the record is for a key of another kind: ${type.slice(0, 20)}, not ${key.asymmetricKeyType ?? ""}`;
  }
  if (!listed(tags.get("h") ?? "sha256", "sha256")) return "the record doesn't allow SHA-256";
  if (!listed(tags.get("s") ?? "*", "email", "*")) return "the record is not for mail";
  return isHalfOf(text, key) ? undefined : "the record has the public half of another key";
}

function listed(value: string, ...wanted: readonly string[]): boolean {
  return value.split(":").some((one) => wanted.includes(one.trim().toLowerCase()));
}

/** The record may contain the key with its SPKI header, as is common, or without it, as in RFC 6376 §3.6.1. */
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
    return look(about(key), `${who}, and declares that it is only a test (t=y)`, fix);
  }
  if (modulusLength < GOOD_RSA_BITS) {
    const fix = "make a new one under another selector: openssl genrsa -out dkim.pem 2048";
    return look(about(key), `${who}; it has ${modulusLength} bits, which is short`, fix);
  }
  const kind = key.key.asymmetricKeyType === "rsa" ? `RSA-${modulusLength}` : "Ed25519";
  return ok(about(key), `${who}, ${kind}`);
}

/**
 * Parses the tags of a DKIM record (RFC 6376 §3.2) or a DMARC record, with names in lower case. A duplicate tag, or one that
 * is not `name=value`, makes the record invalid and the result undefined.
 */
function tagsOf(record: string): ReadonlyMap<string, string> | undefined {
  const parts = record.split(";").map((part) => part.trim());
  const tags = new Map<string, string>();
  for (const part of parts.filter((part) => part !== "")) {
    const [, name = "", value = ""] = /^([a-z][a-z0-9_]*)\s*=\s*(.*)$/is.exec(part) ?? [];
    if (name === "" || tags.has(name.toLowerCase())) return undefined;
    tags.set(name.toLowerCase(), value.trim());
  }
  return tags;
}

/** The domains in a message that a receiving server checks. */
export interface SenderDomains {
  /** The domain that readers see. */
  readonly from: string;
  /** The domain that receives bounces, which SPF checks. */
  readonly bounce: string;
  /** The domains that sign; empty if only the relay may sign. */
  readonly signing: readonly string[];
}

/**
 * Diagnoses whether a message can pass DMARC: the signing domain or the one that SPF checks must be aligned with the domain
 * in From (RFC 7489 §3.1). Without a policy, alignment is relaxed.
 */
export function diagnoseAlignment(
  { from, bounce, signing }: SenderDomains,
  policy: DmarcPolicy | undefined,
): Diagnosis {
  const isStrict = policy?.isStrict ?? { dkim: false, spf: false };
  const above = policy?.at ?? from;
  const dkim = signing.find((domain) => goesWith(domain, { from, above, isStrict: isStrict.dkim }));
  const spf = goesWith(bounce, { from, above, isStrict: isStrict.spf });
  const by = [
    ...(dkim === undefined ? [] : [`DKIM of ${dkim}`]),
    ...(spf ? [`SPF of ${bounce}`] : []),
  ];
  if (dkim !== undefined) return ok("Alignment", `From ${from} goes with ${by.join(" and ")}`);
  if (signing.length > 0) {
    const says = `no key signs for ${from}, which readers see: DMARC counts only such a signature`;
    return look("Alignment", says, `set dkim.domain to ${from}, and publish the key there`);
  }
  if (spf) {
    const says = `From ${from} goes with ${by.join("")}, which is lost when mail is forwarded`;
    return look(
      "Alignment",
      says,
      "sign with a key of your own (dkim in the config), or make sure that the relay signs",
    );
  }
  const says = `the bounce domain ${bounce} doesn't go with From ${from}, so everything depends on a signature of the relay`;
  return unseen("Alignment", says, { fix: SEND_ONE });
}

/** The remedy for properties that can't be checked from here. */
export const SEND_ONE =
  "send a copy to yourself (send latest --to YOU), and look for dkim=pass and dmarc=pass in its Authentication-Results";

interface Rule {
  readonly from: string;
  /** The domain of their common owner, if it is known. */
  readonly above: string;
  readonly isStrict: boolean;
}

/** Whether two domains have one owner: one is above the other, or both are below the domain of the policy. */
function goesWith(domain: string, { from, above, isStrict }: Rule): boolean {
  if (domain === from) return true;
  if (isStrict) return false;
  return isBelow(domain, above) || isBelow(domain, from) || isBelow(from, domain);
}

function isBelow(domain: string, above: string): boolean {
  return domain === above || domain.endsWith(`.${above}`);
}

/** The policy of a domain for mail sent in its name (RFC 7489). */
export interface DmarcPolicy {
  /** The domain with the record: the domain itself, or one above it. */
  readonly at: string;
  readonly policy: string;
  /** Whether the domains must be equal, instead of having one owner. */
  readonly isStrict: { readonly dkim: boolean; readonly spf: boolean };
}

/** The policy and a finding about it. Without a valid policy, only the finding. */
interface DmarcFound {
  readonly diagnosis: Diagnosis;
  readonly policy?: DmarcPolicy;
}

/**
 * Queries the domain and the domains above it, except the top-level domain. The list of public suffixes is not available
 * here.
 */
export async function findDmarc(domain: string, dns: Dns): Promise<DmarcFound> {
  const labels = domain.split(".");
  for (const depth of labels.keys()) {
    const at = labels.slice(depth).join(".");
    if (depth > 0 && depth > labels.length - 2) break;
    const records = (await dns.txt(`_dmarc.${at}`)).filter((text) => /^v\s*=\s*DMARC1/i.test(text));
    if (records.length > 0) return judgedPolicy(records, { at, domain });
  }
  return {
    diagnosis: brokenPolicy(
      `${domain} has no DMARC record: Gmail, Yahoo and Microsoft reject lists without one`,
      `publish this as a TXT record at _dmarc.${domain}: v=DMARC1; p=none; rua=mailto:postmaster@${domain}`,
    ),
  };
}

interface Place {
  readonly at: string;
  readonly domain: string;
}

function judgedPolicy(records: readonly string[], { at, domain }: Place): DmarcFound {
  const [record = ""] = records;
  const tags = tagsOf(record);
  const own = tags?.get("p")?.toLowerCase();
  const policy = (at === domain ? own : (tags?.get("sp")?.toLowerCase() ?? own)) ?? "";
  if (records.length > 1) {
    const says = `there are ${records.length} records at _dmarc.${at}, so that none counts`;
    return { diagnosis: brokenPolicy(says, "keep one of them") };
  }
  if (!tags || !["none", "quarantine", "reject"].includes(policy)) {
    const says = `the record at _dmarc.${at} has no valid policy`;
    return { diagnosis: brokenPolicy(says, "write it as: v=DMARC1; p=none; rua=mailto:YOU") };
  }
  const isStrict = { dkim: tags.get("adkim") === "s", spf: tags.get("aspf") === "s" };
  const asks = policy === "none" ? "p=none, which asks for reports only" : `p=${policy}`;
  const above = at === domain ? "" : `, from the record of ${at}`;
  return {
    diagnosis: ok("DMARC", `${domain} has ${asks}${above}`),
    policy: { at, policy, isStrict },
  };
}

function brokenPolicy(says: string, fix: string): Diagnosis {
  return toFix("DMARC", says, { fix, code: "DNS_RECORD_WRONG" });
}
