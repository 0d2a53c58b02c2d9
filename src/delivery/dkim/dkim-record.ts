import { createPublicKey, type KeyObject } from "node:crypto";

/** The DNS record of a key, public or private (RFC 6376 §3.6.1, RFC 8463 §4), as one text. */
export function dkimRecord(key: KeyObject): string {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  const spki = publicKey.export({ format: "der", type: "spki" });
  const isRsa = key.asymmetricKeyType === "rsa";
  return `v=DKIM1; k=${isRsa ? "rsa" : "ed25519"}; p=${(isRsa ? spki : spki.subarray(-32)).toString("base64")}`;
}
