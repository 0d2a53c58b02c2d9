import * as z from "zod";
import { counted } from "../platform/text.ts";
import { checked, duration, line, quote, timeLimit } from "../platform/setting.ts";
import { domainOf, type Recipient } from "../subscribers/recipient.ts";
import { address, recipientOf } from "../subscribers/settings.ts";

const sender = z
  .union([
    address,
    z
      .strictObject({
        address: address.meta({ description: "`name@domain`.", example: "post@letter.example" }),
        name: line
          .optional()
          .meta({ description: "Shown before the address.", example: "The Tidewrack" }),
      })
      .transform(({ address, name }): Recipient => (name ? { ...address, name } : address)),
  ])
  .meta({
    id: "SenderSetting",
    description: 'An address, `"Name <address>"`, or name and address apart.',
  });

/** A selector consists of labels of a domain name (RFC 6376 §3.1). */
const selector = checked(
  (value) =>
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*$/i.test(value) ? value : undefined,
  (value) => [
    `is ${quote(value)}, which can't be part of a domain name`,
    "use letters, digits and hyphens, as in the name of the DNS record: <selector>._domainkey.<domain>",
  ],
);

const domain = checked(
  (value) => {
    const found = recipientOf(`post@${value}`);
    return found && domainOf(found.address);
  },
  (value) => [`is ${quote(value)}, which is not a domain`, 'write it as "letters.example"'],
);

const dkimKey = z
  .strictObject({
    selector: selector.meta({
      description: "Names the DNS record with the public key: `<selector>._domainkey.<domain>`.",
      example: "r1",
    }),
    domain: domain
      .optional()
      .meta({ description: "The domain of `from` by default.", example: "letter.example" }),
    keyFile: line.optional().meta({
      description:
        "The file of the private key, in PEM. Without it, the key in `BROADSHEET_DKIM_KEY` is used.",
      example: "keys/r1.pem",
    }),
  })
  .meta({ id: "DkimKeySetting", description: "A signing key." });

const concurrency = z.int().positive();

/** A limit: the most messages within a time. */
export interface RateLimit {
  readonly count: number;
  readonly perMs: number;
}

const SECOND_MS = 1_000;
const RATE_UNITS = [
  { unit: "s", perMs: SECOND_MS, words: "a second" },
  { unit: "min", perMs: 60_000, words: "a minute" },
  { unit: "h", perMs: 3_600_000, words: "an hour" },
  { unit: "day", perMs: 86_400_000, words: "a day" },
] as const;

/** "14 a second, 50,000 a day" */
export function rateWords(limits: readonly RateLimit[]): string {
  return limits
    .map(({ count, perMs }) => {
      const { words } = RATE_UNITS.find((unit) => unit.perMs === perMs) ?? RATE_UNITS[0];
      return `${counted(count)} ${words}`;
    })
    .join(", ");
}

/** The limits in "14/s, 50000/day". Each unit may occur once. */
function rateLimits(text: string): RateLimit[] | undefined {
  const limits = text.split(",").map((part) => {
    const [, count, unit = ""] = /^(\d{1,9})\s?\/\s?(\w+)$/.exec(part.trim()) ?? [];
    const perMs = RATE_UNITS.find((known) => known.unit === unit)?.perMs ?? 0;
    return { count: Number(count ?? 0), perMs };
  });
  const isWhole = limits.every(({ count, perMs }) => count > 0 && perMs > 0);
  return isWhole && new Set(limits.map(({ perMs }) => perMs)).size === limits.length
    ? limits
    : undefined;
}

const rate = z.union([
  z
    .int()
    .positive()
    .transform((count): RateLimit[] => [{ count, perMs: SECOND_MS }]),
  checked(rateLimits, (text) => [
    `is ${quote(text)}, which is not a rate`,
    'write the number of messages that the server accepts in a time, as in "14/s", "100/min", "1000/h" or "14/s, 50000/day"',
  ]),
]);

/**
 * The defaults are long enough for a slow relay, and short enough for a person who waits. RFC 5321 §4.5.3.2.6 recommends ten
 * minutes for the last reply, because many clients send again after a timeout. Broadsheet does not.
 */
const timeouts = z
  .strictObject({
    connect: timeLimit.prefault("20s").meta({
      description: "For the connection, including the DNS lookup and TLS.",
      example: "10s",
      since: "the next version",
    }),
    greeting: timeLimit.prefault("30s").meta({
      description: "For the server's greeting.",
      example: "1m",
      since: "the next version",
    }),
    reply: timeLimit.prefault("2m").meta({
      description:
        "For each reply, also the one after a message. If two messages to a recipient domain get no reply in time, the domain is paused for 15 minutes.",
      example: "1m",
    }),
    send: timeLimit.prefault("5m").meta({
      description: "For one message from beginning to end.",
      example: "10m",
      since: "the next version",
    }),
  })
  .transform(({ connect, greeting, reply, send }) => ({
    connectMs: connect,
    greetingMs: greeting,
    replyMs: reply,
    sendMs: send,
  }))
  .meta({
    description: 'How long the server may take. All limits are times such as `"30s"` or `"2m"`.',
    since: "the next version",
  });

