import * as z from "zod";
import { checked, didYouMean, quote, type Complaint, withoutComplaint } from "./complaint.ts";
import {
  modelUrlComplaint,
  durationComplaint,
  durationMs,
  isTimeZone,
  isWebAddress,
  recipientOf,
  line,
  folderUrlComplaint,
  isSlug,
  logoComplaint,
  slugify,
  urlComplaint,
} from "./values.ts";
import { cronComplaint } from "./cron.ts";
import { canonicalLanguage } from "../subscribers/languages.ts";
import { domainOf, type Recipient } from "../subscribers/recipient.ts";
import { AUDIENCE_NAMES } from "../check/support/audience.ts";
import { fontStack } from "../digest/publication.ts";
import { partsSchema } from "../digest/parts.ts";
import { source, sources } from "./sources.ts";
import { isLoopback } from "../platform/http/trust.ts";

const modelName = checked(
  (value) => value.trim() || undefined,
  () => ["is empty", "name a model as its provider calls it"],
);

const baseURL = withoutComplaint(modelUrlComplaint, (value) => value.replace(/\/+$/, ""));

const REMOTE_MODEL = { timeoutMs: 60_000, concurrency: 4 };
/** An 8B model on two cores reads a long article for ten minutes and writes for two; a second question would halve it. */
const LOCAL_MODEL = { timeoutMs: 1_200_000, concurrency: 1 };

/** What a config may say of a language model. An issue of 40 stories stays well below the tokens. */
const modelFields = z.strictObject({
  provider: z.enum(["anthropic", "openai", "openai-compatible"]),
  model: modelName,
  baseURL: baseURL.optional(),
  timeoutMs: z.int().positive().max(3_600_000).optional(),
  retries: z.int().nonnegative().max(10).default(2),
  concurrency: z.int().positive().max(32).optional(),
  maxTokens: z.int().positive().default(200_000),
});

const modelSettings = modelFields
  .refine(({ provider, baseURL }) => provider !== "openai-compatible" || baseURL !== undefined, {
    message: "has no baseURL, which says where that provider is",
    params: { fix: 'add it, such as baseURL: "http://127.0.0.1:11434/v1"' },
  })
  .transform(({ timeoutMs, concurrency, ...model }) => {
    const usual = isOnThisMachine(model.baseURL) ? LOCAL_MODEL : REMOTE_MODEL;
    return {
      ...model,
      timeoutMs: timeoutMs ?? usual.timeoutMs,
      concurrency: concurrency ?? usual.concurrency,
    };
  });

function isOnThisMachine(baseURL: string | undefined): boolean {
  return baseURL !== undefined && isLoopback(new URL(baseURL).hostname.replace(/^\[|\]$/g, ""));
}

const timeZone = checked(
  (value) => (isTimeZone(value) ? value : undefined),
  (value) => [
    `is ${quote(value)}, which is not a time zone`,
    didYouMean(value, Intl.supportedValuesOf("timeZone")) ??
      'use an IANA name such as "Europe/Berlin" or "UTC"',
  ],
);

const cron = withoutComplaint(
  (value) => cronComplaint(value.trim()),
  (value) => value.trim(),
);

/** In milliseconds. */
const duration = checked(durationMs, durationComplaint);

/** Who watches may be inside a network, and in clear too: what is said is only that a job ran. */
const pingUrl = checked(
  (value) => (isWebAddress(value) ? value : undefined),
  () => ["is not an http or https address", 'write it as "https://…"'],
);

const address = checked(recipientOf, (value) => [
  `is ${quote(value)}, which is not an email address`,
  'write "name@domain" or "Name <name@domain>"',
]);

/** When issues are due, and what becomes of those that nobody was there for. */
const schedule = z
  .strictObject({
    cron,
    zone: timeZone.optional(),
    catchUp: z.enum(["skip", "once", "merge"]).default("once"),
    maxLate: duration.default(12 * 3_600_000),
    approval: z.enum(["auto", "manual"]).default("auto"),
    notify: address.optional(),
    ping: pingUrl.optional(),
  })
  .superRefine(({ approval, notify }, context) => {
    if (approval === "auto" || notify) return;
    const message = 'is "manual", and nobody is named who could approve';
    const params = {
      fix: 'add who is sent the issues to look at, such as notify: "desk@paper.example"',
    };
    context.addIssue({ code: "custom", path: ["approval"], message, params });
  });

