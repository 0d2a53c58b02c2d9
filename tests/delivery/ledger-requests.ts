import type { Addressee, ClaimRequest, IssueKey, PlanRequest } from "../../src/delivery/ledger.ts";

export const LEASE_MS = 5 * 60_000;
export const ISSUE: IssueKey = { newsletter: "the-slipway", slot: "2026-W48" };

export const people = (...names: readonly string[]): Addressee[] =>
  names.map((name) => ({ address: `${name}@harbour.example`, name }));

export const planOf = (recipients: PlanRequest["recipients"], also: Partial<PlanRequest> = {}) => ({
  issue: ISSUE,
  contentHash: "first",
  recipients,
  ...also,
});

export const claimOf = (limit = 100): ClaimRequest => ({
  issue: ISSUE,
  limit,
  messageIdOf: ({ address }) => `<${address.split("@")[0]}@slipway.example>`,
});
