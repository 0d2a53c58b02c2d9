import type { Recipient } from "../subscribers/recipient.ts";
import type { IssueMail } from "../check/check-issue.ts";
import type { Config } from "../config/config.ts";
import { composeMessage } from "../delivery/compile-message.ts";
import { shownDigest } from "../digest/digest.ts";
import { dayOfSlot } from "../digest/slot.ts";
import type { IssueToSend } from "./issue-to-send.ts";
import { mailingFor, withInlinePictures } from "./mailing.ts";

/** The reader of `email.html`, `email.txt` and `email.eml`: a made-up one, at a reserved address. */
export const SAMPLE_READER: Recipient = { address: "reader@example.org", name: "A Reader" };

/** An issue as its sample reader gets it: what the outbox shows of it, and what is checked. */
export function sampleOf(
  { digest, email, pictures }: Omit<IssueToSend, "folder">,
  config: Config,
): IssueMail {
  const day = digest.date ?? dayOfSlot(digest.issue.slot);
  // The bytes of a build must not depend on the environment; what is sent is composed anew.
  const mailing = {
    ...mailingFor(config, digest, new Date(`${day}T07:00:00Z`)),
    secret: undefined,
  };
  const inline = withInlinePictures(email, pictures);
  const message = composeMessage(inline.email, SAMPLE_READER, {
    ...mailing,
    images: inline.images,
  });
  return {
    digest: shownDigest(digest),
    email,
    mailing,
    reader: SAMPLE_READER,
    message,
    pictures: pictures.map(({ name }) => name),
    audience: config.audience,
  };
}
