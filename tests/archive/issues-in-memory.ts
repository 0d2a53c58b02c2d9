import { type SentIssues, sentIssue } from "../../src/archive/sent-issue.ts";
import type { Digest } from "../../src/digest/digest.ts";
import type { Email } from "../../src/email/email.ts";
import type { Picture } from "../../src/platform/picture.ts";
import { render } from "../render.ts";

/** An issue with all that is kept of it. */
export interface KeptIssue {
  readonly slot: string;
  readonly sentAt: Date;
  readonly digest: Digest;
  readonly email: Email;
  readonly pictures: readonly Picture[];
}

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** A digest, rendered and sent on the day of its slot. */
export async function kept(
  slot: string,
  digest: Digest,
  { template = "digest", pictures = ["mill.png"] } = {},
): Promise<KeptIssue> {
  const own = { ...digest, issue: { ...digest.issue, slot }, date: slot, template };
  return {
    slot,
    sentAt: new Date(`${slot}T07:00:00Z`),
    digest: own,
    email: await render(own, template),
    pictures: pictures.map((name) => ({ name, contentType: "image/png", content: PNG })),
  };
}

/** Sent issues that are in no store. */
export class IssuesInMemory implements SentIssues {
  readonly #issues: KeptIssue[];

  constructor(...issues: readonly KeptIssue[]) {
    this.#issues = [...issues];
  }

  add(issue: KeptIssue): void {
    const at = this.#issues.findIndex(({ slot }) => slot === issue.slot);
    this.#issues.splice(at < 0 ? this.#issues.length : at, at < 0 ? 0 : 1, issue);
  }

  async list(): ReturnType<SentIssues["list"]> {
    const issues = this.#issues.map(sentIssue).sort((a, b) => (a.day < b.day ? 1 : -1));
    return { issues, missing: [] };
  }

  async email(slot: string): Promise<Email | undefined> {
    return this.#find(slot)?.email;
  }

  async picture(slot: string, name: string): Promise<Picture | undefined> {
    return this.#find(slot)?.pictures.find((picture) => picture.name === name);
  }

  #find(slot: string): KeptIssue | undefined {
    return this.#issues.find((issue) => issue.slot === slot);
  }
}
