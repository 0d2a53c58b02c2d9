import * as z from "zod";
import { type Complaint, didYouMean } from "../platform/setting.ts";

/** The share of readers per client, such as `gmail.ios`. The shares add up to 1. */
export type Audience = ReadonlyMap<string, number>;

/**
 * The assumed clients of readers if the newsletter does not know better. The values are between the shares published by
 * Litmus, which count the prefetching of pictures by phones as reading, and reports of senders in Europe. The names are those
 * of caniemail.com.
 */
const DEFAULT_SHARES: Readonly<Record<string, number>> = {
  "apple-mail.ios": 0.26,
  "gmail.android": 0.17,
  "gmail.desktop-webmail": 0.16,
  "gmail.ios": 0.08,
  "apple-mail.macos": 0.08,
  "outlook.windows": 0.06,
  "outlook.outlook-com": 0.06,
  "yahoo.desktop-webmail": 0.04,
  "outlook.ios": 0.02,
  "outlook.android": 0.02,
  "outlook.macos": 0.02,
  "samsung-email.android": 0.01,
  "thunderbird.macos": 0.01,
  "protonmail.desktop-webmail": 0.01,
};

/**
 * Computes the audience from the config. A name is a client such as `gmail.ios`, or a family such as `gmail`, whose share is
 * divided among its clients in the default proportions. The shares are normalised to a sum of 1, so counts are allowed too.
 */
export function audienceOf(shares: Readonly<Record<string, number>> = DEFAULT_SHARES): Audience {
  const parted = Object.entries(shares).flatMap(([name, share]) => partsOf(name, share));
  const total = parted.reduce((sum, [, share]) => sum + share, 0);
  return new Map(parted.map(([client, share]) => [client, total > 0 ? share / total : 0]));
}

function partsOf(name: string, share: number): [client: string, share: number][] {
  const own = Object.entries(DEFAULT_SHARES).filter(([client]) => client.startsWith(`${name}.`));
  if (name.includes(".") || own.length === 0) return [[clientOf(name), share]];
  const total = own.reduce((sum, [, part]) => sum + part, 0);
  return own.map(([client, part]) => [client, (share * part) / total]);
}

/** The client that a name means. For a family without a default share, it is the webmail. */
function clientOf(name: string): string {
  return name.includes(".") ? name : `${name}.desktop-webmail`;
}

/** The clients tested by caniemail.com: families and their platforms. */
const TESTED: Readonly<Record<string, string>> = {
  "apple-mail": "macos ios",
  gmail: "desktop-webmail ios android mobile-webmail",
  outlook: "windows windows-mail macos outlook-com ios android",
  yahoo: "desktop-webmail ios android",
  aol: "desktop-webmail ios android",
  "samsung-email": "android",
  thunderbird: "macos windows",
  protonmail: "desktop-webmail ios android",
  gmx: "desktop-webmail ios android",
  "web-de": "desktop-webmail ios android",
  "ionos-1and1": "desktop-webmail android",
  "t-online-de": "desktop-webmail",
  orange: "desktop-webmail ios android",
  sfr: "desktop-webmail ios android",
  laposte: "desktop-webmail ios android",
  "free-fr": "desktop-webmail",
  "mail-ru": "desktop-webmail",
  "wp-pl": "desktop-webmail",
  hey: "desktop-webmail",
  fastmail: "desktop-webmail",
  rainloop: "desktop-webmail",
};

/** All clients that an audience may contain, such as `gmail.ios`. */
export const TESTED_CLIENTS: readonly string[] = Object.entries(TESTED).flatMap(
  ([family, platforms]) => platforms.split(" ").map((platform) => `${family}.${platform}`),
);

/** The names that a config may use: a client, or a family. */
export const AUDIENCE_NAMES: readonly string[] = [...Object.keys(TESTED), ...TESTED_CLIENTS];

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

export const checkSettings = {
  audience: audience.optional().meta({
    description:
      "The mail programs of your readers, with shares or counts: `check` weighs unsupported features by them. A mixed list by default; docs/checks.md has the names.",
    example: { gmail: 0.5, "outlook.windows": 0.2 },
  }),
};
