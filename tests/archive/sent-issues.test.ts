import path from "node:path";
import { StoredIssues } from "../../src/issue/io/sent-issues.ts";
import { openLedger } from "../../src/delivery/io/open-ledger.ts";
import { newFolder } from "../temporary.ts";
import { IssuesInMemory, type KeptIssue } from "./issues-in-memory.ts";
import { type SentIssuesBench, sentIssuesContract } from "./sent-issues-contract.ts";

sentIssuesContract("in memory", async () => {
  const sent = new IssuesInMemory();
  return { sent, send: async (issue) => sent.add(issue), close: async () => undefined };
});

sentIssuesContract("in a store", async (): Promise<SentIssuesBench> => {
  const folder = await newFolder();
  const config = {
    store: { file: path.join(folder, "store", "broadsheet.db") },
    slug: "the-mudlark",
    outbox: path.join(folder, "outbox"),
  };
  let now = new Date();
  const ledger = await openLedger(config.store, { clock: () => now, env: process.env });
  const sent = await StoredIssues.open(config);
  return {
    sent,
    send: async (issue) => {
      now = issue.sentAt;
      await ledger.plan(planOf(issue));
    },
    close: async () => {
      await sent[Symbol.asyncDispose]();
      await ledger.close();
    },
  };
});

function planOf({ slot, digest, email, pictures }: KeptIssue) {
  return {
    issue: { newsletter: "the-mudlark", slot },
    contentHash: email.html,
    content: { digest: JSON.stringify(digest), email, pictures },
    recipients: [{ address: "mara@harbour.example" }],
    revise: true,
  };
}
