import { createHmac } from "node:crypto";
import { addressKey } from "./address-key.ts";
import type { Key } from "./keyring.ts";

/**
 * What is kept of an address whose owner asked to be forgotten: enough to know it when it comes again, and
 * to nobody without the secret a way to find out whose it was.
 */
export function erasedHash(address: string, { erasure }: Key): Buffer {
  return createHmac("sha256", erasure).update(addressKey(address)).digest().subarray(0, 16);
}