const smtp = z.strictObject({
  requireTls: z.boolean().default(true).meta({
    description: "Never send without encryption. A server on this machine needs no TLS.",
  }),
  concurrency: concurrency.default(20).meta({
    description:
      'The number of messages in flight. Half of them are being sent, each over a connection of its own, and half are ready to follow. With "sendmail" all of them are being sent, each by a process of its own. If Broadsheet is killed, the readers of the messages that are being sent are in doubt. If the power fails, up to 200 readers are in doubt.',
    example: 5,
  }),
  rate: rate.optional().meta({
    description:
      "The limits that the server sets for your account: a number of messages a second, or limits by `/s`, `/min`, `/h` and `/day`. When the limit by `/h` or `/day` is used up, the run ends with 75 and reports when to send again. Without this setting, Broadsheet learns the rate from the server's complaints and keeps it for the next run.",
    example: "14/s, 50000/day",
  }),
  perDomain: z
    .strictObject({
      concurrency: concurrency.optional().meta({
        description: "The most messages in flight to one domain.",
        example: 2,
      }),
      rate: z
        .int()
        .positive()
        .optional()
        .meta({ description: "The most messages a second to one domain.", example: 10 }),
    })
    .default({})
    .meta({
      description:
        "Ceilings for each recipient domain. A domain begins with two messages in flight, and gets one more for each message that it accepts, up to the ceiling.",
    }),
  timeouts: timeouts.prefault({}),
});

/** "2%" or "0.5%", as a share of one. */
function shareOf(text: string): number | undefined {
  const [, percent] = /^(\d{1,2}(?:\.\d{1,3})?|100)\s?%$/.exec(text.trim()) ?? [];
  return Number(percent ?? 0) / 100 || undefined;
}

const share = checked(shareOf, (text) => [
  `is ${quote(text)}, which is not a share of the readers`,
  'write it as a percentage above 0, as in "2%" or "0.5%"',
]);

const canary = z.strictObject({
  readers: z.int().positive().default(200).meta({
    description:
      "The number of readers who get the issue first. A list that is not longer than this has no canary.",
    example: 500,
  }),
  wait: duration.prefault("15m").meta({
    description: "How long the other readers wait for the bounces of the first ones.",
    example: "1h",
  }),
  stopAt: share.prefault("2%").meta({
    description:
      "The share of refusals, bounces and complaints among the first readers at which the issue is held.",
    example: "5%",
  }),
});

export const deliverySettings = {
  from: sender.optional().meta({
    description: "The sender. No issue is sent from an example address such as one of example.org.",
    example: "The Tidewrack <post@letter.example>",
  }),
  replyTo: sender.optional().meta({
    description: "The address for replies, if it is not `from`.",
    example: "desk@letter.example",
  }),
  dkim: z
    .union([dkimKey.transform((key) => [key]), z.array(dkimKey)])
    .default([])
    .meta({
      description:
        "The keys that sign every message (DKIM): RSA, Ed25519 or one of each. Without a key, the relay may sign.",
    }),
  transport: z.enum(["smtp", "sendmail", "outbox"]).default("smtp").meta({
    description:
      '"smtp" sends to the server in `SMTP_URL`. "sendmail" gives each message to a mail server\'s program on this machine. "outbox" writes each message to a file in the issue\'s `messages/`.',
  }),
  sendmail: line.default("/usr/sbin/sendmail").meta({
    description: 'The program for `transport: "sendmail"`.',
    example: "/usr/lib/sendmail",
  }),
  testSubject: line.optional().meta({
    description: "The text before the subject of a copy that `send --to` sends.",
    example: "[Test]",
  }),
  smtp: smtp.prefault({}).meta({ description: "How messages go to the server in `SMTP_URL`." }),
  canary: canary.optional().meta({
    description:
      "Sends each issue to a few readers first. The others get it later. If too many of the first messages are refused, bounce or cause complaints, the issue is held. `hold ISSUE --off` releases it.",
    since: "the next version",
  }),
  // A newsletter that is later than this is of no use to its reader.
  expires: duration.prefault("48h").meta({
    description:
      "How long an issue is sent after its sending began. A deferred reader is tried again for this time, up to two days. After that, the reader does not get the issue.",
    example: "12h",
  }),
};

/** A DKIM signature in the config, with the place of its key. */
export interface DkimSetting {
  readonly selector: string;
  readonly domain: string;
  /** An absolute path. Absent if the key is in the environment. */
  readonly keyFile?: string;
}

/** The values for a login by XOAUTH2 in the environment: a token, or a grant that fetches tokens. */
export interface OAuthSecrets {
  readonly accessToken?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly refreshToken?: string;
  readonly tokenUrl?: string;
}

/** The time limit of each step. */
export type SmtpTimeouts = Readonly<z.output<typeof timeouts>>;

/** The default settings of the server. */
export const DEFAULT_SMTP: Readonly<z.output<typeof smtp>> = smtp.parse({});
