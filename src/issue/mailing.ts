import { filled } from "../platform/placeholders.ts";
import { type Mailing, composeMessage } from "../delivery/compile-message.ts";
import { type Digest, shownDigest } from "../digest/digest.ts";
import type { Email } from "../email/email.ts";
import type { Picture } from "../email/picture.ts";
import { escapeMailHtml, unescapeHtml } from "../platform/escape-html.ts";
import type { Recipient } from "../subscribers/recipient.ts";
import type { IssueMail } from "../review/review.ts";
import { dayOfSlot } from "../digest/slot.ts";
import type { IssueToSend } from "./issue-to-send.ts";

/** The settings that the messages of an issue need. */
export interface MailingSettings extends Pick<Mailing, "from" | "replyTo" | "bounce"> {
  readonly secrets: { readonly secret?: string | undefined };
  readonly urls: {
    readonly web?: string | undefined;
    readonly archive?: string | undefined;
    readonly unsubscribe?: string | undefined;
  };
  /** The address that takes mails of readers who leave. */
  readonly unsubscribeMailto?: { readonly address: string } | undefined;
  /** The mail clients of the readers, which the checks weigh. */
  readonly audience?: IssueMail["audience"];
}

/** What a message of this issue needs beside the email and its recipient. */
export function mailingFor(config: MailingSettings, digest: Digest, date: Date): Mailing {
  const { web, archive, unsubscribe } = config.urls;
  const inSlot = (url: string | undefined) => url && filled(url, { slot: digest.issue.slot });
  return {
    issue: digest.issue,
    from: config.from,
    replyTo: config.replyTo,
    date,
    bounce: config.bounce,
    secret: config.secrets.secret,
    links: {
      unsubscribe,
      unsubscribeMailto: config.unsubscribeMailto?.address,
      web: digest.webUrl ?? inSlot(web),
      archive: inSlot(archive),
    },
  };
}

/** Where readers find the pictures of an issue; without `baseUrl` they travel in the message. */
export interface HostingSettings {
  readonly images: { readonly baseUrl?: string | undefined };
}

/** The email with its pictures where `images.baseUrl` says that readers find them, if it says so. */
export function withHostedPictures(
  email: Email,
  { images }: HostingSettings,
  { issue }: Digest,
): Email {
  const base = images.baseUrl && filled(images.baseUrl, { slot: issue.slot });
  if (base === undefined) return email;
  const html = email.html.replaceAll(PLACED, (_source, written: string) => {
    const { href } = new URL(unescapeHtml(written), base);
    return `src="${escapeMailHtml(href)}"`;
  });
  return { ...email, html };
}

/** A picture in the issue's own folder, as it stands in HTML. */
const PLACED = /src="images\/([^"/]+)"/g;

/**
 * The email with the pictures that it shows from its own folder as parts of the message, which no mail
 * program blocks, and those parts. A picture that isn't shown doesn't travel.
 */
export function withInlinePictures(
  email: Email,
  pictures: readonly Picture[],
): { email: Email; images: NonNullable<Mailing["images"]> } {
  const carried = new Set<Picture>();
  const html = email.html.replaceAll(PLACED, (source, written: string) => {
    const picture = pictures.find(({ name }) => name === unescapeHtml(written));
    if (!picture) return source;
    carried.add(picture);
    return `src="cid:${contentIdOf(picture.name)}"`;
  });
  return { email: { ...email, html }, images: [...carried].map(inlineImage) };
}

function inlineImage({ name, contentType, content }: Picture) {
  return { cid: contentIdOf(name), filename: name, contentType, content };
}

/** A Content-ID is an addr-spec in form, and needs only to be unique in its message (RFC 2392 §2). */
function contentIdOf(name: string): string {
  return `${name}@broadsheet`;
}

/** The reader of `email.html`, `email.txt` and `email.eml`: a made-up one, at a reserved address. */
export const SAMPLE_READER: Recipient = { address: "reader@example.org", name: "A Reader" };

/** An issue as its sample reader gets it: what the outbox shows of it, and what is checked. */
export function sampleOf(
  { digest, built, email, pictures }: Pick<IssueToSend, "digest" | "built" | "email" | "pictures">,
  config: MailingSettings,
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
    built,
    email,
    mailing,
    reader: SAMPLE_READER,
    message,
    pictures: pictures.map(({ name }) => name),
    audience: config.audience,
  };
}
