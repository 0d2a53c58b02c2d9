import { DEFAULT_SMTP } from "../../src/delivery/settings.ts";
import type { MailerSettings } from "../../src/serve/io/mailer.ts";

/** The settings with which single mails go to a server on this machine. */
export function mailerSettings(
  port: number,
  more: Partial<MailerSettings> & { readonly dkimKey?: string } = {},
): MailerSettings {
  const { dkimKey, ...others } = more;
  return {
    slug: "tidewrack",
    from: { name: "The Tidewrack", address: "letters@tidewrack.example" },
    bounce: { address: "bounces@tidewrack.example" },
    transport: "smtp",
    sendmail: "/usr/sbin/sendmail",
    smtp: DEFAULT_SMTP,
    dkim: [],
    secrets: {
      smtpUrl: `smtp://127.0.0.1:${port}`,
      secret: "a secret",
      ...(dkimKey && { dkimKey }),
    },
    ...others,
  };
}
