import { createHash } from "node:crypto";
import { domainToASCII } from "node:url";
import { BroadsheetError } from "../errors.ts";
import { hole, type Pattern } from "./pattern.ts";
import type { Recipient } from "../subscribers/recipient.ts";

/** Links that a message has for its reader. */
interface Links {
  /** https: one click there ends this reader's subscription (RFC 8058). `{token}` is where the reader's token goes. */
  readonly unsubscribe?: string | undefined;
  /** A mail with the reader's token to this address ends the subscription; the newsletter's own address by default. */
  readonly unsubscribeMailto?: string | undefined;
  /** This issue on the web. */
  readonly web?: string | undefined;
  /** Earlier issues on the web. */
  readonly archive?: string | undefined;
}

/** A picture that travels in the message and is shown by `<img src="cid:…">` (RFC 2392). */
export interface InlineImage {
  /** Without angle brackets and without `cid:`. */
  readonly cid: string;
  readonly filename: string;
  readonly contentType: string;
  readonly content: Buffer;
}

/** What a message needs beside the email and its recipient. */
export interface Mailing {
  readonly issue: { readonly newsletter: string; readonly slot: string };
  readonly from: Recipient;
  readonly replyTo?: Recipient | undefined;
  readonly date: Date;
  /** The Return-Path, where bounces go, with each reader's token in it (VERP). `from` by default. */
  readonly bounce?: Recipient | undefined;
  /** Keys the Message-ID, so that it can't be guessed who got what. Previews that are never sent have none. */
  readonly secret?: string | undefined;
  readonly links?: Links | undefined;
  readonly images?: readonly InlineImage[] | undefined;
}

/**
 * The `mailto:` that ends a subscription (RFC 6068), for readers of every mail program. Its subject ends
 * in the reader's token, which shows that the mail isn't forged in the reader's name.
 */
export function unsubscribeMailto({ from, links }: Pick<Mailing, "from" | "links">): Pattern {
  return [mailto(links?.unsubscribeMailto ?? from.address, "unsubscribe "), hole("farewell")];
}

/** The `mailto:` for questions to the editors (RFC 2369 §3.1). */
export function helpMailto({ issue, from, replyTo }: Mailing): string {
  return mailto((replyTo ?? from).address, `help ${listLabel(issue.newsletter)}`);
}

/**
 * The name of a newsletter in List-Id and other headers: ASCII, though its slug may be in any script.
 */
export function listLabel(newsletter: string): string {
  const ascii = /^[a-z0-9-]+$/.test(newsletter)
    ? newsletter
    : domainToASCII(newsletter.replace(/[^\p{L}\p{M}\p{N}-]/gu, ""));
  return ascii === "" ? createHash("sha256").update(newsletter).digest("hex").slice(0, 16) : ascii;
}

function mailto(address: string, subject: string): string {
  const to = encodeURIComponent(address).replaceAll("%40", "@");
  return plainEscapes(`mailto:${to}?subject=${encodeURIComponent(subject)}`);
}

/**
 * SpamAssassin takes "%BC" in a header for a merge field that was never filled (UNRESOLVED_TEMPLATE, 3 points).
 * "%bc" decodes to the same (RFC 3986 §2.1).
 */
function plainEscapes(url: string): string {
  return url.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}

/** Stands for the token in a URL while it is parsed: no URL parser changes it, and no URL holds it by chance. */
const TOKEN_PLACE = "0broadsheet0token0";

/**
 * The URL as `checkedUrl` returns it, with a hole in the place of `{token}`.
 * @throws BroadsheetError CONFIG_INVALID, also where the token is in the host, which has no capitals.
 */
export function urlPattern(url: string, what: string, schemes: readonly string[]): Pattern {
  const href = checkedUrl(url.replaceAll("{token}", TOKEN_PLACE), what, schemes);
  if (URL.parse(href)?.host.includes(TOKEN_PLACE)) {
    throw new BroadsheetError("CONFIG_INVALID", `the ${what} link has {token} in its host`, {
      fix: `put it into the path of urls.${what} in the config: https://…/{token}`,
    });
  }
  return href.split(TOKEN_PLACE).flatMap((text, at) => (at === 0 ? [text] : [hole("token"), text]));
}

/** With its field name and brackets it must fit the 998 octets of one line (RFC 5322 §2.1.1). */
const LONGEST_URL = 900;

/**
 * The URL as it may stand in a header and behind a link.
 * @throws BroadsheetError CONFIG_INVALID where it is no such URL, or too long for a header.
 */
export function checkedUrl(url: string, what: string, schemes: readonly string[]): string {
  const { protocol = "", href = "" } = URL.parse(url) ?? {};
  const isSafe = schemes.includes(protocol) && !/[\s<>"\p{Cc}]/u.test(url);
  if (isSafe && href.length <= LONGEST_URL) return plainEscapes(href);
  const wanted = schemes.map((scheme) => `${scheme}//`).join(" or ");
  const fault = isSafe
    ? "is too long for a mail header"
    : `is not a URL that begins with ${wanted}`;
  throw new BroadsheetError("CONFIG_INVALID", `the ${what} link ${fault}`, {
    fix: `correct urls.${what} in the config`,
  });
}
