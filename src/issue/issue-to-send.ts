import type { Digest } from "../digest/digest.ts";
import type { Email } from "../email/email.ts";
import type { Picture } from "../email/picture.ts";

/** An issue as it is sent. */
export interface IssueToSend {
  readonly digest: Digest;
  readonly email: Email;
  readonly pictures: readonly Picture[];
  /** Its place in the outbox, absolute. */
  readonly folder: string;
  /**
   * Where its sending has begun and it was rendered again from an edited digest: what its files would be. They are
   * written when readers are to get it.
   */
  readonly unwritten?: ReadonlyMap<string, string | Buffer> | undefined;
  /** Where it is what was planned: what has become of its files since. */
  readonly since?: "changed" | "gone" | undefined;
}

/** As people call it. */
export function nameOf({ digest: { issue } }: Pick<IssueToSend, "digest">): string {
  return issue.number === undefined ? issue.slot : `No. ${issue.number}`;
}