const slug = checked(
  (value) => (isSlug(value) ? value : undefined),
  (value) => [
    `is ${quote(value)}, which can't be the name of a folder in the outbox`,
    `use lower-case letters, digits and hyphens, such as "${slugify(value) || "morning-letter"}"`,
  ],
);

const language = checked(canonicalLanguage, (value) => [
  `is ${quote(value)}, which is not a language`,
  'use a BCP 47 tag such as "en", "pt-BR" or "ar"',
]);

const sender = z.union([
  address,
  z
    .strictObject({ address, name: line.optional() })
    .transform(({ address, name }): Recipient => (name ? { ...address, name } : address)),
]);

const accent = checked(
  (value) => (/^#[0-9a-f]{6}$/i.test(value) ? value.toUpperCase() : undefined),
  (value) => [
    `is ${quote(value)}, which is not a colour`,
    'write it as "#RRGGBB", such as "#B01E23"',
  ],
);

/** An https URL as it stands. */
const webUrl = withoutComplaint((value) => urlComplaint(value));

const logoSource = withoutComplaint(logoComplaint);

const logo = z.strictObject({
  src: logoSource,
  dark: logoSource.optional(),
  alt: line.optional(),
  width: z
    .int()
    .positive()
    .max(520, { error: "is more than 520, the width of the text", abort: true })
    .optional(),
});

const fonts = checked(fontStack, (value) => [
  `is ${quote(value)}, which is not a list of fonts`,
  `write names with commas between them, the last one serif, sans-serif or system-ui, such as "'Iowan Old Style',Georgia,serif"`,
]);

const footer = z.strictObject({
  lines: z.array(line).optional(),
  links: z.array(z.strictObject({ text: line, url: webUrl })).optional(),
});

const softBounces = z.custom<number | false>(
  (value) => value === false || (typeof value === "number" && /^[1-9]\d*$/.test(String(value))),
  {
    error: "is neither a number of issues nor false",
    params: { fix: "write a whole number from 1, or false to keep them on the list" },
  },
);

const template = checked(
  (value) => (/^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u.test(value) ? value : undefined),
  (value) => [
    `is ${quote(value)}, which is not the name of a template`,
    "give the name of its folder, without a path",
  ],
);

const section = z
  .strictObject({
    heading: line,
    tags: z.array(line).optional(),
    sources: z.array(line).optional(),
  })
  .refine(({ tags = [], sources = [] }) => tags.length + sources.length > 0, {
    message: "takes no story",
    params: { fix: 'give it tags or sources, such as tags: ["Harbours"]' },
  });

/** An https URL in which `{placeholder}` may stand, and no other. */
const url = (placeholder: "slot" | "token") =>
  withoutComplaint((value) => urlComplaint(value, placeholder)).optional();

/** An https folder, in which `{slot}` may stand; written with or without the slash at its end. */
const folderUrl = withoutComplaint(folderUrlComplaint, (value) => value.replace(/\/*$/, "/"));

/** So many may go at a time, and so many a second. */
const pace = { concurrency: z.int().positive().optional(), rate: z.int().positive().optional() };

const smtp = z.strictObject({
  requireTls: z.boolean().default(true),
  ...pace,
  concurrency: z.int().positive().default(20),
  perDomain: z.strictObject(pace).default({}),
});

/** RFC 6376 §3.1: labels of a domain name, as the selector is a part of one. */
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
    const known = recipientOf(`post@${value}`);
    return known && domainOf(known.address);
  },
  (value) => [`is ${quote(value)}, which is not a domain`, 'write it as "letters.example"'],
);

const dkimKey = z.strictObject({
  selector,
  domain: domain.optional(),
  keyFile: line.optional(),
});

/** Shares of the readers, by the mail program that they use; counts will do too. */
const audience = z.record(z.string(), z.number()).check(({ value, issues }) => {
  for (const [name, share] of Object.entries(value)) {
    const complaint = audienceComplaint(name, share);
    if (!complaint) continue;
    const [message, fix] = complaint;
    issues.push({ code: "custom", input: value, path: [name], message, params: { fix } });
  }
});

function audienceComplaint(name: string, share: number): Complaint | undefined {
  if (!AUDIENCE_NAMES.includes(name)) {
    const near = didYouMean(name, AUDIENCE_NAMES, ["audience"]);
    return ["is no mail program that is known here", near ?? "docs/checks.md lists them"];
  }
  return share < 0 ? ["is less than nothing", "give a share such as 0.3, or a count"] : undefined;
}

/** A newsletter of the day before yesterday is none. */
const EXPIRES_MS = 48 * 3_600_000;

/** The config as it is written: strict, every key with what it may be and what to do where it is not. */
export const settings = z
  .strictObject({
    name: line.default("Broadsheet"),
    slug: slug.optional(),
    tagline: line.optional(),
    language: language.optional(),
    timeZone: timeZone.default("UTC"),
    from: sender.optional(),
    replyTo: sender.optional(),
    postalAddress: line.optional(),
    reason: line.optional(),
    urls: z
      .strictObject({ web: url("slot"), unsubscribe: url("token"), archive: url("slot") })
      .default({}),
    unsubscribeMailto: address.optional(),
    bounce: address.optional(),
    softBounces: softBounces.default(5),
    dkim: z.union([dkimKey.transform((key) => [key]), z.array(dkimKey)]).default([]),
    images: z
      .strictObject({ copy: z.boolean().default(true), baseUrl: folderUrl.optional() })
      .default({ copy: true }),
    number: z.int().positive().optional(),
    template: template.optional(),
    parts: partsSchema.optional(),
    merge: z.boolean().default(true),
    order: z.enum(["given", "weight"]).optional(),
    pins: z.array(line).default([]),
    summary: modelSettings.optional(),
    sections: z.union([z.array(section), z.enum(["none", "tag", "source"])]).default("none"),
    logo: logo.optional(),
    accent: accent.optional(),
    accentDark: accent.optional(),
    fonts: z.strictObject({ serif: fonts.optional(), sans: fonts.optional() }).optional(),
    footer: footer.optional(),
    follow: z.boolean().default(true),
    schedule: schedule.optional(),
    expires: checked(durationMs, durationComplaint).default(EXPIRES_MS),
    sources: sources.optional(),
    minItems: z.int().positive().default(1),
    maxItems: z.int().positive().optional(),
    window: checked(durationMs, durationComplaint).optional(),
    edited: z.enum(["ignore", "again"]).default("ignore"),
    content: line.default("content"),
    outbox: line.default("outbox"),
    templates: line.default("templates"),
    store: line.default(".broadsheet/broadsheet.db"),
    audience: audience.optional(),
    transport: z.enum(["smtp", "sendmail", "outbox"]).default("smtp"),
    sendmail: line.default("/usr/sbin/sendmail"),
    testSubject: line.optional(),
    smtp: smtp.prefault({}),
  })
  .refine(({ minItems, maxItems = minItems }) => minItems <= maxItems, {
    path: ["minItems"],
    message: "is more than maxItems, so no issue would ever have enough",
    params: { fix: "make it smaller, or maxItems larger" },
  });

/** What each object of the config may hold, by its key path. */
export const KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["", Object.keys(settings.shape)],
  ["urls", ["web", "unsubscribe", "archive"]],
  ["parts", Object.keys(partsSchema.unwrap().shape)],
  ["sections", Object.keys(section.shape)],
  ["images", ["copy", "baseUrl"]],
  ["logo", Object.keys(logo.shape)],
  ["fonts", ["serif", "sans"]],
  ["footer", Object.keys(footer.shape)],
  ["footer.links", ["text", "url"]],
  ["summary", Object.keys(modelFields.shape)],
  ["schedule", Object.keys(schedule.shape)],
  ["sources", Object.keys(source.shape)],
  ["smtp", Object.keys(smtp.shape)],
  ["smtp.perDomain", Object.keys(pace)],
  ["dkim", Object.keys(dkimKey.shape)],
  ["from", ["address", "name"]],
  ["replyTo", ["address", "name"]],
]);
