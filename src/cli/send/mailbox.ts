import type { Recipient } from "../../subscribers/recipient.ts";

/** As people write it. */
export function mailbox({ address, name }: Recipient): string {
  return name ? `${name} <${address}>` : address;
}
