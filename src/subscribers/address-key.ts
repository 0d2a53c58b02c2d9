/**
 * What tells one mailbox from another: the address in small letters. RFC 5321 §2.4 lets a server tell
 * "Mara" from "mara"; none does, and a list that did would send to the same person twice.
 */
export function addressKey(address: string): string {
  return /^[\x21-\x7e]*$/.test(address) ? address.toLowerCase() : folded(address);
}

function folded(address: string): string {
  return address.normalize("NFC").toLowerCase();
}
