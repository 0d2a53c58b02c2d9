import { createHash } from "node:crypto";
import { numberIn, type Store } from "../../src/platform/database.ts";
import { addressKey } from "../../src/subscribers/recipient.ts";
import { ISSUE } from "../delivery/ledger-requests.ts";

interface SentIssue {
  readonly newsletter?: string;
  readonly slot: string;
  readonly at: Date;
  readonly to: readonly string[];
  /** By address; "accepted" for those who are left out. */
  readonly states?: Readonly<Record<string, string>>;
  readonly reply?: string;
}

/** The Message-ID of an issue to a reader. No address is in it, as in those of a real issue. */
export function messageIdOf(slot: string, address: string): string {
  return `<${createHash("sha256").update(`${slot} ${address}`).digest("hex").slice(0, 16)}@slipway.example>`;
}

/** Writes an issue into a store as a ledger leaves it after the issue was sent. */
export async function storeSentIssue(store: Store, issue: SentIssue): Promise<void> {
  const { newsletter = ISSUE.newsletter, slot, at, to, states = {}, reply = "250 ok" } = issue;
  await store.transaction(async (tx) => {
    const row = await tx.get(
      `INSERT INTO issue (newsletter, slot, content_hash, planned_at, state) VALUES (?, ?, 'hash', ?, 'sent')
       RETURNING id`,
      newsletter,
      slot,
      at.getTime(),
    );
    for (const address of to)
      await tx.run(
        `INSERT INTO delivery (issue, key, address, state, message_id, reply, changed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        numberIn(row ?? {}, "id"),
        addressKey(address),
        address,
        states[address] ?? "accepted",
        messageIdOf(slot, address),
        reply,
        at.getTime(),
      );
    if (tx.engine === "sqlite")
      await tx.run(
        `INSERT INTO delivery_count (issue, state, count)
         SELECT issue, state, count(*) FROM delivery WHERE issue = ? GROUP BY issue, state`,
        numberIn(row ?? {}, "id"),
      );
  });
}
