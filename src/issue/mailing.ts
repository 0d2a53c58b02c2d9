import { filled } from "../platform/text.ts";
import { type Mailing, composeMessage } from "../delivery/compile-message.ts";
import { type Digest, shownDigest } from "../digest/digest.ts";
import { dayOfSlot } from "../platform/slot.ts";
import type { Email } from "../email/email.ts";
import { type Picture, PLACED_PICTURE } from "../platform/picture.ts";
import { escapeMailHtml, unescapeHtml } from "../platform/references.ts";
import type { Recipient } from "../subscribers/recipient.ts";
import type { IssueMail } from "../review/review.ts";
import type { IssueToSend } from "./issue-to-send.ts";

/** The settings for the messages of an issue. */
export interface MailingSettings extends Pick<Mailing, "from" | "replyTo" | "bounce"> {
  readonly secrets: { readonly secret?: string | undefined };
  readonly serve?: { readonly hooks?: Mailing["echoes"] } | undefined;
  readonly urls: {
    readonly web?: string | undefined;
    readonly archive?: string | undefined;
    readonly unsubscribe?: string | undefined;
    readonly preferences?: string | undefined;
  };
  /** The address to which readers write to unsubscribe. */
  readonly unsubscribeMailto?: { readonly address: string } | undefined;
  /** The shares of mail programs among the readers, by which the checks weight findings. */
  readonly audience?: IssueMail["audience"];
  readonly leastReady?: number;
}

/** The values that each message of an issue needs in addition to the email and the recipient. */
export function mailingFor(config: MailingSettings, digest: Digest, date: Date): Mailing {
  const { web, archive, unsubscribe, preferences } = config.urls;
  const inSlot = (url: string | undefined) => url && filled(url, { slot: digest.issue.slot });
  return {
    issue: digest.issue,
    from: config.from,
    replyTo: config.replyTo,
    date,
    bounce: config.bounce,
    echoes: config.serve?.hooks,
    secret: config.secrets.secret,
    links: {
      unsubscribe,
      preferences,
      unsubscribeMailto: config.unsubscribeMailto?.address,
      web: digest.webUrl ?? inSlot(web),
      archive: inSlot(archive),
    },
  };
}

/** The server that hosts the pictures of an issue. Without `baseUrl` the message contains them. */
export interface HostingSettings {
  readonly images: { readonly baseUrl?: string | undefined };
}

/** The email with its pictures on the server of `images.baseUrl`; unchanged without that setting. */
export function withHostedPictures(
  email: Email,
  { images }: HostingSettings,
  { issue }: Digest,
): Email {
  const base = images.baseUrl && filled(images.baseUrl, { slot: issue.slot });
  if (base === undefined) return email;
  const html = email.html.replaceAll(PLACED_PICTURE, (_source, written: string) => {
    const { href } = new URL(unescapeHtml(written), base);
    return `src="${escapeMailHtml(href)}"`;
  });
  return { ...email, html };
}

/**
 * The email with `cid:` addresses for its local pictures, and these pictures as parts of the message, which mail programs do
 * not block. A picture that the email does not show is left out.
 */
export function withInlinePictures(
  email: Email,
  pictures: readonly Picture[],
): { email: Email; images: NonNullable<Mailing["images"]> } {
  const carried = new Set<Picture>();
  const html = email.html.replaceAll(PLACED_PICTURE, (source, written: string) => {
    const picture = pictures.find(({ name }) => name === unescapeHtml(written));
    if (!picture) return source;
    carried.add(picture);
    return `src="cid:${contentIdOf(picture.name)}"`;
  });
  return {
    email: { ...email, html },
    images: [...carried].map(({ name, contentType, content }) => ({
      cid: contentIdOf(name),
      filename: name,
      contentType,
      content,
    })),
  };
}

/** A Content-ID has the form of an address, and only needs to be unique in its message (RFC 2392 §2). */
function contentIdOf(name: string): string {
  return `${name}@broadsheet`;
}

/** The sample reader of `email.html`, `email.txt` and `email.eml`. The domain is reserved for examples. */
export const SAMPLE_READER: Recipient = { address: "reader@example.org", name: "A Reader" };

interface SampleOptions {
  /** The slots of the template, for the rules about texts that do not fit. */
  readonly slots?: IssueMail["slots"];
  /** Signs the copy with these keys, at this time. */
  readonly signed?: Pick<Mailing, "dkim" | "date">;
}

/** The copy of an issue for the sample reader. The outbox shows it, and the rules check it. */
export function sampleOf(
  { digest, built, email, pictures }: Pick<IssueToSend, "digest" | "built" | "email" | "pictures">,
  config: MailingSettings,
  { slots, signed }: SampleOptions = {},
): IssueMail {
  const day = digest.date ?? dayOfSlot(digest.issue.slot);
  // Without a secret, the same build gives the same bytes everywhere. Messages to readers are composed separately.
  const mailing = {
    ...mailingFor(config, digest, new Date(`${day}T07:00:00Z`)),
    secret: undefined,
  };
  const inline = withInlinePictures(email, pictures);
  const message = composeMessage(inline.email, SAMPLE_READER, {
    ...mailing,
    images: inline.images,
    ...signed,
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
    slots,
    leastReady: config.leastReady,
  };
}
