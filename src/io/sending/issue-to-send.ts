import type { Digest } from "../../digest/digest.ts";
import type { Picture } from "../../pipeline.ts";
import type { Email } from "../../render/email.ts";

/** An issue as it lies in the outbox. */
export interface IssueToSend {
  readonly digest: Digest;
  readonly email: Email;
  readonly pictures: readonly Picture[];
  /** Absolute. */
  readonly folder: string;
}
